# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the tests of the command share: a folder with a small site, stubs in the place of its programs, and
# a few words for expectations. Sourced; the folder is removed at the end.
set -u
# shellcheck disable=SC2034 # for those that source this
SRC=${NF_SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
BUILD=${NF_BUILD:-$PWD}
# shellcheck disable=SC2034
NETFOLD=$BUILD/cli/netfold
FOLDER=$(mktemp -d)
STARTED=()
FAILED=0
export STUB_FOLDER=$FOLDER NETFOLD_LIBEXEC=$FOLDER/libexec
unset NO_COLOR

tidy() {
	local pid
	for pid in "${STARTED[@]}"; do kill -KILL "$pid" 2>/dev/null; done
	rm -f "$FOLDER"/*.stubborn
	wait
	rm -rf "$FOLDER"
}
trap tidy EXIT

cd "$FOLDER" || exit 1
mkdir libexec
for name in netfold-ping netfold-snmp netfold-series netfold-wire netfold-verify netfold-notify netfold-publish netfold-serve; do
	ln -s "$BUILD/tests/cli/stub" "libexec/$name"
done
cat >site.yaml <<END
site: {name: Prov, timezone: Europe/Stockholm, state_dir: state}
networks:
  - {id: a, role: legacy, prefixes: [127.0.0.0/16]}
  - {id: common, role: common, prefixes: [10.100.0.0/14]}
devices_csv: devices.csv
END
cat >devices.csv <<END
name,kind,network,address,parent
router,router,a,127.0.0.1,
files,server,a,127.0.0.2,router
END

ok() { echo "ok: $*"; }
bad() {
	echo "FAIL: $*"
	FAILED=1
}

. "$SRC/tests/patience.sh"

# same WHAT WANTED GOT
plain() { ! grep -q "$(printf '\033')" "$1"; } # no colour in the file
same() { if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: wanted '$2', got '$3'"; fi; }
# holds WHAT COMMAND…
holds() {
	local what=$1
	shift
	if "$@" >/dev/null; then ok "$what"; else bad "$what"; fi
}
# ends WHAT STATUS COMMAND…: its exit status; output in out, messages in err
ends() {
	local what=$1 wanted=$2 got
	shift 2
	"$@" >out 2>err
	got=$?
	[ "$got" = "$wanted" ] || { cat out err; }
	same "$what" "$wanted" "$got"
}
finish() { exit "$FAILED"; }
