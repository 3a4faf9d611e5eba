#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# SIGHUP: a good file takes effect without losing state or a sample; a bad one changes nothing and says
# so with its line. One signal stops everything; a second instance refuses to start.
. "$(dirname "$0")/lib.sh"
alone=yes in_the_lab "$@"

start_alive
since=$(netfold status --json | jq -r '.devices[] | select(.name == "admin-files") |
	.checks[] | select(.name == "ping").since')
file=$(series_of admin-files ping)
await 30 "a first sample" [ -f "$file" ]
from=$(date +%s)

# ---- a good file
sed -i '/^vard-ups,/d' devices.csv
ip -n admin-files address add 10.1.0.50/24 dev eth0
sed -n 's/^admin-switch,switch,admin,10.1.0.2,/admin-extra,server,admin,10.1.0.50,/p' devices.csv >extra.csv
cat extra.csv >>devices.csv
kill -HUP "$NETFOLD"
await 30 "the new device is asked" check_is admin-extra ping ok
gone() { ! netfold status --json | jq -e '.devices[] | select(.name == "vard-ups")' >/dev/null; }
await 10 "the removed one is gone" gone
want_same "the others keep their state" "$since" "$(netfold status --json | jq -r '.devices[] |
	select(.name == "admin-files") | .checks[] | select(.name == "ping").since')"

runs() { program "$1" >/dev/null; }

# ---- a bad one
cp site.yaml good.yaml
sed -i 's/ping: 2s/ping: 2q/' site.yaml
lines=$(wc -l <netfold.log)
kill -HUP "$NETFOLD"
told() { tail -n +$((lines + 1)) netfold.log | grep -q 'site.yaml:[0-9]*:[0-9]*:'; }
await 10 "the mistake is named with its line" told
SITE=good.yaml # status, too, refuses a bad file
want "and it goes on as before" check_is admin-files ping ok
cp good.yaml site.yaml
SITE=site.yaml
for name in ping snmp series; do
	want "netfold-$name still runs" runs "netfold-$name"
done
sleep 6 # three more bursts, to see that the bad file cost none
to=$(date +%s)

# ---- a second instance, the end
netfold run >second.log 2>&1
want "a second instance refuses" [ $? -ge 2 ]
want "and the first one lives" kill -0 "$NETFOLD"
programs=$(pgrep -d, -P "$NETFOLD")
began=$(now_ms)
netfold_stop
want_same "one signal ends it well" 0 $?
echo "it took $(($(now_ms) - began)) ms"
want "within 5 s" [ $(($(now_ms) - began)) -le 5500 ]
# The last batch was written at the end, so all of it is in the file now.
want "the series reaches to the end" series_newer "$file" $((to - 6))
want_same "no sample was missing over both reloads" 0 "$(rrdtool fetch "$file" AVERAGE -s "$from" -e "$to" |
	awk 'NR > 2 && /nan/ { gap++ } NR > 2 && !/nan/ { if (seen) inside += gap; seen = 1; gap = 0 }
		END { print inside + 0 }')"
want "no program is left" sh -c "! ps -o pid= -p '$programs'"
finish
