#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A port that mirrors nothing any more goes on hearing its own switch (spanning tree, LLDP, CDP, keepalives): that is
# noted, and proves nothing of the network.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../ping/wires.sh"
. "$NF_SRC/tests/wire/hub.sh"
alone='' in_namespaces "$@"
for tool in sqlite3 socat; do
	command -v $tool >/dev/null || skip "$tool is not installed"
done
cd "$DIR" || exit 99
CANARY=0s write_site
chmod 755 .

at_least() { # NUMBER FIGURE
	[ "$(figure "$2")" -ge "$1" ]
}
say() { # SEED…: what a port of the hub sends
	local seed
	for seed in "$@"; do
		far switch socat -u "OPEN:$seed" INTERFACE:eth0 2>/dev/null
	done
}

make_hub
host switch 02:00:00:00:00:aa 10.1.0.4/16
start_wire
await 20 "it listens" listens || { cat log; finish; }

echo "# what a switch says of the link"
others=$(figure frames)
printf '\2\0\0\0\0\11\2\0\0\0\0\11\x90\0' >keepalive
head -c 46 /dev/zero >>keepalive
say "$SIGHTS/stp" "$SIGHTS/lldp" "$SIGHTS/cdp" keepalive
await 20 "it is counted" at_least 4 link
want "as nobody else" $(($(figure frames) - others)) -eq 0

echo "# and of others"
say "$SIGHTS/arp-request-by-client"
await 20 "who asks is somebody else" at_least $((others + 1)) frames
kill $WIRE
wait $WIRE
want "the hour has heard the others only" "$(sql "SELECT sum(frames) FROM coverage")" -eq $((others + 1))
want "the switch is seen" "$(sql "SELECT count(*) FROM seen WHERE source = 'lldp' AND kind = 'mac' AND value = '02:00:00:00:00:09'")" -eq 1
finish
