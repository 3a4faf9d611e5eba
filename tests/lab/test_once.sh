#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run --once: one pass of everything, then the end, with every answer kept; and the commands that only
# look: check, doctor, discover, status before anything was asked.
. "$(dirname "$0")/lib.sh"
in_the_lab "$@"

want "check finds the lab's site good" sh -c "'$NF_BUILD/cli/netfold' -c site.yaml check >check.out"
want "and names its networks" grep -q jakgym check.out
netfold status >status.out 2>&1
want "status before the first run does not crash" [ $? -le 3 ]

netfold run --once >netfold.log 2>&1
want "run --once ends well (a printer short of toner is a problem)" [ $? -le 1 ]
await 1 "every device was asked, and is alive" all_alive || show_states
want "its series are there" [ -f "$(series_of admin-router ping)" ]

"$LAB" cut "$DIR" skola-files
netfold run --once >>netfold.log 2>&1
want_same "with a device down it says problems" 1 $?
want "and which" state_is skola-files critical
"$LAB" heal "$DIR" skola-files

want "discover finds what is there" sh -c \
	"'$NF_BUILD/cli/netfold' -c site.yaml discover --network lab >discover.out"
want "as rows of devices.csv" grep -q 10.103.0.10 discover.out
finish
