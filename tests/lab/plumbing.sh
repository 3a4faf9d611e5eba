# shellcheck shell=bash
# plumbing: the lab's namespaces, bridges and links. Sourced by ./lab, inside its namespaces.
# Every link ends in a bridge port on the side of the parent, so that it can be cut there, or a
# cable put in between, and the device itself notices nothing but what it would notice in life.
#   $DIR/links holds:  link namespace port bridge

lab_ns() { # lab_ns NAME: a namespace with quiet, immediate IPv4 and IPv6
	ip netns add "$1" && ip netns exec "$1" sh -c '
		for f in /proc/sys/net/ipv6/conf/all /proc/sys/net/ipv6/conf/default; do
			echo 0 >$f/accept_dad; echo 0 >$f/router_solicitations; echo 0 >$f/disable_ipv6
		done
		echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter
		echo 0 >/proc/sys/net/ipv4/conf/default/rp_filter
		ip link set lo up'
}

# A fixed address: left alone, a bridge takes one from its ports, another one after each cable.
lab_mac() { # lab_mac TEXT…
	printf '%s' "$*" | md5sum | sed -E 's/^(..)(..)(..)(..)(..).*/02:\1:\2:\3:\4:\5/'
}

lab_bridge() { # lab_bridge NAMESPACE BRIDGE
	ip -n "$1" link add "$2" address "$(lab_mac "$1" "$2")" type bridge stp_state 0 forward_delay 0 mcast_snooping 0 &&
		ip -n "$1" link set "$2" up
}

# lab_link LINK NAMESPACE PORT BRIDGE CHILD-NAMESPACE INTERFACE
lab_link() {
	ip -n "$2" link add "$3" address "$(lab_mac "$2" "$3")" type veth \
		peer name "$6" address "$(lab_mac "$5" "$6")" netns "$5" &&
		ip -n "$2" link set "$3" master "$4" up &&
		ip -n "$5" link set "$6" up &&
		printf '%s %s %s %s\n' "$1" "$2" "$3" "$4" >>"$DIR/links"
}

lab_forward() { # lab_forward NAMESPACE: it is a router
	ip netns exec "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
}

# A network's router hangs on the monitor by a leg of the network's name. The two networks with the
# same prefix have the same addresses on their legs, too: only the interface tells them apart. Over IPv6
# snmpd answers from the address that the route names, so the route names the one that is asked.
lab_router() { # lab_router NAME NETWORK; after lab_network
	lab_bridge "$1" wan && lab_bridge "$1" lan && lab_forward "$1" || return
	ip -n "$1" -batch - <<-EOF || return
		address add $FOUR.255.1/30 dev wan
		address add $FOUR.0.1/24 dev lan
		address add fd4d:$SIX:ff::1/64 dev wan nodad
		address add fd4d:$SIX::1/64 dev lan nodad
		route add fd4d:$SIX:ff::2/128 dev wan src fd4d:$SIX::1
	EOF
	printf '%s %s leg wan\n' "$1" "$1" >>"$DIR/links"
	lab_leg "$1" "$2"
}

# The leg itself: made, and made again after somebody took it away. The metric keeps both routes to a
# prefix that two networks have.
lab_leg() { # lab_leg ROUTER NETWORK; after lab_network
	ip -n "$1" link del leg 2>/dev/null
	ip -n "$1" link add leg address "$(lab_mac "$1" leg)" type veth peer name "$2" netns monitor &&
		ip -n "$1" link set leg master wan up && ip -n monitor link set "$2" up &&
		ip -n monitor -batch - <<-EOF
			address add $FOUR.255.2/30 dev $2 metric 1$SIX
			address add fd4d:$SIX:ff::2/64 dev $2 nodad
			route add $PREFIX via $FOUR.255.1 dev $2 metric 1$SIX
			route add fd4d:$SIX::/64 via fd4d:$SIX:ff::1 dev $2
		EOF
}

# The router of a network inside another one: its leg is a port of that one's switch.
lab_inner_router() { # lab_inner_router NAME SWITCH FOUR SIX OUTER-FOUR OUTER-SIX
	lab_forward "$1" && lab_link "$1" "$2" "$1" br0 "$1" wan && lab_bridge "$1" lan || return
	ip -n "$1" -batch - <<-EOF
		address add $5.0.3/24 dev wan
		address add $3.0.1/24 dev lan
		address add fd4d:$6::3/64 dev wan nodad
		address add fd4d:$4::1/64 dev lan nodad
		route add default via $5.0.1
		route add default via fd4d:$6::1
	EOF
	ip -n common-router route add "$3.0.0/24" via "$5.0.3"
	ip -n common-router route add "fd4d:$4::/64" via "fd4d:$6::3"
	ip -n monitor route add "fd4d:$4::/64" via "fd4d:$6:ff::1" dev common
}

lab_switch() { # lab_switch NAME ROUTER FOUR SIX HOST
	lab_bridge "$1" br0 && lab_link "$1" "$2" "$1" lan "$1" uplink &&
		ip -n "$1" link set uplink master br0 && lab_addresses "$1" br0 "$3" "$4" "$5"
}

lab_host() { # lab_host NAME PARENT BRIDGE FOUR SIX HOST
	lab_link "$1" "$2" "$1" "$3" "$1" eth0 && lab_addresses "$1" eth0 "$4" "$5" "$6"
}

# Whose IPv4 address is lent asks for it itself, once it runs.
lab_addresses() { # lab_addresses NAMESPACE INTERFACE FOUR SIX HOST
	ip -n "$1" -batch - <<-EOF || return
		address add fd4d:$4::$5/64 dev $2 nodad
		route add default via fd4d:$4::1
	EOF
	lab_has_lent_address "$1" || ip -n "$1" -batch - <<-EOF
		address add $3.0.$5/24 dev $2
		route add default via $3.0.1
	EOF
}

# lab_end LINK: sets NS, PORT and BRIDGE of a link, whether there is a cable in it or not
lab_end() {
	read -r _ NS PORT BRIDGE < <(grep "^$1 " "$DIR/links") && return
	echo "lab: no link $1; there are: $(cut -d' ' -f1 "$DIR/links" | tr '\n' ' ')" >&2
	return 2
}

lab_cut() {
	lab_end "$1" && ip -n "$NS" link set "$PORT" down
}

# Takes the cable out, if there is one, and plugs the link in.
lab_heal() {
	lab_end "$1" && lab_cable_out "$1" && ip -n "$NS" link set "$PORT" master "$BRIDGE" up
}

# A cable's inner end: interface names have 15 characters, so not the link's own name.
lab_cable_name() {
	printf 'c%s' "$(printf '%s' "$1" | cksum | cut -c1-7)"
}

lab_cable_out() { # lab_cable_out LINK; after lab_end
	local file=$DIR/cables/$1
	[ -f "$file" ] || return 0
	kill "$(cat "$file")" 2>/dev/null
	rm -f "$file"
	ip -n "$NS" link del "$(lab_cable_name "$1")"
}

# lab_cable LINK OPTION…: puts ./cable between the port and its bridge. The kernel's netem would do
# the same, but is a module that many small kernels lack.
lab_cable() {
	local link=$1 name
	shift
	lab_end "$link" && lab_cable_out "$link" || return
	[ -x "$CABLE" ] || { echo "lab: $CABLE is not built (make all)" >&2; return 3; }
	name=$(lab_cable_name "$link")
	ip -n "$NS" link add "$name" type veth peer name "$name.b" &&
		ip -n "$NS" link set "$name" up &&
		ip -n "$NS" link set "$PORT" nomaster up &&
		ip -n "$NS" link set "$name.b" master "$BRIDGE" up || return
	mkdir -p "$DIR/cables"
	ip netns exec "$NS" "$CABLE" "$@" "$PORT" "$name" </dev/null >>"$DIR/log/cable" 2>&1 &
	echo $! >"$DIR/cables/$link"
}
