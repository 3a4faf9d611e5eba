#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The clock is set back an hour, and forward again, while everything runs: no false alarm, no crash,
# nothing old looks fresh, no series is poisoned.
. "$(dirname "$0")/../lab/lib.sh"
in_the_lab "$@"
need faketime

library=$(find /usr/lib -name libfaketime.so.1 2>/dev/null | head -n 1)
[ -n "$library" ] || skip "libfaketime is not installed"
echo '+0' >clock
export FAKETIME_TIMESTAMP_FILE=$PWD/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
netfold() { LD_PRELOAD=$library "$NF_BUILD/cli/netfold" -c "$SITE" "$@"; }
LD_PRELOAD=$library "$NF_BUILD/cli/netfold" -c "$SITE" run </dev/null >>netfold.log 2>&1 &
NETFOLD=$!
await 60 "all alive" all_alive
programs=$(pgrep -d, -P "$NETFOLD")
file=$(series_of admin-files ping)
await 40 "a first sample" [ -f "$file" ]

step() { # step OFFSET WHAT
	echo "$1" >clock
	sleep 5
	await 60 "$2: all alive" all_alive
	want_same "$2: no program died" "$programs" "$(pgrep -d, -P "$NETFOLD")"
	want "$2: no false alarm" never_down admin-files jakgym-switch vard-files
}

step -3600 "an hour back"
# A device that dies now must be seen, with the clock as it is.
"$LAB" cut "$DIR" skola-files
await 20 "an hour back: an outage is seen" check_is skola-files ping critical
"$LAB" heal "$DIR" skola-files
await 20 "an hour back: and its end" check_is skola-files ping ok
step +0 "right again"
step +3600 "an hour ahead"
step +0 "right once more"
want "the series is readable" readable "$file"
near_now() {
	local last
	last=$(rrdtool last "$file" | head -n 1)
	[ $((last - $(date +%s))) -le 10 ] && [ $((last - $(date +%s))) -ge -20 ]
}
await 30 "and goes on at the right time" near_now
netfold_stop
want_same "it ends well" 0 $?
finish
