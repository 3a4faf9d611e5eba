#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What netfold-verify costs, all of it: processor time per backup check beside ssh, sftp and check_by_ssh in the
# same run; and how long one pass over 500 jobs on 100 hosts takes of which 5 are dead. TARGETS: 3.0 ms for a
# host with one check, 0.5 ms each further one, at most the dead hosts' time-out (15 s) + 15 s.
set -eu
verify=$NF_BUILD/checks/backup/netfold-verify hostile=$NF_BUILD/tests/backup/ssh/hostile
sshd=$(PATH=$PATH:/usr/sbin command -v sshd)
dir=$(mktemp -d) && cd "$dir"
started=()
trap 'kill "${started[@]}" 2>/dev/null; rm -rf "$dir"' EXIT
export TZ=UTC
port=$((20000 + RANDOM % 20000)) hosts=100 dead=5 me=$(id -un)
ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f user
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
# An sshd listens on at most 16 addresses.
for first in $(seq $((dead + 1)) 16 $hosts); do
	{
		echo "Port $port"
		for i in $(seq "$first" $((first + 15))); do
			[ "$i" -gt $hosts ] || echo "ListenAddress 127.0.2.$i"
		done
		printf '%s\n' "HostKey $dir/host" "AuthorizedKeysFile $dir/user.pub" 'StrictModes no' 'PidFile none' \
			'PermitRootLogin yes' 'UsePAM no' 'MaxStartups 500' 'Subsystem sftp internal-sftp'
	} >"conf.$first"
	"$sshd" -D -f "$dir/conf.$first" -E "$dir/log" &
	started+=($!)
done
for i in $(seq $dead); do
	"$hostile" silent "127.0.2.$i" $port >/dev/null &
	started+=($!)
done
until [ "$(grep -c 'Server listening' log)" -ge $((hosts - dead)) ]; do sleep 0.1; done

head -c 300000 /dev/urandom >noise
for i in 1 2 3 4 5; do
	mkdir "job-$i" && tar czf "job-$i/b.tgz" noise && touch -d '-90 minutes' "job-$i/b.tgz"
done

# site FIRST JOBS: of the hosts from this one on
site() {
	local i k
	rm -rf state
	{
		echo 'site: {name: B, timezone: UTC, language: en, state_dir: state, www_dir: www}'
		echo 'networks: [{id: here, name: Here, role: common, prefixes: [127.0.0.0/8]}]'
		echo "ssh: [{id: reader, user: $me, port: $port, key_file: user, known_hosts_file: known}]"
		echo 'devices_csv: devices.csv'
		echo 'backups:'
		for i in $(seq "$1" $hosts); do
			for k in $(seq "$2"); do
				printf '  - {id: j-%s-%s, device: h-%s, ssh: reader, starts: "%s", due: "%s", proofs: [{kind: artefact, path: "%s", min_size: 1KB, complete: true}]}\n' \
					"$i" "$k" "$i" "$(date -d '-2 hours' +%H:%M)" "$(date -d '-1 hour' +%H:%M)" "$dir/job-$k/*.tgz"
			done
		done
	} >site.yaml
	echo name,kind,network,address >devices.csv
	: >known
	for i in $(seq $hosts); do
		echo "h-$i,server,here,127.0.2.$i" >>devices.csv
		echo "h-$i $(cut -d' ' -f1,2 host.pub)" >>known
	done
}

# cpu COMMAND…: milliseconds of it and its children
cpu() {
	local TIMEFORMAT='%U %S'
	{ time "$@" >/dev/null 2>&1; } 2>&1 | awk '{ printf "%d\n", ($1 + $2) * 1000 }'
}
pass() { "$verify" -c site.yaml --once; }
five() { for _ in 1 2 3 4 5; do "$@"; done; }
say() { awk -v what="$1" -v ms="$2" 'BEGIN { printf "%-48s %8.2f ms\n", what, ms }'; }
ratio() { awk -v what="$1" -v a="$2" -v b="$3" 'BEGIN { printf "%-48s %8.3f\n", what, a / b }'; }

site $((hosts + 1)) 0 && sed -i '/^backups:/d' site.yaml
nothing=$(cpu pass)
n=$((hosts - dead))
site $((dead + 1)) 1
one=$(cpu pass)
site $((dead + 1)) 5
many=$(cpu pass)
[ "$(sqlite3 state/state.db "SELECT count(*) FROM backup_job WHERE verdict = 'ok'")" = $((n * 5)) ] ||
	echo "not all of them were ok: the figures tell nothing"
check=$(awk -v a="$one" -v b="$nothing" -v n=$n 'BEGIN { print (a - b) / n }')
say "a pass over nothing (start, store)" "$nothing"
say "a host with one artefact, read and hashed" "$check"
say "each further job on it" "$(awk -v a="$many" -v b="$one" -v n=$n 'BEGIN { print (a - b) / n / 4 }')"

options=(-i user -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR)
echo "ls -l $dir/job-1" >./batch
ssh=$(cpu five ssh -p $port "${options[@]}" "$me@127.0.2.10" "ls -l $dir/job-1")
sftp=$(cpu five sftp -q -b batch -P $port "${options[@]}" "$me@127.0.2.10")
say "peer: ssh and ls" $((ssh / 5))
ratio "    ratio" "$check" $((ssh / 5))
say "peer: sftp -b and ls" $((sftp / 5))
ratio "    ratio" "$check" $((sftp / 5))
plugin=/usr/lib/nagios/plugins/check_by_ssh
if [ -x $plugin ]; then
	by_ssh=$(cpu five $plugin -H 127.0.2.10 -p $port -l "$me" -i user -o UserKnownHostsFile=/dev/null \
		-o StrictHostKeyChecking=no -E -C "ls -l $dir/job-1")
	say "peer: check_by_ssh and ls" $((by_ssh / 5))
	ratio "    ratio" "$check" $((by_ssh / 5))
else
	echo "peer: check_by_ssh is not installed (monitoring-plugins-basic)"
fi

site 1 5
before=${EPOCHREALTIME/./}
pass 2>/dev/null
after=${EPOCHREALTIME/./}
printf '%-48s %8.1f s, %s\n' "500 jobs on $hosts hosts, $dead dead: one pass" \
	"$(((after - before) / 100000))e-1" \
	"$(sqlite3 state/state.db "SELECT group_concat(n || ' ' || verdict, ', ') FROM (SELECT count(*) AS n, verdict FROM backup_job GROUP BY verdict)")"
