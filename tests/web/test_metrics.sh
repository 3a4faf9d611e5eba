#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The figures, with hostile names, as the real Prometheus reads them from netfold-serve.
set -u
: "${NF_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${NF_BUILD:=$PWD}"
skip() { echo "skipped: $*"; exit 77; }
for tool in prometheus promtool curl jq; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done
D=$(mktemp -d) FAILED=0 PIDS='' PORT=$((20000 + RANDOM % 20000))
# shellcheck disable=SC2086
trap 'kill $PIDS 2>/dev/null; wait; rm -rf "$D"' EXIT
cd "$D" || exit 99
same() { if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "FAIL: $1: wanted '$2', got '$3'"; FAILED=1; fi; }

cat >site.yaml <<END
site: {name: Prov, state_dir: state, www_dir: www}
serve: {port: $PORT}
networks: [{id: a, role: common, prefixes: [127.0.0.0/16]}, {id: old, role: legacy, prefixes: [10.1.0.0/16]}]
devices_csv: devices.csv
END
cat >devices.csv <<'END'
name,kind,network,address,owner
plain,server,a,127.0.0.1,x
"quo""te\n {x=""1""} <b>",server,a,127.0.0.2,x
åäö-漢,switch,a,127.0.0.3,x
leaving,server,old,10.1.0.1,x
END
"$NF_BUILD/web/netfold-publish" -c site.yaml --once 2>log || { cat log; exit 1; }
same "the file ends" "# EOF" "$(tail -n 1 www/metrics)"
same "the counts add up to the inventory" 4 "$(awk '/^netfold_devices\{/ { n += $2 } END { print n }' www/metrics)"
same "who was never asked is neither up nor down" 0 "$(grep -c '^netfold_device_up{' www/metrics)"
same "and unknown" 4 "$(grep -c '^netfold_device_state{.*} 3$' www/metrics)"
same "who moves is counted" 1 "$(grep -c '^netfold_move_devices{network="old",stage="unknown"} 1$' www/metrics)"
same "what was never computed is neither ready nor not" 0 "$(grep -c '^netfold_network_ready{' www/metrics)"
# promtool knows the older form only, in which a counter's family has its whole name.
"$NF_BUILD/web/netfold-serve" -c site.yaml 2>>log &
PIDS=$!
for _ in $(seq 100); do curl -s "http://127.0.0.1:$PORT/metrics" >all && break; sleep 0.1; done
sed -E '/^# (HELP|TYPE) netfold_serve_(responses|connections_ended) /s/^(# [A-Z]+ [a-z_]+)/\1_total/' all |
	promtool check metrics >said 2>&1
same "promtool has nothing to say" 0 "$?$(cat said)"

cat >prometheus.yml <<END
global: {scrape_interval: 1s}
scrape_configs: [{job_name: netfold, static_configs: [{targets: ["127.0.0.1:$PORT"]}]}]
END
prometheus --config.file=prometheus.yml --storage.tsdb.path=tsdb \
	--web.listen-address="127.0.0.1:$((PORT + 1))" >prometheus.log 2>&1 &
PIDS="$PIDS $!"
query() { curl -sG "http://127.0.0.1:$((PORT + 1))/api/v1/query" --data-urlencode "query=$1"; }
for _ in $(seq 200); do
	[ "$(query 'up' | jq -r '.data.result[0].value[1]' 2>/dev/null)" = 1 ] && break
	sleep 0.1
done
same "Prometheus reads it" 1 "$(query up | jq -r '.data.result[0].value[1]')"
same "every device, by its own name" "$(printf '%s\n' 'plain' 'quo"te\n {x="1"} <b>' 'åäö-漢' leaving | sort)" \
	"$(query netfold_device_state | jq -r '.data.result[].metric.device' | sort)"
same "counters, too" counter "$(curl -s "http://127.0.0.1:$((PORT + 1))/api/v1/metadata?metric=netfold_serve_responses" | jq -r '.data | .[][0].type')"
[ "$FAILED" = 0 ] || { cat log; grep -i err prometheus.log | tail -n 5; }
exit "$FAILED"
