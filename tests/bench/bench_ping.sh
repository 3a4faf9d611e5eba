#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What an echo costs, beside fping in the same run: 10,000 addresses of this machine in a burst, and paced
# by the program itself, judged and journalled; then how far the RTT is off a delay of 9.9 ms while every
# core is kept busy.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../ping/wires.sh"
in_namespaces "$@"
command -v fping >/dev/null || skip "fping is not installed"
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
cd "$DIR" || exit 99
mkdir state www

ADDRESSES=10000
for ((i = 0; i < ADDRESSES; i++)); do
	echo "127.1.$((i / 250)).$((i % 250 + 1))"
done >list

# cpu_us COMMAND…: user and system time of a command, in microseconds
cpu_us() {
	local TIMEFORMAT='%U %S'
	{ time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%d\n", ($1 + $2) * 1000000 }'
}

median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

ratio() { # TEXT OURS THEIRS TARGET
	awk -v t="$1" -v o="$2" -v p="$3" -v max="$4" \
		'BEGIN { printf "%s: %.2f us an echo, fping %.2f: %.2f of it (target %s)\n", t, o, p, o / p, max }'
}

ours=() theirs=()
for _ in 1 2 3; do
	ours+=("$(cpu_us "$TOOL" -q -n 3 -p 0 -t 1000 -f list)")
	theirs+=("$(cpu_us fping -q -i 0.001 -p 1 -C 3 -t 1000 -f list)")
done
echoes=$((ADDRESSES * 3))
ratio "burst" "$(printf '%s\n' "${ours[@]}" | median | awk -v n=$echoes '{ print $1 / n }')" \
	"$(printf '%s\n' "${theirs[@]}" | median | awk -v n=$echoes '{ print $1 / n }')" "0.5"

{
	echo name,kind,network,address
	awk '{ print "d" NR ",other,lo," $1 }' list
} >devices.csv
cat >site.yaml <<-END
	site: {name: Bench, timezone: UTC, state_dir: state, www_dir: www}
	polling: {ping: 10s, echoes: 3}
	networks:
	  - {id: lo, role: common, prefixes: [127.0.0.0/8], max_packets_per_second: 10000}
	devices_csv: devices.csv
END

ticks() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}
figure() {
	sqlite3 -cmd '.timeout 5000' state/state.db \
		"SELECT json ->> '$1' FROM program WHERE name = 'netfold-ping'" 2>/dev/null
}
beaten() { # a beat later than $1 echoes
	[ "$(figure sent)" -gt "$1" ]
}

"$NF_BUILD/collector/ping/netfold-ping" -c site.yaml 2>log &
pid=$!
await 20 "the program asks" beaten 1000 >/dev/null
sent=$(figure sent)
await 10 "a beat" beaten "$sent" >/dev/null
t0=$(ticks $pid) sent=$(figure sent)
sleep 14
now=$(figure sent)
await 10 "a beat" beaten "$now" >/dev/null
now=$(figure sent)
t1=$(ticks $pid)
ours_us=$(((t1 - t0) * 1000000 / $(getconf CLK_TCK)))
memory=$(awk '$1 == "VmRSS:" { print $2 }' /proc/$pid/status)
lost=$((now - $(figure received)))
kill $pid
wait $pid
theirs_us=$(cpu_us fping -q -i 0.1 -p 1000 -C 3 -t 1000 -f list)
ratio "paced, judged, journalled" "$(awk -v u=$ours_us -v n=$((now - sent)) 'BEGIN { print u / n }')" \
	"$(awk -v u="$theirs_us" -v n=$echoes 'BEGIN { print u / n }')" "0.17, at most 8 us"
echo "memory with $ADDRESSES devices: $((memory / 1024)) MiB; not answered: $lost"

# fping prints steps of 0.1 ms from 10 ms on, of 0.01 ms below.
DELAY=9900
wire one >/dev/null
addresses one 10.1.0.1/16 10.1.0.2/16
if far one tc qdisc add dev far root netem delay ${DELAY}us limit 10000 2>/dev/null; then
	echo "the delay is the kernel's (netem)"
else
	peer one delay_us=$DELAY rt=1
	echo "the delay is a real-time process's (this kernel has no netem)"
fi
busy=()
for ((i = 0; i < $(nproc); i++)); do
	(while :; do :; done) &
	busy+=($!)
done
fping -C 400 -p 20 -q -t 500 10.1.0.2 2>fping.out &
asked=$!
"$TOOL" -n 1 -t 500 -c 400 -e 20 10.1.0.2@one >tool.out
wait $asked
kill "${busy[@]}"

errors() { # of RTTs in microseconds, one a line
	awk -v d=$DELAY '{ e = $1 - d; print e < 0 ? -e : e }' | sort -n | awk '{ v[NR] = $1 }
		END { printf "median %d us, 99th percentile %d us of %d\n",
			v[int((NR + 1) / 2)], v[int(NR * 0.99)], NR }'
}
echo "RTT error, every core busy, netfold: $(awk '/received 1/ { print $(NF - 1) }' tool.out | errors) (target 20, 200)"
echo "RTT error, every core busy, fping:   $(sed 's/.*: //' fping.out | tr ' ' '\n' |
	awk '/^[0-9]/ { print $1 * 1000 }' | errors)"
