#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The lab itself: every device answers on its own network, links can be cut, delayed, made lossy and
# healed, and a killed lab leaves nothing behind.
. "$(dirname "$0")/lib.sh"
in_the_lab "$@"

leg_of() { # the monitor's interface towards a network
	case $1 in lab) echo common ;; *) echo "$1" ;; esac
}

answers() { # answers NETWORK ADDRESS
	ping -q -n -c 1 -W 1 -I "$(leg_of "$1")" "$2" >/dev/null 2>&1
}

silent() {
	! answers "$@"
}

# The median round trip of ten, in microseconds
median_us() { # median_us NETWORK ADDRESS
	ping -n -c 10 -i 0.05 -I "$(leg_of "$1")" "$2" | sed -n 's/.*time=\([0-9.]*\) ms/\1/p' |
		sort -n | awk 'NR == 5 { printf "%d\n", $1 * 1000 }'
}

while IFS=, read -r name kind network address snmp parent; do
	[ "$name" != name ] || continue
	await 5 "$name answers ping" answers "$network" "$address"
	case $snmp in
	admin-v2 | common-v2) set -- -v 2c -c "$(cat "secrets/$snmp.community")" ;;
	skola-v1) set -- -v 1 -c "$(cat "secrets/$snmp.community")" ;;
	skola-v3) set -- -v 3 -u skola -l authNoPriv -a SHA -A "$(cat "secrets/$snmp.auth")" ;;
	vard-v3) set -- -v 3 -u vard -l authPriv -a SHA-512 -A "$(cat "secrets/$snmp.auth")" \
		-x AES -X "$(cat "secrets/$snmp.priv")" ;;
	lab-v3) set -- -v 3 -u lab -l noAuthNoPriv ;;
	*) continue ;; # a simulated one, or of the network that only a bound socket finds
	esac
	case $address in *:*) address="udp6:[$address]" ;; esac
	want_same "$name says its name" "\"$name\"" \
		"$(snmpget -t 2 -r 3 -Oqv "$@" "$address" .1.3.6.1.2.1.1.5.0 2>&1 | tail -n 1)"
done <devices.csv

"$LAB" cut "$DIR" jakgym-switch
await 5 "what is behind a cut link is silent" silent jakgym 10.1.0.10
want "its router is not" answers jakgym 10.1.0.1
want "the same address in another network is not" answers admin 10.1.0.10
"$LAB" heal "$DIR" jakgym-switch
await 5 "healed" answers jakgym 10.1.0.10

"$LAB" delay "$DIR" skola-files 20ms
rtt=$(median_us skola 10.3.0.10)
echo "a delay of 20 ms each way: $rtt us"
want "a delay delays" [ "$rtt" -ge 40000 ]
"$LAB" loss "$DIR" skola-files 100
await 5 "a loss of all frames loses all" silent skola 10.3.0.10
"$LAB" loss "$DIR" skola-files 0
await 5 "a loss of none loses none" answers skola 10.3.0.10
"$LAB" cable "$DIR" skola-router --duplicate 100
want "a cable that doubles doubles" grep -q duplicates \
	<(ping -q -n -c 3 -i 0.05 10.3.0.1)
"$LAB" heal "$DIR" skola-files
"$LAB" heal "$DIR" skola-router
await 5 "healed" answers skola 10.3.0.10

"$LAB" stop "$DIR" skola-ap
want "a stopped agent is silent" [ -z "$(snmpget -t 0.5 -r 0 -v 1 -c skola-v1-community-2011 \
	10.3.0.40 .1.3.6.1.2.1.1.5.0 2>/dev/null)" ]
"$LAB" start "$DIR" skola-ap

# A lab inside the lab: its own processes are gone with it, however it ends.
for signal in TERM KILL; do
	unset NF_LAB_DIR
	"$LAB" run "$DIR/inner" sleep 1000 &
	inner=$!
	await 30 "a second lab stands" [ -f inner/ready ]
	agents=$(pgrep -c snmpd)
	kill -"$signal" "$inner"
	wait "$inner" 2>/dev/null
	await 10 "after $signal only one lab's agents run" \
		sh -c "[ \$((\$(pgrep -c snmpd) * 2)) -le $((agents + 1)) ]"
done
finish
