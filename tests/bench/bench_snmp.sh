#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Microseconds of processor time per SNMP value: 1,000 simulated switches of 56 ports, read by the floor
# (snmp_floor), by netfold-snmp, and by whichever of braa, collectd and net-snmp's snmpbulkwalk is here. The
# values are counted by the simulator: what it gave, not what was asked for.
. "${NF_SRC:-.}/tests/lab/sim/nfsim.sh" || exit 1

switches=${NF_BENCH_SWITCHES:-1000}
ports=56
base=127.1.0.1
last=127.1.$((switches / 256)).$((switches % 256))

"$nfsim" --synthetic "$switches" --ports $ports --base $base -p 161 --site "$work/site" || exit 1
sim_start --synthetic "$switches" --ports $ports --base $base
sed -i "s/port: 161}/port: $port}/" "$work/site/site.yaml"

figure() { # figure NAME: of "stats all"
	tell "stats all" | tr ' ' '\n' | sed -n "s/^$1=//p"
}

cpu() { # cpu: of the simulator
	tell cpu | sed 's/cpu_us=//'
}

floor=
# measure WHO COMMAND…: prints processor time per value, and its ratio to the floor's
measure() {
	who=$1
	shift
	values=$(figure values)
	requests=$(figure requests)
	sim_us=$(cpu)
	TIMEFORMAT='%U %S'
	{ time "$@" >"$work/out" 2>&1; } 2>"$work/time"
	values=$(($(figure values) - values))
	requests=$(($(figure requests) - requests))
	sim_us=$(($(cpu) - sim_us))
	us=$(tail -n 1 "$work/time" | awk '{ printf "%d", ($1 + $2) * 1000000 }')
	if [ "$values" -lt 1000 ]; then
		echo "$who: read only $values values"
		head -3 "$work/out"
		return
	fi
	[ -n "$floor" ] || floor="$us $values"
	echo "$us $values $requests $sim_us $floor" | awk -v who="$who" '{
		printf "%-34s %8.3f us/value %6.1f x floor %9d values, simulator %.1f us/request\n",
			who, $1 / $2, $1 / $2 / ($5 / $6), $2, $4 / $3 }'
}

ticks() { # ticks PID: of processor time
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# As it runs day and night: three rounds between two topologies, every port, every check known.
steady() {
	sed -i 's/^polling: .*/polling: {snmp: 10s, topology: 1h}/' "$work/site/site.yaml"
	"$NF_BUILD/collector/snmp/netfold-snmp" -c "$work/site/site.yaml" 2>"$work/log.snmp" &
	local pid=$! before values us
	sleep 13
	before=$(ticks $pid) values=$(figure values)
	sleep 20
	us=$((($(ticks $pid) - before) * 1000000 / $(getconf CLK_TCK)))
	values=$(($(figure values) - values))
	kill $pid
	wait $pid
	if [ "$values" -lt 1000 ]; then
		echo "netfold-snmp, in the long run: read only $values values"
		return
	fi
	echo "$us $values $floor" | awk '{ printf "%-34s %8.3f us/value %6.1f x floor %9d values (target 0.40, 4 x floor)\n",
		"netfold-snmp, in the long run", $1 / $2, $1 / $2 / ($3 / $4), $2 }'
}

# Once without a clock, so that every agent exists.
"$NF_BUILD/tests/bench/snmp_floor" "$base+$switches" "$port" $ports >/dev/null || exit 1
measure "floor, 7 columns x 9 rows" "$NF_BUILD/tests/bench/snmp_floor" "$base+$switches" "$port" $ports

measure "the asker alone, rows thrown away" "$NF_BUILD/tests/bench/snmp_asker" \
	"$base+$switches" "$port" "$work/site/secrets/community"

if [ -x "$NF_BUILD/collector/snmp/netfold-snmp" ]; then
	measure "netfold-snmp, its very first pass" \
		"$NF_BUILD/collector/snmp/netfold-snmp" -c "$work/site/site.yaml" --once
	steady
else
	echo "netfold-snmp: not built"
fi

if command -v snmpbulkwalk >/dev/null; then
	walk_some() { # forks: a fiftieth is enough
		for n in $(seq 1 50 "$switches"); do
			for column in 6 7 8 9 10 11 12; do
				snmpbulkwalk -m '' -v2c -c public -Cr25 -Oq \
					"127.1.$((n / 256)).$((n % 256)):$port" \
					1.3.6.1.2.1.31.1.1.1.$column
			done
		done
	}
	measure "snmpbulkwalk, forked (1/50)" walk_some
else
	echo "snmpbulkwalk: not here (Debian: snmp)"
fi

if command -v braa >/dev/null; then
	braa_all() { # 28 values a request: more it cannot encode
		for first in $(seq 1 4 $ports); do
			gets=
			for row in $(seq "$first" $((first + 3))); do
				for column in 6 7 8 9 10 11 12; do
					gets="$gets,.1.3.6.1.2.1.31.1.1.1.$column.$row"
				done
			done
			timeout 20 braa -2 "public@$base-$last:$port:${gets#,}"
		done
	}
	measure "braa, GET of 28" braa_all
else
	echo "braa: not here (Debian: braa)"
fi

collectd_site() {
	cat <<-EOF
		Hostname bench
		FQDNLookup false
		Interval 600
		BaseDir "$work"
		PIDFile "$work/collectd.pid"
		TypesDB "/usr/share/collectd/types.db"
		LoadPlugin snmp
		<Plugin snmp>
	EOF
	for type in octets:6:10 packets:7:11 errors:8:12; do
		IFS=: read -r name in out <<<"$type"
		cat <<-EOF
			<Data "$name">
			Type "if_$name"
			Table true
			TypeInstanceOID "1.3.6.1.2.1.31.1.1.1.1"
			Values "1.3.6.1.2.1.31.1.1.1.$in" "1.3.6.1.2.1.31.1.1.1.$out"
			</Data>
		EOF
	done
	for n in $(seq 1 "$switches"); do
		cat <<-EOF
			<Host "sw$n">
			Address "127.1.$((n / 256)).$((n % 256)):$port"
			Version 2
			Community "public"
			Collect "octets" "packets" "errors"
			BulkSize 60
			</Host>
		EOF
	done
	echo "</Plugin>"
}

collectd_once() { # until a second passes without a request
	collectd -f -C "$work/collectd.conf" &
	collectd_pid=$!
	before=-1
	now=$(figure requests)
	for _ in $(seq 1 30); do
		sleep 1
		before=$now
		now=$(figure requests)
		[ "$now" -eq "$before" ] && [ "$now" -gt "$requests" ] && break
	done
	kill "$collectd_pid"
	wait "$collectd_pid"
}

if command -v collectd >/dev/null; then
	collectd_site >"$work/collectd.conf"
	measure "collectd, BulkSize 60, no writer" collectd_once
else
	echo "collectd: not here (Debian: collectd-core)"
fi
