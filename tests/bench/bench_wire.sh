#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a frame costs netfold-wire, beside tcpdump (which only copies, or prints) and arpwatch in the same run: CPU of
# the whole process for the same flood over a veth; what each lost; then the memory of 100,000 senders.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../ping/wires.sh"
. "$NF_SRC/tests/wire/hub.sh"
in_namespaces "$@"
for tool in sqlite3 tcpdump arpwatch; do
	command -v $tool >/dev/null || skip "$tool is not installed"
done
cd "$DIR" || exit 99
CANARY=0s write_site
chmod 755 .
make_hub >/dev/null
FRAMES=${FRAMES:-1000000}

cpu_us() { # PID: user and system time, in microseconds
	awk '{ printf "%d\n", ($14 + $15) * 10000 }' "/proc/$1/stat"
}
# measure PID SENDERS: floods; CPU a frame, in nanoseconds, of what arrived
measure() {
	local before arrived
	before=$(cpu_us "$1") arrived=$(arrived span)
	far hub "$FLOOD" p-span "$FRAMES" 0 "$2" >rate
	sleep 3
	awk -v us=$(($(cpu_us "$1") - before)) -v n=$(($(arrived span) - arrived)) \
		'BEGIN { printf "%.0f\n", us * 1000 / n }'
}
dropped() {
	awk '/dropped by kernel/ { print $1 }' "$1"
}

start_wire
wire=$WIRE
await 20 "netfold-wire listens" listens >/dev/null
ours=$(measure $wire 1000)
frames=$(figure frames)
sleep 6
echo "netfold-wire:            $ours ns CPU a frame, $((1000000000 / (ours ? ours : 1))) frames a second and core; lost $(figure drops) of $FRAMES ($(cut -d" " -f1 rate) a second sent; ${frames:-0} a beat before)"
kill $wire
wait $wire

for how in "-w /dev/null" "-nn"; do
	# shellcheck disable=SC2086 # two words
	tcpdump -i span -Z root $how >/dev/null 2>tcpdump.err &
	peer=$!
	sleep 2
	theirs=$(measure $peer 1000)
	kill -INT $peer
	wait $peer
	echo "tcpdump $how: $theirs ns, lost $(dropped tcpdump.err): netfold is $(awk -v o="$ours" -v t="$theirs" 'BEGIN { printf "%.2f", o / t }') of it"
done

mkdir -p arp
: >arp/arp.dat
ip addr add 10.1.0.7/32 dev span # it wants one
arpwatch -d -i span -f "$DIR/arp/arp.dat" -u root >arp/out 2>&1 &
peer=$!
sleep 2
if kill -0 $peer 2>/dev/null; then
	theirs=$(measure $peer 1000)
	kill $peer
	echo "arpwatch: $theirs ns: netfold is $(awk -v o="$ours" -v t="$theirs" 'BEGIN { printf "%.2f", o / (t > 0 ? t : 1) }') of it"
else
	echo "arpwatch did not start: $(tail -n 1 arp/out)"
fi

start_wire
wire=$WIRE
await 20 "it listens again" listens >/dev/null
sleep 3
empty=$(awk '$1 == "VmRSS:" { print $2 }' /proc/$wire/status)
far hub "$FLOOD" p-span 100000 50000 100000 >rate
sleep 3
full=$(awk '$1 == "VmRSS:" { print $2 }' /proc/$wire/status)
all_there() {
	[ "$(figure table)" -ge 99000 ]
}
await 30 "100,000 senders in the table" all_there
echo "memory: $empty KiB, with 100,000 senders $full KiB: $(((full - empty) * 1024 / 100000)) bytes a sender (of it the capture's ring that was touched)"
kill $wire
wait $wire
exit 0
