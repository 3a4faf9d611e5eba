# shellcheck shell=bash
# turn: how many tests with networks of their own run at once. Sourced by tests/lab/lib.sh and
# tests/ping/wires.sh.

# Three labs at once are enough for two cores: they wait more than they compute. A test that asserts
# seconds says `alone=yes` before it calls take_turn, or in_the_lab, and runs when no other does.
# Whoever wants all places takes them in order. The longest test says `eager=yes`: it looks for a place more often
# than the others, so that it is not the last one.
take_turn() {
	local place pause=0.5
	[ -z "${eager:-}" ] || pause=0.05
	if [ -n "${alone:-}" ]; then
		exec 7>"$NF_BUILD/.lab-1" 8>"$NF_BUILD/.lab-2" 9>"$NF_BUILD/.lab-3"
		flock 7 && flock 8 && flock 9
		return
	fi
	while :; do
		for place in 1 2 3; do
			exec 8>"$NF_BUILD/.lab-$place"
			! flock -n 8 || return 0
		done
		sleep "$pause"
	done
}
