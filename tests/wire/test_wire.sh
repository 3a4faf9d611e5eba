#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# netfold-wire itself, on frames of real hosts: what it notes, what it may, and what it does when the sensor
# stops, senders are invented, the interface goes, the clock jumps, or it is killed.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../ping/wires.sh"
. "$NF_SRC/tests/wire/hub.sh"
alone='' in_namespaces "$@"
for tool in sqlite3 socat faketime udhcpc dnsmasq; do
	command -v $tool >/dev/null || skip "$tool is not installed"
done
cd "$DIR" || exit 99
write_site
# As root, as a service manager would have it: a state folder of an unprivileged user.
chmod 755 . && chown nobody state 2>/dev/null && WHO=$(id -u nobody) || WHO=$(id -u)

library=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
echo '+0' >clock
chmod 644 clock
# What starts it again where it needs its right again, as `netfold run` does.
keep_running() {
	while [ ! -e stop ]; do
		LD_PRELOAD=$library FAKETIME_TIMESTAMP_FILE=$DIR/clock FAKETIME_NO_CACHE=1 \
			FAKETIME_DONT_FAKE_MONOTONIC=1 "$NF_BUILD/collector/wire/netfold-wire" -c site.yaml \
			>>log 2>&1 &
		echo $! >pid
		wait $!
		echo $? >>ends
		sleep 0.5
	done
}
at_least() { # NUMBER QUERY
	[ "$(sql "$2")" -ge "$1" ] 2>/dev/null
}
covered() {
	sql "SELECT coalesce(sum(seconds), 0) FROM coverage"
}
running() {
	[ -s pid ] && [ "$(sql "SELECT pid FROM program")" = "$(cat pid)" ]
}
# again [SIGNAL]: ends it, so that all it saw is stored, and waits until it is back
again() {
	local ended
	ended=$(cat ends 2>/dev/null | wc -l)
	kill "-${1:-TERM}" "$(cat pid)"
	while [ "$(cat ends 2>/dev/null | wc -l)" -eq "$ended" ]; do sleep 0.05; done
	rm -f pid
	await 60 "it starts anew" running
}
own_mac() {
	ip -o link show old | grep -o 'link/ether [^ ]*' | cut -d' ' -f2
}
seen="SELECT count(*) FROM seen WHERE network = 'old' AND seen_by = 'wire:span' AND"
called="SELECT count(*) FROM caller WHERE network = 'old' AND seen_by = 'wire:span' AND"

make_hub
host client 02:00:00:00:00:77 10.1.0.9/16
host server 02:00:00:00:00:01 10.1.0.2/16

keep_running &
KEEPER=$!
await 20 "it listens" verdict_is ok "listening on span" || { cat log; finish; }
pid=$(cat pid)
want "it gave up every capability" "$(awk '$1 ~ /^Cap(Prm|Eff|Bnd|Amb)/ && $2 !~ /^0+$/' "/proc/$pid/status" | wc -l)" -eq 0
want "it is in its sandbox" "$(awk '$1 == "Seccomp:" { print $2 }' "/proc/$pid/status")" -eq 2
want "it is the state folder's owner" "$(stat -c %u "/proc/$pid")" -eq "$WHO"

echo "# hosts that do what hosts do"
far client ping -c 1 -W 1 10.1.0.2 >ping.out
far client ping -c 1 -W 1 10.1.0.5 >ping.out
far client ip neigh add 10.1.0.5 lladdr 02:00:00:00:00:01 dev eth0
far client socat -u -T1 OPEN:/dev/null TCP:10.1.0.5:445,connect-timeout=0.3 2>ping.out
echo x | far client socat -u - UDP:10.1.0.5:161
far server dnsmasq --port=0 --dhcp-range=10.1.0.50,10.1.0.60,1h --no-ping --bind-interfaces -i eth0 \
	--dhcp-leasefile="$DIR/leases" -C /dev/null --pid-file="$DIR/dnsmasq.pid" --user=root 2>dnsmasq.out
far client timeout 8 udhcpc -i eth0 -s /bin/true -n -q -t 3 -T 1 -x hostname:printer-3 -V Brother >udhcpc.out 2>&1
for seed in "$SIGHTS"/*; do
	far client socat -u "OPEN:$seed" INTERFACE:eth0 2>/dev/null
done
# Our own traffic is none of the old network's.
ping -c 1 -W 1 10.1.0.2 >ping.out
canary_seen() {
	[ "$(figure canaries_seen)" -ge 1 ]
}
await 20 "a canary came back over the mirror" canary_seen
counted() { [ "$(figure bad)" -ge 1 ]; }
await 5 "malformed frames are counted" counted
again
want "a MAC with its address, by ARP" "$(sql "$seen source = 'arp' AND value = '02:00:00:00:00:77' AND address = '10.1.0.9'")" -ge 1
want "in its VLAN" "$(sql "$seen place = 'vlan 12' AND kind = 'mac'")" -ge 1
want "a lease of the real DHCP server" "$(sql "$seen source = 'dhcp' AND value = '02:00:00:00:00:77' AND address LIKE '10.1.0.5%' AND until_us > last_us")" -eq 1
want "what the client said of itself" "$(sql "$seen source = 'dhcp' AND detail LIKE 'host printer-3, vendor Brother%'")" -ge 1
want "its name" "$(sql "$seen kind = 'name' AND value = 'printer-3'")" -ge 1
want "names by mDNS, LLMNR, NetBIOS, LLDP, CDP" "$(sql "SELECT count(DISTINCT source) FROM seen WHERE kind = 'name' AND source IN ('mdns', 'llmnr', 'netbios', 'lldp', 'cdp')")" -eq 5
want "a serial number" "$(sql "$seen kind = 'serial' AND value = 'SN12345'")" -eq 1
for how in arp tcp:445 udp:161 icmp dns other:47; do
	want "a caller by $how" "$(sql "$called to_address = '10.1.0.5' AND how = '$how'")" -ge 1
done
want "netfold itself is no talker" "$(sql "$seen value = '$(own_mac)'")" -eq 0
want "and no caller" "$(sql "$called from_address = '10.1.0.1' AND how = 'icmp'")" -eq 0
want "its hour says so" "$(sql "SELECT sum(canaries_seen) FROM coverage")" -ge 1
want "what is covered is no more than what has passed" "$(covered)" -le $((SECONDS + 2))

echo "# the sensor stops"
before=$(covered) from=$SECONDS
kill -STOP "$(cat pid)"
sleep 5
kill -CONT "$(cat pid)"
sleep 1.2
again
want "the time it stood still is not covered" $(($(covered) - before)) -le $((SECONDS - from - 4))

echo "# the clock jumps ten years ahead"
echo '+3650d' >clock
far client ping -c 1 -W 1 10.1.0.2 >ping.out
sleep 2
echo '+0' >clock
again
want "no sighting is dated by it" "$(sql "SELECT count(*) FROM seen_day WHERE day > $(($(date +%s) / 86400 + 1))")" -eq 0
want "no hour neither" "$(sql "SELECT count(*) FROM coverage WHERE hour > $(($(date +%s) / 3600 + 1))")" -eq 0

echo "# killed between two batches"
covered=$(covered)
sleep 2
again KILL 2>killed
want "it claims nothing that is not stored" "$(covered)" -eq "$covered"

echo "# 260,000 invented senders"
far hub "$FLOOD" p-span 260000 50000 260000 >rate
await 60 "the flood is said aloud" verdict_is warning flood
want "the table is capped" "$(figure table)" -le 200000
want "memory is bounded (KiB)" "$(awk '$1 == "VmRSS:" { print $2 }' "/proc/$(cat pid)/status")" -le 120000
refused_is_told() {
	[ "$(sql "SELECT sum(drops) FROM coverage")" -gt 0 ]
}
await 120 "its hour proves nothing" refused_is_told

echo "# the interface is deleted, and comes back"
ip link del span
await 20 "that is said" verdict_is critical "no interface span"
ends=$(wc -l <ends)
plug span
await 30 "it is listened on again" verdict_is ok "listening on span"
want "by a process with the right" "$(wc -l <ends)" -gt "$ends"
want "which the old one had asked for" "$(tail -n 1 ends)" -eq 3
far server ip addr add 10.1.0.33/16 dev eth0
far server ping -c 1 -W 1 -I 10.1.0.33 10.1.0.9 >ping.out
await 60 "sightings go on" at_least 1 "$seen address = '10.1.0.33'"

echo "# reload"
sed -i 's/10.1.0.5,/10.1.0.6,/' devices.csv
kill -HUP "$(cat pid)"
far client ip neigh add 10.1.0.6 lladdr 02:00:00:00:00:01 dev eth0
await 20 "is said" grep -q "reloaded: devices" log
far client ping -c 1 -W 1 10.1.0.6 >ping.out
touch stop
kill "$(cat pid)"
wait $KEEPER
want "it ends well" "$(tail -n 1 ends)" -eq 0
want "and stores what it saw last" "$(sql "$called to_address = '10.1.0.6' AND how = 'icmp'")" -eq 1
kill "$(cat dnsmasq.pid)" 2>/dev/null
finish
