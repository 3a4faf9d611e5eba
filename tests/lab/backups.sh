# shellcheck shell=bash
# backups: real backups on the lab's servers, made by the tools of the trade at the lab's start, so that
# netfold-verify has something to prove: good ones, one cut off, one late, one that runs. Every server has
# its own /srv, which is $DIR/hosts/NAME/srv outside of it. LAB_BACKUPS=no makes none. Sourced by ./lab.

# id              device        begins, due: minutes from the lab's start   made by   how it stands
LAB_JOBS='
files-admin       admin-files   -120  -60  files     nights
wiki-admin        admin-files   -120  -60  mysql     nights
restic-jakgym     jakgym-files  -120  -60  restic    good
mail-jakgym       jakgym-files  -120  -60  mysql     spoiled
borg-skola        skola-files   -120  -60  borg      good
homes-skola       skola-files    -30   60  files     running
register-vard     vard-files    -120  -60  postgres  good
journal-vard      vard-journal  -120  -60  files     late
mirror-common     common-files  -120  -60  mirror    good
'
LAB_TREE=$HERE/../.. # what the backups hold: conf and man of this repository

# Where sshd cannot run (see lab_sshd), nobody could look at them.
lab_has_backups() {
	local tool
	[ "${LAB_BACKUPS:-yes}" != no ] && [ "$LAB_ROOTLESS" = no ] || return
	for tool in sshd rsync restic borg; do
		command -v "$tool" >/dev/null || return
	done
}

# lab_job ID: sets DEVICE, BEGINS, DUE, TOOL, STANDS and FOLDER, from outside
lab_job() {
	read -r _ DEVICE BEGINS DUE TOOL STANDS < <(grep "^$1 " <<<"$LAB_JOBS") || {
		echo "lab: no job $1; there are: $(lab_jobs | tr '\n' ' ')" >&2
		return 2
	}
	FOLDER=$DIR/hosts/$DEVICE/srv/backup/$1
}

lab_jobs() {
	awk 'NF { print $1 }' <<<"$LAB_JOBS"
}

# ---- the tools: job_TOOL ID FOLDER TIME, into FOLDER, as if it had finished at TIME -----------------

job_files() { # tar and gzip, with sums, a log, a status and a second copy
	local name copies=$DIR/hosts/common-files/srv/copies
	name=$1-$(date -d "$3" +%Y%m%dT%H%M%S).tar.gz
	date +%s%N >"$DIR/hosts/$DEVICE/srv/changed" # what is the same every night is suspect
	tar -czf "$2/$name.part" -C "$LAB_TREE" conf man -C "$DIR/hosts/$DEVICE/srv" changed && mv "$2/$name.part" "$2/$name" || return
	(cd "$2" && sha256sum -- *.tar.gz >SHA256SUMS)
	{
		date -d "$3 5 minutes ago" "+%F %T begins"
		date -d "$3" "+%F %T $name finished OK"
	} >>"$2/backup.log"
	echo 0 >"$2/status"
	mkdir -p "$copies" && cp "$2/$name" "$copies/"
	touch -d "$3" "$2/$name" "$2/SHA256SUMS" "$2/backup.log" "$2/status" "$copies/$name"
}

job_mysql() { # what mysqldump writes, through gzip
	local file
	file=$2/$1-$(date -d "$3" +%Y%m%dT%H%M%S).sql.gz
	{
		printf -- '-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB, for debian-linux-gnu (x86_64)\n'
		printf 'CREATE TABLE `page` (`id` int(10) unsigned NOT NULL, `title` varbinary(255));\n'
		head -c 60000 /dev/urandom | od -An -v -tx1 -w24 | tr -d ' ' |
			awk '{ printf "INSERT INTO `page` VALUES (%d,'\''%s'\'');\n", NR, $1 }'
		date -d "$3" '+-- Dump completed on %F %T'
	} | gzip -c >"$file"
	touch -d "$3" "$file"
}

job_postgres() { # pg_dump's custom format, once made by the real one: two dumps in turn
	local file dump dumps=(tables pipe)
	file=$2/$1-$(date -d "$3" +%Y%m%dT%H%M%S).dump
	dump=${dumps[$(find "$2" -type f | wc -l) % 2]}
	cp "$HERE/../backup/data/$dump.pgdump" "$file" && touch -d "$3" "$file"
}

job_restic() {
	local restic="restic -q --no-cache --password-file $2/password -r $2/repository"
	[ -f "$2/password" ] || (umask 077 && echo "$1-2011" >"$2/password")
	[ -d "$2/repository" ] || $restic init || return
	$restic backup --host "$DEVICE" --time "$(date -d "$3" '+%F %T')" "$LAB_TREE/conf" "$LAB_TREE/man"
}

job_borg() {
	local -x BORG_BASE_DIR=$DIR/log BORG_PASSPHRASE=$1-2011
	[ -f "$2/password" ] || (umask 077 && echo "$1-2011" >"$2/password")
	[ -d "$2/repository" ] || borg init -e repokey "$2/repository" 2>>"$DIR/log/borg" || return
	borg create --timestamp "$(date -u -d "$3" +%FT%T)" \
		"$2/repository::$1-$(date -d "$3" +%Y%m%dT%H%M%S)" "$LAB_TREE/conf" "$LAB_TREE/man"
}

job_mirror() { # rsync, with sums of what it left and its exit status
	rsync -a --delete "$LAB_TREE/conf" "$LAB_TREE/man" "$2/tree/"
	echo $? >"$2/rsync-status"
	(cd "$2" && find tree -type f -exec sha256sum {} +) >"$2/SHA256SUMS"
	touch -d "$3" "$2/rsync-status" "$2/SHA256SUMS"
}

# ---- made, spoiled, made anew -----------------------------------------------------------------------

lab_backup() { # lab_backup ID TIME
	local -x TZ=Europe/Stockholm
	mkdir -p "$FOLDER" && "job_$TOOL" "$1" "$FOLDER" "$2"
}

# The newest is cut off in the middle, and looks as before else; in a repository or a mirror, some file.
lab_backup_spoil() { # lab_backup_spoil ID
	local file time
	lab_job "$1" || return
	case $TOOL in
	restic) file=$(find "$FOLDER/repository/snapshots" -type f) ;;
	borg) file=$(find "$FOLDER/repository/data" -type f -size +8k | sort | head -n 1) ;;
	mirror) file=$FOLDER/tree/conf/site.yaml ;;
	*) file=$(find "$FOLDER" -type f \( -name '*.gz' -o -name '*.dump' \) -printf '%T@ %p\n' |
		sort -n | tail -n 1 | cut -d' ' -f2-) ;;
	esac
	[ -f "$file" ] || { echo "lab: $1 has nothing to spoil" >&2; return 1; }
	time=$(stat -c %y "$file")
	chmod u+w "$file"
	truncate -s $(($(stat -c %s "$file") / 2)) "$file"
	touch -d "$time" "$file"
	echo "$file is cut off in the middle"
}

# Made anew, now: also what the spoiled one left behind.
lab_backup_now() { # lab_backup_now ID
	lab_job "$1" || return
	case $TOOL in restic | borg) rm -rf "$FOLDER/repository" ;; esac
	rm -f "$FOLDER/running.pid" "$FOLDER"/*.part
	lab_backup "$1" now
}

# A job's last nights, and tonight's, in time for the run that had to be finished.
lab_backup_nights() { # lab_backup_nights ID
	local night in_time='90 minutes ago'
	lab_job "$1" || return
	[ "$STANDS" != running ] || in_time='10 minutes ago'
	case $STANDS in
	nights | late | running)
		for night in 3 2 1; do
			lab_backup "$1" "$night days ago $in_time" || return
		done
		;;
	esac
	case $STANDS in
	late) return ;;
	running)
		touch "$FOLDER/$1-tonight.tar.gz.part"
		echo 1 >"$FOLDER/running.pid" # the lab's first process
		;;
	*) lab_backup "$1" "$in_time" ;;
	esac
	[ "$STANDS" != spoiled ] || lab_backup_spoil "$1"
}

lab_backups() {
	local id
	for id in $(lab_jobs); do
		lab_backup_nights "$id" || echo "lab: the backup $id could not be made"
	done
}

# ---- how netfold looks at them ----------------------------------------------------------------------

# The key that it logs in with, and the servers' own, before anything runs: who lives at an address is told
# by the server's name, because two networks have the same ones.
lab_backup_keys() {
	local name
	(umask 077 && ssh-keygen -q -t ed25519 -N '' -C netfold -f "$DIR/secrets/id_ed25519" <<<y >/dev/null)
	: >"$DIR/secrets/known_hosts"
	for name in $(awk '$1 == "device" && $7 ~ /sshd/ { print $2 }' "$TOPOLOGY"); do
		lab_host_key "$name"
		cp "$DIR/secrets/id_ed25519.pub" "$DIR/hosts/$name/authorized_keys"
		echo "$name $(cut -d' ' -f1,2 "$DIR/hosts/$name/host_key.pub")" >>"$DIR/secrets/known_hosts"
	done
}

lab_job_proofs() { # lab_job_proofs ID; after lab_job
	local at=/srv/backup/$1
	case $TOOL in
	files)
		cat <<-END
			{kind: artefact, path: "$at/$1-*.tar.gz", min_size: 20KiB, max_age: 26h, complete: true, keep: 3}
			{kind: manifest, path: $at/SHA256SUMS}
			{kind: log, path: $at/backup.log, success: "finished OK", failure: "ERROR"}
			{kind: status, path: $at/status}
			{kind: lock, path: $at/running.pid, max_age: 4h}
			{kind: copy, device: common-files, ssh: reader, path: "/srv/copies/$1-*.tar.gz"}
		END
		;;
	mysql) echo "{kind: artefact, path: \"$at/*.sql.gz\", min_size: 20KiB, complete: true, deep: true}" ;;
	postgres) echo "{kind: artefact, path: \"$at/*.dump\", min_size: 1KiB, complete: true}" ;;
	restic | borg)
		echo "{kind: $TOOL, repository: $at/repository, password_file: $at/password, check: true, check_max_age: 1h}" ;;
	mirror)
		cat <<-END
			{kind: manifest, path: $at/SHA256SUMS}
			{kind: status, path: $at/rsync-status, success: "^(0|24)$"}
		END
		;;
	esac
}

lab_site_backups() {
	local id
	local -x TZ=Europe/Stockholm
	lab_has_backups || return 0
	lab_backup_keys
	cat <<-END
		ssh:
		  - {id: reader, user: $(id -un), key_file: secrets/id_ed25519, known_hosts_file: secrets/known_hosts}
		backups:
	END
	for id in $(lab_jobs); do
		lab_job "$id"
		printf '  - id: %s\n    device: %s\n    ssh: reader\n    starts: "%s"\n    due: "%s"\n    look_every: 30s\n    proofs:\n' \
			"$id" "$DEVICE" "$(date -d "$BEGINS minutes" +%H:%M)" "$(date -d "$DUE minutes" +%H:%M)"
		lab_job_proofs "$id" | sed 's/^/      - /'
	done
	cat <<-END
		waivers:
		  - {device: lab-server, reason: "Is built anew by a script", owner: Drift, until: $(date -d '1 year' +%F)}
	END
}
