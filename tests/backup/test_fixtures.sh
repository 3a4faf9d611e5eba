#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Backups that look finished and are not: the numbered cases of the field, made by real tools on a real
# sshd, each with the verdict that it must get, and healthy ones beside them. The table is printed.
# Cases that are about times alone (DST, schedules) stand in test_job and tests/conf.
# shellcheck source-path=SCRIPTDIR source=ssh/sshd.sh
. "$(dirname "$0")/ssh/sshd.sh"
netfold=$NF_BUILD/cli/netfold
[ -x "$netfold" ] || { echo "netfold is not built"; exit 99; }
for tool in jq gzip xz zstd tar zip; do
	command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
server main 'ListenAddress 127.9.0.1'
awk -v p="$port" '{ print "[127.9.0.1]:" p, $1, $2 }' host_ed25519.pub host_ecdsa.pub >>known
mkdir secrets && cp user_ed25519 secrets/key && cp known secrets/known && chmod 600 secrets/*
export TZ=UTC
starts=$(date -d '-2 hours' +%H:%M) due=$(date -d '-1 hour' +%H:%M) later=$(date -d '+2 hours' +%H:%M)
fresh='-90 minutes' old='-1 day -90 minutes'
head -c 200000 /dev/urandom >noise
{ echo "-- MariaDB dump 10.19"; for i in $(seq 3000); do echo "INSERT INTO t VALUES ($i,'$RANDOM$RANDOM');"; done
	echo "-- Dump completed on 2011-02-08  1:12:13"; } >whole.sql
head -n 2000 whole.sql >cut.sql
touch noise
names=() wants=() notes=()
: >jobs.yaml
cat >devices.csv <<END
name,kind,network,address
srv,server,lab,127.0.0.1
off,server,far,127.9.0.1
gone,server,lab,127.0.0.9
END

# case ID WANT TEXT DUE PROOF…: the job and its folder, in which we are afterwards
case_of() {
	local id=$1
	names+=("$1") wants+=("$2") notes+=("$3")
	{
		echo "  - id: $id"
		echo "    device: ${device:-srv}"
		echo "    ssh: reader"
		echo "    starts: \"$starts\""
		echo "    due: \"$4\""
		echo "    proofs:"
		shift 4
		printf '      - {%s}\n' "$@"
	} | sed "s|@|$dir/$id|g" >>"$dir/jobs.yaml"
	mkdir -p "$dir/$id" && cd "$dir/$id" || exit 99
}
at() { touch -d "$1" "${@:2}"; }
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
case_of ok-plugin ok "a plugin that says 0" "$due" 'kind: plugin, run: "/bin/echo fine"'
case_of running running "being written, before due" "$later" "$plain"; archive b-1.tgz
( for _ in $(seq 150); do cat ../noise >>b-1.tgz; sleep 0.2; done ) & started+=($!)
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
case_of c11 bad "files left out: log says so" "$due" "$plain" 'kind: log, path: "@/log", success: OK, failure: "could not read"'
archive b-1.tgz; at "$fresh" b-*; { date -d "$fresh" '+%F %T could not read x'; date -d "$fresh" '+%F %T OK'; } >log; at "$fresh" log
case_of c12 warning "warning is not folded into success" "$due" "$plain" "kind: plugin, run: \"/bin/sh -c 'exit 1'\""
archive b-1.tgz; at "$fresh" b-*
case_of c16 late "nothing ran: only yesterday's" "$due" "$plain"; archive b-1.tgz; at "$old" b-*
case_of c18 late "no run for two months" "$due" "$plain"; archive b-1.tgz; at "-60 days" b-*
case_of c19 late "already running, exit 0" "$due" "$plain" 'kind: status, path: "@/status"'
archive b-1.tgz; at "$old" b-*; echo 0 >status; at "$fresh" status
case_of c20 bad "hangs: a lock that stays" "$later" "$plain" 'kind: lock, path: "@/lock", max_age: 4h'
archive b-1.tgz; at "$old" b-*; : >lock; at "-30 hours" lock
case_of c22 late "never started" "$due" "$plain"; archive b-1.tgz; at "-3 hours" b-*
case_of c27 bad "a time in the future" "$due" "$plain"; archive b-1.tgz; at "+5 hours" b-*
case_of c30 bad "truncated on the way to the copy" "$due" "$plain" 'kind: copy, device: off, ssh: reader, path: "@/copy/b-*"'
archive b-1.tgz; at "$fresh" b-*; mkdir copy; head -c 9000 b-1.tgz >copy/b-1.tgz; at "$fresh" copy/*
case_of c31 bad "0 bytes at the far end" "$due" "$plain" 'kind: copy, device: off, ssh: reader, path: "@/copy/b-*"'
archive b-1.tgz; at "$fresh" b-*; mkdir copy; : >copy/b-1.tgz
case_of c32 bad "same size, other content" "$due" "$plain" 'kind: copy, device: off, ssh: reader, path: "@/copy/b-*"'
archive b-1.tgz; at "$fresh" b-*; mkdir copy; cp -p b-1.tgz copy/; printf X | dd of=copy/b-1.tgz bs=1 seek=500 conv=notrunc 2>/dev/null
case_of c33 bad "rsync's 23" "$due" "$plain" 'kind: status, path: "@/status", success: "^(0|24)$"'
archive b-1.tgz; echo 23 >status; at "$fresh" b-* status
case_of c35 bad "a link instead of content" "$due" "$plain"; ln -s nowhere b-1.tgz
case_of c36 bad "only a folder skeleton" "$due" "$plain"; mkdir b-1; at "$fresh" b-1
case_of c38 bad "damage in the middle (deep)" "$due" "$art, deep: true"; archive b-1.tgz
printf XXXX | dd of=b-1.tgz bs=1 seek=90000 conv=notrunc 2>/dev/null; at "$fresh" b-*
case_of c39 warning "no restore was ever tried" "$due" "$plain" 'kind: drill, max_age: 90d'; archive b-1.tgz; at "$fresh" b-*
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
case_of u-zip bad "zip without its directory" "$due" "$art"; zip -q t.zip ../noise; head -c 100000 t.zip >b-1.zip; at "$fresh" b-*
case_of u-xz bad "xz cut" "$due" "$art"; xz -c ../whole.sql >t; head -c 9000 t >b-1.xz; at "$fresh" b-*
case_of u-zstd bad "zstd cut" "$due" "$art"; zstd -qc ../noise >t; head -c 90000 t >b-1.zst; at "$fresh" b-*
case_of u-tar bad "tar cut" "$due" "$art"; tar cf t -C .. noise; head -c 150000 t >b-1.tar; at "$fresh" b-*
case_of u-copied warning "yesterday's copied over with a new time" "$due" "$plain"; archive b-1.tgz; at '-100 minutes' b-1.tgz
device=gone case_of u-gone unverifiable "server does not answer" "$due" "$plain"
case_of u-no-tool unverifiable "no restic there" "$due" 'kind: restic, repository: /r, password_file: /p'
cd "$dir" || exit 99

cat >site.yaml <<END
site: {name: T, timezone: UTC, language: en, state_dir: state, www_dir: www}
networks:
  - {id: lab, name: Lab, role: common, prefixes: [127.0.0.0/16]}
  - {id: far, name: Far, role: legacy, prefixes: [127.9.0.0/16]}
ssh:
  - {id: reader, user: $me, port: $port, key_file: secrets/key, known_hosts_file: secrets/known}
devices_csv: devices.csv
backups:
END
cat jobs.yaml >>site.yaml
timeout 300 "$netfold" -c site.yaml verify c44 u-copied >first 2>&1
cp c44/b-1.tgz c44/b-2.tgz && touch -d "$fresh" c44/b-2.tgz
touch -d "$fresh" u-copied/b-1.tgz
timeout 300 "$netfold" -c site.yaml verify >out 2>err || [ $? = 1 ] || { cat err out; exit 1; }
"$netfold" -c site.yaml backups --json >backups.json
failed=0 missed=0 false_alarms=0
for i in "${!names[@]}"; do
	got=$(jq -r --arg j "${names[i]}" '.jobs[]|select(.job==$j)|.verdict' backups.json)
	why=$(jq -r --arg j "${names[i]}" '.jobs[]|select(.job==$j)|.reason' backups.json)
	mark=ok
	if [ "$got" != "${wants[i]}" ]; then
		mark=WRONG failed=$((failed + 1))
		[ "$got" = ok ] && missed=$((missed + 1))
		[ "${wants[i]}" = ok ] && false_alarms=$((false_alarms + 1))
	fi
	printf '%-5s %-14s %-40s want %-12s got %-12s %s\n' "$mark" "${names[i]}" "${notes[i]}" \
		"${wants[i]}" "$got" "${why//$dir/…}"
done
echo "${#names[@]} fixtures, $missed bad backups missed, $false_alarms false alarms, $failed wrong"
[ "$failed" = 0 ]
