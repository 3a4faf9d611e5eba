#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `netfold cutover` as the migration team meets it: before anything is known, before and after a wave on real
# ports, exemptions, and what the ledger forgets.
. "$(dirname "$0")/cli.sh"

n=$((RANDOM % 250 + 1)) # another test may use the same port: not at these addresses
cat >site.yaml <<END
site: {name: Prov, timezone: Europe/Stockholm, language: en, state_dir: state}
networks:
  - {id: a, role: legacy, prefixes: [127.0.0.0/16], leave_by: 2037-03-01}
  - {id: common, role: common, prefixes: [127.100.0.0/16]}
devices_csv: devices.csv
cutover: {ports: [18006]}
waves:
  - {id: w1, network: a, from: "2037-02-01 18:00", to: "2037-02-02 06:00"}
  - {id: empty, network: a, from: "2037-02-03 18:00", to: "2037-02-04 06:00"}
END
cat >devices.csv <<END
name,kind,network,address,common_address,wave
router,router,a,127.0.$n.1,,
files,server,a,127.0.$n.2,127.100.$n.2,w1
door,other,a,127.0.$n.3,,w1
END
cutover() { "$NETFOLD" -c site.yaml cutover "$@"; }

# ---- nothing is known
ends "before the first run" 0 cutover
holds "nobody knows" grep -q "^a: nobody knows yet" out
ends "as JSON" 0 cutover --json
holds "is the contract's" jq -e '(.networks | map(.id) == ["a"]) and .networks[0].ready_to_switch_off == false and
	(.networks[0].by_stage | [.[]] | add) == 3 and .networks[0].total == 3 and .networks[0].by_stage.unknown == 3 and
	(.networks[0].blockers | type) == "array" and (.devices | length) == 3 and
	all(.devices[]; has("name") and has("stage") and has("since") and has("for") and has("against"))' out
ends "of a device" 0 cutover files
holds "says so" grep -q "files is unknown" out
ends "of an unknown name" 2 cutover flies
holds "offers the nearest" grep -q 'did you mean "files"' err

# ---- a wave: a service answers at the old address, then at the new one
serve() { # ADDRESS: ports 9100 and 18006 answer there, until the pid in $served is ended
	python3 -c 'import socket, sys, time
s = [socket.create_server((sys.argv[1], port)) for port in (18006, 9100)]; time.sleep(60)' "$1" &
	served=$!
	STARTED+=("$served")
	await 20 "a service at $1" bash -c "exec 3<>/dev/tcp/$1/9100" 2>/dev/null
}
ends "of no wave" 2 cutover snapshot w2
holds "offers the nearest" grep -q 'did you mean "w1"' err
ends "verify of a wave without devices" 2 cutover verify empty
holds "says so" grep -q "no device of devices.csv is in it" err
ends "verify without a snapshot" 1 cutover verify w1
holds "has nothing to compare with" grep -q "there is none from before" out
if [ "$(id -u)" = 0 ]; then # without the right nothing is pinged at all, which is said
	sed 's/prefixes: .127.0.0.0.16./&, source: {interface: nosuch0}/' site.yaml >other.yaml
	ends "snapshot without a way out" 3 "$NETFOLD" -c other.yaml cutover snapshot w1
	holds "says why" grep -q "could not be asked from this machine: interface nosuch0 is not there" err
	ends "and keeps nothing" 1 cutover verify w1
	holds "that could be compared with" grep -q "there is none from before" out
fi
serve 127.0.$n.2
ends "snapshot" 0 cutover snapshot w1
holds "of both" grep -q "^Kept what is true of 2 devices of wave w1" out
ends "verify too early" 1 cutover verify --json w1
same "names what does not answer there, a port of the site's own, too" "service 18006 service 9100" \
	"$(jq -r '[.devices[] | select(.device == "files") | .differences[] | select(.state == "open" and .aspect == "service") |
		.aspect + " " + .item] | sort | join(" ")' out)"
kill "$served"
serve 127.100.$n.2
ends "verify with one that has no new address" 1 cutover verify w1
holds "names it" grep -q "the inventory gives it no address" out
holds "not the one that moved" test "$(grep -c 9100 out)" = 0
holds "says how to go back" grep -q "^If the wave is rolled back:" out
holds "and that loopback answers everywhere" grep -q "old address: still answers there, too" out
swedish() { sed 's/language: en/language: sv/' site.yaml >site-sv.yaml && "$NETFOLD" -c site-sv.yaml "$@"; }
ends "in Swedish" 1 swedish cutover verify w1 --accept "files/gammal adress=hela loopback svarar"
holds "by the name that is shown" grep -q "gammal adress: svarar fortfarande även där.*, godtagen: hela loopback svarar" out
ends "as JSON" 1 swedish cutover verify --json w1
holds "in English" jq -e '.devices[] | select(.device == "files") | .differences[] |
	select(.aspect == "old address") | .reason == "still answers there, too" and .accepted == "hela loopback svarar"' out
ends "a difference is accepted" 0 cutover verify w1 --accept "door/address=it stays until summer" \
	--accept "files/old address=all of loopback answers"
holds "and said to be" grep -q "accepted: it stays until summer" out
ends "for good" 0 cutover verify w1
ends "what is not there" 0 cutover verify w1 --accept "files/service 9=x"
holds "is not accepted" grep -q "no such difference" err
ends "an acceptance of nothing" 2 cutover verify w1 --accept door
ends "waves stand in the JSON" 0 cutover --json
before=$(jq -r '.waves[0].snapshot_at' out)
sqlite3 state/state.db "INSERT INTO snapshot (wave, device, at_us, json)
	VALUES ('w1', 'files', 1000000 * strftime('%s', '2037-02-01 22:00'), '{}')"
ends "after one that was taken in the wave" 0 cutover --json
same "names the snapshot that counts" "$before" "$(jq -r '.waves[0].snapshot_at' out)"
holds "with what became of them" jq -e '.waves[0].snapshot_at != null and .waves[0].verified_at != null and .waves[0].open == 0' out

# ---- what is kept of a device, some of it hostile, in both languages
sqlite3 state/state.db "INSERT INTO stage VALUES ('files', 'moved', 1, 1, '{\"legs\":[],
	\"for\":[{\"source\":\"fdb\",\"reason\":\"seen\",\"identity\":\"mac\",\"value\":\"00:1b:21:00:00:01\",
		\"doubt\":\"shared\",\"whose\":\"door\",\"place\":\"%n%s\\u001b[31m\",\"by\":\"sw-1\"}],
	\"against\":[{\"source\":\"ping\",\"text\":\"no answer since then\"}]}');
	INSERT INTO event (at_us, network, device, name, kind, before, after, output, cause, maintenance, held, data)
	VALUES (1000000 * strftime('%s', 'now'), 'a', 'files', 'cutover', 'stage', 'ok', 'ok', 'moved, was planned: as kept', '', '', 0,
	'{\"stage\":\"moved\",\"was\":\"planned\",\"why\":{\"source\":\"snmp\",\"reason\":\"nothing\"}}')"
ends "of one device" 0 cutover files
holds "for" grep -qE '^  \+ +fdb +MAC 00:1b:21:00:00:01 \(door has it, too\) at %n%s\\x1b\[31m, by sw-1' out
holds "against" grep -qE '^  - +ping +no answer since then' out
ends "in Swedish" 0 swedish cutover files
holds "where it is" grep -q "^files är flyttad" out
holds "for" grep -qE '^  \+ +fdb +MAC 00:1b:21:00:00:01 \(även door har samma\) på %n%s\\x1b\[31m, enligt sw-1' out
holds "against, of an older netfold" grep -qE '^  - +ping +inget svar sedan dess' out
ends "of networks" 0 swedish cutover
holds "what nobody knows" grep -q "^a: ingen vet ännu" out
holds "until when, and the forecast" grep -qx "    lämnas senast 2037-03-01; prognos ingen: inget är registrerat" out
ends "JSON of a Swedish site" 0 swedish cutover --json files
holds "is English" jq -e '.devices[0].for[0] == {"source": "fdb", "reason": "seen", "identity": "mac",
	"value": "00:1b:21:00:00:01", "doubt": "shared", "whose": "door", "place": "%n%s\u001b[31m", "by": "sw-1",
	"text": "MAC 00:1b:21:00:00:01 (door has it, too) at %n%s\u001b[31m, by sw-1"} and
	.devices[0].against[0].text == "no answer since then"' out
ends "its events" 0 swedish events files
holds "in Swedish" grep -qF 'flyttad, förut planerad: ingenting av den har synts på nya sidan (snmp)' out
ends "as JSON" 0 swedish events --json files
holds "in English" jq -e '.output == "moved, was planned: as kept"' out

# ---- on a screen of 80 columns, and where there is none: folded, not cut off; Swedish letters are one column wide
narrow() { test "$(LC_ALL=C.UTF-8 wc -L <out)" -le 80; }
ends "exempt with a long reason" 0 cutover exempt router --owner "Nätgruppen på Tekniska förvaltningen" --until 2037-05-01 \
	--reason "Åker självklart ut när nätet släcks; får stå kvar så länge någon ringer"
ends "without a terminal" 0 cutover
holds "fits 80 columns" narrow
holds "forecast below its network" grep -qx "    leave by 2037-03-01; forecast none: nothing is recorded" out
if command -v script >/dev/null; then
	export LC_ALL=C.UTF-8 TERM=xterm
	for part in "" a router "verify w1"; do
		script -qec "stty cols 80; '$NETFOLD' -c site.yaml cutover $part 2>/dev/null" /dev/null </dev/null | tr -d '\r' >out
		holds "on a terminal: ${part:-all}" narrow
	done
	script -qec "stty cols 200; '$NETFOLD' -c site.yaml cutover" /dev/null </dev/null | tr -d '\r' >out
	holds "a wide one has a line each" grep -q "^a  .* leave by 2037-03-01; forecast none" out
	unset LC_ALL
fi
ends "it moves again" 0 cutover exempt router --end

# ---- what people say
ends "exempt without a reason" 2 cutover exempt router --owner Anna --until 2037-05-01
ends "without an end" 2 cutover exempt router --owner Anna --reason "goes with the network"
ends "until yesterday" 2 cutover exempt router --owner Anna --reason "goes with the network" --until 2011-05-01
ends "exempt" 0 cutover exempt router --owner Anna --reason "goes with the network" --until 2037-05-01
ends "is shown" 0 cutover
holds "with its reason and its end" grep -q "router.*goes with the network (Anna, until 2037-05-01)" <(tr -s " \n" " " <out)
ends "ends" 0 cutover exempt router --end
ends "and is gone" 0 cutover --json
holds "from the JSON, too" jq -e 'all(.devices[]; .exempt == null)' out
ends "purge of nothing" 2 cutover purge
ends "purge of no MAC" 2 cutover purge --mac 12
ends "purge" 0 cutover purge --before 2037-01-01 --mac 00-11-22-33-44-55
finish
