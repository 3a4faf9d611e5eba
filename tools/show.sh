#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# show: netfold at work on a site. quickstart runs it on the lab's monitor, or beside a private snmpd and
# sshd of this machine.
#   show.sh once SITE            one pass of everything, a summary, the end
#   show.sh follow SITE [LAB]    until interrupted: states, then events as they happen; with LAB (the
#                                lab's directory) something happens there, too
set -u
mode=$1 site=$2 lab=${3:-}
top=$(dirname "$(dirname "$(readlink -f "$0")")")
netfold() { "$top/build/root/bin/netfold" -c "$site" "$@"; }
dir=$(dirname "$(readlink -f "$site")")

once() {
	local status=0
	echo "One pass of everything ..."
	netfold run --once 2>"$dir/netfold.log" || status=$?
	if [ "$status" -gt 1 ]; then
		tail -n 20 "$dir/netfold.log" >&2
		exit "$status"
	fi
	echo
	echo "Its log is $dir/netfold.log. It keeps $(find "$dir/state/rrd" -name '*.rrd' | wc -l) series below $dir/state/rrd;"
	echo "any of them can be read with rrdtool, for instance:"
	find "$dir/state/rrd" -name ping.rrd | sort | head -n 1 | sed 's/.*/    rrdtool fetch & AVERAGE -s -600/'
	echo "The dashboard: $dir/www/index.html, for any browser, without a server."
	return "$status"
}

say_mailboxes() {
	if [ -d "$lab/hosts/common-mail/mail" ]; then
		echo "Whoever is on call gets mail, through the lab's own Postfix: ls -ltr \$D/hosts/common-mail/mail/*/new"
	else
		echo "Mails are only written down, not sent: the lab's mail server takes root, postfix and sasl2-bin."
	fi
}

how_to_play() {
	cat <<-EOF

		Open another terminal in $top and try:
		    L=tests/lab/lab; D=${lab#"$top/"}
		    N="\$L in \$D monitor build/root/bin/netfold -c \$D/site.yaml"    as the lab's monitor sees it
		    \$N status                    also incidents, events, backups
		    \$L cut \$D skola-switch       the switch goes down, what is behind it unreachable
		    \$L heal \$D skola-switch      and everything comes back
		    \$L loss \$D vard-files 30     a bad cable; also delay, spoil (see \$L)
		    \$L move \$D skola-printer      moves it into the common network; also move-half, move-back
		    \$N cutover                   where everything stands, within two minutes; also cutover skola
		    \$L move \$D skola-ap           its address is lent, so it asks for a new one
		    \$L client \$D vikarie 40      then somebody unknown takes the old one; give-back ends a lease
		    \$N discover --network skola --prefix 10.3.0.0/26    names them
		    \$N cutover snapshot w2       what is true of two devices; after move: \$N cutover verify w2
		    \$L spoil-backup \$D files-admin    cuts tonight's backup off in the middle;
		    \$L backup \$D files-admin          makes a good one (\$L backup \$D: all jobs)
		$(say_mailboxes)
		The dashboard follows within a minute. Its log is \$D/netfold.log, its series lie in \$D/state/rrd. Ctrl-C ends everything.

	EOF
}

# The lab is minutes old: a made-up day before it gives the pages and charts something to show.
make_past() {
	[ -n "$lab" ] && [ -x "$top/build/release/tests/web/history" ] || return 0
	echo "Making up a day of history for the lab ..."
	"$top/build/release/tests/web/history" "$site" 24 1 plain >"$dir/history.log" 2>&1 &&
		"$top/build/root/libexec/netfold/netfold-series" -c "$site" --once >>"$dir/history.log" 2>&1 ||
		echo "It did not work, see $dir/history.log; going on without."
}

say_dashboard() {
	echo
	echo "The dashboard: ${DASHBOARD:-}"
	echo "    or, without a server: $dir/www/index.html"
}

# Everything has been asked once when nothing is unknown any more and cycles ended: the made-up past knows
# everything from the start.
settle() {
	local tries=45
	until netfold status --json 2>/dev/null | jq -e '(.devices | length) > 0 and
			all(.devices[].state; . != "unknown") and
			([.programs[] | select(.cycle_at != null) | .name] |
				contains(["netfold-ping", "netfold-snmp"]))' >/dev/null; do
		kill -0 "$run" 2>/dev/null || { tail -n 20 "$dir/netfold.log" >&2; exit 3; }
		[ $((tries -= 1)) -gt 0 ] || break
		sleep 1
	done
}

follow() {
	make_past
	echo "Watching; after one full cycle, about half a minute, the first states are known ..."
	# In a session of its own: a Ctrl-C reaches it once, from here.
	setsid "$top/build/root/bin/netfold" -c "$site" run </dev/null >"$dir/netfold.log" 2>&1 &
	run=$!
	trap stop INT TERM
	settle
	netfold status
	say_dashboard
	if [ -n "$lab" ]; then
		how_to_play
		"$top/tests/lab/mover" "$lab" &
		mover=$!
	else
		echo "Events as they happen; Ctrl-C ends."
	fi
	netfold events --follow --since 1s &
	events=$!
	wait "$run"
	echo "netfold ended by itself; its log:" >&2
	tail -n 20 "$dir/netfold.log" >&2
	exit 3
}

stop() {
	trap '' INT TERM
	echo
	echo "Stopping ..."
	kill -TERM ${mover:+"$mover"} ${events:+"$events"} "$run" 2>/dev/null
	wait "$run"
	exit 0
}

"$mode"
