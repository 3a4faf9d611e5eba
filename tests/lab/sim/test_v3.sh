#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SNMPv3 of the simulator, as net-snmp's tools see it: every protocol, every refusal, and its lies.
. "${NF_SRC:-.}/tests/lab/sim/nfsim.sh" || exit 1

command -v snmpget >/dev/null || skip "snmpget is missing: install snmp"

export LC_ALL=C
name=1.3.6.1.2.1.1.5.0
keys="auth-key=authauth1 priv-key=privpriv1"
number=0
# agent 127.7.0.N for each pair of protocols
: >"$work/conf"
for auth in md5:MD5 sha:SHA sha224:SHA-224 sha256:SHA-256 sha384:SHA-384 sha512:SHA-512; do
	for priv in none:none des:DES aes:AES; do
		number=$((number + 1))
		echo "127.7.0.$number synthetic:switch ports=4 name=three user=netfold" \
			"auth=${auth%:*} priv=${priv%:*} $keys" >>"$work/conf"
		echo "$number ${auth#*:} ${priv#*:}" >>"$work/pairs"
	done
done
echo "127.7.1.1 synthetic:switch ports=4 user=open name=open" >>"$work/conf"
sim_start -c "$work/conf"

ask() { # ask TOOL AGENT USER LEVEL AUTH PRIV ARGUMENTS…
	tool=$1 agent=$2 user=$3 level=$4 auth=$5 priv=$6
	shift 6
	"$tool" -m '' -v3 -t 0.5 -r 0 -On -u "$user" -l "$level" -a "$auth" -A authauth1 \
		-x "${priv/none/AES}" -X "${privpass:-privpriv1}" "$agent:$port" "$@" >"$work/got" 2>&1
}

while read -r number auth priv; do
	level=authPriv
	[ "$priv" = none ] && level=authNoPriv
	ask snmpget "127.7.0.$number" netfold $level "$auth" "$priv" $name
	says "$auth $priv" 'STRING: "three"'
	ask snmpbulkwalk "127.7.0.$number" netfold $level "$auth" "$priv" 1.3.6.1.2.1.2.2.1
	counts "$auth $priv: a walk" 88
done <"$work/pairs"
ask snmpget 127.7.1.1 open noAuthNoPriv SHA none $name
says "noAuthNoPriv" 'STRING: "open"'

# agent 12: SHA-256 with AES
sha_aes() { ask "${2:-snmpget}" 127.7.0.12 netfold authPriv SHA-256 AES "$1"; }
ask snmpget 127.7.0.12 nobody authPriv SHA-256 AES $name
says "unknown user" "Unknown user name"
ask snmpget 127.7.0.12 netfold authPriv SHA AES $name
says "wrong protocol" "Authentication failure"
ask snmpget 127.7.0.12 netfold authNoPriv SHA-256 AES $name
says "less than its level" "Unsupported security level"
privpass=somethingelse sha_aes $name
says "wrong privacy key" "Decryption error\|Timeout"
sha_aes 1.3.6.1.2.1.99.1
says "an object that is not there" "No Such Object"
tell "set 127.7.0.12 max-size=600"
sha_aes 1.3.6.1.2.1.2.2.1 snmpbulkwalk
counts "a small agent: the walk is whole" 88
tell "clear all"

# Its lies: twins, a clock that goes back, forged Reports.
tell "set 127.7.0.12 engine=80001f880412345678; set 127.7.0.15 engine=80001f880412345678"
for agent in 12 15; do
	snmpget -m '' -v3 -t 0.5 -r 0 -On -u netfold -l noAuthNoPriv -d "127.7.0.$agent:$port" $name >"$work/got" 2>&1
	tr -s ' \n' ' ' <"$work/got" >"$work/flat" && mv "$work/flat" "$work/got"
	says "twin $agent" "80 00 1F 88 04 12 34"
done
tell "clear all; set 127.7.0.12 boots=9"
sha_aes $name
says "more boots" 'STRING: "three"'
tell "set 127.7.0.12 boots=3"
sha_aes $name
says "fewer boots, to one who never knew more" 'STRING: "three"'
tell "clear all; set 127.7.0.12 forge-report"
sha_aes $name
says "a forged Report is believed by net-snmp" "Unknown user name"
tell "clear all; reboot 127.7.0.12"
sha_aes $name
says "after a reboot" 'STRING: "three"'
finish
