#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SFTP servers that lie, stall, are cut off or never come to an end: each is told apart, no name leads out of
# its folder, no number is believed (FAULTS 34, 39 to 41). All are asked at once.
set -u
# shellcheck source-path=SCRIPTDIR source=sshd.sh
. "$(dirname "$0")/sshd.sh"

head -c 100000 /dev/urandom >file
sum=$(sha256sum <file | cut -d' ' -f1)

# liar HOW: its port in $port; started once
liar() {
	[ "$how" = "$1" ] || server "$1" "Subsystem sftp $fake_sftp $1 $dir/file"
	how=$1
}

# row HOW NAME PATTERN [OPTION…] QUESTION: as want, of such a server; all are asked at once, which takes a busy
# machine its time: only who is asked for a time-out has a short one
how='' rows=0 names=() patterns=()
row() {
	liar "$1"
	names+=("$2") patterns+=("$3")
	mkdir "row.$rows"
	(cd "row.$rows" && ask -h "$dir/known" -k "$dir/user_ed25519" -t 55 "${@:4}") &
	asked[rows++]=$!
}
asked=()

row good "a sane one: the list" '^ok entries=1 seen=1 entry=\[/x/b-1.tgz\] size=100000 .* file$' 'list:/x/b-*'
row good "its content" "digest=$sum read=100000\$" hash:/x/b-1.tgz
row good "no space told" 'not supported' statvfs:/x
row million "a million names" '^ok entries=1 seen=1000001 entry=\[/x/b-1.tgz\]' 'list:/x/b-*'
row million "a million that fit" '^ok entries=1000 seen=1000001 truncated' 'list:/x/*'
row endless "names without end" 'time-out' -t 5 'list:/x/b-*'
row names "names that lead elsewhere" '^ok entries=4 seen=7 ' 'list:/x/b-*'
strange=$((rows - 1))
row larger "says twice its size" "digest=$sum read=100000 changed\$" hash:/x/b-1.tgz
row larger "nothing where its end should be" '^ok len=0$' read@199000+1000:/x/b-1.tgz
row smaller "says half its size" "digest=$sum read=100000 changed\$" hash:/x/b-1.tgz
row growing "grows with every look" "digest=$sum .* changed\$" hash:/x/b-1.tgz
row replaced "another one after it was read" "digest=$sum .* changed\$" hash:/x/b-1.tgz
row vanishing "listed, then gone: a look" '^absent' stat:/x/b-1.tgz
row vanishing "listed, then gone: reading" '^absent' read@0+10:/x/b-1.tgz
row closed "a folder that may not be read" '^denied' 'list:/x/b-*'
row unreadable "a file that may not be read" '^denied' hash:/x/b-1.tgz
row failing "failure" '^unverifiable \(failed\)' 'list:/x/b-*'
row bits "a hundred bytes at a time" "digest=$sum read=100000\$|unverifiable.*make no sense" hash:/x/b-1.tgz
row ahead "a clock that is ahead" '^ok ahead=(18000|17999|18001)$' clock:
row behind "a clock that is behind" '^ok ahead=-(18000|17999|18001)$' clock:
row cut "cut in mid-read, again and again" '^unverifiable \((connection cut|unreachable)\)' hash:/x/b-1.tgz
row garbage "garbage for data" '^unverifiable' -t 5 hash:/x/b-1.tgz
row many "four thousand million names in one packet" '^unverifiable' -t 5 'list:/x/b-*'
row wrong-id "answers to nobody" '^unverifiable' -t 5 stat:/x/b-1.tgz
row long "a packet of two gigabytes" '^unverifiable' -t 5 stat:/x/b-1.tgz
row stall-init "silent at its start" 'time-out.*start SFTP' -t 5 stat:/x/b-1.tgz
row stall-list "silent in a list" 'unverifiable \(time-out\)' -t 5 'list:/x/b-*'
row stall-stat "silent at a look" 'unverifiable \(time-out\)' -t 5 stat:/x/b-1.tgz
row stall-read "silent in mid-file" 'unverifiable \(time-out\)' -t 5 hash:/x/b-1.tgz
wait "${asked[@]}"
for i in "${!names[@]}"; do
	cp "row.$i/answers" "row.$i/log" .
	like "${names[i]}" "${patterns[i]}"
done
strange=row.$strange/answers
! grep -q passwd "$strange" && grep -q 'x/b-line\\x0abreak' "$strange" && grep -q 'x/b-\\x1b' "$strange" || {
	echo "not ok  the names: $(cat "$strange")"
	failed=1
}
finish
