# shellcheck shell=bash
# test: the stages of `./quickstart test`, one after the other, each with its time. Sourced by
# quickstart. A stage goes on after a failure before it, so that one run names everything.

# The builds and the tarball's own one share what is compiled: paths are the same to ccache.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

PASSED=0 FAILED=0 SKIPPED=0 EXCUSED=0 FAILURES=

result_of() { # TRS
	sed -n 's/^:global-test-result: \([A-Z]*\).*/\1/p' "$1"
}

failed() { # TEXT: one more, that the end of the output names
	FAILED=$((FAILED + 1))
	FAILURES+="${FAILURES:+, }$1"
}

# why LOG: the lines of a test's log that say what is wrong, else its end
why() {
	local wrong
	wrong=$(grep -a -m 12 -E '^(not ok|FAIL|\[  (ERROR|FAILED)|[^ ]*: line [0-9]+:)|ERROR: |runtime error:' "$1" ||
		tail -n 12 "$1")
	cut -c1-300 <<<"$wrong" | sed 's/^/           /'
}

# count_results DIR: adds what automake's harness noted under DIR, and names what did not pass
count_results() {
	local trs name reason
	while IFS= read -r trs; do
		name=${trs#"$1/"}
		name=${name%.trs}
		case $(result_of "$trs") in
		PASS | XFAIL) PASSED=$((PASSED + 1)) ;;
		SKIP)
			SKIPPED=$((SKIPPED + 1))
			reason=$(tail -n 2 "${trs%.trs}.log" | head -n 1 | cut -c1-150)
			say "       skipped: $name: ${reason#skipped: }"
			# The recordings of real devices are not part of the tree.
			case $reason in *recordings*) EXCUSED=$((EXCUSED + 1)) ;; esac
			;;
		*)
			failed "$name"
			say "       FAILED: $name"
			why "${trs%.trs}.log"
			;;
		esac
	done < <(find "$1/tests" -name '*.trs' | sort)
}

# again_alone DIR: runs once more, with nothing beside it, what failed in the crowd of the first run. What passes
# then measured the machine; it is named all the same, with what was wrong.
again_alone() {
	local trs name names=
	while IFS= read -r trs; do
		case $(result_of "$trs") in PASS | XFAIL | SKIP) continue ;; esac
		name=${trs#"$1/"}
		names+=" ${name%.trs}"
		say "       failed among others: ${name%.trs}"
		why "${trs%.trs}.log"
	done < <(find "$1/tests" -name '*.trs' | sort)
	[ -z "$names" ] || STEP_LINES=3 step "Once more, alone:$names" make -s -C "$1" -k check "TESTS=$names"
}

# stage TEXT COMMAND…: a step that counts as one test
stage() {
	if step "$@"; then
		PASSED=$((PASSED + 1))
	else
		failed "$1"
		return 1
	fi
}

# check_in DIR JOBS TEXT [VARIABLE=VALUE…]: `make check`, whose single tests count_results counts
check_in() {
	local dir=$1 jobs=$2 text=$3
	shift 3
	find "$dir/tests" -name '*.trs' -delete 2>/dev/null
	# The harness' own lines are counted below: a failed test is not told twice.
	STEP_LINES=3 step "$text" make -s -C "$dir" -j"$jobs" -k check "$@"
}

# The tests in a lab wait for their turn (tests/lab/lib.sh), and most of their time for something to happen:
# they begin first, each with a job of its own, and the others run beside them.
check_all_in() { # DIR TEXT
	local labs
	labs=$(cd tests && grep -lr --include='test_*.sh' '^[^#]*in_the_lab "\$@"' . | sed 's|^\.|tests|' | sort | tr '\n' ' ')
	# shellcheck disable=SC2086
	set -- "$1" "$2" $labs
	check_in "$1" $((CORES * 2 + $# - 2)) "$2" \
		"TESTS=$labs\$(filter-out $labs,\$(check_PROGRAMS) \$(dist_check_SCRIPTS))"
}

compile_all_in() { # everything, the tests and benches too, nothing run
	build_in "$1" all && build_in "$1" check TESTS= && build_in "$1" bench-tools
}

# The release tarball, built and tested as its users do, with what the first stage left to ccache.
distcheck_in() { # DIR
	NF_RING=unit NF_SEED=601 make -s -C "$1" -j"$((CORES * 2))" distcheck \
		DISTCHECK_CONFIGURE_FLAGS="CC='$(cached gcc)' --enable-werror"
}

# The tests of the first stage wait more than they compute, so that meanwhile the other builds are compiled
# ahead and the tarball is tried, at the lowest priority. Their own stages say what is wrong.
AHEAD='' TARBALL=''
work_ahead() { # GCC CLANG
	{
		configure_in build/clang "$2" --enable-werror && compile_all_in build/clang
		configure_in build/asan "$1" --enable-sanitizers --enable-werror && compile_all_in build/asan
	} >"$LOGS/ahead.log" 2>&1 </dev/null &
	AHEAD=$!
	renice -n 19 -p "$AHEAD" >/dev/null 2>&1
	{
		wait_for "$AHEAD"
		distcheck_in build/clang
	} >"$LOGS/tarball.log" 2>&1 </dev/null &
	TARBALL=$!
	renice -n 15 -p "$TARBALL" >/dev/null 2>&1
}

wait_for() { # PID: of somebody else's child
	while kill -0 "$1" 2>/dev/null; do sleep 1; done
}

finish_tarball() {
	wait "$TARBALL"
	local status=$?
	cat "$LOGS/tarball.log"
	[ "$status" = 0 ] || distcheck_in build/clang # once more, with nothing beside it
}

run_tests() {
	local gcc clang
	gcc=CC=$(cached gcc) clang=CC=$(cached clang)
	stage "Preparing the build" generate || return

	if stage "Configuring with gcc" configure_in build/gcc "$gcc" --enable-werror &&
		stage "Compiling with gcc, warnings are errors" compile_all_in build/gcc; then
		work_ahead "$gcc" "$clang"
		check_all_in build/gcc "Tests: units, simulator, lab, faults"
		wait "$AHEAD"
	fi
	stage "Configuring with clang" configure_in build/clang "$clang" --enable-werror &&
		stage "Compiling with clang, warnings are errors" compile_all_in build/clang
	if stage "Configuring with sanitizers" configure_in build/asan "$gcc" --enable-sanitizers --enable-werror &&
		stage "Compiling with sanitizers" compile_all_in build/asan; then
		# Programs only: the scripts measure seconds. Leaks are looked for where nothing locks itself up:
		# no checker can look into that.
		local leaks='tests/base/% tests/conf/% tests/store/% tests/checks/% tests/web/%'
		# Random lives are others than in the first stage.
		NF_SEED=301 ASAN_OPTIONS=detect_leaks=1 check_in build/asan "$((CORES * 4))" "Tests under sanitizers, leaks too" \
			"TESTS=\$(filter $leaks,\$(check_PROGRAMS))"
		count_results build/asan
		NF_SEED=301 ASAN_OPTIONS=detect_leaks=0 check_in build/asan "$((CORES * 4))" "Tests under sanitizers" \
			"TESTS=\$(filter-out $leaks,\$(check_PROGRAMS))"
		count_results build/asan
	fi
	[ -z "$TARBALL" ] || stage "Release tarball (make distcheck)" finish_tarball
	again_alone build/gcc
	count_results build/gcc
}

# The last line of the output, for people and for CI.
summary() {
	local status=0
	if [ "${CI:-}" = true ] && [ "$SKIPPED" -gt "$EXCUSED" ]; then
		say "In CI nothing skips but what needs recordings: $((SKIPPED - EXCUSED)) of the above count as failed."
		FAILED=$((FAILED + SKIPPED - EXCUSED))
		SKIPPED=$EXCUSED
	fi
	[ "$FAILED" = 0 ] || status=1
	[ -z "$FAILURES" ] || say "Failed: $FAILURES"
	say "$PASSED passed, $FAILED failed, $SKIPPED skipped"
	return "$status"
}
