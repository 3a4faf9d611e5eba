# shellcheck shell=bash
# alone: where no namespaces can be made, netfold watches this machine itself through an snmpd and an
# sshd of its own, on ports of their own, gone when it ends. Sourced by quickstart.

ALONE=$PWD/build/alone
ALONE_SNMP=16161 ALONE_SSH=12222

alone_snmpd() {
	mkdir -p "$ALONE/persist"
	cat >"$ALONE/snmpd.conf" <<-EOF
		agentaddress udp:127.0.0.1:$ALONE_SNMP
		rocommunity netfold-alone 127.0.0.1
		sysName $(uname -n)
	EOF
	SNMP_PERSISTENT_DIR=$ALONE/persist SNMPCONFPATH=$ALONE /usr/sbin/snmpd -f -C \
		-c "$ALONE/snmpd.conf" -Lf "$ALONE/snmpd.log" </dev/null >/dev/null 2>&1 &
	ALONE_PIDS="$ALONE_PIDS $!"
}

alone_sshd() {
	[ -f "$ALONE/host_key" ] || ssh-keygen -q -t ed25519 -N '' -f "$ALONE/host_key" || return
	[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
	cat >"$ALONE/sshd_config" <<-EOF
		Port $ALONE_SSH
		ListenAddress 127.0.0.1
		HostKey $ALONE/host_key
		PasswordAuthentication no
		PidFile none
	EOF
	/usr/sbin/sshd -D -f "$ALONE/sshd_config" -E "$ALONE/sshd.log" </dev/null &
	ALONE_PIDS="$ALONE_PIDS $!"
}

alone_site() {
	ALONE_PORT=$(free_port)
	export DASHBOARD=http://127.0.0.1:$ALONE_PORT/
	rm -rf "$ALONE/state"
	mkdir -p "$ALONE/state" "$ALONE/secrets"
	(umask 077 && echo netfold-alone >"$ALONE/secrets/community")
	cat >"$ALONE/site.yaml" <<-EOF
		site: {name: This machine, timezone: Europe/Stockholm, language: en, state_dir: state, www_dir: www}
		polling: {ping: 5s, snmp: 15s}
		serve: {port: $ALONE_PORT}
		networks:
		  - {id: here, name: Loopback, role: common, prefixes: [127.0.0.0/8]}
		snmp:
		  - {id: own, version: 2c, community_file: secrets/community, port: $ALONE_SNMP}
		devices_csv: devices.csv
	EOF
	printf 'name,kind,network,address,snmp\nthis-machine,server,here,127.0.0.1,own\n' >"$ALONE/devices.csv"
}

# show_alone once|follow
show_alone() {
	local status
	ALONE_PIDS=''
	trap 'kill $ALONE_PIDS 2>/dev/null' EXIT
	trap : INT TERM
	alone_site && alone_snmpd && alone_sshd
	tools/show.sh "$1" "$ALONE/site.yaml"
	status=$?
	return "$status"
}
