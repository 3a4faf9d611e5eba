#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Agents that die in mid-walk, have a table of 50,000 rows, loop, or give hostile names: nothing crashes,
# nothing incomplete counts, no page, terminal, log line or file name is broken, others are on time.
. "$(dirname "$0")/../lab/lib.sh"
in_the_lab "$@"
[ -x "$NF_BUILD/tests/lab/nfsim" ] || skip "the simulator is not built"

device=jakgym-stack
become() { # become OPTION…: the device is a switch with these manners
	"$LAB" sim "$DIR" "$device" synthetic:switch "$@"
}
probe() { timeout 120 "$NF_BUILD/cli/netfold" -c "$SITE" probe --json "$device" >probe.json 2>probe.err; }
probed() { holds "$(cat probe.json)" "$1"; }

others_alive() {
	netfold status --json | jq -e --arg d "$device" 'all(.devices[] | select(.name != $d) | .checks[] |
		select(.name == "ping" or .name == "snmp").state; . == "ok")' >/dev/null
}

start_alive
programs=$(pgrep -d, -P "$NETFOLD")
probe
want "a healthy switch of 50 ports: complete" probed '.snmp.complete and (.snmp.interfaces | length) >= 50'

become ports=50 die-after=4
probe
want "an agent that dies in mid-walk: not complete" probed '.snmp.complete != true'
not_ok() { [ "$(state_of "$device" snmp)" != ok ]; }
await 60 "and a problem of its SNMP check" not_ok
become ports=50
await 60 "it recovers" check_is "$device" snmp ok

become ports=50 'jump=1.3.6.1.2.1.2.2.1.10.40>1.3.6.1.2.1.2.2.1.10.3'
probe
want "an agent that loops: the walk ends, not complete" probed '.snmp.complete != true'

become ports=50 endless=1.3.6.1.2.1.2.2.1:22:50000
began=$(now_ms)
probe
echo "a table of 50,000 rows: $(($(now_ms) - began)) ms, $(wc -c <probe.json) bytes"
want "it ends, with valid JSON" probed .device
sleep 20
want "others are on time" others_alive
for pid in ${programs//,/ }; do
	kilobytes=$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")
	want "memory of $(cat "/proc/$pid/comm") is bounded: $kilobytes KiB" [ "${kilobytes:-999999}" -lt 150000 ]
done

for kind in html ansi crlf bidi nul utf8 path long empty; do
	become ports=5 hostile="$kind"
	probe
	want "hostile $kind: valid JSON" probed .device
	want "hostile $kind: no control character on the terminal" \
		sh -c '! LC_ALL=C grep -qP "[\x00-\x08\x0b-\x1f\x7f]" probe.json probe.err'
done
sleep 12 # polled with the last ones, too
netfold status >status.out
netfold events >events.out
want "status, events and log are clean" \
	sh -c '! LC_ALL=C grep -qP "[\x00-\x08\x0b-\x1f\x7f]" status.out events.out netfold.log'
want_same "no file name is odd" "" "$(find state | LC_ALL=C grep -vP '^[A-Za-z0-9._/%+@=,:~-]+$')"
want_same "no file is outside its device" "" "$(find state/rrd -name '*.rrd' | grep -vE '^state/rrd/[^/]+/[^/]+/[^/]+$')"
want_same "no program died" "$programs" "$(pgrep -d, -P "$NETFOLD")"
become ports=50
await 90 "everything alive at the end" all_alive
netfold_stop
finish
