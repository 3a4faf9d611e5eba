#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Thirty recorded devices, played by the simulator, probed by netfold: every value of the contract's
# tables must be there and right, also through agents that answer badly, and over SNMPv1.
. "${NF_SRC:-.}/tests/lab/sim/nfsim.sh" || exit 1

recordings=${NF_RECORDINGS:-$NF_SRC/../shared/recordings}
ls "$recordings"/*.snmprec >/dev/null 2>&1 || skip "no recordings in $recordings (NF_RECORDINGS)"
NF_PROFILES=$NF_SRC/conf/profiles
export NF_PROFILES
compare=$NF_BUILD/tests/snmp/compare

# play NUMBER DEVICE PROFILE LINE…: an agent, and its row of the inventory
play() {
	echo "127.4.0.$1 recording:$recordings/$2.snmprec $4" >>"$work/conf"
	echo "n$1,other,lab,127.4.0.$1,$3" >>"$work/devices.csv"
}

mkdir "$work/secrets"
(umask 077 && echo public >"$work/secrets/community")
echo name,kind,network,address,snmp >"$work/devices.csv"
number=0
for recording in "$recordings"/*.snmprec; do
	number=$((number + 1))
	# Recorded without a context; in each VLAN's they show the same.
	case $recording in
	*-cisco-*) options=contexts ;;
	*) options= ;;
	esac
	play $number "$(basename "$recording" .snmprec)" v2 "$options"
done
plain=$number
while read -r device profile options; do
	[ -f "$recordings/$device.snmprec" ] || continue
	number=$((number + 1))
	play $number "$device" "$profile" "$options"
done <<END
switch-hpe-procurve-516733-b21 v2 bulk-max=1
switch-dlink-des3200 v2 toobig=12
cloud-arista-dcs-7150s-52-cl v2 max-size=600
switch-cisco-c3560 v2 loss=5
os-linux-slackware v2 duplicates=3
UPS-phoenixtec-power v2 delay=50ms
wifi-ubiquiti-m5 v1 v1-only
END
sim_start -c "$work/conf"
cat >"$work/site.yaml" <<END
site: {name: recordings, timezone: UTC, state_dir: state, www_dir: www}
networks:
  - {id: lab, name: Lab, role: common, prefixes: [127.0.0.0/8], max_packets_per_second: 100000}
snmp:
  - {id: v1, version: 1, community_file: secrets/community, port: $port, timeout: 2s, retries: 5}
  - {id: v2, version: 2c, community_file: secrets/community, port: $port, timeout: 2s, retries: 5}
devices_csv: devices.csv
END
"$NF_BUILD/cli/netfold" -c "$work/site.yaml" probe --all --json >"$work/probe" 2>"$work/errors" || {
	echo "not ok: the probe says that something is wrong"
	cat "$work/errors"
	failures=$((failures + 1))
}
[ "$(wc -l <"$work/probe")" = "$number" ] || {
	echo "not ok: $(wc -l <"$work/probe") lines for $number devices"
	failures=$((failures + 1))
}
device=0
while read -r address source options; do
	device=$((device + 1))
	sed -n "${device}p" "$work/probe" >"$work/one"
	if "$compare" "${source#recording:}" "$work/one" >"$work/diff"; then
		echo "ok: $(basename "$source" .snmprec) $options: $(tail -n 1 "$work/diff")"
	else
		echo "not ok: $(basename "$source" .snmprec) $options ($address)"
		cut -c1-300 "$work/diff"
		failures=$((failures + 1))
	fi
done <"$work/conf"

# The comparison itself can fail: one digit of one counter.
sed -n 1p "$work/probe" | sed 's/"ifInOctets":\([0-9]*\)/"ifInOctets":\18/' >"$work/one"
"$compare" "$(ls "$recordings"/*.snmprec | head -n 1)" "$work/one" >/dev/null && {
	echo "not ok: a wrong counter went unnoticed"
	failures=$((failures + 1))
}
echo "$plain recordings"
finish
