#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Backup jobs all the way: files on a real sshd, netfold-verify's looks, netfold drill, and what the pages say.
# shellcheck source-path=SCRIPTDIR source=../backup/ssh/sshd.sh
. "$(dirname "$0")/../backup/ssh/sshd.sh"
for program in cli/netfold checks/backup/netfold-verify web/netfold-publish; do
	[ -x "$NF_BUILD/$program" ] || { echo "$program is not built"; exit 99; }
done
netfold=$NF_BUILD/cli/netfold
server main 'ListenAddress 127.9.0.1'
awk -v p="$port" '{ print "[127.9.0.1]:" p, $1, $2 }' host_ed25519.pub host_ecdsa.pub >>known
mkdir secrets && cp user_ed25519 secrets/key && cp known secrets/known && chmod 600 secrets/*
export TZ=UTC
starts=$(date -d '-2 hours' +%H:%M) due=$(date -d '-1 hour' +%H:%M)
head -c 60000 /dev/urandom >noise
tar czf good-1.tgz noise && touch -d '-90 minutes' good-1.tgz
head -c 30000 good-1.tgz >cut-1.tgz && touch -d '-90 minutes' cut-1.tgz
job() {
	printf '  - {id: %s, device: %s, ssh: reader, starts: "%s", due: "%s", proofs: [{kind: artefact, path: "%s", min_size: 1KB, complete: true}%s]}\n' \
		"$1" "$2" "$starts" "$due" "$dir/$3" "$4"
}
{
	cat <<-END
		site: {name: T, timezone: UTC, language: en, state_dir: state, www_dir: www}
		networks:
		  - {id: lab, name: Lab, role: common, prefixes: [127.0.0.0/16]}
		  - {id: far, name: Far, role: legacy, prefixes: [127.9.0.0/16]}
		ssh: [{id: reader, user: $me, port: $port, key_file: secrets/key, known_hosts_file: secrets/known}]
		devices:
		  - {name: srv, kind: server, network: lab, address: 127.0.0.1}
		  - {name: twin, kind: server, network: far, address: 127.9.0.1}
		  - {name: bare, kind: server, network: lab, address: 127.0.0.3}
		  - {name: waived, kind: server, network: lab, address: 127.0.0.4}
		  - {name: lapsed, kind: server, network: lab, address: 127.0.0.5}
		waivers:
		  - {device: waived, reason: holds nothing, owner: Operations, until: 2099-12-31}
		  - {device: lapsed, reason: to be switched off, owner: Bo, until: 2020-06-30}
		backups:
	END
	job good srv 'good-*' ', {kind: drill, max_age: 90d}'
	job cut srv 'cut-*'
	job missing twin 'no-such-*'
	job never twin 'good-*'
} >site.yaml
"$netfold" -c site.yaml check >check.out 2>&1 || { cat check.out; exit 1; }
"$netfold" -c site.yaml drill good --result ok --by Operations --note "read back whole" >drill.out 2>&1 ||
	{ cat drill.out; exit 1; }
timeout 60 "$netfold" -c site.yaml verify good cut missing >verify.out 2>&1
"$netfold" -c site.yaml backups --json >backups.json
"$NF_BUILD/web/netfold-publish" -c site.yaml --once || exit 1

# says PAGE PATTERN WHAT: the page, without its marks, holds it
says() {
	count=$((count + 1))
	if sed 's/<[^>]*>/ /g; s/&#8203;//g' "www/$1" | tr -s ' \n' ' ' | grep -qE -- "$2"; then
		echo "ok      $1: $3"
	else
		echo "not ok  $1: $3, wanted: $2"
		failed=1
	fi
}
word() { case $1 in ok) echo Good ;; warning) echo Warning ;; bad) echo Bad ;; late) echo Late ;; *) echo Unverifiable ;; esac; }
for name in good cut missing never; do
	verdict=$(jq -r --arg j $name '.jobs[]|select(.job==$j)|.verdict' backups.json)
	says backup/$name.html " $name As of [^·]* · [^·]* $(word "$verdict") " "says what netfold backups says ($verdict)"
	says backups.html "$(word "$verdict") $name " "lists it so"
done
says backup/cut.html "Bad Written to its end .*gzip" "the proof that fails, and why"
says backup/cut.html "Artefact $dir/cut-1.tgz Size 29.3 KiB Written" "the artefact, its size and time"
says backup/good.html "Good [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{5} , Operations: read back whole" "the drill"
says backup/good.html "sha256:" "the hash"
says backup/never.html "Not looked at yet" "that nobody has looked"
says backups.html "Servers without any backup: 2" "how many gaps"
says backups.html "Gap bare .*no job and no waiver" "the gap"
says backups.html "Waived waived .*holds nothing Operations 31 Dec 2099" "the waiver and its end"
says backups.html "Gap lapsed .*to be switched off Bo 30 Jun 2020 over" "the waiver that is over"
says risks.html "Duplicate SSH host keys .*SHA256:[^ ]* srv twin " "that two servers share a key"
jobs=$(grep -o '<td class="s-[a-z]*' www/backups.html | wc -l)
[ "$jobs" = 3 ] || { echo "not ok  the matrix has $jobs verdicts, wanted 3"; failed=1; }
finish
