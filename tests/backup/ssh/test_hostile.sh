#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Servers that lie, stall and never stop cost one time-out and delay nobody (FAULTS 34, 35).
set -u
# shellcheck source-path=SCRIPTDIR source=sshd.sh
. "$(dirname "$0")/sshd.sh"

# scoundrel's way, the time-out, what is said. Who talks is found out long before, however busy the machine.
while read -r how seconds pattern; do
	scoundrel "$how"
	want "$how" "$pattern" -t "$seconds" stat:/
done <<'END'
silent 2 time-out.*says nothing
banner 2 time-out.*nothing more
lines 60 not SSH.*256 KiB
ignore 60 not SSH.*256 KiB
garbage 60 not SSH
zeros 60 (not SSH|connection cut|no common)
huge 60 (not SSH|connection cut|no common)
empty 2 (time-out|connection cut|no common)
close 60 unreachable.*MaxStartups
drip 2 (time-out|not SSH)
END

# All of them at once, in one worker, beside a server that is well.
server plain
addresses=() i=1
for how in silent banner lines ignore garbage zeros huge drip; do
	i=$((i + 1))
	addresses+=(-a "127.0.0.$i")
	"$hostile" $how 127.0.0.$i "$port" >"bad.$how" &
	started+=($!)
	until [ -s "bad.$how" ]; do sleep 0.01; done
done
# As long as a busy machine may take for a login.
ask -w 1 -t 20 "${addresses[@]}" stat:/ stat:/etc
[ "$(grep -c '^ok size=' answers)" = 2 ] && [ "$(grep -c '^unverifiable' answers)" = 16 ] ||
	{ echo "not ok  all at once"; cat answers; failed=1; }
grep -q 'crashes=0 workers=1' log || { echo "not ok  no crash"; cat log; failed=1; }
late=$(grep -n 'time-out' answers | head -n 1 | cut -d: -f1) well=$(grep -n '^ok size=' answers | tail -n 1 | cut -d: -f1)
[ "$well" -lt "$late" ] || { echo "not ok  the good server waited for the bad ones"; cat answers; failed=1; }
finish
