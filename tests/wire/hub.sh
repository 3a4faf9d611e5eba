# shellcheck shell=bash
# hub: an old network for netfold-wire: a bridge that floods like a hub (so that any port is a mirror port), our
# `old` and `span` on it, and hosts in namespaces of their own. Sourced behind tests/ping/wires.sh.

SIGHTS=$NF_SRC/tests/fuzz/seeds/sight
FLOOD=$NF_BUILD/tests/wire/flood

# plug NAME: an interface NAME here, whose other end is a port of the hub
plug() {
	ip link add "$1" type veth peer name "p-$1" netns "${FAR[hub]}"
	far hub ip link set "p-$1" master hub up
	ip link set "$1" up
}

# host NAME MAC ADDRESS/PREFIX: a host with an eth0 on the hub
host() {
	unshare --net sleep infinity &
	FAR[$1]=$!
	await 5 "a host $1" apart "${FAR[$1]}"
	far hub ip link add "p-$1" type veth peer name eth0 netns "${FAR[$1]}"
	far hub ip link set "p-$1" master hub up
	far "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	far "$1" ip link set eth0 address "$2" up
	far "$1" ip addr add "$3" dev eth0
}

make_hub() {
	unshare --net sleep infinity &
	FAR[hub]=$!
	await 5 "a hub" apart "${FAR[hub]}"
	far hub sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	far hub ip link add hub type bridge ageing_time 0 group_fwd_mask 0x4000 # LLDP, too
	far hub ip link set hub up
	plug old
	plug span
	ip addr add 10.1.0.1/16 dev old
}

# arrived INTERFACE: frames that the kernel took from it
arrived() {
	ip -s -o link show "$1" | sed 's/.*RX:[^\\]*\\ *[0-9]* *\([0-9]*\).*/\1/'
}

sql() {
	sqlite3 -readonly -cmd '.timeout 5000' state/state.db "$1"
}

figure() {
	sql "SELECT json ->> '$1' FROM program WHERE name = 'netfold-wire'"
}

# looked_at: frames that are accounted for
looked_at() {
	echo $(($(figure frames) + $(figure own) + $(figure link) + $(figure drops)))
}

# verdict_is STATE PATTERN: what the check of the wire says
verdict_is() {
	[ "$(sql "SELECT state FROM check_state WHERE name = 'wire span'")" = "$1" ] &&
		sql "SELECT output FROM check_state WHERE name = 'wire span'" | grep -q -e "$2"
}

# start_wire: netfold-wire as process $WIRE
start_wire() {
	"$NF_BUILD/collector/wire/netfold-wire" -c site.yaml >>log 2>&1 &
	WIRE=$!
}

# listens: process $WIRE itself says so
listens() {
	[ "$(sql "SELECT pid FROM program WHERE name = 'netfold-wire'")" = "$WIRE" ] &&
		verdict_is ok "listening on span"
}

write_site() {
	mkdir -p state www
	cat >site.yaml <<-END
		site: {name: Wire, timezone: UTC, state_dir: state, www_dir: www}
		networks:
		  - {id: old, role: legacy, prefixes: [10.1.0.0/16], source: {interface: old}, wire: [span]}
		  - {id: new, role: common, prefixes: [10.100.0.0/16]}
		cutover: {canary: ${CANARY:-1s}}
		devices_csv: devices.csv
	END
	cat >devices.csv <<-END
		name,kind,network,address,common_address
		files,server,old,10.1.0.5,10.100.0.5
	END
}
