#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a look at a server costs over SSH, workers and signer included, beside the sftp client; and how long
# 500 looks at 100 hosts take of which 5 are dead. TARGETS: 3.0 ms a check, 0.5 ms each further one, 100 KiB
# a session, at most the time-out + 15 s.
set -eu
asker=$NF_BUILD/tests/backup/ssh/asker hostile=$NF_BUILD/tests/backup/ssh/hostile
sshd=$(PATH=$PATH:/usr/sbin command -v sshd)
dir=$(mktemp -d) && cd "$dir"
started=()
trap 'kill "${started[@]}" 2>/dev/null; rm -rf "$dir"' EXIT
port=$((20000 + RANDOM % 20000)) hosts=100 dead=5 seconds=5
ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f user
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
# An sshd listens on at most 16 addresses.
for first in $(seq $((dead + 1)) 16 $hosts); do
	{
		echo "Port $port"
		for i in $(seq "$first" $((first + 15))); do
			[ "$i" -gt $hosts ] || echo "ListenAddress 127.0.1.$i"
		done
		printf '%s\n' "HostKey $dir/host" "AuthorizedKeysFile $dir/user.pub" 'StrictModes no' 'PidFile none' \
			'PermitRootLogin yes' 'UsePAM no' 'MaxStartups 500' 'Subsystem sftp internal-sftp'
	} >"conf.$first"
	"$sshd" -D -f "$dir/conf.$first" -E "$dir/log" &
	started+=($!)
done
for i in $(seq $dead); do
	"$hostile" silent 127.0.1.$i $port >/dev/null &
	started+=($!)
done
until [ "$(grep -c 'Server listening' log)" -ge $((hosts - dead)) ]; do sleep 0.1; done
echo "server,[127.0.1.10]:$port $(cut -d' ' -f1,2 host.pub)" >known
all=() well=()
for i in $(seq $hosts); do all+=(-a "127.0.1.$i"); done
for i in $(seq $((dead + 1)) $hosts); do well+=(-a "127.0.1.$i"); done
ask() { "$asker" -p $port -u "$(id -un)" -k user -h known -t $seconds -q "$@" 2>said; }

# cpu COMMAND…: milliseconds of it and its children
cpu() {
	local TIMEFORMAT='%U %S'
	{ time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%d\n", ($1 + $2) * 1000 }'
}
one=$(cpu ask "${well[@]}" stat:/)
eleven=$(cpu ask -r 11 "${well[@]}" stat:/)
n=$((hosts - dead))
echo ls | tee batch >/dev/null
peer=$(cpu bash -c "for i in 1 2 3 4 5; do sftp -q -b batch -i user -o UserKnownHostsFile=known -P $port 127.0.1.10; done")
awk -v one="$one" -v eleven="$eleven" -v n=$n -v peer="$peer" 'BEGIN {
	printf "%-44s %7.2f ms\n", "a check (connect, log in, one stat)", one / n
	printf "%-44s %7.3f ms\n", "each further one", (eleven - one) / n / 10
	printf "%-44s %7.2f ms\n", "peer: sftp -b", peer / 5
	if (peer > 0) printf "%-44s %7.3f\n", "ratio to the peer", one / n / (peer / 5) }'
ask -r 5 "${all[@]}" stat:/
printf '%-44s %s\n' "500 looks at 100 hosts, 5 dead, time-out ${seconds}s" "$(cat said)"

# memory: the workers' own pages while all sessions are open, less those with one
pages() {
	local sum=0 pid
	for pid in $(pgrep -P "$1"); do
		sum=$((sum + $(awk '/^Private_(Clean|Dirty)/ { s += $2 } END { print s + 0 }' "/proc/$pid/smaps_rollup")))
	done
	echo $sum
}
measure() {
	"$asker" -w 1 -p $port -u "$(id -un)" -k user -h known -s 200 -q "$@" stat:/ "exec:sleep|4" 2>/dev/null &
	local pid=$!
	sleep 3
	pages $pid
	wait $pid
}
few=$(measure -a 127.0.1.10)
many=$(measure "${well[@]}")
awk -v few="$few" -v many="$many" -v n=$((n - 1)) 'BEGIN {
	printf "%-44s %7.1f KiB\n", "memory of an open session", (many - few) / n }'
