# shellcheck shell=bash
# daemons: what runs on the lab's hosts, each in its own namespace with its own files below
# $DIR/hosts/NAME. Sourced by ./lab, inside its namespaces.

# lab_snmp ID: sets VERSION, USER, LEVEL, AUTH and PRIV from the topology
lab_snmp() {
	local login
	read -r VERSION login AUTH PRIV < <(awk -v id="$1" \
		'$1 == "snmp" && $2 == id { print $3, $4, $5, $6 }' "$TOPOLOGY")
	USER=${login%%:*} LEVEL=${login##*:}
}

# The lab's secrets are no secrets, but real ones must be private files, so these are, too.
lab_secret() { # lab_secret ID KIND: community, auth or priv
	printf '%s-%s-2011' "$1" "$2"
}

# Whom the agent answers, in the words of snmpd.conf(5)
lab_snmpd_access() {
	lab_snmp "$1"
	if [ "$VERSION" != 3 ]; then
		printf 'rocommunity %s\nrocommunity6 %s\n' "$(lab_secret "$1" community)" \
			"$(lab_secret "$1" community)"
		return
	fi
	printf 'createUser %s' "$USER"
	[ "$AUTH" = - ] || printf ' %s "%s"' "$AUTH" "$(lab_secret "$1" auth)"
	[ "$PRIV" = - ] || printf ' %s "%s"' "$PRIV" "$(lab_secret "$1" priv)"
	case $LEVEL in
	noAuthNoPriv) printf '\nrouser %s noauth\n' "$USER" ;;
	authNoPriv) printf '\nrouser %s auth\n' "$USER" ;;
	authPriv) printf '\nrouser %s priv\n' "$USER" ;;
	esac
}

lab_snmpd() { # lab_snmpd NAME SNMP
	local home=$DIR/hosts/$1
	mkdir -p "$home/persist"
	{
		printf 'sysName %s\nsysLocation Labbet\nsysContact drift@example.se\n' "$1"
		printf 'sysServices 72\nagentaddress udp:161,udp6:161\n'
		lab_snmpd_access "$2"
		printf 'master agentx\nagentXSocket unix:/run/%s.agentx\nagentXPerms 0600\n' "$1"
		case $1 in *-switch) echo "pass_persist .1.3.6.1.2.1.17 $HERE/bridge_mib br0" ;; esac
	} >"$home/snmpd.conf"
	SNMP_PERSISTENT_DIR=$home/persist SNMPCONFPATH=$home ip netns exec "$1" \
		snmpd -f -C -c "$home/snmpd.conf" -Lf "$home/snmpd.log" </dev/null >>"$home/snmpd.out" 2>&1 &
	echo $! >"$home/snmpd.pid"
}

# LLDP on every port, and LLDP-MIB through the host's own snmpd. Only where lldpd's user exists: not below a
# user namespace. It sends every five seconds instead of thirty, for those who watch. From the switches its
# frames go out of the mirror port, too; those of the hosts end at the switch, as 802.1AB wants it.
lab_lldpd() { # lab_lldpd NAME
	local home=$DIR/hosts/$1
	[ "$LAB_ROOTLESS" = no ] || return 0
	mkdir -p "$home" /run/lldpd
	cat >"/run/$1.lldpd.conf" <<-EOF
		configure system hostname $1
		configure lldp portidsubtype ifname
		configure lldp tx-interval 5
	EOF
	chmod 644 "/run/$1.lldpd.conf" # lldpcli is another user, whom $DIR may keep out
	ip netns exec "$1" lldpd -d -x -X "/run/$1.agentx" -u "/run/$1.lldpd" -O "/run/$1.lldpd.conf" \
		-S "Debian of the lab" -C uplink,leg,wan,eth0 </dev/null >"$home/lldpd.log" 2>&1 &
	echo $! >"$home/lldpd.pid"
}

lab_host_key() { # lab_host_key NAME: made once, whatever is restarted
	[ -f "$DIR/hosts/$1/host_key" ] && return
	mkdir -p "$DIR/hosts/$1"
	ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$DIR/hosts/$1/host_key"
}

# Only where the user names that sshd needs exist: not below a user namespace.
lab_sshd() { # lab_sshd NAME
	local home=$DIR/hosts/$1
	[ "$LAB_ROOTLESS" = no ] || return 0
	lab_host_key "$1"
	mkdir -p "$home/srv/cache" /run/sshd
	cat >"$home/sshd_config" <<-EOF
		ListenAddress 0.0.0.0
		ListenAddress ::
		HostKey $home/host_key
		AuthorizedKeysFile $home/authorized_keys
		StrictModes no
		PasswordAuthentication no
		PidFile none
		Subsystem sftp internal-sftp
		SetEnv BORG_BASE_DIR=/srv/cache RESTIC_CACHE_DIR=/srv/cache/restic
	EOF
	# shellcheck disable=SC2016 # what the inner shell expands
	ip netns exec "$1" sh -c 'mount --bind "$0/srv" /srv &&
		exec /usr/sbin/sshd -D -f "$0/sshd_config" -E "$0/sshd.log"' "$home" </dev/null &
	echo $! >"$home/sshd.pid"
}

# A device that no Debian package can play: the simulator's, on both of its addresses.
lab_sim() { # lab_sim NAME DEVICE [OPTION…], as nfsim's lines have them
	local home=$DIR/hosts/$1 name=$1
	shift
	[ -x "$NFSIM" ] || return 0
	mkdir -p "$home"
	{
		! lab_has_lent_address "$name" || lab_await_address "$name"
		ip -n "$name" -o address show scope global | awk '{ sub("/.*", "", $4); print $4 }' |
			while read -r address; do
				printf '%s %s community=%s name=%s\n' "$address" "$*" "$(lab_secret sim-v2 community)" "$name"
			done >"$home/sim.conf"
		exec ip netns exec "$name" "$NFSIM" -c "$home/sim.conf"
	} </dev/null >"$home/sim.log" 2>&1 &
	echo $! >"$home/sim.pid"
}

# What has its address lent begins when it has one.
lab_await_address() { # lab_await_address NAME
	until ip -n "$1" -4 -o address show scope global | grep -q .; do
		sleep 0.2
	done
}

lab_start() { # lab_start NAME: everything the topology says that it runs
	local name kind network parent host runs snmp what
	read -r name kind network parent host runs snmp < <(awk -v n="$1" \
		'$1 == "device" && $2 == n { $1 = ""; print }' "$TOPOLOGY")
	for what in ${runs//,/ }; do
		case $what in
		snmpd) lab_snmpd "$name" "$snmp" ;;
		dhcp) ! lab_dhcp_possible || lab_dhcp_device "$name" "$kind" "$network" "$host" ;;
		dhcpd) ! lab_dhcp_possible || lab_dhcpd "$name" "$network" ;;
		lldpd) lab_lldpd "$name" ;;
		sshd) lab_sshd "$name" ;;
		postfix) lab_postfix "$name" ;;
		printer) lab_sim "$name" synthetic:printer ;;
		ups) lab_sim "$name" synthetic:ups ;;
		switch50) lab_sim "$name" synthetic:switch ports=50 down=6 vlans=4 rate=20000 ;;
		esac
	done
}

lab_stop() { # lab_stop NAME: all its daemons
	local pid
	for pid in "$DIR/hosts/$1"/*.pid; do
		[ -f "$pid" ] || continue
		kill "$(cat "$pid")" 2>/dev/null
		rm -f "$pid"
	done
}
