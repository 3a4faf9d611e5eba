#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# netfold-ping itself: who is down and who is only behind it, one address in two networks, a device with
# two addresses, rights, reload, a stop, an interface that comes back, a silence over a restart, a single pass.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/wires.sh"
in_namespaces "$@"
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"

cd "$DIR" || exit 99
# As root, as a service manager would have it: a state folder of an unprivileged user.
mkdir state www
chmod 755 . && chown nobody state 2>/dev/null && WHO=$(id -u nobody) || WHO=$(id -u)

write_site() {
	cat >site.yaml <<-END
		site: {name: Ping, timezone: UTC, state_dir: state, www_dir: www}
		polling: {ping: 2s, echoes: 3, ping_timeout: 300ms, ping_spacing: 20ms, confirm: 3, confirm_every: 300ms}
		networks:
		  - {id: one, role: legacy, prefixes: [10.1.0.0/16], source: {interface: one}}
		  - {id: two, role: legacy, prefixes: [10.1.0.0/16], source: {interface: two}}
		  - {id: common, role: common, prefixes: [10.100.0.0/16], source: {interface: three}}
		devices_csv: devices.csv
	END
	cat >devices.csv <<-END
		name,kind,network,address,common_address,parent
		router,router,one,10.1.0.2,,
		switch,switch,one,10.1.0.3,,router
		printer,printer,one,10.1.0.4,,switch
		dual,server,one,10.1.0.5,10.100.0.5,router
		same,server,two,10.1.0.2,,
	END
}

sql() {
	sqlite3 -cmd '.timeout 5000' state/state.db "$1"
}

is() { # DEVICE STATE [OUTPUT-PATTERN]
	[ "$(sql "SELECT state FROM check_state WHERE device = '$1' AND name = 'ping'")" = "$2" ] &&
		sql "SELECT output FROM check_state WHERE device = '$1' AND name = 'ping'" |
		grep -q -e "${3:-.}"
}

all_are() {
	[ "$(sql "SELECT count(*) FROM check_state WHERE name = 'ping' AND state = '$1' AND soft = '$1'")" = "$2" ]
}

source_is_critical() {
	[ "$(sql "SELECT state FROM check_state WHERE network = 'two' AND device = '' AND name = 'source'")" = critical ]
}

figure() {
	sql "SELECT json ->> '$1' FROM program WHERE name = 'netfold-ping'"
}

changes() {
	sql "SELECT count(*) FROM event WHERE kind = 'state' AND after IN ('critical', 'unreachable')"
}

says() {
	[ "$(grep -c -e "$1" log)" -ge "${2:-1}" ]
}

start() {
	"$NF_BUILD/collector/ping/netfold-ping" -c site.yaml "$@" >>log 2>&1 &
	PID=$!
}

wire one
wire two
wire three
addresses one 10.1.0.1/16 10.1.0.2/16 10.1.0.3/16 10.1.0.4/16 10.1.0.5/16
addresses two 10.1.0.1/16 10.1.0.2/16
addresses three 10.100.0.1/16 10.100.0.5/16
write_site

echo "# a single pass"
far one ip addr del 10.1.0.4/16 dev far
start --once
wait $PID
want "ends well" $? -eq 0
await 1 "the silent one is down" is printer critical 'no answer from 10.1.0.4 (3 lost\|1 lost'
await 1 "the others are up" is router ok '3 of 3 answered'
far one ip addr add 10.1.0.4/16 dev far

echo "# without rights"
start
await 10 "all five answer" all_are ok 5
none=0
for set in CapInh CapPrm CapEff CapBnd CapAmb; do
	none=$((none + 16#$(awk -v s="$set:" '$1 == s { print $2 }' /proc/$PID/status)))
done
want "no capability is left" $none -eq 0
want "none can come back" "$(awk '$1 == "NoNewPrivs:" { print $2 }' /proc/$PID/status)" -eq 1
want "it runs as the folder's owner" "$(awk '$1 == "Uid:" { print $2 + $3 + $4 + $5 }' /proc/$PID/status)" \
	-eq $((4 * WHO))

"$NF_BUILD/collector/ping/netfold-ping" -c site.yaml 2>second
want "a second instance refuses to start" $? -eq 3
await 1 "and says who is there" grep -q -e $PID second

echo "# down, and behind it"
before=$SECONDS
far one ip addr del 10.1.0.3/16 dev far
far one ip addr del 10.1.0.4/16 dev far
await 10 "the switch is down" is switch critical 'no answer from 10.1.0.3 .*last answer .* ago'
await 5 "the printer behind it is unreachable" is printer unreachable
want "within seconds" $((SECONDS - before)) -le 8
await 1 "the router answers" is router ok
far one ip addr add 10.1.0.3/16 dev far
far one ip addr add 10.1.0.4/16 dev far
await 10 "all are back" all_are ok 5

echo "# the same address in another network"
far one ip addr del 10.1.0.2/16 dev far
await 10 "the router is down" is router critical
await 10 "its namesake is not" is same ok '3 of 3 answered'
far one ip addr add 10.1.0.2/16 dev far
await 10 "all are back" all_are ok 5

echo "# a device with two addresses"
far one ip addr del 10.1.0.5/16 dev far
sleep_until=$(($(figure sent) + 30))
more_sent() { [ "$(figure sent)" -ge "$sleep_until" ]; }
await 20 "it is asked some more" more_sent
await 1 "it stays up" is dual ok
far three ip addr del 10.100.0.5/16 dev far
await 10 "without both it is down" is dual critical 'no answer from 10.1.0.5.*no answer from 10.100.0.5'
far three ip addr add 10.100.0.5/16 dev far
await 10 "one of them is enough" is dual ok 'answered from 10.100.0.5'
far one ip addr add 10.1.0.5/16 dev far
await 10 "all are back" all_are ok 5

echo "# reload"
was=$(changes)
kill -HUP $PID
await 5 "a good file" says reloaded
sed 's/^same,/newer,printer,two,10.1.0.9,,\n&/' devices.csv >x && mv x devices.csv
far two ip addr add 10.1.0.9/16 dev far
kill -HUP $PID
await 5 "one device more" says reloaded 2
await 10 "it is asked" is newer ok
echo 'nonsense: [' >>site.yaml
kill -HUP $PID
await 5 "a bad file changes nothing" says 'nothing is changed'
await 5 "and says where" says 'site.yaml:[0-9]*:[0-9]*:'
want "nobody went down for it" "$(changes)" -eq "$was"
write_site

echo "# stopped for five seconds"
kill -STOP $PID
sleep 5
kill -CONT $PID
sleep_until=$(($(figure sent) + 30))
await 20 "it goes on" more_sent
await 10 "all are up" all_are ok 6
want "nobody went down for it" "$(changes)" -eq "$was"

echo "# an interface that vanishes and comes back"
ip link del two
await 10 "its device cannot be asked" is same unreachable 'interface two is not there'
await 3 "the network says so" says 'interface two is gone'
await 3 "a check of the network, too" source_is_critical
wire two
addresses two 10.1.0.1/16 10.1.0.2/16 10.1.0.9/16
await 10 "all are back within ten seconds" all_are ok 6

echo "# a silence goes on over a restart"
silent_s() {
	sql "SELECT json ->> '\$[0].silent_us' / 1000000 FROM fact WHERE device = 'printer' AND name = 'ping'"
}
is_silent() { [ "$(silent_s)" -gt "${1:-0}" ]; }
told_since() { [ "$(sql "SELECT at_us / 1000000 FROM fact WHERE device = 'printer' AND name = 'ping'")" -gt "$1" ]; }
far one ip addr del 10.1.0.4/16 dev far
await 20 "the printer is silent" is_silent
began=$(silent_s)
kill $PID
wait $PID
stopped=$(date +%s)
start
await 20 "it is told anew" told_since "$stopped"
want "silent since then" "$(silent_s)" -le $((began + 1))
want "and no longer" "$(silent_s)" -ge $((began - 1))
far one ip addr add 10.1.0.4/16 dev far
await 20 "until it answers" eval '! is_silent'

echo "# what it leaves behind"
await 10 "samples went into the journal" test -n "$(find state/journal/netfold-ping -size +1k)"
want "nothing was forged" "$(figure forged)" -eq 0
kill $PID
wait $PID
want "it ends well" $? -eq 0
[ "$FAILURES" = 0 ] || tail -n 40 log
finish
