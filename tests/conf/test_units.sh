#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The systemd units, as `make install` leaves them: they are right, each has the one right of its program and
# no more, and nothing stays after `make uninstall`.
set -u
: "${NF_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${NF_BUILD:=$PWD}"
command -v systemd-analyze >/dev/null || { echo "skipped: systemd-analyze is not installed"; exit 77; }
D=$(mktemp -d) FAILED=0
trap 'rm -rf "$D"' EXIT
same() { if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "FAIL: $1: wanted '$2', got '$3'"; FAILED=1; fi; }
at_most() { if awk -v a="$2" -v b="$3" 'BEGIN { exit !(b <= a) }'; then echo "ok: $1"; else echo "FAIL: $1: $3, wanted at most $2"; FAILED=1; fi; }
make_units() { # TARGET: with every folder below D
	make -s -C "$NF_BUILD" "$1" prefix="$D" systemdsystemunitdir="$D/units" sysusersdir="$D/sysusers" \
		tmpfilesdir="$D/tmpfiles" sysctldir="$D/sysctl" >"$D/log" 2>&1 || { cat "$D/log"; exit 1; }
}
make_units install-systemd
export SYSTEMD_UNIT_PATH=$D/units: SYSTEMD_LOG_COLOR=0
programs=$(cd "$D/units" && echo netfold-*.service | sed 's/netfold-\([a-z]*\)\.service/\1/g')
wanted=$(sed -n 's/.*\.name = "netfold-\([a-z]*\)".*/\1/p' "$NF_SRC/cli/programs.c" | sort | xargs)
same "a unit for each program that netfold run starts" "$wanted" "$programs"
same "the target wants them all" "$wanted" \
	"$(sed -n 's/^Wants=//p' "$D/units/netfold.target" | tr ' ' '\n' | sed 's/netfold-\(.*\)\.service/\1/' | sort | xargs)"

# The programs are not installed where the units say; all else is complained of in full.
sed -i 's|^ExecStart=.*|ExecStart=/bin/true|; /^Documentation=/d' "$D"/units/*.service "$D/units/netfold.target"
same "systemd has nothing to say" "" "$(systemd-analyze verify "$D/units/netfold.target" "$D"/units/*.service 2>&1)"
exposure() {
	systemd-analyze security --offline=true --threshold=100 "$D/units/netfold-$1.service" 2>/dev/null |
		sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p'
}
for program in $programs; do
	case $program in
	series | publish) most=0.6 ;;
	ping | wire) most=2.2 ;;
	*) most=1.6 ;;
	esac
	at_most "exposure of netfold-$program" "$most" "$(exposure "$program")"
done
has() { grep -hx "$2" "$D/units/netfold-$1.service" "$D/units/netfold-.service.d/sandbox.conf" | head -n 1; }
for program in $programs; do
	case $program in
	ping | wire) right='CapabilityBoundingSet=CAP_NET_RAW' ;;
	*) right='CapabilityBoundingSet=' ;;
	esac
	same "$program: its capabilities" "$right" "$(has "$program" 'CapabilityBoundingSet=.*')"
	same "$program: a user of its own" "User=netfold-$program" "$(has "$program" 'User=.*')"
	same "$program: is in the list of users" 1 "$(grep -c "^u netfold-$program " "$D/sysusers/netfold.conf")"
	for line in Type=notify Restart=always WatchdogSec=60 ProtectSystem=strict NoNewPrivileges=yes 'MemoryMax=.*'; do
		same "$program: $line" 1 "$(has "$program" "$line" | wc -l)"
	done
done
for program in series publish; do
	same "$program: no network" PrivateNetwork=yes "$(has "$program" 'PrivateNetwork=.*')"
done
mkdir -p "$D/root/etc"
same "systemd takes the users" "" "$(systemd-sysusers --root="$D/root" "$D/sysusers/netfold.conf" 2>&1 | grep -v '^Creating ')"
same "each in the common group" "$(($(wc -w <<<"$programs") + 1))" \
	"$(awk -F: 'NR == FNR { if ($1 == "netfold") gid = $3; next } $4 == gid' "$D/root/etc/group" "$D/root/etc/passwd" | wc -l)"
make_units uninstall-systemd
same "nothing stays" "" "$(find "$D/units" "$D/sysusers" "$D/tmpfiles" "$D/sysctl" -type f)"
exit "$FAILED"
