#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Servers that lie, stall and never stop cost one time-out and delay nobody (FAULTS 34, 35).
set -u
. "$(dirname "$0")/sshd.sh"

# scoundrel's way, what is said, seconds that it may take
while read -r how pattern; do
	scoundrel "$how"
	want "$how" "$pattern" -t 2 stat:/
done <<'END'
silent time-out.*says nothing
banner time-out.*nothing more
lines not SSH.*256 KiB
ignore not SSH.*256 KiB
garbage not SSH
zeros (not SSH|connection cut|no common)
huge (not SSH|connection cut|no common)
empty (time-out|connection cut|no common)
close unreachable.*MaxStartups
drip (time-out|not SSH)
END

# All of them at once, in one worker, beside a server that is well.
server plain
good=$port
cat hostile.* >ports
for p in $(cat ports); do
	timeout 60 "$asker" -w 1 -a 127.0.0.1 -p "$p" -u "$me" -h known -k user_ed25519 -t 2 -q stat:/ 2>/dev/null &
done
port=$good
want "a good server meanwhile" '^ok size=' -t 2 stat:/
wait_for=$(jobs -rp | tail -n "$(wc -w <ports)")
for pid in $wait_for; do case " ${started[*]} " in *" $pid "*) ;; *) wait "$pid" ;; esac; done
finish
