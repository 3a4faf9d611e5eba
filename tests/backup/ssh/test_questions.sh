#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Questions to a real server: names, links, sizes, contents, commands (FAULTS 39 to 42).
set -u
# shellcheck source-path=SCRIPTDIR source=sshd.sh
. "$(dirname "$0")/sshd.sh"
for tool in gzip xz zstd bzip2; do
	command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
server plain

mkdir -p t/a t/b t/d.x && seq 100000 >t/big
: >t/empty
touch -d '2011-02-03 04:05:06Z' t/a/old.db && touch -d '2011-02-04 04:05:06Z' t/b/new.db
ln -s big t/link.x && ln -s nowhere t/dangling.x && ln -s ring t/ring
printf x >"t/with space.x" && printf x >$'t/line\nbreak.x' && printf x >$'t/bad\xff.x' && printf x >t/.hidden.x
printf x >"t/$(printf 'n%.0s' $(seq 253)).x"
want "stat" "^ok size=$(stat -c %s t/big) mtime=$(stat -c %Y t/big) file\$" "stat:$dir/t/big"
want "a folder" '^ok .* directory$' "stat:$dir/t"
want "absent" '^absent: .*no such file' "stat:$dir/t/none"
want "a ring of links" '^(absent|unverifiable \(failed\))' "stat:$dir/t/ring"
want "names of every kind" '^ok entries=7 .*with space.x.*' "list:$dir/t/*.x"
grep -q 'line\\x0abreak' answers && grep -q 'bad\\xff' answers && grep -q 'link.x\] size=588895 .* file link' answers &&
	grep -q 'dangling.x\].* link dangling' answers && ! grep -q hidden answers || { cat answers; failed=1; }
want "wildcard in the middle, newest first" '^ok entries=2 .*new.db.*old.db' "list:$dir/t/?/*.db"
want "no wildcard" '^ok entries=1 ' "list:$dir/t/big"
want "no match" '^ok entries=0 ' "list:$dir/t/*.none"
want "no folder" '^absent' "list:$dir/none/*"
want "a file for a folder" '^(unverifiable|absent)' "list:$dir/t/big/*"
if [ "$(id -u)" = 0 ]; then echo "as root nothing is denied"; else
	mkdir t/closed && chmod 0 t/closed
	want "denied" '^denied' "list:$dir/t/closed/*"
fi
mkdir many && (cd many && seq -f 'f%.0f.gz' 30000 | xargs touch)
want "thirty thousand names" '^ok entries=1000 seen=3000[0-9] truncated' "list:$dir/many/*"
want "the start" '^ok len=4 bytes=\[1\\x0a2\\x0a\]' "read@0+4:$dir/t/big"
want "the end, short" '^ok len=3 bytes=\[00\\x0a\]' "read@$(($(stat -c %s t/big) - 3))+100:$dir/t/big"
want "behind the end" '^ok len=0$' "read@10000000+100:$dir/t/big"
want "an empty file" '^ok len=0$' "read@0+100:$dir/t/empty"
want "sha256" "digest=$(sha256sum <t/big | cut -d' ' -f1) read=588895\$" "hash:$dir/t/big"
want "sha512" "digest=$(sha512sum <t/big | cut -d' ' -f1)" "sha512:$dir/t/big"
want "md5" "digest=$(md5sum <t/big | cut -d' ' -f1)" "md5:$dir/t/big"
want "sha256 of a part" "digest=$(head -c 1000 t/big | tail -c 500 | sha256sum | cut -d' ' -f1)" "hash@500+500:$dir/t/big"

gzip -k t/big && xz -k -0 t/big && zstd -q t/big && bzip2 -k t/big
cat t/big.gz t/big.gz >t/two.gz && cat t/big.xz t/big.xz >t/two.xz && cat t/big.zst t/big.zst >t/two.zst &&
	cat t/big.bz2 t/big.bz2 >t/two.bz2
{ cat t/big.gz; head -c 512 /dev/zero; } >t/padded.gz
for kind in gz xz zst bz2; do
	want "deep $kind" 'unpacked=588895 sound' "deep:$dir/t/big.$kind"
	want "deep $kind, two of them" 'unpacked=1177790 sound' "deep:$dir/t/two.$kind"
	size=$(stat -c %s "t/big.$kind")
	for cut in 1 $((size / 2)); do
		head -c $((size - cut)) "t/big.$kind" >"t/cut.$kind"
		want "deep $kind without the last $cut" 'broken.*(cut|damaged)' "deep:$dir/t/cut.$kind"
	done
	{ head -c $((size / 2)) "t/big.$kind"; printf 'XYZ'; tail -c +$((size / 2 + 4)) "t/big.$kind"; } >"t/bad.$kind"
	want "deep $kind with three other bytes" 'broken' "deep:$dir/t/bad.$kind"
	{ cat "t/big.$kind"; echo rubbish; } >"t/more.$kind"
	want "deep $kind with something behind" 'broken.*behind its end' "deep:$dir/t/more.$kind"
done
want "deep gz with a tape's zeros" 'unpacked=588895 sound' "deep:$dir/t/padded.gz"
want "deep of text" 'not supported' "deep:$dir/t/big"
want "deep of nothing" 'not supported' "deep:$dir/t/empty"

want "words are words" '^ok bytes=\[it.s \$HOME !! \\ "x" \* `id`\] status=0' 'exec:printf|%s|it'"'"'s $HOME !! \ "x" * `id`'
want "status" '^ok status=7' 'exec:sh|-c|exit 7'
want "no such command" '^ok status=127 errors' 'exec:no-such-command'
want "stderr" '^ok status=0 errors=\[oops' 'exec:sh|-c|echo oops >&2'
want "input is empty" '^ok bytes=\[0\\x0a\] status=0' 'exec:wc|-c'
want "output without end" 'no exit status.*more than is read' 'exec:yes'
want "errors without end" 'no exit status.*more than is read' 'exec:sh|-c|yes >&2'
want "killed command" '^ok status=139' 'exec:sh|-c|kill -SEGV $$'
want "killed shell" 'no commands|no exit status' 'exec:sh|-c|kill -KILL $PPID; sleep 5'
want "a command that hangs" 'time-out.*sleep' -t 4 'exec:sleep|100'
want "output that looks like the end" '^ok bytes=\[\\x0anetfold-status-0:0\\x0a\] status=3' 'exec:sh|-c|printf "\nnetfold-status-0:0\n"; exit 3'
want "locale" '^ok bytes=\[C\\x0a\] status=0' 'exec:sh|-c|echo $LC_ALL'
want "clock" '^ok ahead=-?[01]$' clock:
want "space" '^ok space' statvfs:/

# Cut in the middle: the server's process for the connection dies; asked again on a new one.
head -c 200000000 /dev/zero >t/large
ask "hash:$dir/t/large" &
asking=$!
for _ in $(seq 200); do
	[ -n "$(pgrep -P "${started[0]}")" ] && break
	sleep 0.01
done
sleep 0.3
for victim in $(pgrep -P "${started[0]}"); do kill -9 "$victim"; done
wait $asking
like "cut once in mid-read" "digest=$(sha256sum <t/large | cut -d' ' -f1)"
ask "hash:$dir/t/large" &
asking=$!
sleep 0.2
for _ in 1 2 3 4 5 6 7 8; do echo more >>t/large; sleep 0.05; done
wait $asking
like "a file that grows while it is read" 'digest=.* changed$|digest='

# A worker that dies: others go on, the host that did it twice is named.
want "a worker that is brought down" '^crashed: the verifier crashed on this host' -c /crash stat:/crash
ask "exec:sleep|1" &
asking=$!
sleep 0.4
for pid in $(pgrep -f -- netfold-ssh-worker); do
	grep -qs "$dir" "/proc/$(ps -o ppid= -p "$pid" | tr -d ' ')/environ" && kill -9 "$pid"
done
wait $asking
like "kill -9 of the worker" '^ok status=0'
"$asker" --netfold-ssh-selftest >answers
like "nothing works inside the sandbox" '^0 things'
finish
