#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What a pass over the ledger of the cutover costs: 10,000 devices, a million days of sightings (NF_DAYS=100
# for ten million, which takes minutes to write).
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/state"
"$NF_BUILD/tests/cutover/ledger" "$work" 10000 "${NF_DAYS:-10}"
"$NF_BUILD/tests/bench/bench_cutover" "$work/site.yaml" "${NF_DAYS:-10}"
du -sm "$work/state" | awk '{ print "on disk: " $1 " MiB" }'
