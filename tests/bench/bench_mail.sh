#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a cut link to the mail in the mailbox, through the lab's mail server: hard verdict, mail owed, mail
# delivered; and from the heal to the recovery. Usage: bench_mail.sh [CUTS] [SETTLE], 3 and 3s. It pings every
# 2 s, as the lab does.
. "$(dirname "$0")/../lab/lib.sh"
. "$(dirname "$0")/../lab/mailbox.sh"
in_the_lab "$@"
needs_mailboxes
cuts=${1:-3} settle=${2:-3s}
sed -i "s/settle: 3s/settle: $settle/" site.yaml
start_alive >/dev/null

ms_of() { date -d "$1" +%s%3N; }

# The time at which the mailbox got the mail: of the file's last change.
arrived() {
	stat -c %.Y "$1" | awk '{ printf "%d", $1 * 1000 }'
}

verdict_ms() { # verdict_ms DEVICE SINCE
	local at state
	events_of "$1" | while read -r at state; do
		at=$(ms_of "$at")
		[ "$state" != critical ] || [ "$at" -lt "$2" ] || { echo "$at"; break; }
	done
}

# came KIND DEVICE MS: sets MAIL to the first of that kind about the device after that time
came() {
	local user file
	for user in $MAIL_USERS; do
		for file in $(mails "$user" X-Netfold-Kind "$1"); do
			[ "$(arrived "$file")" -gt "$3" ] || continue
			case $(header "$file" Subject) in *": $2 "*) MAIL=$file && return ;; esac
		done
	done
	return 1
}

# Another device each time: one that goes up and down is told once, as flapping.
mapfile -t devices < <(devices '$3 != "lab" && $2 != "router" && $1 !~ /switch|mail/')
for i in $(seq "$cuts"); do
	device=${devices[$((i % ${#devices[@]}))]}
	sleep "0.$((RANDOM % 10))"
	cut=$(now_ms)
	"$LAB" cut "$DIR" "$device"
	await 120 problem came problem "$device down" "$cut" >/dev/null || continue
	hard=$(verdict_ms "$device" "$cut") mail=$(arrived "$MAIL")
	heal=$(now_ms)
	"$LAB" heal "$DIR" "$device"
	await 120 recovery came recovery "$device" "$heal" >/dev/null || continue
	echo "$((hard - cut)) $((mail - cut)) $(($(arrived "$MAIL") - heal)) $device" | tee -a times
done

column() { # column N NAME
	cut -d' ' -f"$1" times | sort -n | awk -v name="$2" '{ v[NR] = $1 }
		END { printf "%s: median %.1f s, worst %.1f s of %d\n", name, v[int((NR + 1) / 2)] / 1000, v[NR] / 1000, NR }'
}
column 1 "cut to hard verdict"
column 2 "cut to mail in the mailbox, settle $settle"
column 3 "heal to recovery in the mailbox"
netfold_stop
finish
