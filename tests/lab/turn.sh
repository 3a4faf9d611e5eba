# shellcheck shell=bash
# turn: how many tests with networks of their own run at once. Sourced by tests/lab/lib.sh and
# tests/ping/wires.sh.

# Four labs at once are enough for two cores: they wait more than they compute. A test that asserts
# seconds says `alone=yes` before it calls take_turn, or in_the_lab, and runs when no other does.
# Whoever wants all places takes them in order. The longest tests say `eager=yes`: they look for a place more often
# than the others, so that none of them is the last one.
TURN_PLACES=(1 2 3 4)

take_turn() {
	local place fd pause=0.5
	[ -z "${eager:-}" ] || pause=0.05
	if [ -n "${alone:-}" ]; then
		for place in "${TURN_PLACES[@]}"; do
			exec {fd}>"$NF_BUILD/.lab-$place"
			flock "$fd" || return
		done
		return
	fi
	while :; do
		for place in "${TURN_PLACES[@]}"; do
			exec {fd}>"$NF_BUILD/.lab-$place"
			! flock -n "$fd" || return 0
			exec {fd}>&-
		done
		sleep "$pause"
	done
}
