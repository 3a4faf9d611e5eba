# shellcheck shell=bash
# dashboard: shows the lab's pages on this machine's own loopback; the lab has another one, in a namespace.
# Sourced by quickstart.

# free_port: the first that nothing listens at, from the usual one on
free_port() {
	local port
	for port in $(seq 8642 8699); do
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
	done
}

# serve_outside LAB: netfold-serve of LAB/www, which ends with this process; sets DASHBOARD
serve_outside() {
	local port
	port=$(free_port)
	[ -n "$port" ] || return 0
	mkdir -p "$1/www"
	cat >"$1/dashboard.yaml" <<-EOF
		# Written by quickstart: only for the web server outside of the lab.
		site: {name: The lab, state_dir: state, www_dir: www}
		serve: {port: $port}
		networks: [{id: here, role: common, prefixes: [127.0.0.0/8]}]
	EOF
	NETFOLD_SUPERVISOR=$$ build/root/libexec/netfold/netfold-serve -c "$1/dashboard.yaml" \
		</dev/null >"$1/dashboard.log" 2>&1 &
	export DASHBOARD=http://127.0.0.1:$port/
}
