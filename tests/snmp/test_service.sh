#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# netfold-snmp itself, on simulated switches: a single pass, the turns, a reload, new passphrases, twins, a
# second instance, a stop.
. "${NF_SRC:-.}/tests/lab/sim/nfsim.sh" || exit 1
command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"

program=$(cd "$NF_BUILD" && pwd)/collector/snmp/netfold-snmp
nfsim=$(cd "$NF_BUILD" && pwd)/tests/lab/nfsim
[ -x "$program" ] || skip "netfold-snmp is not built"
NF_PROFILES=$(cd "$NF_SRC" && pwd)/conf/profiles
export NF_PROFILES
service_pid=
stop() {
	[ -z "$service_pid" ] || kill "$service_pid" 2>/dev/null
	service_pid=
}
trap 'stop; sim_stop; rm -rf "$work"' EXIT

v3='user=netfold auth=sha256 auth-key=first-passphrase priv=aes priv-key=private-passphrase'
sim_start '127.5.0.0/24 synthetic:switch ports=4 name=sw' \
	"127.5.1.1+3 synthetic:switch ports=4 name=v3 $v3"
tell "set 127.5.1.2 engine=80001f8804aabbccdd; set 127.5.1.3 engine=80001f8804aabbccdd" >/dev/null
cd "$work" || exit 99
mkdir secrets state www
(umask 077 && printf public >secrets/community && printf first-passphrase >secrets/auth &&
	printf private-passphrase >secrets/priv)

write_site() { # DEVICE-ROW…
	cat >site.yaml <<-END
		site: {name: SNMP, timezone: UTC, state_dir: state, www_dir: www}
		polling: {snmp: 5s, topology: 30s, confirm_every: 500ms}
		networks:
		  - {id: lab, role: legacy, prefixes: [127.5.0.0/16]}
		  - {id: common, role: common, prefixes: [127.6.0.0/16]}
		snmp:
		  - {id: v2, version: 2c, community_file: secrets/community, port: $port, timeout: 300ms, retries: 1}
		  - {id: v3, version: 3, user: netfold, level: authPriv, port: $port, timeout: 300ms, retries: 1,
		     auth: {protocol: SHA-256, passphrase_file: secrets/auth},
		     priv: {protocol: AES, passphrase_file: secrets/priv}}
		devices_csv: devices.csv
	END
	{
		echo name,kind,network,address,snmp,common_address
		printf '%s\n' "$@"
	} >devices.csv
}
sql() {
	sqlite3 -cmd '.timeout 5000' state/state.db "$1"
}
output() { # DEVICE CHECK
	sql "SELECT soft || ': ' || output FROM check_state WHERE device = '$1' AND name = '$2'"
}
ok() { echo "ok: $*"; }
bad() {
	echo "not ok: $*"
	failures=$((failures + 1))
}
. "$NF_SRC/tests/patience.sh"
shows() { # DEVICE CHECK PATTERN
	output "$1" "$2" | grep -q -e "$3"
}
gone() { # DEVICE CHECK
	[ -z "$(output "$1" "$2")" ]
}
logged() {
	grep -q -e "$1" log
}

# c has a second address, where nobody answers.
rows=(a,switch,lab,127.5.0.1,v2, b,switch,lab,127.5.0.2,v2, c,switch,lab,127.5.1.1,v3,127.6.0.9
	one,switch,lab,127.5.1.2,v3, two,switch,lab,127.5.1.3,v3,)
write_site "${rows[@]}"

# A single pass.
timeout 60 "$program" -c site.yaml --once >log 2>&1 || {
	echo "not ok: a single pass"
	cat log
	exit 1
}
for device in a b c one two; do
	await 1 "$device answers" shows "$device" snmp '^ok: answers'
done
await 1 "its ports are judged" shows a "interface port1" '^ok'
sql "SELECT json ->> 'polls' FROM program WHERE name = 'netfold-snmp'" >got
says "every device was polled" '^5$'
sql "SELECT count(*) FROM engine" >got
says "engines are kept" '^3$'
await 1 "twins are named" shows two "snmp engine" 'same engineID as one'
await 1 "both of them" shows one "snmp engine" 'same engineID as two'

# The turns.
"$program" -c site.yaml >log 2>&1 &
service_pid=$!
asked() { [ "$(sql "SELECT json ->> 'polls' FROM program WHERE name = 'netfold-snmp'")" -gt "$1" ]; }
await 25 "polled again and again" asked 10
"$program" -c site.yaml --once >log2 2>&1
[ $? -eq 3 ] || { echo "not ok: a second instance"; failures=$((failures + 1)); }
tell "set 127.5.0.2 silent" >/dev/null
await 15 "a silent one is a problem, with its reason" shows b snmp '^critical: no answer from 127.5.0.2'
await 1 "and nobody else" shows a snmp '^ok'
tell "clear 127.5.0.2" >/dev/null
await 15 "it comes back" shows b snmp '^ok'

# A reload: new passphrases, twins told apart, one device less, one more; then one with a mistake.
printf second-passphrase >secrets/auth
tell "set 127.5.1.1+3 auth-key=second-passphrase; set 127.5.1.3 engine=80001f8804aabbcc03" >/dev/null
await 20 "an old passphrase is a problem, with its reason" shows c snmp 'check the auth protocol'
seen=$(sql "SELECT json ->> 'polls' FROM program WHERE name = 'netfold-snmp'")
until asked $((seen + 20)); do # it is one of five
	shows c snmp 'check the auth protocol' || {
		echo "not ok: the silence of its other address hides it: $(output c snmp)"
		failures=$((failures + 1))
		break
	}
	sleep 0.1
done
write_site d,switch,lab,127.5.0.4,v2, "${rows[@]:1}"
kill -HUP "$service_pid"
await 15 "the new passphrase is used" shows c snmp '^ok'
await 15 "a new device is polled" shows d snmp '^ok'
await 5 "one that went is closed" gone a snmp
await 15 "twins that are none any more are closed" gone two "snmp engine"
write_site d,switch,lab,127.5.0.4,nosuch,
kill -HUP "$service_pid"
await 5 "a mistake changes nothing and is said" logged 'nothing is changed'
grep -q -e passphrase log && { echo "not ok: a secret in the log"; failures=$((failures + 1)); }

# A stop.
kill "$service_pid"
wait "$service_pid"
[ $? -eq 0 ] || { echo "not ok: the end"; cat log; failures=$((failures + 1)); }
service_pid=

# A start that fails says why and ends like any other: 2, no crash.
NF_PROFILES=$work/nowhere "$NF_BUILD/collector/snmp/netfold-snmp" -c site.yaml 2>>log
[ $? -eq 2 ] || { echo "not ok: no profiles"; tail -n 5 log; failures=$((failures + 1)); }
finish
