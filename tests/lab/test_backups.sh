#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Real backups on six servers in four networks, two of them with one address: each gets the verdict that it
# deserves. One is spoiled: it becomes bad by itself, an incident and a mail follow; made anew, it is good.
backups=yes
. "$(dirname "$0")/lib.sh"
in_the_lab "$@"
need sqlite3 restic borg rsync

# One is looked at often; what is shown of the others is what was asked for.
sed -i 's/look_every: 30s/look_every: 1d/; /id: files-admin/,/look_every/s/look_every: 1d/look_every: 10s/' site.yaml
grep -q '^contacts:' site.yaml || cat >>site.yaml <<-'END'
	contacts:
	  - {id: drift, mail: drift@example.se}
	rotas:
	  - {id: drift, turns: [drift], starts: 2011-01-03}
	alerting: {settle: 5s, rota: drift}
	mail: {server: "smtp://127.0.0.1:2525", tls: never, from: netfold@example.se}
END

seen() { # seen: all jobs have been looked at
	netfold backups --json >backups.json
	jq -e '[.jobs[] | select(.checked_at == null)] == []' backups.json >/dev/null
}
job() { jq -r --arg j "$1" ".jobs[] | select(.job == \$j) | $2" backups.json; }
verdict_is() { # verdict_is JOB VERDICT
	netfold backups --json >backups.json
	[ "$(job "$1" .verdict)" = "$2" ]
}
has_incident() { # has_incident CHECK: one that is not over
	netfold incidents --json 2>/dev/null | jq -e --arg c "$1" \
		'any(.incidents[]; .ended_at == null and any(.members[]; .check == $c))' >/dev/null
}
has_no_incident() {
	! has_incident "$1"
}
mails_about() { # mails_about TEXT: owed or sent
	sqlite3 state/outbox.db "SELECT count(*) FROM outbox WHERE instr(notice, '$1') > 0" 2>/dev/null || echo 0
}
mailed() { [ "$(mails_about "$1")" -gt "${2:-0}" ]; }

netfold_start
await 60 "all jobs have been looked at" seen || finish
while read -r name verdict pattern; do
	want_same "$name" "$verdict" "$(job "$name" .verdict)"
	want "$name: the reason tells why" grep -qE "$pattern" <(job "$name" .reason)
done <<-'END'
	files-admin ok ^artefact:./srv/backup/files-admin/files-admin-.*.tar.gz,.*KiB
	wiki-admin ok ^artefact:./srv/backup/wiki-admin/.*.sql.gz
	restic-jakgym ok ^restic:./srv/backup/restic-jakgym/repository:.*1.in.all
	mail-jakgym bad ^complete:.*(no.trailer|the.file.was.cut)
	borg-skola ok ^borg:.*borg-skola-.*1.in.all
	homes-skola running ^lock:./srv/backup/homes-skola/running.pid
	register-vard ok ^artefact:./srv/backup/register-vard/.*.dump
	journal-vard late nothing.new.at.the.finish.deadline
	mirror-common ok checksums.are.right
END
want_same "every proof of a good one" "artefact complete copy lock log manifest status" \
	"$(job files-admin '.proofs[] | select(.result == "ok").kind' | sort | paste -sd' ')"
want_same "restic and borg were asked for their own checks" "ok ok" \
	"$(jq -r '.jobs[].proofs[] | select(.kind == "check").result' backups.json | paste -sd' ')"
want_same "one server has no job" common-mail "$(jq -r '.gaps[].device' backups.json)"
want_same "one needs none" lab-server "$(jq -r '.waived[].device' backups.json)"
want_same "10.1.0.10 is two servers, each with its own key" "$(grep -c . <<<"$(awk -F, '$4 == "10.1.0.10"' devices.csv)")" \
	"$(grep -E '^(admin|jakgym)-files ' secrets/known_hosts | cut -d' ' -f3 | sort -u | wc -l)"
await 30 "the job that is bad is an incident" has_incident "backup mail-jakgym"

# ---- spoiled, seen by itself, mended
"$LAB" spoil-backup "$DIR" files-admin
await 60 "files-admin is bad" verdict_is files-admin bad
await 30 "so is its check" check_is admin-files "backup files-admin" critical
await 30 "an incident is open" has_incident "backup files-admin"
await 60 "a mail is owed, or sent" mailed "files-admin"
mails=$(mails_about "files-admin")
"$LAB" backup "$DIR" files-admin
await 60 "files-admin is ok" verdict_is files-admin ok
await 30 "so is its check" check_is admin-files "backup files-admin" ok
await 60 "the incident is over" has_no_incident "backup files-admin"
await 60 "and a mail says so" mailed "files-admin" "$mails"

# ---- spoiled, and looked at by hand: netfold-verify, which runs, follows
for name in wiki-admin restic-jakgym borg-skola mirror-common register-vard; do
	"$LAB" spoil-backup "$DIR" "$name"
done
netfold verify wiki-admin restic-jakgym borg-skola mirror-common register-vard >verify.out
want_same "verify says problems" 1 $?
want_same "each one is seen" 5 "$(grep -c '^\[.* bad ' verify.out)"
await 30 "the check follows" check_is admin-files "backup wiki-admin" critical
netfold_stop

# ---- one pass: everything is made anew
for name in wiki-admin restic-jakgym borg-skola mirror-common register-vard mail-jakgym journal-vard homes-skola; do
	"$LAB" backup "$DIR" "$name"
done
netfold run --once >>netfold.log 2>&1
netfold backups --json >backups.json
want_same "one pass finds all good" ok "$(jq -r '.jobs[].verdict' backups.json | sort -u | paste -sd' ')"
finish
