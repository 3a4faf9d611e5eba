# shellcheck shell=bash
# moves: the move into the common network, really: an interface of the monitor on every old network's wire,
# switches that tell their forwarding tables, and hosts whose cable is pulled and plugged in elsewhere.
# Sourced by ./lab, inside its namespaces.

# lab_span NETWORK SWITCH: the switch's mirror port (mirror.c), and the monitor's interface that listens there
lab_span() {
	ip -n "$2" link add span type veth peer name "span-$1" netns monitor &&
		ip netns exec "$2" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/span/disable_ipv6' &&
		ip netns exec monitor sh -c "echo 1 >/proc/sys/net/ipv6/conf/span-$1/disable_ipv6" &&
		ip -n "$2" link set span up && ip -n monitor link set "span-$1" up || return
	[ -x "$MIRROR" ] || return 0
	ip netns exec "$2" "$MIRROR" br0 span </dev/null >>"$DIR/log/mirror" 2>&1 &
}

# lab_move_of DEVICE: sets TO (its host number in the common network) and WAVE
lab_move_of() {
	read -r TO WAVE < <(awk -v n="$1" '$1 == "move" && $2 == n { print $3, $4 }' "$TOPOLOGY")
	[ -n "$TO" ] && return
	echo "lab: $1 has no new address; these have one: $(awk '$1 == "move" { printf "%s ", $2 }' "$TOPOLOGY")" >&2
	return 2
}

# lab_unplug LINK: takes the whole link away, not only its plug
lab_unplug() {
	lab_end "$1" && lab_cable_out "$1" && ip -n "$NS" link del "$PORT" &&
		sed -i "/^$1 /d" "$DIR/links"
}

# lab_move DEVICE: pulls its cable, and plugs it in at the common switch, with its new address and its old MAC
lab_move() {
	lab_move_of "$1" && lab_unplug "$1" && lab_link "$1" common-switch "$1" br0 "$1" eth0 &&
		lab_addresses "$1" eth0 10.100 100 "$TO" && lab_stop "$1" && lab_start "$1"
}

# lab_move_half DEVICE: the new cable beside the old one, as the same machine
lab_move_half() {
	lab_move_of "$1" && lab_link "$1-new" common-switch "$1" br0 "$1" eth1 &&
		ip -n "$1" -batch - <<-EOF
			link set eth1 address $(lab_mac "$1" eth0)
			address add 10.100.0.$TO/24 dev eth1
			rule add from 10.100.0.$TO table 100
			route add default via 10.100.0.1 dev eth1 table 100
		EOF
}

# lab_move_back DEVICE: where it was, as it was
lab_move_back() {
	local kind network parent host
	read -r kind network parent host < <(awk -v n="$1" \
		'$1 == "device" && $2 == n { print $3, $4, $5, $6 }' "$TOPOLOGY")
	lab_network "$network"
	if grep -q "^$1-new " "$DIR/links"; then
		lab_unplug "$1-new" && ip -n "$1" rule del table 100
		return
	fi
	lab_unplug "$1" && lab_host "$1" "$parent" br0 "$FOUR" "$SIX" "$host" &&
		lab_stop "$1" && lab_start "$1"
}

# lab_stranger DEVICE [new]: another machine takes its old address, or its new one
lab_stranger() {
	lab_ns stranger || return
	if [ "${2:-}" = new ]; then
		lab_move_of "$1" && lab_link stranger common-switch stranger br0 stranger eth0 &&
			lab_addresses stranger eth0 10.100 100 "$TO"
		return
	fi
	local network parent host
	read -r network parent host < <(awk -v n="$1" \
		'$1 == "device" && $2 == n { print $4, $5, $6 }' "$TOPOLOGY")
	lab_network "$network"
	lab_host stranger "$parent" br0 "$FOUR" "$SIX" "$host"
}
