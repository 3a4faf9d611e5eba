# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# patience: how long a test waits for something to happen. Whoever sources this has `ok WHAT` and `bad WHAT`.

# A limit is what an idle machine may need; a busy one gets NF_PATIENCE times that. So a limit that is too
# small for the machine fails nothing, and what never comes still fails. What is about seconds measures them.
: "${NF_PATIENCE:=6}"

# await SECONDS WHAT COMMAND…: until the command succeeds; how long that took is printed
await() {
	local from=${EPOCHREALTIME/./} limit=$(($1 * NF_PATIENCE)) what=$2 pause=0.05
	shift 2
	until "$@" >/dev/null 2>&1; do
		if [ $((${EPOCHREALTIME/./} - from)) -gt $((limit * 1000000)) ]; then
			bad "$what: not within $limit s"
			return 1
		fi
		# Who waits long asks seldom: others need the machine meanwhile.
		[ $((${EPOCHREALTIME/./} - from)) -lt 2000000 ] || pause=0.2
		sleep "$pause"
	done
	ok "$what, after $(((${EPOCHREALTIME/./} - from) / 1000)) ms"
}
