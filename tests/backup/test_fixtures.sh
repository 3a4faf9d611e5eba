#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Backups that look finished and are not: the numbered cases of the field, made by real tools on a real
# sshd, each with the verdict that it must get, and healthy ones beside them. The table is printed.
# shellcheck source-path=SCRIPTDIR source=ssh/sshd.sh
. "$(dirname "$0")/ssh/sshd.sh"
netfold=$NF_BUILD/cli/netfold
[ -x "$netfold" ] || { echo "netfold is not built"; exit 99; }
for tool in jq gzip xz zstd tar zip zic sqlite3; do
	command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
PATH=$PATH:/usr/sbin
# 127.9.0.1 is another machine, 127.0.0.7 one that moved there; its old address belongs to a stranger now.
server main 'ListenAddress 127.9.0.1' 'ListenAddress 127.0.0.7' 'ListenAddress 127.9.0.3' 'ListenAddress 127.0.0.3'
for a in 127.9.0.1 127.0.0.7 127.9.0.3 127.0.0.3 127.9.0.8 127.9.0.9; do
	awk -v a="[$a]:$port" '{ print a, $1, $2 }' host_ed25519.pub host_ecdsa.pub >>known
done
ssh-keygen -q -t ed25519 -N '' -f host_stranger
sed -e '/^ListenAddress/d; /^HostKey/d' main.conf >stranger.conf
printf 'ListenAddress %s\n' 127.9.0.8 127.9.0.9 >>stranger.conf
echo "HostKey $dir/host_stranger" >>stranger.conf
"$sshd" -D -f "$dir/stranger.conf" -E "$dir/stranger.log" & started+=($!)
until grep -q "Server listening" stranger.log 2>/dev/null; do sleep 0.02; done
mkdir secrets && cp user_ed25519 secrets/key && cp known secrets/known && chmod 600 secrets/*
export TZ=UTC
starts=$(date -d '-2 hours' +%H:%M) due=$(date -d '-1 hour' +%H:%M) later=$(date -d '+2 hours' +%H:%M)
fresh='-90 minutes' old='-1 day -90 minutes'
head -c 200000 /dev/urandom >noise
{ echo "-- MariaDB dump 10.19"; for i in $(seq 3000); do echo "INSERT INTO t VALUES ($i,'$RANDOM$RANDOM');"; done
	echo "-- Dump completed on 2011-02-08  1:12:13"; } >whole.sql
head -n 2000 whole.sql >cut.sql
touch noise
names=() wants=() notes=() says=()
: >jobs.yaml
cat >devices.csv <<END
name,kind,network,address,common_address
srv,server,lab,127.0.0.1,
off,server,far,127.9.0.1,
gone,server,lab,127.0.0.9,
new,server,lab,127.0.0.11,
exempt,server,lab,127.0.0.12,
expired,server,lab,127.0.0.13,
moved,server,far,127.9.0.7,127.0.0.7
taken,server,far,127.9.0.8,127.0.0.8
both,server,far,127.9.0.3,127.0.0.3
rekeyed,server,far,127.9.0.9,
END

# case ID WANT TEXT DUE PROOF…: the job and its folder, in which we are afterwards. In $say what its reason
# must say, too; in $more further keys of the job.
case_of() {
	local id=$1
	names+=("$1") wants+=("$2") notes+=("$3") says+=("${say:-}")
	{
		echo "  - id: $id"
		echo "    device: ${device:-srv}"
		echo "    ssh: reader"
		echo "    starts: \"$starts\""
		echo "    due: \"$4\""
		[ -z "${more:-}" ] || echo "    $more"
		echo "    proofs:"
		shift 4
		printf '      - {%s}\n' "$@"
	} | sed "s|@|$dir/$id|g" >>"$dir/jobs.yaml"
	mkdir -p "$dir/$id" && cd "$dir/$id" || exit 99
}
at() { touch -d "$1" "${@:2}"; }
# A folder on the file system of /, and one on another.
for d in "$dir" /var/tmp /root /usr/local; do [ "$(stat -f -c %i "$d")" = "$(stat -f -c %i /)" ] && break; done
rootdir=$(mktemp -d "$d/nf-fixture-XXXXXX")
for d in /dev/shm /run "$dir"; do [ "$(stat -f -c %i "$d")" != "$(stat -f -c %i /)" ] && break; done
owndir=$(mktemp -d "$d/nf-fixture-XXXXXX")
chmod 755 "$rootdir" "$owndir"
trap 'kill "${started[@]}" 2>/dev/null; rm -rf "$dir" "$rootdir" "$owndir"' EXIT
art='kind: artefact, path: "@/b-*", min_size: 1KB, complete: true'
plain='kind: artefact, path: "@/b-*", min_size: 1KB'
archive() { tar czf "$1" -C "$dir" noise; }

# healthy
case_of ok-tar-gz ok "tar and gzip" "$due" "$art"; archive b-1.tar.gz; at "$fresh" b-*
case_of ok-deep ok "every checksum" "$due" "$art, deep: true"; archive b-1.tgz; at "$fresh" b-*
case_of ok-sql ok "SQL dump with its footer" "$due" "$art"; gzip -c ../whole.sql >b-1.sql.gz; at "$fresh" b-*
case_of ok-xz ok "xz" "$due" "$art"; xz -c ../whole.sql >b-1.xz; at "$fresh" b-*
case_of ok-zstd ok "zstd" "$due" "$art"; zstd -qc ../noise >b-1.zst; at "$fresh" b-*
case_of ok-zip ok "zip" "$due" "$art"; zip -q b-1.zip ../noise; at "$fresh" b-*
case_of ok-tar ok "tar" "$due" "$art"; tar cf b-1.tar -C .. noise; at "$fresh" b-*
case_of ok-history ok "as large as the runs before" "$due" "$art"
for i in 1 2 3; do archive b-$i.tgz; at "-$i day -90 minutes" b-$i.tgz; done; archive b-9.tgz; at "$fresh" b-9.tgz
case_of ok-name ok "a name with blanks and bytes" "$due" "$art"; archive $'b- a\xff"q'; at "$fresh" b-*
case_of ok-link ok "a link to the newest" "$due" 'kind: artefact, path: "@/latest", min_size: 1KB'
archive b-1.tgz; at "$fresh" b-*; ln -s b-1.tgz latest
case_of ok-manifest ok "sums that are right" "$due" "$plain" 'kind: manifest, path: "@/SUMS"'
archive b-1.tgz; at "$fresh" b-*; sha256sum b-1.tgz >SUMS
case_of ok-bsd ok "BSD sums" "$due" "$plain" 'kind: manifest, path: "@/SUMS"'
archive b-1.tgz; at "$fresh" b-*; sha256sum --tag b-1.tgz >SUMS
case_of ok-log ok "log, dated" "$due" "$plain" 'kind: log, path: "@/log", success: "finished OK", failure: ERROR'
archive b-1.tgz; at "$fresh" b-*; date -d "$fresh" '+%F %T finished OK' >log; at "$fresh" log
case_of ok-rotated ok "log that was rotated" "$due" "$plain" 'kind: log, path: "@/log", success: "finished OK"'
archive b-1.tgz; at "$fresh" b-*; date -d "$fresh" '+%F %T finished OK' >log.1; at "$fresh" log.1; : >log
case_of ok-status ok "status 0" "$due" "$plain" 'kind: status, path: "@/status"'
archive b-1.tgz; echo 0 >status; at "$fresh" b-* status
case_of ok-copy ok "the second copy" "$due" "$plain" 'kind: copy, device: off, ssh: reader, path: "@/copy/b-*"'
archive b-1.tgz; at "$fresh" b-*; mkdir copy; cp -p b-1.tgz copy/
case_of ok-contains ok "the sentinel of every mount is inside" "$due" "$plain, contains: [noise, etc/, home/.sentinel]"
mkdir -p t/etc t/home && touch t/etc/passwd t/home/.sentinel && cp ../noise t && tar czf b-1.tgz -C t . && at "$fresh" b-*
case_of ok-contains-tar ok "the same, not packed" "$due" "$plain, contains: [noise]"; tar cf b-1.tar -C .. noise; at "$fresh" b-*
dump() { cp -r "$NF_SRC/tests/backup/data/tables.dir" "$1" && touch -d "$fresh" "$1"/*; }
dir_art="$art"
case_of ok-pgdir ok "pg_dump's directory" "$due" "$dir_art"; dump b-1
case_of ok-pgdir-plain ok "pg_dump's directory, not packed, and its forerunners" "$due" "$dir_art, keep: 3"
for i in 1 2 3; do dump b-$i; gunzip b-$i/*.gz; at "-$((3 - i)) days -90 minutes" b-$i/*; done
case_of ok-pgdir-deep ok "pg_dump's directory, every checksum" "$due" "$dir_art, deep: true, contains: [blobs.toc]"; dump b-1
case_of ok-pgtar ok "pg_dump's tar" "$due" "$art"; gunzip -c "$NF_SRC/tests/backup/data/tables.tar.gz" >b-1.tar; at "$fresh" b-*
case_of ok-full ok "increment of today, full of last week" "$due" "$plain" 'kind: artefact, path: "@/full-*", min_size: 1KB, max_age: 8d, standing: true, complete: true'
archive b-1.tgz; at "$fresh" b-*; archive full-1.tgz; at "-5 days" full-*
case_of ok-key ok "the key for the restore is there" "$due" "$plain" 'kind: artefact, path: "@/key", standing: true'
archive b-1.tgz; at "$fresh" b-*; head -c 32 /dev/urandom >key; at "-300 days" key
case_of ok-4gib ok "5 GiB" "$due" 'kind: artefact, path: "@/b-*", min_size: 4GiB'; truncate -s 5G b-1.img; at "$fresh" b-*
case_of ok-warn ok "rsync's 0 where 24 warns" "$due" "$plain" 'kind: status, path: "@/status", warning: "^24$"'
archive b-1.tgz; echo 0 >status; at "$fresh" b-* status
case_of ok-lock ok "no lock is left" "$due" "$plain" 'kind: lock, path: "@/run-*.lock", max_age: 4h'; archive b-1.tgz; at "$fresh" b-*
case_of ok-drill ok "restored last week" "$due" "$plain" 'kind: drill, max_age: 90d'; archive b-1.tgz; at "$fresh" b-*
case_of ok-space ok "there is room" "$due" "$plain, min_free: 1KB"; archive b-1.tgz; at "$fresh" b-*
case_of ok-two ok "two artefacts, each with its own past" "$due" 'kind: artefact, path: "@/small-*", min_size: 1KB' "$plain"
for i in 1 2 3; do cp ../whole.sql small-$i; archive b-$i.tgz; at "-$i day -90 minutes" small-$i b-$i.tgz; done
cp ../cut.sql small-9; archive b-9.tgz; at "$fresh" small-9 b-9.tgz
more='start_within: 30m' case_of ok-begun running "begun in time, a lock shows it" "$later" "$plain" 'kind: lock, path: "@/lock", max_age: 4h'
archive b-1.tgz; at "$old" b-*; : >lock; at "-100 minutes" lock
more='start_within: 30m' case_of ok-early ok "begun in time, and done long before it is due" "$later" "$plain"; archive b-1.tgz; at "$fresh" b-*
if command -v restic >/dev/null && command -v borg >/dev/null; then
	export BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes BORG_BASE_DIR=$dir/borg-home
	case_of ok-restic ok "restic, and the sentinel is inside" "$due" "kind: restic, repository: @/r, password_file: @/pw, contains: [@/t/home/.sentinel, @/t/etc]"
	mkdir -p t/home t/etc; echo x >t/home/.sentinel; echo secret >pw
	restic -q --no-cache --password-file pw -r r init && restic -q --no-cache --password-file pw -r r backup "$PWD/t" || exit 99
	say='home/.other is not in it' case_of u-restic bad "restic, one-file-system left out /home" "$due" "kind: restic, repository: $dir/ok-restic/r, password_file: $dir/ok-restic/pw, contains: [$dir/ok-restic/t/home/.other]"
	say='wrong password' case_of u-restic-key bad "restic, the key is another one" "$due" "kind: restic, repository: $dir/ok-restic/r, password_file: @/pw"
	echo other >pw
	case_of ok-borg ok "borg, and the sentinel is inside" "$due" "kind: borg, repository: @/r, contains: [t/home/.sentinel]"
	mkdir -p t/home; echo x >t/home/.sentinel; borg init -e none r && borg create r::one t || exit 99
	say='home/.other is not in it' case_of u-borg bad "borg, one-file-system left out /home" "$due" "kind: borg, repository: $dir/ok-borg/r, contains: [t/home/.other]"
fi
case_of ok-plugin ok "a plugin that says 0" "$due" 'kind: plugin, run: "/bin/echo fine"'
case_of running running "being written, before due" "$later" "$plain"; archive b-1.tgz
# As long as a busy machine may take to come to it.
( for _ in $(seq 1500); do head -c 2000 ../noise >>b-1.tgz; sleep 0.2; done ) & started+=($!)
case_of running-part running "a .part of this run" "$later" "$plain"; archive b-1.tgz; at "$old" b-1.tgz
archive b-2.tgz.part; at "$fresh" b-2.tgz.part
case_of yesterday ok "yesterday's, today's is not due yet" "$later" "$plain"; archive b-1.tgz; at "$old" b-1.tgz

# the field's cases
case_of c01 bad "dump failed, gzip returned 0" "$due" "$art"; : | gzip >b-1.sql.gz; at "$fresh" b-*
case_of c02 bad "two gzip members, footer missing" "$due" "$art"
{ gzip -c ../cut.sql; head -n 50 ../cut.sql | gzip -c; } >b-1.sql.gz; at "$fresh" b-*
case_of c03 bad "dump out of memory: no footer" "$due" "$art"; cp ../cut.sql b-1.sql; at "$fresh" b-*
case_of c04 bad "0 bytes, status says fine" "$due" "$plain" 'kind: status, path: "@/status"'
: >b-1.tgz; echo 0 >status; at "$fresh" b-* status
case_of c05 bad "0 bytes, no min_size" "$due" 'kind: artefact, path: "@/b-*"'; : >b-1; at "$fresh" b-1
case_of c06 bad "pattern matches nothing" "$due" "$plain"
case_of c07 bad "target full: cut archive" "$due" "$art"; archive t; head -c 120000 t >b-1.tgz; at "$fresh" b-*
case_of c08 bad "source missing: tiny archive" "$due" "$plain"; tar czf b-1.tgz -T /dev/null; at "$fresh" b-*
case_of c09 bad "source mounted empty: size drops" "$due" "$art"
for i in 1 2 3; do archive b-$i.tgz; at "-$i day -90 minutes" b-$i.tgz; done; tar czf b-9.tgz -C .. cut.sql; at "$fresh" b-9.tgz
case_of c10 bad "permission denied on everything: near-empty" "$due" "$art"
for i in 1 2 3; do archive b-$i.tgz; at "-$i day -90 minutes" b-$i.tgz; done; tar czf b-9.tgz -C .. cut.sql; at "$fresh" b-9.tgz
case_of c11 warning "files left out, rc 0: log says so" "$due" "$plain" 'kind: log, path: "@/log", success: OK, warning: "could not read"'
archive b-1.tgz; at "$fresh" b-*; { date -d "$fresh" '+%F %T could not read x'; date -d "$fresh" '+%F %T OK'; } >log; at "$fresh" log
case_of c12 warning "warning is not folded into success" "$due" "$plain" "kind: plugin, run: \"/bin/sh -c 'exit 1'\""
archive b-1.tgz; at "$fresh" b-*
case_of c13 warning "borg's 1 is a warning, not a failure" "$due" "$plain" 'kind: status, path: "@/status", warning: "^1$"'
archive b-1.tgz; echo 1 >status; at "$fresh" b-* status
case_of c13-bad bad "borg's 2 is a failure" "$due" "$plain" 'kind: status, path: "@/status", warning: "^1$"'
archive b-1.tgz; echo 2 >status; at "$fresh" b-* status
case_of c14 bad "0 files, \"success\"" "$due" 'kind: artefact, path: "@/b-*", complete: true'; tar cf b-1.tar -T /dev/null; at "$fresh" b-*
case_of c14-gz bad "0 files, packed" "$due" 'kind: artefact, path: "@/b-*", complete: true'; tar czf b-1.tgz -T /dev/null; at "$fresh" b-*
case_of c16 late "nothing ran: only yesterday's" "$due" "$plain"; archive b-1.tgz; at "$old" b-*
case_of c17 ok "success hook never wired: the artefact counts" "$due" "$plain"; archive b-1.tgz; at "$fresh" b-*
case_of c17-hook late "the hook's status is silent since last week" "$due" "$plain" 'kind: status, path: "@/status"'
archive b-1.tgz; at "$fresh" b-*; echo 0 >status; at "-7 days" status
case_of c18 late "no run for two months" "$due" "$plain"; archive b-1.tgz; at "-60 days" b-*
case_of c19 late "already running, exit 0" "$due" "$plain" 'kind: status, path: "@/status"'
archive b-1.tgz; at "$old" b-*; echo 0 >status; at "$fresh" status
case_of c20 bad "hangs: a lock that stays" "$later" "$plain" 'kind: lock, path: "@/lock", max_age: 4h'
archive b-1.tgz; at "$old" b-*; : >lock; at "-30 hours" lock
say='still runs' case_of c21 late "an overlapping run hides the hung one" "$later" "$plain" 'kind: lock, path: "@/run-*.lock", max_age: 3d'
archive b-1.tgz; at "$fresh" b-*; : >run-1.lock; : >run-2.lock; at "$old" run-1.lock; at "$fresh" run-2.lock
more='start_within: 30m' say='start deadline' case_of c22 late "never started: known at the start deadline" "$later" "$plain" 'kind: lock, path: "@/lock", max_age: 4h'
archive b-1.tgz; at "$old" b-*
say='finish deadline' case_of c22-due late "never started: known at the finish deadline" "$due" "$plain"; archive b-1.tgz; at "-3 hours" b-*
say='too often' case_of c23 warning "loops" "$due" "$plain, max_runs: 1"
for i in 1 2 3 4 5; do archive b-$i.tgz; at "-$((90 - i)) minutes" b-$i.tgz; done
case_of c27 bad "a time in the future" "$due" "$plain"; archive b-1.tgz; at "+5 hours" b-*
case_of c29 ok/running "prune races with the look" "$due" "$plain"; archive b-1.tgz
( i=1; while sleep 0.7; do cp b-$i.tgz .t && mv .t b-$((i + 1)).tgz && rm b-$i.tgz; i=$((i + 1)); done ) & started+=($!)
case_of c30 bad "truncated on the way to the copy" "$due" "$plain" 'kind: copy, device: off, ssh: reader, path: "@/copy/b-*"'
archive b-1.tgz; at "$fresh" b-*; mkdir copy; head -c 9000 b-1.tgz >copy/b-1.tgz; at "$fresh" copy/*
case_of c31 bad "0 bytes at the far end" "$due" "$plain" 'kind: copy, device: off, ssh: reader, path: "@/copy/b-*"'
archive b-1.tgz; at "$fresh" b-*; mkdir copy; : >copy/b-1.tgz
case_of c32 bad "same size, other content" "$due" "$plain" 'kind: copy, device: off, ssh: reader, path: "@/copy/b-*"'
archive b-1.tgz; at "$fresh" b-*; mkdir copy; cp -p b-1.tgz copy/; printf X | dd of=copy/b-1.tgz bs=1 seek=500 conv=notrunc 2>/dev/null
case_of c33 bad "rsync's 23" "$due" "$plain" 'kind: status, path: "@/status", success: "^(0|24)$"'
archive b-1.tgz; echo 23 >status; at "$fresh" b-* status
say='home/.sentinel is not in it' case_of c34 bad "one-file-system left out /home" "$due" "$plain, contains: [etc/, home/.sentinel]"
mkdir -p t/etc t/home && touch t/etc/passwd && cp ../noise t && tar czf b-1.tgz -C t . && at "$fresh" b-*
say='is not in it' case_of c35-archive bad "an archive of a link, not of what it points to" "$due" "$plain, contains: [data/]"
ln -s "$dir" data; cp ../noise .; tar czf b-1.tgz data noise; rm data; at "$fresh" b-*
case_of c35 bad "a link instead of content" "$due" "$plain"; ln -s nowhere b-1.tgz
case_of c36 bad "only a folder skeleton" "$due" "$plain"; mkdir b-1; at "$fresh" b-1
say='not mounted' case_of c37 bad "target not mounted" "$due" "kind: artefact, path: \"$rootdir/b-*\", min_size: 1KB, own_filesystem: true"
archive "$rootdir/b-1.tgz"; at "$fresh" "$rootdir/b-1.tgz"
case_of c37-ok ok "target mounted" "$due" "kind: artefact, path: \"$owndir/b-*\", min_size: 1KB, own_filesystem: true"
archive "$owndir/b-1.tgz"; at "$fresh" "$owndir/b-1.tgz"
case_of c38 bad "damage in the middle (deep)" "$due" "$art, deep: true"; archive b-1.tgz
printf XXXX | dd of=b-1.tgz bs=1 seek=90000 conv=notrunc 2>/dev/null; at "$fresh" b-*
case_of c39 warning "no restore was ever tried" "$due" "$plain" 'kind: drill, max_age: 90d'; archive b-1.tgz; at "$fresh" b-*
case_of c40 bad "verify-only said success; the restore failed" "$due" "$plain" 'kind: log, path: "@/log", success: "VERIFYONLY ok"' 'kind: drill, max_age: 90d'
archive b-1.tgz; at "$fresh" b-*; date -d "$fresh" '+%F %T VERIFYONLY ok' >log; at "$fresh" log
say='pool/2 is named there and missing' case_of c41 bad "browsable, a pool file is gone" "$due" 'kind: manifest, path: "@/SUMS", sample: 4'
mkdir pool; for i in 1 2 3 4; do cp ../cut.sql pool/$i; done; sha256sum pool/* >SUMS; rm pool/2
case_of c42 bad "increment is there, its full is gone" "$due" "$plain" 'kind: artefact, path: "@/full-*", min_size: 1KB, max_age: 8d, standing: true'
archive b-1.tgz; at "$fresh" b-*
case_of c42-old bad "increment is there, its full too old" "$due" "$plain" 'kind: artefact, path: "@/full-*", min_size: 1KB, max_age: 8d, standing: true'
archive b-1.tgz; at "$fresh" b-*; archive full-1.tgz; at "-12 days" full-*
case_of c43 bad "retention deleted the good ones" "$due" "$plain, keep: 3"; archive b-1.tgz; : >b-2.tgz; : >b-3.tgz; at "$fresh" b-1.tgz; at "$old" b-2.tgz b-3.tgz
case_of c44 warning "the same every day" "$due" "$plain"; archive b-1.tgz; at '-100 minutes' b-1.tgz

# the field's, without a number
case_of u-log late "log: started, no success yet" "$due" "$plain" 'kind: log, path: "@/log", success: "finished OK"'
archive b-1.tgz; at "$fresh" b-*; { date -d "$old" '+%F %T finished OK'; date -d "$fresh" '+%F %T start'; } >log; at "$fresh" log
case_of u-sums bad "sums made from the cut file" "$due" "$art" 'kind: manifest, path: "@/SUMS"'
archive t; head -c 120000 t >b-1.tgz; at "$fresh" b-*; sha256sum b-1.tgz >SUMS
case_of u-wrong-sum bad "a sum that is wrong" "$due" "$plain" 'kind: manifest, path: "@/SUMS"'
archive b-1.tgz; sha256sum b-1.tgz >SUMS; archive b-1.tgz; echo x >>b-1.tgz; at "$fresh" b-*
case_of u-no-sum bad "the newest is not in the sums" "$due" "$plain" 'kind: manifest, path: "@/SUMS"'
archive b-0.tgz; sha256sum b-0.tgz >SUMS; at "$old" b-0.tgz; archive b-1.tgz; at "$fresh" b-1.tgz
case_of u-latest late "\"latest\" points at an old one" "$due" 'kind: artefact, path: "@/latest", min_size: 1KB'
archive b-1.tgz; at "$old" b-*; ln -s b-1.tgz latest
case_of u-folder late "a folder's time is not its content's" "$due" "$plain"; archive b-1.tgz; at "$old" b-1.tgz; mkdir b-2
case_of u-part bad "never finished" "$due" "$plain"; archive b-1.tgz.part; at "$old" b-*
say='3346.dat is missing' case_of u-pgdir-file bad "pg_dump's directory, a table's file is gone" "$due" "$dir_art"; dump b-1; rm b-1/3346.dat.gz
say='blob_16398.dat is missing' case_of u-pgdir-blob bad "pg_dump's directory, a large object is gone" "$due" "$dir_art"; dump b-1; rm b-1/blob_*
say='3346.dat.gz' case_of u-pgdir-cut bad "pg_dump's directory, a file is cut" "$due" "$dir_art"; dump b-1; truncate -s 5000 b-1/3346.dat.gz; at "$fresh" b-1/*
say='empty line' case_of u-pgdir-plain bad "pg_dump's directory, a plain file is cut" "$due" "$dir_art"; dump b-1; gunzip b-1/*.gz; truncate -s 9000 b-1/3346.dat; at "$fresh" b-1/*
say='is empty' case_of u-pgdir-empty bad "pg_dump's directory, a file is empty" "$due" "$dir_art"; dump b-1; : >b-1/3346.dat.gz; at "$fresh" b-1/*
case_of u-pgdir-toc bad "pg_dump's directory, its contents are cut" "$due" "$dir_art"; dump b-1; truncate -s 2000 b-1/toc.dat; at "$fresh" b-1/*
say='never finished' case_of u-pgdir-part bad "pg_dump stopped before its table of contents" "$due" "$dir_art"; dump b-1; rm b-1/toc.dat; at "$old" b-1/*
case_of u-pgdir-deep bad "pg_dump's directory, damage inside (deep)" "$due" "$dir_art, deep: true"; dump b-1
printf XXXX | dd of=b-1/3346.dat.gz bs=1 seek=3000 conv=notrunc 2>/dev/null; at "$fresh" b-1/*
case_of u-pgdir-late late "pg_dump's directory of yesterday" "$due" "$dir_art"; dump b-1; at "$old" b-1/*
case_of u-pgtar bad "pg_dump's tar, cut" "$due" "$art"; gunzip -c "$NF_SRC/tests/backup/data/tables.tar.gz" | head -c 12288 >b-1.tar; at "$fresh" b-*
case_of u-zip bad "zip without its directory" "$due" "$art"; zip -q t.zip ../noise; head -c 100000 t.zip >b-1.zip; at "$fresh" b-*
case_of u-xz bad "xz cut" "$due" "$art"; xz -c ../whole.sql >t; head -c 9000 t >b-1.xz; at "$fresh" b-*
case_of u-zstd bad "zstd cut" "$due" "$art"; zstd -qc ../noise >t; head -c 90000 t >b-1.zst; at "$fresh" b-*
case_of u-tar bad "tar cut" "$due" "$art"; tar cf t -C .. noise; head -c 150000 t >b-1.tar; at "$fresh" b-*
case_of u-copied warning "yesterday's copied over with a new time" "$due" "$plain"; archive b-1.tgz; at '-100 minutes' b-1.tgz
say='not in it' case_of u-wrong-host bad "right name, another host's content" "$due" "$plain, contains: [srv/]"
mkdir -p t/other; cp ../noise t/other; tar czf b-1.tgz -C t other; at "$fresh" b-*
case_of u-key-gone bad "the key for the restore is gone" "$due" "$plain" 'kind: artefact, path: "@/key", standing: true'
archive b-1.tgz; at "$fresh" b-*
case_of u-4gib bad "5 GiB, of which the copy has what fits 32 bits" "$due" 'kind: artefact, path: "@/b-*", min_size: 4GiB' 'kind: copy, device: off, ssh: reader, path: "@/copy/b-*"'
truncate -s 5G b-1.img; mkdir copy; truncate -s 1G copy/b-1.img; at "$fresh" b-* copy/b-*
case_of u-incr bad "an increment of 0 bytes" "$due" "$plain"; archive b-1.tgz; at "$old" b-1.tgz; : >b-2.tgz; at "$fresh" b-2.tgz
say='less than min_free' case_of u-space warning "the target is nearly full" "$due" "$plain, min_free: 1000TiB"; archive b-1.tgz; at "$fresh" b-*
say='no tar archive' case_of u-no-archive unverifiable "what is inside cannot be told" "$due" "$plain, contains: [x]"; cp ../noise b-1; at "$fresh" b-*
device=gone case_of u-gone unverifiable "server does not answer" "$due" "$plain"
say='new address' device=moved case_of u-moved ok "renumbered by the cutover, found at its new address" "$due" "$plain"; archive b-1.tgz; at "$fresh" b-*
say='host key is another one' say='new address' device=both case_of u-both ok "both addresses answer, and the ledger says moved" "$due" "$plain"; archive b-1.tgz; at "$fresh" b-*
device=taken case_of u-taken unverifiable "renumbered; a stranger answers at the old address" "$due" "$plain"
say="$(ssh-keygen -lf "$dir/host_ed25519.pub" | cut -d' ' -f2)" device=rekeyed case_of u-rekeyed unverifiable "host key changed: both fingerprints" "$due" "$plain"
case_of u-no-tool unverifiable "no such plugin there" "$due" 'kind: plugin, run: "/nonexistent/check"'
cd "$dir" || exit 99

cat >site.yaml <<END
site: {name: T, timezone: UTC, language: en, state_dir: state, www_dir: www}
networks:
  - {id: lab, name: Lab, role: common, prefixes: [127.0.0.0/16]}
  - {id: far, name: Far, role: legacy, prefixes: [127.9.0.0/16]}
ssh:
  - {id: reader, user: $me, port: $port, key_file: secrets/key, known_hosts_file: secrets/known}
devices_csv: devices.csv
waivers:
  - {device: off, reason: copies only, owner: them, until: 2099-12-31}
  - {device: exempt, reason: nothing on it, owner: them, until: 2099-12-31}
  - {device: expired, reason: was to be scrapped, owner: them, until: 2011-01-01}
backups:
END
# Jobs about the clock alone have a zone of their own, in which the night of the change was today.
now=$(date +%s) change=$((now / 60 * 60 - 5400))
until=$(date -u -d "@$change" '+%Y %b %-d %H:%Mu')
printf 'Zone Fix/%s\n' "Spring 0:00 - AAA $until" >zones.txt
printf '\t\t%s\n' '1:00 - BBB' >>zones.txt
printf 'Zone Fix/%s\n' "Autumn 1:00 - BBB $until" >>zones.txt
printf '\t\t%s\n' '0:00 - AAA' >>zones.txt
printf 'Zone Fix/%s\n' 'East 9:00 - EEE' >>zones.txt
zic -d zones zones.txt 2>/dev/null || { echo "zic refused"; exit 99; }
export TZDIR=$dir/zones
ln -s /usr/share/zoneinfo/UTC zones/UTC
# zone NAME: what case_of adds goes to a site of that zone
zone() {
	cp jobs.yaml jobs.main
	: >jobs.yaml
	zone=$1
}
end_zone() {
	sed -e "s|timezone: UTC|timezone: Fix/$zone|; s|state_dir: state|state_dir: state-$zone|" site.yaml >"$zone.yaml"
	cat jobs.yaml >>"$zone.yaml"
	mv jobs.main jobs.yaml
	zones+=("$zone")
}
clock() { TZ=Fix/$zone date -d "@$((change + $1 * 60))" "${2:-+%H:%M}"; } # minutes from the change
zones=()
zone Spring
starts=$(date -u -d "@$((change + 600))" +%H:%M)
say='finish deadline' case_of c24 late "DST: 02:xx never ran" "$(clock 80)" "$plain"; archive b-1.tgz; at "$old" b-*
case_of c24-ok ok "DST: it ran after the gap" "$(clock 80)" "$plain"; archive b-1.tgz; at "@$((change + 300))" b-*
cd "$dir" || exit 99
end_zone
zone Autumn
starts=$(date -u -d "@$((change + 600))" +%H:%M)
say='twice (DST)' case_of c25 ok "DST: ran twice" "$(clock 80)" "$plain, max_runs: 1"
archive b-1.tgz; cp ../whole.sql b-2; at "@$((change - 2700))" b-1.tgz; at "@$((change + 900))" b-2
case_of c25-loop warning "DST: twice is no excuse for five" "$(clock 80)" "$plain, max_runs: 1"
for i in 1 2 3 4 5; do archive b-$i.tgz; at "@$((change + i))" b-$i.tgz; done
cd "$dir" || exit 99
end_zone
zone East
starts=$(clock -60)
say='UTC' case_of c26 ok "server's log in UTC" "$(clock 80)" "$plain" 'kind: log, path: "@/log", success: OK'
archive b-1.tgz; TZ=UTC date -d "@$((change + 600))" '+%F %T OK' >log; at "@$((change + 600))" b-1.tgz log
say="($(date -u -d "@$((change + 4800))" +%H:%M) UTC)" case_of c26-late late "server's cron in UTC, people think local" "$(clock 80)" "$plain"
archive b-1.tgz; at "-16 hours" b-*
cd "$dir" || exit 99
end_zone
cat jobs.yaml >>site.yaml
"$netfold" -c site.yaml drill ok-drill --by them --result ok >/dev/null && "$netfold" -c site.yaml drill c40 --by them --result failed --note 'table missing' >/dev/null || exit 99
timeout 300 "$netfold" -c site.yaml verify c44 u-copied u-both >first 2>&1
# The ledger learns that a device moved.
sqlite3 state/state.db "INSERT INTO stage VALUES ('both', 'moved', 1, 1, '{}')" || exit 99
cp c44/b-1.tgz c44/b-2.tgz && touch -d "$fresh" c44/b-2.tgz
touch -d "$fresh" u-copied/b-1.tgz
for z in "${zones[@]}"; do
	timeout 300 "$netfold" -c "$z.yaml" verify >"out.$z" 2>"err.$z" & verifying+=($!)
done
timeout 300 "$netfold" -c site.yaml verify >out 2>err || [ $? = 1 ] || { cat err out; exit 1; }
wait "${verifying[@]}"
for site in site "${zones[@]}"; do
	"$netfold" -c "$site.yaml" backups --json >"$site.json"
done
failed=0 missed=0 false_alarms=0 count_rows=0
# row ID NOTE WANT GOT WHY SAYS
row() {
	local mark=ok
	count_rows=$((count_rows + 1))
	if [[ /$3/ != */"$4"/* ]] || [[ $5 != *"$6"* ]]; then
		mark=WRONG failed=$((failed + 1))
		[ "$4" = ok ] && missed=$((missed + 1))
		[[ $3 == ok* ]] && false_alarms=$((false_alarms + 1))
	fi
	printf '%-5s %-15s %-46s want %-12s got %-12s %s\n' "$mark" "$1" "$2" "$3" "$4" "${5//$dir/…}"
}
jq -rs 'map(.jobs[])|.[]|[.job,.verdict,.reason,([.proofs[].detail]|join("; "))]|@tsv' site.json "${zones[@]/%/.json}" >verdicts
for i in "${!names[@]}"; do
	IFS=$'\t' read -r _ got why all < <(grep -P "^${names[i]}\t" verdicts)
	[[ "$why; $all" == *"${says[i]}"* ]] || why="$why (nowhere: ${says[i]})" got="$got, but"
	row "${names[i]}" "${notes[i]}" "${wants[i]}" "$got" "$why" ""
done

# refuse ID NOTE PATTERN PROOF: what the site file may not say
refuse() {
	{ sed '/^backups:/,$d' site.yaml; echo 'backups:'
		echo "  - {id: j, device: srv, ssh: reader, starts: \"01:00\", due: \"06:00\", proofs: [{$4}]}"; } >refused.yaml
	"$netfold" -c refused.yaml check >refused 2>&1
	row "$1" "$2" refused "$([ $? = 2 ] && echo refused || echo ok)" "$(grep -m1 refused.yaml refused)" "$3"
}
refuse c15 "empty allowed: never, for nobody" min_size 'kind: artefact, path: /b, min_size: 0'
refuse c28 "threshold 0" max_age 'kind: artefact, path: /b, max_age: 0h'
refuse c28-keep "none kept is enough" keep 'kind: artefact, path: /b, keep: 0'
row u-both-before "both addresses answer, and it has not moved" ok "$(grep -q '] ok .*u-both: ' first && echo ok)" \
	"$(grep -q 'u-both:.*new address' first && echo "at its new address" || echo "at its old address")" old
gap() { jq -r --arg d "$1" '([.gaps[]|select(.device==$d)|"gap"]+[.waived[]|select(.device==$d)|"waived"]+["covered"])[0]' site.json; }
row c45 "a new server in no job" gap "$(gap new)" "" ""
row c46 "exempt, with reason, owner and end" waived "$(gap exempt)" "$(jq -c '.waived[]|select(.device=="exempt").waiver' site.json)" reason
row c46-expired "an exemption that has run out" gap "$(gap expired)" "$(jq -c '.gaps[]|select(.device=="expired").waiver' site.json)" until
row c46-ok "a server with a job" covered "$(gap srv)" "" ""
echo "$count_rows fixtures, $missed bad backups missed, $false_alarms false alarms, $failed wrong"
[ "$failed" = 0 ]
