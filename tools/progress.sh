# shellcheck shell=bash
# progress: one line a step: what, how long. Sourced by quickstart.
#   step TEXT COMMAND…   runs COMMAND with its output in $LOGS/NAME.log; quiet when all is well,
#                        the log's end when not. Returns the command's status.

LOGS=${LOGS:-$PWD/build/logs}

say() {
	printf '%s\n' "$*"
}

# Shows that a long step lives: a counting clock on a terminal, nothing elsewhere.
step_clock() {
	local text=$1 from=$SECONDS
	while sleep 1; do
		printf '\r  …    %4d s  %s ' $((SECONDS - from)) "$text"
	done
}

step_end() {
	local verdict=$1 from=$2 text=$3
	[ -t 1 ] && printf '\r\033[K'
	printf '  %-4s %4d s  %s\n' "$verdict" $((SECONDS - from)) "$text"
}

step() {
	local text=$1 from=$SECONDS clock='' status=0 log
	shift
	mkdir -p "$LOGS"
	log=$LOGS/$(tr -cs 'a-zA-Z0-9' '-' <<<"$text" | sed 's/-*$//').log
	if [ -t 1 ]; then
		step_clock "$text" &
		clock=$!
	else
		printf '  …    %6s  %s\n' '' "$text"
	fi
	"$@" >"$log" 2>&1 </dev/null || status=$?
	[ -z "$clock" ] || { kill "$clock" && wait "$clock"; } 2>/dev/null
	if [ "$status" = 0 ]; then
		step_end ok "$from" "$text"
	else
		step_end FAIL "$from" "$text"
		say "--- the end of $log:"
		tail -n "${STEP_LINES:-60}" "$log" | sed 's/^/    /'
		say "---"
	fi
	return "$status"
}
