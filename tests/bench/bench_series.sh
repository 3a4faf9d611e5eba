#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A sample's cost into its RRD beside plain rrd_update_r. TARGETS: at most 6 us and 2 kB a sample.
set -eu
folder=$(mktemp -d "${TMPDIR:-/var/tmp}/nf-bench-series-XXXXXX")
trap 'rm -rf "$folder"' EXIT INT TERM
figures=$("$NF_BUILD/tests/bench/bench_series" "$folder" "${1:-2000}")
printf '%s\n' "$figures"
printf '%s\n' "$figures" | awk '
	/^netfold-series, per sample/ { ours = $(NF - 4) }
	/^peer: rrd_update_r/ { peer = $(NF - 4) }
	END { if (peer > 0) printf "%-44s %7.2f\n", "ratio to the peer", ours / peer }'
