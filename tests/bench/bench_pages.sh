#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the pages weigh, and how soon a reader sees something, in Chromium with its CPU throttled four times;
# then search, sort and filter with 10,000 devices (BENCH_DEVICES). Limits, from the issue: overview 150 KiB, device
# 250 KiB, first paint 1 s. Needs what tests/web/test_pages.sh has brought from npm.
set -u
: "${NF_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${NF_BUILD:=$NF_SRC/build}"
export NODE_PATH=$NF_BUILD/tests/web/modules/node_modules
[ -d "$NODE_PATH/playwright-core" ] || { echo "run tests/web/test_pages.sh first: it brings playwright-core"; exit 1; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# site DEVICES: a site of six networks, most devices behind switches, with a day behind it
site() {
	mkdir -p "$work/$1" && cd "$work/$1" || exit 1
	{
		echo 'site: {name: Bench, timezone: Europe/Stockholm, language: sv, state_dir: state, www_dir: www}'
		echo 'networks:'
		for i in 0 1 2 3 4 5; do echo "  - {id: n$i, name: Network $i, role: legacy, prefixes: [10.$i.0.0/16]}"; done
		echo 'devices_csv: devices.csv'
	} >site.yaml
	awk -v n="$1" 'BEGIN {
		print "name,kind,network,address,parent,owner"
		for (i = 0; i < n; i++) {
			net = i % 6; k = int(i / 6); at = "10." net "." int(k / 250) "." k % 250 + 1
			up = k % 20 == 0 ? "" : "sw-" net "-" int(k / 20) * 20
			printf "%s-%d-%d,%s,n%d,%s,%s,Owner %d\n", k % 20 ? "dev" : "sw", net, k, k % 20 ? "printer" : "switch", net, at, up, i % 7
		}
	}' >devices.csv
	"$NF_BUILD/tests/web/history" site.yaml 2 7 >/dev/null || exit 1
	[ "$1" -gt 2000 ] || "$NF_BUILD/store/netfold-series" -c site.yaml --once
	"$NF_BUILD/web/netfold-publish" -c site.yaml --once
}
for devices in ${BENCH_DEVICES:-1000 10000}; do
	site $devices
	node "$NF_SRC/tests/bench/bench_pages.js" "$work/$devices/www" $devices || exit 1
done
