# shellcheck shell=bash
# dhcp: addresses that are lent, really: dnsmasq on the routers whose `runs` says dhcpd, udhcpc on the hosts
# whose `runs` says dhcp, and on the clients that no inventory knows. Leases run two minutes, the least that
# dnsmasq gives. Sourced by ./lab, inside its namespaces.

# dnsmasq changes its groups, which a user namespace forbids: there, addresses are fixed.
lab_dhcp_possible() {
	[ "$LAB_ROOTLESS" = no ] && command -v dnsmasq >/dev/null && command -v udhcpc >/dev/null
}

lab_runs() { # lab_runs DEVICE WHAT
	awk -v n="$1" -v w="$2" '$1 == "device" && $2 == n && "," $7 "," ~ "," w "," { found = 1 }
		END { exit !found }' "$TOPOLOGY"
}

lab_has_lent_address() { # lab_has_lent_address DEVICE
	lab_dhcp_possible && lab_runs "$1" dhcp
}

# What the server keeps for whom: at home its printers, in the common network what is to move there.
lab_reservations() { # lab_reservations NETWORK FOUR
	awk -v network="$1" '$1 == "device" && "," $7 "," ~ /,dhcp,/ {
			if ($4 == network && $3 == "printer") print $2, $6
			lent[$2] = 1
		}
		$1 == "move" && network == "common" && lent[$2] { print $2, $3 }' "$TOPOLOGY" |
		while read -r name host; do
			echo "dhcp-host=$(lab_mac "$name" eth0),$2.0.$host"
		done
}

lab_dhcpd() { # lab_dhcpd ROUTER NETWORK
	local home=$DIR/hosts/$1
	mkdir -p "$home"
	lab_network "$2"
	{
		cat <<-EOF
			port=0
			interface=lan
			except-interface=lo
			bind-interfaces
			user=$(id -un)
			dhcp-authoritative
			no-ping
			dhcp-range=$FOUR.0.40,$FOUR.0.49,255.255.255.0,2m
			dhcp-option=option:router,$FOUR.0.1
			dhcp-leasefile=$home/leases
		EOF
		lab_reservations "$2" "$FOUR"
	} >"$home/dnsmasq.conf"
	ip netns exec "$1" dnsmasq -k -C "$home/dnsmasq.conf" --log-facility=- --pid-file= \
		</dev/null >"$home/dnsmasq.log" 2>&1 &
	echo $! >"$home/dnsmasq.pid"
}

# lab_dhcp NAME HOST-NAME VENDOR-CLASS [ADDRESS]: asks until somebody answers; ADDRESS is what it had last
lab_dhcp() {
	local home=$DIR/hosts/$1
	mkdir -p "$home"
	ip netns exec "$1" udhcpc -f -i eth0 -s "$HERE/dhcp_client" -t 5 -T 1 -A 1 -x "hostname:$2" -V "$3" \
		${4:+-r "$4"} </dev/null >"$home/udhcpc.log" 2>&1 &
	echo $! >"$home/udhcpc.pid"
}

# lab_dhcp_device NAME KIND NETWORK HOST: one of the inventory. At home it asks for the address it had.
lab_dhcp_device() {
	local vendor=udhcp
	case $2 in
	printer) vendor="Hewlett-Packard JetDirect" ;;
	ap) vendor=ArubaAP ;;
	esac
	lab_network "$3"
	if grep -q "^$1 common-switch " "$DIR/links"; then
		lab_dhcp "$1" "$1" "$vendor"
	else
		lab_dhcp "$1" "$1" "$vendor" "$FOUR.0.$4"
	fi
}

# lab_client NAME [HOST]: plugs one in that no inventory knows; HOST: it asks for this address, not its own
lab_client() {
	local network parent host says vendor
	read -r network parent host says vendor < <(awk -v n="$1" \
		'$1 == "client" && $2 == n { $1 = $2 = ""; print }' "$TOPOLOGY")
	[ -n "$vendor" ] || { echo "lab: no client $1" >&2; return 2; }
	host=${2:-${host#-}}
	lab_network "$network"
	lab_ns "$1" && lab_link "$1" "$parent" "$1" br0 "$1" eth0 &&
		lab_dhcp "$1" "$says" "$vendor" ${host:+"$FOUR.0.$host"}
}

lab_clients() {
	local name
	lab_dhcp_possible || return 0
	for name in $(awk '$1 == "client" && $5 != "-" { print $2 }' "$TOPOLOGY"); do
		lab_client "$name" || return
	done
}

# lab_give_back NAME: it gives its lease back, and asks for none any more
lab_give_back() {
	local pid
	pid=$(cat "$DIR/hosts/$1/udhcpc.pid" 2>/dev/null) ||
		{ echo "lab: $1 has no lease" >&2; return 2; }
	kill -USR2 "$pid"
}
