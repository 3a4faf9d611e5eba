#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Files as the real programs write them carry their end; the same files, cut anywhere, do not.
set -u
: "${NF_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${NF_BUILD:=$NF_SRC/build}"
ending_of=$NF_BUILD/tests/backup/ending_of
[ -x "$ending_of" ] || { echo "$ending_of is not built"; exit 99; }
for tool in gzip xz zstd bzip2 zip 7z tar sqlite3; do
	command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
dir=$(mktemp -d) && cd "$dir" || exit 99
trap 'rm -rf "$dir"' EXIT
RANDOM=42
failed=0

# expect WANT FILE [CUT]: the verdict's first words
expect() {
	local got
	got=$("$ending_of" ${3:+-c "$3"} "$2")
	case $got in
	$1*) ;;
	*) echo "$2${3:+ cut at $3}: $got; expected $1"; failed=1 ;;
	esac
}

# cuts FILE [COUNT]: cut at COUNT places it never looks complete
cuts() {
	local size count=${2:-60} at
	size=$(stat -c %s "$1")
	for ((i = 0; i < count; i++)); do
		at=$(((RANDOM * 32768 + RANDOM) % size))
		case $("$ending_of" -c $at "$1") in
		complete*) echo "$1 cut at $at of $size looks complete"; failed=1 ;;
		esac
	done
}

rows() { seq 1 15000 | awk '{ print "INSERT INTO t VALUES (" $1 ",'\''row " ($1 * 7919) % 10007 "'\'');" }'; }
{ echo "-- MySQL dump 10.19  Distrib 10.3"; rows; echo "-- Dump completed on 2011-02-03  4:05:06"; } >mysql.sql
{ echo "-- MySQL dump 10.19  Distrib 10.3"; rows; } >stopped.sql
{ echo "-- PostgreSQL database dump"; rows; printf -- '--\n-- PostgreSQL database dump complete\n--\n\n'; } >pg.sql
{ echo "-- PostgreSQL database cluster dump"; cat pg.sql; } >cluster.sql
{ echo "-- MySQL dump 10.19"; echo "INSERT INTO t VALUES ('-- Dump completed');"; } >quoted.sql
head -c 1500000 /dev/urandom >noise
sqlite3 db.sqlite 'create table t(a); insert into t select value from generate_series(1,5000)'
sqlite3 db.sqlite .dump >sqlite.sql

expect 'complete SQL dump: MySQL' mysql.sql
expect 'broken SQL dump: MySQL' stopped.sql
expect 'broken SQL dump: MySQL' quoted.sql
expect 'complete SQL dump: PostgreSQL,' pg.sql
expect 'broken SQL dump: PostgreSQL cluster' cluster.sql
expect 'complete SQL dump: SQLite' sqlite.sql
expect 'complete SQLite: all' db.sqlite
expect 'no-proof' noise
: >empty
expect 'broken the file is empty' empty

for level in 1 6 9; do
	gzip -$level -c mysql.sql >"m$level.gz"
	expect "complete gzip: trailer and the MySQL dump's last line" "m$level.gz"
done
gzip -c stopped.sql >stopped.gz
expect 'broken gzip: gzip itself is whole, but the MySQL dump inside stopped early' stopped.gz
gzip -c pg.sql >pg.gz
expect 'complete gzip: trailer and the PostgreSQL' pg.gz
cat m1.gz m9.gz >members.gz
expect 'complete gzip' members.gz
gzip -c noise >noise.gz
expect 'complete gzip: last block' noise.gz
echo hello | gzip -c >hello.gz
expect 'complete gzip: last block' hello.gz
: | gzip -c >nothing.gz
expect 'broken gzip: nothing was packed' nothing.gz

xz -c mysql.sql >m.xz
xz -c --block-size=65536 mysql.sql >blocks.xz
cat m.xz blocks.xz >streams.xz
{ cat m.xz; head -c 8 /dev/zero; } >padded.xz
for f in m.xz blocks.xz streams.xz padded.xz; do expect 'complete xz' $f; done

zstd -q -c mysql.sql >m.zst
zstd -q -19 -c mysql.sql >m19.zst
zstd -q --no-check -c <noise >noise.zst
cat noise.zst m.zst >frames.zst
for f in m.zst m19.zst noise.zst frames.zst; do expect 'complete zstd' $f; done

bzip2 -c mysql.sql >m.bz2
expect 'complete bzip2' m.bz2
tar cf t.tar mysql.sql noise
expect 'complete tar' t.tar
zip -q z.zip mysql.sql noise
zip -q - noise <mysql.sql >stream.zip
echo 'a comment' | zip -qz z.zip >/dev/null
for f in z.zip stream.zip; do expect 'complete zip' $f; done
7z a -bso0 -bsp0 s.7z mysql.sql >/dev/null
expect 'complete 7z' s.7z

for f in tables pipe; do expect 'complete pg_dump custom: 9 entries' "$NF_SRC/tests/backup/data/$f.pgdump"; done
expect 'complete pg_dump custom: 7 entries, no data' "$NF_SRC/tests/backup/data/schema.pgdump"

for f in m6.gz noise.gz m.xz blocks.xz m.zst m19.zst noise.zst m.bz2 t.tar z.zip s.7z db.sqlite; do cuts $f; done
for f in tables schema; do cuts "$NF_SRC/tests/backup/data/$f.pgdump" 120; done
exit $failed
