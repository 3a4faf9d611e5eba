#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each lie about objects and values that the simulator can be told, as net-snmp's tools see it.
. "${NF_SRC:-.}/tests/lab/sim/nfsim.sh" || exit 1

command -v snmpbulkwalk >/dev/null || skip "snmpbulkwalk is missing: install snmp"

export LC_ALL=C
agent=127.4.0.7
descr=1.3.6.1.2.1.2.2.1.2
hc=1.3.6.1.2.1.31.1.1.1.6

sim_start '127.4.0.0/24 synthetic:switch ports=12 name=lie'

ask() { # ask TOOL ARGUMENTS…
	tool=$1
	shift
	"$tool" -m '' -c public -t 0.5 -r 0 -On -Oe -OU "$@" >"$work/got" 2>&1
}
get() { ask snmpget -v2c "$agent:$port" "$@"; }
next() { ask snmpgetnext -v2c "$agent:$port" "$@"; }
bulk() { ask snmpbulkget -v2c "$@"; }
walk() { ask snmpbulkwalk -v2c "$agent:$port" "$@"; }
lie() { # lie OPTION…: alone
	tell "clear all; set $agent $*" | sed 's/^/not ok: /'
}

# The truth first.
get 1.3.6.1.2.1.1.5.0
says "sysName" '= STRING: "lie00008"'
walk $descr
counts "ifDescr of 12 ports" 12
get $descr.99
says "an instance that is not there" "No Such Instance"
get 1.3.6.1.2.1.99.1.0
says "an object that is not there" "No Such Object"
ask snmpget -v1 "$agent:$port" $hc.1
says "v1 has no Counter64" "noSuchName"
ask snmpwalk -v1 "$agent:$port" 1.3.6.1.2.1.31.1.1.1
says "v1 walks over Counter64 to what is behind" '31.1.1.1.18.12 = STRING: "lie00008 port 12"'
ask snmpget -v2c -c wrong "$agent:$port" 1.3.6.1.2.1.1.5.0
says "a wrong community is not answered" "Timeout"
ask snmpset -v2c "$agent:$port" 1.3.6.1.2.1.1.5.0 s x
says "SET is refused" "notWritable"
tell "stats $agent" >"$work/got"
says "SET is counted" "sets=1$"
ask snmpget -v2c 127.4.1.1:$port 1.3.6.1.2.1.1.5.0
says "no agent, no answer" "Timeout"

# The order of objects.
lie "jump=$descr.3>$descr.3"
walk $descr
says "the same OID for ever" "OID not increasing"
lie "jump=$descr.3>$descr.2"
next $descr.3
says "two OIDs in a loop, going backwards" "\.$descr\.2 = "
lie "jump=$descr.3>1.3.6.1.2.1.1.1.0"
walk 1.3.6.1.2.1
says "back to the beginning" "OID not increasing"
lie "jump=1.3.6.1.2.1.17.1.4.1.2.5>1.3.6.1.2.1.17.1.4.1.3.1"
walk 1.3.6.1.2.1.17.1.4.1.2
counts "a table that ends early" 5
lie "hide=1.3.6.1.2.1.31"
walk 1.3.6.1.2.1.31
says "32-bit counters only" "No Such Object"
lie "endless=1.3.6.1.2.1.2.2.1:22:50000"
walk $descr
counts "50,000 rows" 50000
says "the last of 50,000 rows" "\.$descr\.50000 = STRING: \"port50000\""
lie "endless=1.3.6.1.2.1.2.2.1:22:1000000"
next 1.3.6.1.2.1.2.2.1.1.999999
says "row 1,000,000" "\.1\.1000000 = INTEGER: 1000000"
next 1.3.6.1.2.1.2.2.1.1.1000000
says "the column after a million rows" "\.$descr\.1 = "
next 1.3.6.1.2.1.2.2.1.22.1000000
says "the end of a million rows" "1.3.6.1.2.1.4.20"

# Contexts of VLANs.
name=1.3.6.1.2.1.1.5.0
in_vlan() { ask snmpget -v2c -c "public@$1" "$agent:$port" $name; }
in_vlan 10
says "no contexts" "Timeout"
lie contexts "hide=$name" refuse-in=20,30 silent-in=10
get $name
says "hidden without a context" "No Such"
in_vlan 20
says "a context that is not allowed" "authorizationError"
in_vlan 10
says "a context without an answer" "Timeout"
lie contexts "hide=$name" die-in=30
in_vlan 10
says "shown in a context" '= STRING: "lie00008"'
in_vlan 30
says "dies of this context" "Timeout"
get $descr.1
says "and is dead" "Timeout"

# Errors and sizes.
lie "generr=$descr.5"
walk $descr
says "genErr" "genError"
lie "toobig=6"
bulk -Cr7 "$agent:$port" $descr
says "tooBig above 6" "tooBig"
bulk -Cr6 "$agent:$port" $descr
counts "6 are answered" 6
lie "bulk-max=1"
bulk -Cr50 "$agent:$port" $descr
counts "one varbind a reply" 1
lie "max-size=200"
bulk -Cr50 "$agent:$port" $descr
[ "$(wc -l <"$work/got")" -lt 12 ] || says "cut at 200 bytes" "fewer lines"
lie "bloat=1.3.6.1.2.1.1.1:65000 max-size=65507"
get 1.3.6.1.2.1.1.1.0
[ "$(wc -c <"$work/got")" -gt 65000 ] || says "a reply of 64 KiB" "65,000 bytes"
lie "max-size=65507 endless=1.3.6.1.2.1.2.2.1:22:50000"
bulk -Cr4000 "$agent:$port" $descr
[ "$(wc -l <"$work/got")" -gt 1500 ] || says "thousands of varbinds in a reply" "1500 lines"

# Types and texts.
lie "as=$hc:string,1.3.6.1.2.1.2.2.1.10:negative,1.3.6.1.2.1.2.2.1.14:opaque,1.3.6.1.2.1.2.2.1.16:null"
get $hc.1
says "a string in a counter" 'STRING: "many"'
get 1.3.6.1.2.1.2.2.1.14.1
says "Opaque in a counter" "Opaque: Float: 1.5"
get 1.3.6.1.2.1.2.2.1.16.1
says "NULL in a counter" "NULL"
get 1.3.6.1.2.1.2.2.1.10.1
says "a counter of minus one" "Counter32: 4294967295\|Counter32: -1"
for want in html:3C.73.63.72.69.70.74 ansi:1B.5B.33.31 crlf:0D.0A.42.63.63 bidi:E2.80.AE nul:65.00.61 \
	utf8:C0.AF path:2E.2E.2F long:41.41.41.41; do
	lie "hostile=${want%%:*} max-size=65507"
	ask snmpget -v2c -Ox --hexOutputLength=0 "$agent:$port" 1.3.6.1.2.1.1.5.0
	says "hostile sysName: ${want%%:*}" "$(echo "${want#*:}" | tr . ' ')"
	ask snmpget -v2c -Ox --hexOutputLength=0 "$agent:$port" 1.3.6.1.2.1.31.1.1.1.18.4
	says "hostile ifAlias: ${want%%:*}" "$(echo "${want#*:}" | tr . ' ')"
done
lie "value=1.3.6.1.2.1.2.2.1.8.3|2|2 value=1.3.6.1.2.1.2.2.1.8.3|2|7"
get 1.3.6.1.2.1.2.2.1.8.3
says "a value laid over; the last counts" "INTEGER: 7"
walk 1.3.6.1.2.1.2.2.1.8
counts "and in a walk it takes the place of the other" 12

# The agent and its network.
lie "v1-only"
get 1.3.6.1.2.1.1.5.0
says "v1 only: v2c is dropped" "Timeout"
ask snmpget -v1 "$agent:$port" 1.3.6.1.2.1.1.5.0
says "v1 only: v1 is answered" "lie00008"
lie "toobig=1 toobig-empty"
ask snmpget -v1 "$agent:$port" 1.3.6.1.2.1.1.5.0 1.3.6.1.2.1.1.1.0
says "tooBig in v1" "tooBig"
lie "silent"
get 1.3.6.1.2.1.1.5.0
says "silent" "Timeout"
ask snmpget -v2c 127.4.0.8:$port 1.3.6.1.2.1.1.5.0
says "the others go on" "lie00009"
lie "bulk-max=1 die-after=4"
walk $descr
says "dies in mid-walk" "Timeout"
[ "$(grep -c STRING "$work/got")" -eq 4 ] || says "after 4 answers" "4 answers"
lie "bulk-max=1 reboot-after=2"
for before in yes yes no; do
	get 1.3.6.1.2.1.1.3.0
	case $before in
	yes) says "reboots in the middle: not yet" "1 day" ;;
	*) says "reboots in the middle" "0:00:00" ;;
	esac
done
grep -q "1 day" "$work/got" && says "rebooted" "no day"
lie "loss=100"
get 1.3.6.1.2.1.1.5.0
says "all lost" "Timeout"
lie "mangle=truncate"
get 1.3.6.1.2.1.1.5.0
says "truncated" "Timeout\|Error\|length"
finish
