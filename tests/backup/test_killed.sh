#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# netfold-verify in mid-run: killed, told to reload, robbed of its workers, of descriptors and of the disk. The
# next start repeats what was cut short; nothing is lost, nothing counted twice, nothing taken for good.
set -u
# shellcheck source-path=SCRIPTDIR source=ssh/sshd.sh
. "$(dirname "$0")/ssh/sshd.sh"
# shellcheck source-path=SCRIPTDIR source=liars.sh
. "$NF_SRC/tests/backup/liars.sh"

# Four that are read at once, four whose server holds back what is in the file
names=()
for i in 1 2 3 4; do
	liar "quick-$i" good
	liar "held-$i" held
	names+=("quick-$i" "held-$i")
done
site
jobs=${#names[@]}

hold() { : >b-1.tgz.hold; }
let_go() { rm b-1.tgz.hold; }
start_verify() {
	"$verify" -c site.yaml >>log 2>&1 &
	pid=$!
	started+=("$pid")
}
end_verify() {
	kill -TERM $pid
	wait $pid
}
rows() { ask_db 'SELECT count(*) FROM backup_look' 2>/dev/null || echo 0; }
has_rows() { [ "$(rows)" -ge "$1" ]; }
all_seen() { [ "$(ask_db "SELECT count(DISTINCT job) FROM backup_look" 2>/dev/null)" = "$1" ]; }
checks_of() { ask_db "SELECT count(*) FROM check_state WHERE name GLOB 'backup *' AND state = '$1'"; }
has_checks() { [ "$(checks_of ok)" = "$1" ]; }
family() { # every process below this one, itself too
	local child
	echo "$1"
	for child in $(pgrep -P "$1"); do family "$child"; done
}
gone() {
	local one
	for one in "$@"; do [ ! -d "/proc/$one" ] || [ "$(awk '{ print $3 }' "/proc/$one/stat" 2>/dev/null)" = Z ] || return 1; done
}

# ---- killed in mid-run
hold
start_verify
await 30 "some have been looked at" has_rows 2
expect "not all of them" [ "$(rows)" -lt "$jobs" ]
mapfile -t all < <(family $pid)
kill -KILL $pid
wait $pid 2>/dev/null
await 10 "its ${#all[@]} processes end with it" gone "${all[@]}"
let_go
seen=$(ask_db 'SELECT group_concat(job) FROM backup_look')
expect "the store is whole" [ "$(ask_db 'PRAGMA integrity_check')" = ok ]
start_verify
await 60 "the next start looks at the rest" all_seen "$jobs"
await 15 "and every check is judged: also those looked at before" has_checks "$jobs"
expect "each job was kept once (before: $seen)" [ "$(rows)" = "$jobs" ]
expect "no verdict but ok" [ "$(ask_db "SELECT count(*) FROM backup_look WHERE verdict != 'ok'")" = 0 ]
end_verify

# ---- told to reload in mid-run: one job leaves, one comes
rm -rf state
hold
start_verify
await 30 "some have been looked at" has_rows 2
sed -i '/id: quick-1$/,/complete/d' jobs.yaml
liar quick-5 good
site
kill -HUP $pid
await 10 "the reload waits for those that are held" grep -q 'reload waits for under_way=[4-8]' log
sed -i 's/id: quick-5$/id: quick-6/' jobs.yaml
site
kill -HUP $pid
waits_again() { [ "$(grep -c 'reload waits' log)" = 2 ]; }
await 10 "so does a second one" waits_again
let_go
new_jobs() { "$netfold" -c site.yaml backups --json | jq -e '[.jobs[] | select(.checked_at)] | length == 8 and any(.job == "quick-6")' >/dev/null; }
await 60 "the newest job is looked at, and the others to their end" new_jobs
expect "it is the same process" kill -0 $pid
"$verify" -c site.yaml >second.log 2>&1
expect "a second one beside it refuses" [ $? != 0 ]
expect "each job was looked at once" [ -z "$(ask_db 'SELECT job FROM backup_look GROUP BY job HAVING count(*) > 1')" ]
expect "the job that left is forgotten" [ "$(ask_db "SELECT count(*) FROM backup_job WHERE job = 'quick-1'")" = 0 ]
end_verify

# ---- its workers crash in mid-run
rm -rf state
hold
start_verify
await 30 "some have been looked at" has_rows 2
for one in $(family $pid); do
	! grep -qa ssh-worker "/proc/$one/cmdline" || kill -SEGV "$one"
done
let_go
await 60 "the batch goes on" all_seen "$jobs"
expect "and all are ok" [ "$(ask_db "SELECT count(*) FROM backup_look WHERE verdict = 'ok'")" = "$jobs" ]
end_verify

# ---- faults in system calls (FAULTS 57, 59), a run of the quick ones each, all at once
command -v strace >/dev/null || { echo "skipped: strace is not installed"; exit 77; }
sed '/^backups:/,$d' site.yaml >head.yaml
{ cat head.yaml; echo backups:; grep -A 6 'id: quick-' jobs.yaml | grep -v '^--'; } >quick.yaml
faults=(read:error=EINTR:when=300+7 epoll_pwait:error=EINTR:when=10+5 connect:error=EINTR:when=1
	socket:error=EMFILE:when=2+3 openat:error=EMFILE:when=120+7 pwrite64:error=ENOSPC:when=6+3
	fdatasync:error=EIO:when=6+2 "clone,clone3,fork,vfork:error=EAGAIN:when=2+2")
inject() { # inject NUMBER: a run with that fault, in a folder of its own
	cp -r sound "fault.$1" && cd "fault.$1" || return
	timeout 60 strace -f -qq -o /dev/null -e "inject=${faults[$1]}" "$verify" -c site.yaml --once >log 2>&1
	echo $? >status
}
mkdir sound && cp -r devices.csv secrets sound && cp quick.yaml sound/site.yaml
(cd sound && "$verify" -c site.yaml --once >log 2>&1)
ran=()
for i in "${!faults[@]}"; do
	(inject "$i") &
	ran+=($!)
done
(ulimit -n 24; cp -r sound fault.fds && cd fault.fds &&
	timeout 60 "$verify" -c site.yaml --once >log 2>&1; echo $? >status) &
ran+=($!)
(cp -r sound fault.lock && cd fault.lock &&
	{ (echo 'BEGIN IMMEDIATE;'; sleep 6; echo 'COMMIT;') | sqlite3 state/state.db & } &&
	timeout 60 "$verify" -c site.yaml --once >log 2>&1; echo $? >status; wait) &
ran+=($!)
wait "${ran[@]}"
faults+=("24 descriptors" "a store that another one locks")
mv fault.fds "fault.$((${#faults[@]} - 2))"
mv fault.lock "fault.$((${#faults[@]} - 1))"
for i in "${!faults[@]}"; do
	cd "$dir/fault.$i" || exit 99
	status=$(cat status)
	said=$(ask_db 'SELECT group_concat(verdict) FROM backup_look' 2>/dev/null)
	expect "${faults[i]}: no crash, no hang (status $status)" [ "$status" -lt 124 ]
	expect "${faults[i]}: nothing damaged, nothing made up ($said)" \
		sh -c "[ ! -s state/state.db ] || [ \"\$(sqlite3 state/state.db 'PRAGMA integrity_check')\" = ok ] &&
			! echo '$said' | grep -qE 'bad|late|warning'"
	expect "${faults[i]}: who ends well has kept them all" sh -c "[ $status != 0 ] || [ '$(rows)' = 8 ]"
	[ -n "$said" ] && [ "$status" = 0 ] || tail -n 2 log | cut -c 1-200
done
echo "$count checks"
exit $failed
