#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The night of a wave: a member that goes down inside its window is measured and shown, with the window beside it,
# and nobody is mailed. What is still down when the window ends is mailed once, and its recovery once.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/mailbox.sh"
eager=yes in_the_lab "$@"
needs_mailboxes

# Its other members have troubles of their own, which would keep the wave's incident open.
sed -i '/^admin-ap,/!s/,w1$/,/' devices.csv
start_alive
drift=$(on_call drift)

# The mails that name the access point, whoever they are about.
about() {
	local mail
	mails "$drift" X-Netfold-Kind "$1" | while read -r mail; do
		! body "$mail" text/plain | grep -q admin-ap || echo "$mail"
	done
}
is_told() { [ -n "$(about "$1")" ]; }
local_time() { TZ=Europe/Stockholm date -d "$1" "+$2"; }

# The window ends with a minute, which leaves time enough to find the access point down.
ends=$(((EPOCHSECONDS + 20 + 59) / 60 * 60))
sed -i "s/^  - {id: w1, .*/  - {id: w1, network: admin, from: \"$(local_time '-1 hour' '%F %H:%M')\", to: \"$(local_time "@$ends" '%F %H:%M')\"}/" "$SITE"
kill -HUP "$NETFOLD"
"$LAB" cut "$DIR" admin-ap
await 15 "inside the window the access point is down" state_is admin-ap critical
netfold status >status.txt
want "status says why nobody is mailed" grep -q "admin-ap .*; in wave w1's window until $(local_time "@$ends" %H:%M)" status.txt
want_same "its JSON, too" "wave w1" "$(netfold status --json admin-ap | jq -r '.devices[0].maintenance.id')"
ended() { [ "$EPOCHSECONDS" -ge "$ends" ]; }
await 80 "the window ends" ended
want_same "nobody was mailed" "" "$(about problem)"

await 40 "what is still down is mailed" is_told problem
want_same "status has no window any more" null "$(netfold status --json admin-ap | jq -r '.devices[0].maintenance')"
"$LAB" heal "$DIR" admin-ap
await 60 "and its recovery" is_told recovery
want_same "the problem once, with its SNMP" 1 "$(about problem | wc -l)"
want_same "the recovery once" 1 "$(about recovery | wc -l)"
netfold_stop
finish
