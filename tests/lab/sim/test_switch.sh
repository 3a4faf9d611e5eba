#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The synthetic devices: what switch.h promises about names, counters, tables, reboots and resets, read by
# net-snmp's tools.
. "${NF_SRC:-.}/tests/lab/sim/nfsim.sh" || exit 1

command -v snmpbulkwalk >/dev/null || skip "snmpbulkwalk is missing: install snmp"

export LC_ALL=C
agent=127.5.1.4
other=127.5.0.9
hc_in=1.3.6.1.2.1.31.1.1.1.6
hc_out=1.3.6.1.2.1.31.1.1.1.10
uptime=1.3.6.1.2.1.1.3.0

cat >"$work/conf" <<'EOF'
# number 260: 127.5.1.4 is 259 behind the first
127.5.0.1+1000 synthetic:switch ports=8 down=1 hosts=2 arp=3 vlans=2 rate=1000 errors=3 name=sw
127.5.8.1 synthetic:ups
127.5.8.2 synthetic:printer
::1 synthetic:switch ports=2 name=six
EOF
printf '%s\n' "$uptime|67|1000" "1.3.6.1.2.1.2.2.1.10.1|65|5" "1.3.6.1.2.1.2.2.1.5.1|66|9" \
	"$hc_in.1|70|4294967295" >"$work/device.snmprec"
echo "127.5.8.3 recording:$work/device.snmprec live rate=10" >>"$work/conf"
echo "127.5.8.4 recording:$work/device.snmprec" >>"$work/conf"
sim_start -c "$work/conf"

value() { # value AGENT OID: the bare value
	snmpget -m '' -c public -v2c -t 2 -r 0 -On -Oqv -Oe -Ot -OU "$1:$port" "$2"
}
walk() { # walk OID: into got, bare
	snmpbulkwalk -m '' -c public -v2c -t 2 -r 0 -On -Oq -Oe -OU "$agent:$port" "$1" >"$work/got"
}
equal() { # equal NAME WANT GOT
	echo "$2" >"$work/want"
	echo "$3" >"$work/got"
	same "$1"
}
near() { # near NAME WANT GOT SLACK: WANT <= GOT <= WANT + SLACK
	if [ "$3" -lt "$2" ] || [ "$3" -gt $(($2 + $4)) ]; then
		equal "$1" "$2 and at most $4 more" "$3"
	fi
}

equal "sysName" '"sw00260"' "$(value $agent 1.3.6.1.2.1.1.5.0)"
equal "ifAlias" '"sw00260 port 7"' "$(value $agent 1.3.6.1.2.1.31.1.1.1.18.7)"
equal "a port with link" 1 "$(value $agent 1.3.6.1.2.1.2.2.1.8.7)"
equal "a port without link" 2 "$(value $agent 1.3.6.1.2.1.2.2.1.8.8)"
equal "no link, no traffic" 0 "$(value $agent $hc_in.8)"
equal "serial" '"SIM00000260"' "$(value $agent 1.3.6.1.2.1.47.1.1.1.1.11.1)"
equal "bridge MAC" '"00 1B 21 01 04 00 "' "$(value $agent 1.3.6.1.2.1.17.1.1.0)"
equal "IPv6" '"six"' "$(value "udp6:[::1]" 1.3.6.1.2.1.1.5.0)"
equal "UPS" 97 "$(value 127.5.8.1 1.3.6.1.2.1.33.1.2.4.0)"
equal "printer" -3 "$(value 127.5.8.2 1.3.6.1.2.1.43.11.1.1.9.1.4)"

# Counters: 3,600 s later by the simulator's clock, and the little that really passed.
in_before=$(value $agent $hc_in.5)
out_before=$(value $agent $hc_out.5)
tell "advance 1h"
near "ifHCInOctets in an hour" $((in_before + 5 * 1000 * 3600)) "$(value $agent $hc_in.5)" 50000
near "ifHCOutOctets in an hour" $((out_before + 2 * 5 * 1000 * 3600)) "$(value $agent $hc_out.5)" 100000
near "sysUpTime: a day and an hour" $((25 * 360000)) "$(value $agent $uptime)" 6000
hc=$(value $agent $hc_in.5)
low=$(value $agent 1.3.6.1.2.1.2.2.1.10.5)
near "ifInOctets is the lower half" $((hc % 4294967296)) "$low" 50000

# Wraps at 32 bits; Counter64 does not.
tell "set $agent start=4294960000 rate=0"
equal "before the wrap" 4294960000 "$(value $agent 1.3.6.1.2.1.2.2.1.10.1)"
tell "set $agent start=4294970000"
equal "after the wrap" 2704 "$(value $agent 1.3.6.1.2.1.2.2.1.10.1)"
equal "64 bits" 4294970000 "$(value $agent $hc_in.1)"
tell "set $agent start=18446744073709551615"
equal "all 64 bits" 18446744073709551615 "$(value $agent $hc_in.1)"
tell "clear all"

# sysUpTime wraps at 2^32 ticks: 497 days.
tell "advance 497d; advance 2h"
near "sysUpTime wrapped" 0 $(($(value $agent $uptime) / 360000)) 50

# Reset and reboot, with other ifIndexes.
tell "reset $agent"
near "counters reset" 0 "$(value $agent $hc_in.5)" 50000
tell "set $agent first-index=101; reboot $agent"
near "rebooted" 0 "$(value $agent $uptime)" 1000
equal "ifIndex moved" '"port1"' "$(value $agent 1.3.6.1.2.1.31.1.1.1.1.101)"
equal "and nothing is at the old one" "No Such Instance currently exists at this OID" \
	"$(value $agent 1.3.6.1.2.1.31.1.1.1.1.1)"
equal "the bridge's port 1 says so" 101 "$(value $agent 1.3.6.1.2.1.17.1.4.1.2.1)"
near "the other did not reboot" 5000 $(($(value $other $hc_in.5) / 1000000)) 1000000000
tell "clear all"

# Tables by address and MAC.
walk 1.3.6.1.2.1.17.4.3.1.2
counts "two stations behind each of 8 ports" 16
# station of port 3, the second: (259*8 + 2)*2 + 1 = 4149 = 0x001035
says "FDB" '\.17\.4\.3\.1\.2\.0\.22\.62\.0\.16\.53 3$'
walk 1.3.6.1.2.1.17.7.1.2.2.1.2
says "FDB by VLAN: port 3 is in 20" '\.17\.7\.1\.2\.2\.1\.2\.20\.0\.22\.62\.0\.16\.53 3$'
walk 1.3.6.1.2.1.4.22.1.2
counts "ARP" 3
says "ARP of the third" '\.1\.10\.1\.4\.3 "00 16 3E 00 10 32 "'
walk 1.3.6.1.2.1.4.20.1.1
says "its own address" "127.5.1.4"
walk 1.0.8802.1.1.2.1.4.1.1.9
says "LLDP: the core" '\.4\.1\.1\.9\.0\.8\.1 "sw00001"'

# SIGHUP reads the file again; who has no line any more is silent.
uptime_before=$(value $agent $uptime)
sed -i 's/name=sw/name=new/; /printer/d' "$work/conf"
kill -HUP "$sim_pid"
name=$(value $agent 1.3.6.1.2.1.1.5.0)
[ "$name" = '"new00260"' ] || name=$(sleep 0.2 && value $agent 1.3.6.1.2.1.1.5.0)
equal "reloaded" '"new00260"' "$name"
near "and did not reboot" "$uptime_before" "$(value $agent $uptime)" 1000
value 127.5.8.2 $uptime >"$work/got" 2>&1
says "the printer is gone" "Timeout"

# Recordings stand still, or live.
value 127.5.8.3 $uptime >/dev/null
at=$(value 127.5.8.3 1.3.6.1.2.1.2.2.1.10.1)
tell "advance 100s"
near "a living counter" $((at + 1000)) "$(value 127.5.8.3 1.3.6.1.2.1.2.2.1.10.1)" 100
equal "a gauge does not grow" 9 "$(value 127.5.8.3 1.3.6.1.2.1.2.2.1.5.1)"
hc=$(value 127.5.8.3 $hc_in.1)
near "64 bits of it" 4294968295 "$hc" 1000000000
equal "without live: as recorded" 1000 "$(value 127.5.8.4 $uptime)"
tell "reboot 127.5.8.3"
near "after its reboot" 0 "$(value 127.5.8.3 $uptime)" 1000
near "and its counters" 0 "$(value 127.5.8.3 $hc_in.1)" 1000

# What it is told wrongly.
for wrong in "set $agent silnt" "set 10.0.0.300 silent" "set $agent delay=5" "set $agent jump=1.2" \
	"set $agent value=1.3|2|x" "dance all"; do
	tell "$wrong" >"$work/got" 2>&1
	says "$wrong" "^error: "
done

# The site that goes with it.
"$nfsim" --synthetic 300 --base 127.5.0.1 --ports 8 -p 10161 --site "$work/site"
sed -n '301p' "$work/site/devices.csv" >"$work/got"
says "devices.csv" "^sw00300,switch,sim,127.5.1.44,v2$"
cp "$work/site/site.yaml" "$work/got"
says "site.yaml" 'prefixes: \["127.5.0.0/23"\]'
says "site.yaml" "port: 10161"
finish
