#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `netfold run`: what dies comes back, one signal stops all, a second one is refused, a bad reload changes
# nothing, nobody outlives the supervisor.
. "$(dirname "$0")/cli.sh"

begin() {
	"$NETFOLD" -c site.yaml run >run.out 2>>run.err </dev/null &
	RUN=$!
	STARTED+=("$RUN")
}
# The last process that wrote WORD to the log of NAME
pid_of() { awk -v w="$2" '$1 == w { pid = $2 } END { print pid }' "$1.log" 2>/dev/null; }
times() { if [ -f "$1.log" ]; then grep -c "^$2 " "$1.log"; else echo 0; fi; }
has() { [ "$(times "$1" "$2")" -ge "$3" ]; }
gone() { ! kill -0 "$1" 2>/dev/null; }
all_started() { has netfold-ping start "$1" && has netfold-snmp start "$1" && has netfold-series start "$1"; }

begin
await 10 "all programs are started" all_started 1

first=$(pid_of netfold-snmp start)
kill -KILL "$first"
await 10 "a program that was killed comes back" has netfold-snmp start 2
holds "as another process" [ "$first" != "$(pid_of netfold-snmp start)" ]
same "the others were left alone" 1 "$(times netfold-ping start)"
holds "and the log says what it died of" grep -q "netfold-snmp was ended by signal 9" run.err

ends "a second instance is refused" 3 "$NETFOLD" -c site.yaml run
holds "and told who is first" grep -q "$RUN" err
same "it started nothing" 1 "$(times netfold-ping start)"

cp site.yaml good.yaml
echo "nonsense: true" >>site.yaml
kill -HUP "$RUN"
await 5 "a bad reload is said" grep -q "nothing is changed" run.err
holds "with its place" grep -q "site.yaml:6:1" run.err
same "and reaches nobody" "" "$(pid_of netfold-ping reload)"
cp good.yaml site.yaml
sed -i 's/state_dir: state/state_dir: elsewhere/' site.yaml
kill -HUP "$RUN"
await 5 "another state_dir needs a new start" grep -q "state_dir changed" run.err
cp good.yaml site.yaml
echo "printer,printer,a,127.0.0.3,router" >>devices.csv
kill -HUP "$RUN"
await 5 "a good reload reaches the programs" has netfold-ping reload 1
await 5 "all of them" has netfold-series reload 1
holds "and its changes are said" grep -q "reload: devices +1" run.err
same "a program that has nothing to do is not started" 0 "$(times netfold-wire start)"
sed -i '/id: a,/s/}/, wire: [lo]}/' site.yaml
kill -HUP "$RUN"
await 5 "before a reload gives it something" has netfold-wire start 1
cp good.yaml site.yaml

touch netfold-series.stubborn
before=$SECONDS
kill -TERM "$RUN"
wait "$RUN"
same "SIGTERM ends it well" 0 $?
holds "soon, though one program does not end" [ $((SECONDS - before)) -le 30 ]
for name in netfold-ping netfold-snmp netfold-series netfold-publish; do
	holds "$name is gone" gone "$(pid_of "$name" start)"
done
holds "the stubborn one was killed, and that is said" grep -q "netfold-series does not end, and is killed" run.err
rm netfold-series.stubborn

begin
await 10 "it can be started again" has netfold-ping stop 1
await 10 "with all programs" all_started 2
ping=$(pid_of netfold-ping start)
kill -KILL "$RUN"
await 5 "a supervisor that is killed takes its programs along" gone "$ping"
await 5 "every one" gone "$(pid_of netfold-series start)"
wait "$RUN" 2>/dev/null

touch netfold-ping.crash
count=$(times netfold-ping start)
begin
await 10 "a program that cannot start is tried again" has netfold-ping start $((count + 3))
holds "ever more rarely" grep -q "netfold-ping starts again in 2 s" run.err
kill -INT "$RUN"
wait "$RUN"
same "SIGINT ends it well, while one waits" 0 $?
rm netfold-ping.crash

rm netfold-*.log
ends "a single pass: status of what is known" 1 "$NETFOLD" -c site.yaml run --once
same "each program runs once" "1 1 1" \
	"$(times netfold-ping once) $(times netfold-snmp once) $(times netfold-series once)"
holds "a summary is printed" grep -q "^all  *0  *0  *0  *0  *3  *3" out
echo 3 >netfold-snmp.status
ends "a pass that failed says so" 3 "$NETFOLD" -c site.yaml run --once
rm netfold-snmp.status

rm libexec/netfold-snmp
ends "what is not installed is said" 1 "$NETFOLD" -c site.yaml run --once
holds "by name and job" grep -q "netfold-snmp is not installed: SNMP is not done" err
NETFOLD_LIBEXEC=$FOLDER/nothing ends "nothing installed is a failure" 3 "$NETFOLD" -c site.yaml run
echo "nonsense: true" >>site.yaml
ends "a bad site file is wrong use" 2 "$NETFOLD" -c site.yaml run
finish
