#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A cut link: the right device goes down, those behind it become unreachable, within 10 seconds of the
# cut, and nothing else changes; healed, all of them come back.
. "$(dirname "$0")/lib.sh"
alone=yes in_the_lab "$@"

start_alive

verdict_ms() { # verdict_ms DEVICE STATE SINCE: of its first event to STATE after SINCE
	events_of "$1" | while read -r at state; do
		at=$(date -d "$at" +%s%3N)
		[ "$state" != "$2" ] || [ "$at" -lt "$3" ] || { echo "$at"; break; }
	done
}

# cut_and_heal DEVICE BEHIND…
cut_and_heal() {
	local device=$1 cut behind at
	shift
	cut=$(now_ms)
	"$LAB" cut "$DIR" "$device"
	await 15 "$device is down" state_is "$device" critical
	for behind in "$@"; do
		await 10 "$behind is unreachable" state_is "$behind" unreachable
	done
	for behind in "$device" "$@"; do
		at=$(verdict_ms "$behind" "$(state_of "$behind" ping)" "$cut")
		want "$behind: hard $((${at:-0} - cut)) ms after the cut, at most 10000" \
			[ $((${at:-0} - cut)) -le 10000 -a "${at:-0}" -ge "$cut" ]
	done
	want_same "nothing else changed" "$((1 + $#))" "$(netfold status --json |
		jq '[.devices[].checks[] | select(.name == "ping" and .state != "ok")] | length')"
	"$LAB" heal "$DIR" "$device"
	for behind in "$device" "$@"; do
		await 20 "$behind is back" check_is "$behind" ping ok
	done
	for behind in "$@"; do
		want "$behind was never called down" [ -z "$(verdict_ms "$behind" critical "$cut")" ]
	done
}

cut_and_heal skola-files
cut_and_heal jakgym-switch jakgym-files jakgym-printer jakgym-stack jakgym-ap
cut_and_heal vard-router vard-switch vard-files vard-journal vard-ups
cut_and_heal lab-router lab-server
await 60 "all alive again" all_alive
netfold_stop
finish
