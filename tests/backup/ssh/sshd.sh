# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the tests that talk to real servers share: sshd processes of our own on loopback, and `want`.

: "${NF_SRC:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)}" "${NF_BUILD:=$NF_SRC/build}"
asker=$NF_BUILD/tests/backup/ssh/asker
hostile=$NF_BUILD/tests/backup/ssh/hostile
fake_sftp=$NF_BUILD/tests/backup/ssh/fake_sftp
for program in "$asker" "$hostile" "$fake_sftp"; do
	[ -x "$program" ] || { echo "$program is not built"; exit 99; }
done
sshd=$(PATH=$PATH:/usr/sbin command -v sshd) || { echo "skipped: sshd is not installed"; exit 77; }
command -v ssh-keygen >/dev/null || { echo "skipped: ssh-keygen is not installed"; exit 77; }

dir=$(mktemp -d) && cd "$dir" || exit 99
chmod 755 "$dir"
started=()
trap 'kill "${started[@]}" 2>/dev/null; rm -rf "$dir"' EXIT
me=$(id -un)
failed=0 count=0
[ "$(id -u)" = 0 ] && mkdir -p /run/sshd

for type in ed25519 ecdsa rsa; do
	ssh-keygen -q -t $type -N '' -f host_$type
	ssh-keygen -q -t $type -N '' -f user_$type
done
cat user_*.pub >authorized
chmod 600 authorized
: >known

free_port() { # a port that nobody listens on; another may take it, then sshd says so
	local port
	while port=$((20000 + RANDOM % 20000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
	echo $port
}

# server NAME [LINE…]: an sshd with these lines before the usual ones; its port in $port
server() {
	local name=$1 try
	shift
	for try in 1 2 3 4 5; do
		port=$(free_port)
		{
			printf '%s\n' "Port $port" 'ListenAddress 127.0.0.1' "$@"
			[[ $* == *HostKey* ]] || printf 'HostKey %s\n' "$dir/host_ed25519" "$dir/host_ecdsa"
			printf '%s\n' "AuthorizedKeysFile $dir/authorized" 'StrictModes no' 'PidFile none' \
				'PermitRootLogin yes' 'PasswordAuthentication no' 'KbdInteractiveAuthentication no' \
				'UsePAM no' 'LogLevel VERBOSE'
			[[ $* == *Subsystem* ]] || echo 'Subsystem sftp internal-sftp'
		} >"$name.conf"
		"$sshd" -D -f "$dir/$name.conf" -E "$dir/$name.log" &
		started+=($!)
		while kill -0 $! 2>/dev/null; do
			! grep -q "Server listening on 127.* port $port\." "$name.log" 2>/dev/null || break 2
			sleep 0.02
		done
	done
	awk -v p="$port" '{ print "[127.0.0.1]:" p, $1, $2 }' host_ed25519.pub host_ecdsa.pub >>known
}

# scoundrel HOW: a hostile server; its port in $port
scoundrel() {
	"$hostile" "$1" >"hostile.$1" &
	started+=($!)
	until [ -s "hostile.$1" ]; do sleep 0.01; done
	port=$(cat "hostile.$1")
}

# ask [OPTION…] QUESTION…: of the server at $port; answers in ./answers
ask() {
	timeout 300 "$asker" -a 127.0.0.1 -p "$port" -u "$me" -h known -k user_ed25519 "$@" >answers 2>log ||
		echo "asker ended with $?" >>answers
}

# want NAME PATTERN [OPTION…] QUESTION: the only answer fits the extended regular expression
want() {
	local name=$1 pattern=$2
	shift 2
	ask "$@"
	like "$name" "$pattern"
}

like() {
	count=$((count + 1))
	if [ "$(wc -l <answers)" != 1 ] || ! grep -qE -- "$2" answers; then
		printf 'not ok  %s\n  wanted %s\n  got    %s\n  log    %s\n' "$1" "$2" "$(cat answers)" "$(tail -n 2 log)"
		failed=1
	else
		printf 'ok      %-44s %s\n' "$1" "$(cut -c 1-150 answers)"
	fi
}

finish() {
	echo "$count answers"
	exit $failed
}
