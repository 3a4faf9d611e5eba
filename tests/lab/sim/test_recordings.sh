#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every recorded device, walked by net-snmp's own snmpbulkwalk, must come out of the simulator value by
# value as it was recorded; and one of them over SNMPv1, where Counter64 does not exist.
. "${NF_SRC:-.}/tests/lab/sim/nfsim.sh" || exit 1

recordings=${NF_RECORDINGS:-$NF_SRC/../shared/recordings}
command -v snmpbulkwalk >/dev/null || skip "snmpbulkwalk is missing: install snmp"
ls "$recordings"/*.snmprec >/dev/null 2>&1 || skip "no recordings in $recordings (NF_RECORDINGS)"

export LC_ALL=C
number=0
for recording in "$recordings"/*.snmprec; do
	number=$((number + 1))
	echo "127.3.0.$number recording:$recording" >>"$work/conf"
done
sim_start -c "$work/conf"

# As expect.awk writes it, in any order: snmpbulkwalk itself refuses OIDs that do not increase.
walk() {
	command=$1
	shift
	"$command" -m '' -c public -t 5 -On -Ox -Oe -OU --hexOutputLength=0 "$@" .1 2>&1 |
		sed 's/= Timeticks: (\([0-9]*\)).*/= Timeticks: \1/; /No more variables left/d' | sort
}

number=0
for recording in "$recordings"/*.snmprec; do
	number=$((number + 1))
	awk -f "$NF_SRC/tests/lab/sim/expect.awk" "$recording" | sort >"$work/want"
	walk snmpbulkwalk -v2c "127.3.0.$number:$port" >"$work/got"
	same "$(basename "$recording")"
done

for recording in "$recordings"/os-linux-slackware.snmprec "$recordings"/wifi-ubiquiti-m5.snmprec; do
	[ -f "$recording" ] || continue
	number=$(grep -n "$recording" "$work/conf" | cut -d: -f1)
	awk -f "$NF_SRC/tests/lab/sim/expect.awk" "$recording" | grep -v Counter64 | sort >"$work/want"
	walk snmpwalk -v1 "127.3.0.$number:$port" | grep -v "End of MIB" >"$work/got"
	same "v1 $(basename "$recording")"
done
finish
