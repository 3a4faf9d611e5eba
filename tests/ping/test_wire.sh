#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The echo engine on real interfaces: both families, networks that share their addresses, answers that
# are lost, late, many, in the wrong order or lies, a queue that is full, a process that was stopped.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/wires.sh"
in_namespaces "$@"

out=$DIR/out
tool() {
	"$TOOL" "$@" >"$out" 2>&1 || { cat "$out"; want "the tool runs" 1 -eq 0; }
}

# Raw sockets of both families and the capture are open.
open_sockets() {
	[ "$(find "/proc/$1/fd" -lname 'socket:*' | wc -l)" -ge 3 ]
}

wire one
addresses one 10.1.0.1/16 10.1.0.2/16 10.1.0.3/16
addresses one fd00:1::1/64 fd00:1::2/64
wire two
addresses two 10.1.0.1/16 10.1.0.2/16
far two ip addr add 10.1.0.4/16 dev far

echo "# both families, answered by the kernel"
tool 10.1.0.2@one fd00:1::2@one 127.0.0.1 ::1
want "all four addresses answer" "$(grep -c 'received 3 lost 0' "$out")" -eq 4
want "nothing is forged" "$(value forged "$out" total)" -eq 0

echo "# two networks with the same addresses"
peer two delay_us=20000
tool 10.1.0.2@one 10.1.0.2@two 10.1.0.3@one 10.1.0.3@two 10.1.0.4@one 10.1.0.4@two
want "10.1.0.2 in one answers" "$(value received "$out" '10.1.0.2@one')" -eq 3
want "at once" "$(value rtt "$out" '10.1.0.2@one')" -lt 10000
want "10.1.0.2 in two answers" "$(value received "$out" '10.1.0.2@two')" -eq 3
want "only after its delay" "$(value rtt "$out" '10.1.0.2@two')" -ge 20000
want "10.1.0.3 is in one" "$(value received "$out" '10.1.0.3@one')" -eq 3
want "and not in two" "$(value lost "$out" '10.1.0.3@two')" -eq 3
want "10.1.0.4 is not in one" "$(value lost "$out" '10.1.0.4@one')" -eq 3
want "but in two" "$(value received "$out" '10.1.0.4@two')" -eq 3
peer_off two

echo "# a VRF and a VLAN"
if ip link add vrf9 type vrf table 9 2>/dev/null; then
	ip link set vrf9 up
	wire three
	ip link set three master vrf9
	addresses three 10.1.0.1/16 10.1.0.9/16
	tool 10.1.0.9@vrf9 10.1.0.9@one
	want "through the VRF" "$(value received "$out" 10.1.0.9@vrf9)" -eq 3
	want "and not beside it" "$(value received "$out" 10.1.0.9@one)" -eq 0
else
	echo "      this kernel has no VRFs"
fi
if ip link add link one name one.5 type vlan id 5 2>/dev/null; then
	ip link set one.5 up
	ip addr add 10.5.0.1/16 dev one.5
	far one ip link add link far name far.5 type vlan id 5
	far one ip link set far.5 up
	far one ip addr add 10.5.0.2/16 dev far.5
	tool 10.5.0.2@one.5
	want "through the VLAN" "$(value received "$out" 10.5.0.2)" -eq 3
	want "each answer once" "$(value duplicates "$out" 10.5.0.2)" -eq 0
else
	echo "      this kernel has no VLANs"
fi

echo "# lost, late, many, out of order"
peer one loss=40
tool -n 20 -p 5 -c 10 -e 400 10.1.0.2@one
received=$(value received "$out" total)
want "of 200 echoes with 40 % loss, many are answered" "$received" -ge 80
want "and many are not" "$received" -le 160
peer one copies=10
tool 10.1.0.2@one fd00:1::2@one
want "ten answers each are three received" "$(grep -c 'received 3 lost 0' "$out")" -eq 2
want "and 27 duplicates" "$(value duplicates "$out" 10.1.0.2)" -eq 27
peer one uneven_us=60000
tool -n 6 -p 20 10.1.0.2@one
want "answers out of order are answers" "$(value received "$out" 10.1.0.2)" -eq 6
want "none a duplicate" "$(value duplicates "$out" 10.1.0.2)" -eq 0
peer one delay_us=400000
tool -t 200 -p 200 -n 3 10.1.0.2@one
want "answers after their time do not count" "$(value received "$out" 10.1.0.2)" -eq 0
want "they are late" "$(value late "$out" total)" -ge 1

echo "# lies"
for lie in token source; do
	peer one lie=$lie
	tool 10.1.0.2@one fd00:1::2@one
	want "a wrong $lie is no answer" "$(grep -c 'received 0 lost 3' "$out")" -eq 2
	want "but forged" "$(value forged "$out" total)" -eq 6
done
peer one lie=cut
tool 10.1.0.2@one fd00:1::2@one
want "a cut answer is no answer" "$(grep -c 'received 0 lost 3' "$out")" -eq 2
want "but mangled" "$(value mangled "$out" 10.1.0.2)" -eq 3
peer one lie=checksum
tool 10.1.0.2@one
want "a wrong checksum is no answer" "$(value received "$out" 10.1.0.2)" -eq 0
want "but a bad frame" "$(value bad "$out" total)" -eq 3
peer_off one

echo "# a queue that is too small: later, not lost"
far two ip route add local 10.1.9.0/24 dev far
tc qdisc add dev two root tbf rate 5mbit burst 3000 limit 6000
hosts=()
mac=$(mac two)
for i in {1..200}; do
	ip neigh replace "10.1.9.$i" lladdr "$mac" dev two nud permanent
	hosts+=("10.1.9.$i@two")
done
tool -q -n 15 -p 0 -t 1000 "${hosts[@]}"
want "the queue was full" "$(value overloaded "$out" total)" -gt 0
want "all 3000 left in the end" "$(value sent "$out" total)" -eq 3000
want "none was lost" "$(value received "$out" total)" -eq 3000
tc qdisc del dev two root

echo "# answers that the capture had no room for"
peer one delay_us=150000 copies=60000
"$TOOL" -n 2 -p 1500 -t 500 10.1.0.2@one 10.1.0.99@one >"$out" &
pid=$!
await 5 "the tool asks" open_sockets $pid
sleep 0.1
kill -STOP $pid
sleep 0.7
kill -CONT $pid
wait $pid
want "packets were dropped" "$(value drops "$out" total)" -gt 0
want "nobody is called silent for it" "$(value unsure "$out" 10.1.0.99)" -ge 1
peer_off one

echo "# a process that was stopped"
"$TOOL" -n 20 -p 100 -t 300 10.1.0.2@one 10.1.0.99@one >"$out" &
pid=$!
sleep 0.5
kill -STOP $pid
sleep 1.6
kill -CONT $pid
wait $pid
want "it noticed" "$(value stalls "$out" total)" -ge 1
want "all answers count" "$(value received "$out" 10.1.0.2)" -eq 20
want "what was in the air is unsure" "$(value unsure "$out" 10.1.0.99)" -ge 1

echo "# an interface that vanishes and comes back"
"$TOOL" -n 1 -t 300 -e 500 -c 12 10.1.0.2@two 10.1.0.2@one >"$out" &
pid=$!
await 5 "it answers" grep -q '^2 10.1.0.2@two.*received 1' "$out"
ip link del two
await 5 "it is gone" grep -q '10.1.0.2@two.*trouble 1' "$out"
wire two
addresses two 10.1.0.1/16 10.1.0.2/16
wait $pid
gone=$(grep -c '10.1.0.2@two.*sent 0.*unsent 1' "$out")
want "while it is gone echoes are not sent, not lost" "$gone" -ge 1
want "then it answers again" "$(grep -c '^12 10.1.0.2@two.*received 1' "$out")" -eq 1
want "the other network noticed nothing" "$(grep -c '10.1.0.2@one.*received 1' "$out")" -eq 12
finish
