# shellcheck shell=bash
# wires: veth pairs whose far ends lie in nameless namespaces of their own, with a peer at each; the
# test itself runs in a namespace, too, so that nothing of it can be left behind or reach anybody.
# A test sources this and calls `in_namespaces "$@"`.

set -u
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
: "${NF_SRC:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${NF_BUILD:=$NF_SRC/build}"
. "$NF_SRC/tests/lab/turn.sh"
. "$NF_SRC/tests/patience.sh"
TOOL=$NF_BUILD/tests/ping/echo_tool
PEER=$NF_BUILD/tests/ping/peer

skip() {
	echo "skipped: $*"
	exit 77
}

in_namespaces() {
	if [ -n "${NF_IN_NAMESPACES:-}" ]; then
		DIR=$(mktemp -d "${TMPDIR:-/tmp}/nfping-XXXXXX") || exit 99
		trap leave EXIT
		ip link set lo up
		return
	fi
	[ "${NF_RING:-all}" = all ] || skip "only the unit tests were asked for"
	local tool
	for tool in unshare nsenter ip tc; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
	local how=(unshare --net --mount --pid --fork --kill-child --mount-proc)
	"${how[@]}" true 2>/dev/null || how=(unshare --user --map-root-user "${how[@]:1}")
	"${how[@]}" true 2>/dev/null || skip "no namespaces on this machine"
	alone=${alone-yes} take_turn # what is measured in milliseconds; a test that does not says alone=
	NF_IN_NAMESPACES=1 exec "${how[@]}" "$0" "$@"
}

leave() {
	rm -rf "$DIR"
}

declare -A FAR # the process that holds each far namespace
declare -A PEERS

apart() {
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

# wire NAME: an interface NAME here, `far` in a namespace of its own
wire() {
	if [ -z "${FAR[$1]:-}" ]; then
		unshare --net sleep infinity &
		FAR[$1]=$!
		await 5 "a namespace for $1" apart "${FAR[$1]}"
		far "$1" ip link set lo up
		far "$1" sysctl -qw net.ipv4.conf.all.promote_secondaries=1 \
			net.ipv4.conf.default.promote_secondaries=1
	fi
	ip link add "$1" type veth peer name far netns "${FAR[$1]}"
	ip link set "$1" up
	far "$1" ip link set far up
}

# far NAME COMMAND…: runs at the far end of a wire
far() {
	local name=$1
	shift
	nsenter --target "${FAR[$name]}" --net -- "$@"
}

# addresses NAME HERE THERE [THERE…]: with prefix lengths; IPv6 without waiting for its own
addresses() {
	local name=$1 here=$2 a
	shift 2
	ip addr add "$here" dev "$name" nodad 2>/dev/null || ip addr add "$here" dev "$name"
	for a; do
		far "$name" ip addr add "$a" dev far nodad 2>/dev/null ||
			far "$name" ip addr add "$a" dev far
	done
}

# peer NAME [OPTION…]: our peer answers at that wire's far end instead of the kernel
peer() {
	local name=$1 ready
	shift
	peer_off "$name"
	far "$name" sysctl -qw net.ipv4.icmp_echo_ignore_all=1 net.ipv6.icmp.echo_ignore_all=1
	rm -f "$DIR/$name.in" "$DIR/$name.out"
	mkfifo "$DIR/$name.in" "$DIR/$name.out"
	nsenter --target "${FAR[$name]}" --net -- "$PEER" far "$@" \
		<>"$DIR/$name.in" >"$DIR/$name.out" &
	PEERS[$name]=$!
	read -r ready <"$DIR/$name.out"
	[ "$ready" = ready ] || { echo "the peer did not start"; exit 99; }
}

peer_off() {
	[ -n "${PEERS[$1]:-}" ] || return 0
	kill "${PEERS[$1]}" 2>/dev/null
	wait "${PEERS[$1]}" 2>/dev/null
	unset "PEERS[$1]"
	far "$1" sysctl -qw net.ipv4.icmp_echo_ignore_all=0 net.ipv6.icmp.echo_ignore_all=0
}

# mac NAME: of a wire's far end
mac() {
	far "$1" ip -o link show far | grep -o 'link/ether [^ ]*' | cut -d' ' -f2
}

FAILURES=0

# value KEY FILE [LINE-PATTERN]: the number behind a word in the first such line
value() {
	grep -e "${3:-.}" "$2" | head -n 1 | tr ' ' '\n' | grep -A1 -x -e "$1" | tail -n 1
}

ok() { echo "ok    $*"; }
bad() {
	echo "FAIL  $*"
	FAILURES=$((FAILURES + 1))
}

# want TEXT NUMBER OPERATOR NUMBER
want() {
	if test "$2" "$3" "$4" 2>/dev/null; then
		ok "$1 ($2 $3 $4)"
	else
		bad "$1: $2 is not $3 $4"
	fi
}

finish() {
	[ "$FAILURES" = 0 ] || { echo "$FAILURES failed"; exit 1; }
	exit 0
}
