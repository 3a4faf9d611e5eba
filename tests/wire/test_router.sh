#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Who calls from behind a router, where the listener hears only the router's ARP: somebody else is a caller, our own
# questions that pass through that router are not; by real pings through a real router.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../ping/wires.sh"
. "$NF_SRC/tests/wire/hub.sh"
alone='' in_namespaces "$@"
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
cd "$DIR" || exit 99
CANARY=0s write_site
echo "gw,router,old,10.1.0.1," >>devices.csv
sed -i 's/, source: {interface: old}//' site.yaml
chmod 755 .

asked_by_router() { # ADDRESS
	sql "SELECT coalesce(sum(count), 0) FROM caller WHERE from_address = '10.1.0.1' AND to_address = '$1' AND how = 'arp'"
}
asked_at_all() { # as the kernel counts what the router sends into the old network
	far gw ip -s -o link show eth0 | sed 's/.*TX:[^\\]*\\ *[0-9]* *\([0-9]*\).*/\1/'
}
store() { # what was seen until now
	kill $WIRE
	wait $WIRE
	start_wire
	await 20 "netfold-wire listens again" listens
}

make_hub
ip addr flush dev old
ip link set old down
host gw 02:00:00:00:00:fe 10.1.0.1/16
far gw sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
# We and somebody else are in another network behind the router; what we send leaves by a bridge, and below it.
plug_in() { # NAME OURS THEIRS: a link from us to the router
	ip link add "$1" type bridge
	ip link add "$1-port" type veth peer name "$1" netns "${FAR[gw]}"
	ip link set "$1-port" master "$1" up
	ip addr add "$2" dev "$1"
	ip link set "$1" up
	far gw ip addr add "$3" dev "$1"
	far gw ip link set "$1" up
}
plug_in new 10.100.0.2/24 10.100.0.1/24
ip route add 10.1.0.0/16 via 10.100.0.1
unshare --net sleep infinity &
FAR[pc]=$!
await 5 "somebody else" apart "${FAR[pc]}"
ip link add pc type veth peer name eth0 netns "${FAR[pc]}"
ip link set pc netns "${FAR[gw]}"
far gw ip addr add 10.100.1.1/24 dev pc
far gw ip link set pc up
far pc ip addr add 10.100.1.9/24 dev eth0
far pc ip link set eth0 up
far pc ip route add default via 10.100.1.1

start_wire
await 20 "it listens" listens || { cat log; finish; }

echo "# our own questions: the router looks for whom we ask"
before=$(asked_at_all)
for _ in 1 2 3; do
	ping -c 1 -W 1 10.1.0.5 >/dev/null
	ping -c 1 -W 1 10.1.0.6 >/dev/null
done
want "the router asked the old network" $(($(asked_at_all) - before)) -ge 2
store
want "nobody called the old address" "$(asked_by_router 10.1.0.5)" -eq 0
want "nor any other" "$(sql "SELECT count(*) FROM caller")" -eq 0

echo "# somebody else's, which only the router's ARP shows"
sleep 4
far pc ping -c 2 -W 1 10.1.0.5 >/dev/null
store
want "the router looks for the old address" "$(asked_by_router 10.1.0.5)" -ge 1

echo "# a known device's own ARP is a call, whatever we ask"
host files 02:00:00:00:00:05 10.1.0.5/16
ping -c 1 -W 1 10.1.0.77 >/dev/null &
far files ping -c 1 -W 1 10.1.0.77 >/dev/null
store
want "files looks for 10.1.0.77" "$(sql "SELECT count(*) FROM caller WHERE from_address = '10.1.0.5' AND to_address = '10.1.0.77'")" -eq 1

echo "# where the packets themselves pass the mirror port, the true source is there"
far pc ping -c 1 -W 1 10.1.0.5 >/dev/null
store
want "10.100.1.9 is named" "$(sql "SELECT count(*) FROM caller WHERE from_address = '10.100.1.9' AND to_address = '10.1.0.5' AND how = 'icmp' AND from_mac = ''")" -eq 1
want "and we are not" "$(sql "SELECT count(*) FROM caller WHERE from_address = '10.100.0.2'")" -eq 0

echo "# our questions to another network that has the same addresses are none in this one"
far gw ip neigh flush dev eth0
before=$(asked_by_router 10.1.0.5)
sed -i 's/prefixes: \[10.1.0.0\/16\], wire/prefixes: [10.1.0.0\/16], source: {interface: old}, wire/
/id: new/i\  - {id: twin, role: legacy, prefixes: [10.1.0.0/16], source: {interface: new}}' site.yaml
store
ping -c 1 -W 1 10.1.0.5 >/dev/null
store
want "who looks for 10.1.0.5 here calls it" $(($(asked_by_router 10.1.0.5) - before)) -ge 1
kill $WIRE
wait $WIRE
finish
