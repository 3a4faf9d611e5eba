# shellcheck shell=bash
# test: the stages of `./quickstart test`, one after the other, each with its time. Sourced by
# quickstart. A stage goes on after a failure before it, so that one run names everything.

PASSED=0 FAILED=0 SKIPPED=0 EXCUSED=0

# count_results DIR: adds what automake's harness noted under DIR, and names what did not pass
count_results() {
	local trs result name reason
	while IFS= read -r trs; do
		name=${trs#"$1/"}
		name=${name%.trs}
		result=$(sed -n 's/^:global-test-result: \([A-Z]*\).*/\1/p' "$trs")
		case $result in
		PASS | XFAIL) PASSED=$((PASSED + 1)) ;;
		SKIP)
			SKIPPED=$((SKIPPED + 1))
			reason=$(tail -n 2 "${trs%.trs}.log" | head -n 1 | cut -c1-150)
			say "       skipped: $name: ${reason#skipped: }"
			# The recordings of real devices are not part of the tree.
			case $reason in *recordings*) EXCUSED=$((EXCUSED + 1)) ;; esac
			;;
		*)
			FAILED=$((FAILED + 1))
			say "       FAILED: $name"
			tail -n 40 "${trs%.trs}.log" | sed 's/^/           /'
			;;
		esac
	done < <(find "$1/tests" -name '*.trs' | sort)
}

# stage TEXT COMMAND…: a step that counts as one test
stage() {
	if step "$@"; then
		PASSED=$((PASSED + 1))
	else
		FAILED=$((FAILED + 1))
		return 1
	fi
}

# check_in DIR TEXT [VARIABLE=VALUE…]: `make check` whose single tests are counted
check_in() {
	local dir=$1 text=$2
	shift 2
	find "$dir/tests" -name '*.trs' -delete 2>/dev/null
	# Many at once: what runs alone (tests/lab/lib.sh) waits for its turn without costing anything.
	# The harness' own lines are counted below: a failed test is not told twice.
	STEP_LINES=3 step "$text" make -s -C "$dir" -j"$((CORES * 4))" -k check "$@"
	count_results "$dir"
}

compile_all_in() { # everything, the tests too, nothing run
	build_in "$1" all && build_in "$1" check TESTS=
}

# The tests of the first stage wait more than they compute (one lab at a time), so that meanwhile the other
# builds are compiled ahead, at the lowest priority. Their own stages say what does not compile.
AHEAD=''
compile_ahead() { # GCC CLANG
	{
		configure_in build/clang "$2" --enable-werror && compile_all_in build/clang
		configure_in build/asan "$1" --enable-sanitizers --enable-werror && compile_all_in build/asan
	} >"$LOGS/ahead.log" 2>&1 </dev/null &
	AHEAD=$!
	renice -n 19 -p "$AHEAD" >/dev/null 2>&1
}

run_tests() {
	local gcc clang
	gcc=CC=$(cached gcc) clang=CC=$(cached clang)
	step "Preparing the build" generate || { FAILED=1; return; }

	if stage "Configuring with gcc" configure_in build/gcc "$gcc" --enable-werror &&
		stage "Compiling with gcc, warnings are errors" compile_all_in build/gcc; then
		compile_ahead "$gcc" "$clang"
		check_in build/gcc "Tests: units, simulator, lab, faults"
		wait "$AHEAD"
	fi
	stage "Configuring with clang" configure_in build/clang "$clang" --enable-werror &&
		stage "Compiling with clang, warnings are errors" compile_all_in build/clang
	if stage "Configuring with sanitizers" configure_in build/asan "$gcc" --enable-sanitizers --enable-werror &&
		stage "Compiling with sanitizers" compile_all_in build/asan; then
		# Programs only: the scripts measure seconds. Leaks are looked for where nothing locks itself up:
		# no checker can look into that.
		local leaks='tests/base/% tests/conf/% tests/store/% tests/checks/% tests/web/%'
		ASAN_OPTIONS=detect_leaks=1 check_in build/asan "Tests under sanitizers, leaks too" \
			"TESTS=\$(filter $leaks,\$(check_PROGRAMS))"
		ASAN_OPTIONS=detect_leaks=0 check_in build/asan "Tests under sanitizers" \
			"TESTS=\$(filter-out $leaks,\$(check_PROGRAMS))"
	fi
	stage "Release tarball (make distcheck)" env NF_RING=unit \
		make -s -C build/gcc -j"$CORES" distcheck DISTCHECK_CONFIGURE_FLAGS="CC='$(cached gcc)'"
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
	say "$PASSED passed, $FAILED failed, $SKIPPED skipped"
	return "$status"
}
