#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The interface of a network goes down, vanishes, and comes back as another one of the same name: only
# that network suffers, and it recovers by itself.
. "$(dirname "$0")/../lab/lib.sh"
in_the_lab "$@"

start_alive
programs=$(pgrep -d, -P "$NETFOLD")
others_alive() {
	netfold status --json | jq -e 'all(.devices[] | select(.network != "skola") | .checks[] |
		select(.name == "ping").state; . == "ok")' >/dev/null
}

ip link set skola down
await 20 "interface down: its router is down" check_is skola-router ping critical
await 20 "and the rest of the network unreachable" check_is skola-ap ping unreachable
want "nobody else suffers" others_alive
ip link set skola up
"$LAB" leg "$DIR" skola-router
await 30 "interface up: back" check_is skola-ap ping ok

ip link del skola
await 20 "interface gone: its router is down" check_is skola-router ping critical
want "nobody else suffers" others_alive
sleep 5
want "nor later" others_alive
"$LAB" leg "$DIR" skola-router
await 30 "a new interface of that name: back" check_is skola-ap ping ok
await 60 "SNMP too" all_alive
want_same "no program died" "$programs" "$(pgrep -d, -P "$NETFOLD")"
netfold_stop
finish
