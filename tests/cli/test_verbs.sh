#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The command as its users meet it: exit statuses, messages, JSON, completion, colour.
. "$(dirname "$0")/cli.sh"

verbs=$("$NETFOLD" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
holds "help lists the commands" [ "$(wc -w <<<"$verbs")" -ge 8 ]
for verb in $verbs; do
	ends "$verb --help" 0 "$NETFOLD" "$verb" --help
	holds "says how $verb is used" grep -q "^Usage: netfold \[-c FILE\] $verb" out
	same "help $verb says the same" "$(cat out)" "$("$NETFOLD" help "$verb")"
	holds "the manual page has $verb" grep -q "^\*$verb\*" "$SRC/man/netfold.1.scd"
done

ends "no command" 2 "$NETFOLD"
ends "an unknown command" 2 "$NETFOLD" statsu
holds "gets the nearest" grep -q 'did you mean "status"' err
ends "an unknown option" 2 "$NETFOLD" --nonsense
ends "an unknown option of a command" 2 "$NETFOLD" -c site.yaml status --nonsense
holds "is named" grep -q '"--nonsense"' err
ends "a value that is missing" 2 "$NETFOLD" -c site.yaml events --since
ends "no such site file" 2 "$NETFOLD" -c nowhere.yaml status
ends "an argument too many" 2 "$NETFOLD" -c site.yaml doctor now
ends "--version" 0 "$NETFOLD" --version
holds "says it" grep -qx "netfold [0-9.]*" out
"$NETFOLD" help >/dev/full 2>err
same "a full disk under the output is a failure" 3 $?

# ---- nothing was ever recorded: everything is unknown, and counted
ends "status before the first run" 1 "$NETFOLD" -c site.yaml status
holds "counts the unknown" grep -q "^all  *0  *0  *0  *0  *2  *2" out
ends "status --json" 1 "$NETFOLD" -c site.yaml status --json
holds "is the contract's" jq -e '(.generated_at | fromdateiso8601? // test("T.*[+-][0-9:]{5}$")) and
	(.devices | length) == 2 and (.incidents | type) == "array" and
	all(.devices[]; has("name") and has("network") and has("state") and has("since") and
		all(.checks[]; has("name") and has("state") and has("since") and has("output")))' out
holds "in the site's zone" jq -e '.generated_at | test("\\+0[12]:00$")' out
holds "adds up" jq -e '([.totals.by_state[]] | add) == .totals.total and .totals.total == 2' out
holds "so does the move, as on the pages" jq -e '.cutover.total == 2 and .cutover.by_stage.unknown == 2 and
	(.cutover.networks | length) == 1 and
	(.cutover.networks[0] | .id == "a" and .ready_to_switch_off == false and .blockers == 0 and .computed_at == null)' out
sed '/role: legacy/d' site.yaml >young.yaml && sed -i 's/devices_csv.*/devices: []/' young.yaml
ends "without an old network" 0 "$NETFOLD" -c young.yaml status --json
holds "nothing moves" jq -e '.cutover == null' out
ends "status of one network" 1 "$NETFOLD" -c site.yaml status --json a
ends "status of one device" 1 "$NETFOLD" -c site.yaml status --json files
same "is of that device" files "$(jq -r '.devices[].name' out)"
ends "status of an unknown name" 2 "$NETFOLD" -c site.yaml status fiels
holds "offers the nearest" grep -q 'did you mean "files"' err
cp site.yaml windows.yaml
cat >>windows.yaml <<END
maintenance:
  - {id: patch, devices: [files], from: "$(TZ=Europe/Stockholm date -d -1hour '+%F %H:%M')", to: "$(TZ=Europe/Stockholm date -d +1hour '+%F %H:%M')"}
END
until=$(sed -n 's/.*, to: ".* \(.*\)"}/\1/p' windows.yaml)
ends "status inside a window" 1 "$NETFOLD" -c windows.yaml status
holds "says so beside what is wrong" grep -q "files .*not looked at yet; in maintenance patch until $until$" out
holds "of that device alone" test "$(grep -c "; in maintenance" out)" = 1
holds "and that nobody is told" grep -qx "maintenance patch until $until: no mail leaves for 1 device" out
ends "status of the device" 1 "$NETFOLD" -c windows.yaml status files
holds "says so, too" grep -qx "maintenance patch until $until: no mail leaves for 1 device" out
if command -v script >/dev/null; then
	LC_ALL=C.UTF-8 TERM=xterm NO_COLOR=1 script -qec "stty cols 60; '$NETFOLD' -c windows.yaml status" \
		/dev/null </dev/null | tr -d '\r' >out
	holds "folded in its width" test "$(LC_ALL=C.UTF-8 wc -L <out)" -le 60
	holds "without a loss" grep -q "in maintenance patch until" <(tr -s ' \n' ' ' <out)
fi
ends "events before the first run" 0 "$NETFOLD" -c site.yaml events --json
same "are none" 0 "$(wc -c <out)"
ends "events since a day" 0 "$NETFOLD" -c site.yaml events --since 2011-02-03
ends "events since nonsense" 2 "$NETFOLD" -c site.yaml events --since yesterday
ends "series before the first run" 1 "$NETFOLD" -c site.yaml series
ends "series of an unknown device" 2 "$NETFOLD" -c site.yaml series fiels

# ---- discover
ends "discover without a network" 2 "$NETFOLD" -c site.yaml discover
ends "of an unknown one" 2 "$NETFOLD" -c site.yaml discover --network comon
holds "offers the nearest" grep -q 'did you mean "common"' err
ends "of a prefix elsewhere" 2 "$NETFOLD" -c site.yaml discover --network a --prefix 10.9.0.0/24
ends "of no prefix" 2 "$NETFOLD" -c site.yaml discover --network a --prefix 10.9.0.1/24
"$NETFOLD" -c site.yaml discover --network a --prefix 127.0.0.0/30 >out 2>err
case $? in
0)
	holds "prints rows of devices.csv" grep -qx "router,router,a,127.0.0.1,,,known,ping" out
	holds "one each" grep -qx "files,server,a,127.0.0.2,,,known,ping" out
	same "with a heading" "name,kind,network,address,mac,snmp,inventory,seen" "$(head -n 1 out)"
	if command -v script >/dev/null; then
		script -qec "'$NETFOLD' -c site.yaml discover --network a --prefix 127.0.0.0/29" /dev/null >out </dev/null
		holds "shows how far it is, behind its rows, too" grep -q "6 of 6 addresses, 6 answer" out
		script -qec "'$NETFOLD' -c site.yaml probe --all" /dev/null >out </dev/null
		holds "and so does probe" grep -q "1 of 2 devices" out
	fi
	sed -i '/^files/d' devices.csv
	ends "--new" 0 "$NETFOLD" -c site.yaml discover --network a --prefix 127.0.0.0/30 --new
	same "has what the inventory lacks" "a-127-0-0-2,other,a,127.0.0.2,,,new,ping" "$(tail -n +2 out)"
	# a router at two addresses, switches that nobody gave a name: rows that devices.csv takes
	port=$((RANDOM % 20000 + 40000)) block=127.0.$((RANDOM % 250 + 1))
	install -d -m 700 secrets && (umask 077 && echo public >secrets/community)
	{ cat site.yaml && echo "snmp: [{id: v2, version: 2c, community_file: secrets/community, port: $port}]"; } >snmp.yaml
	for line in "1 gw|value=1.3.6.1.6.3.10.2.1.1.0|4x|8000000001" "2 gw|value=1.3.6.1.6.3.10.2.1.1.0|4x|8000000001" "3 switch" "4 switch"; do
		name=${line#* }
		echo "$block.${line%% *} synthetic:switch community=public name=${name/|/ }"
	done >agents
	"$BUILD/tests/lab/nfsim" -p "$port" -c agents >nfsim.out &
	STARTED+=($!)
	await 20 "the agents" grep -q ready nfsim.out
	ends "of devices with the same names" 0 "$NETFOLD" -c snmp.yaml discover --network a --prefix "$block.0/29" --new
	same "each row has a name of its own" 4 "$(sed -n "s/,switch,a,$block.*//p" out | sort -u | wc -l)"
	holds "one machine is said to be one" grep -q "has the SNMP engine of gw: one machine with several addresses" err
	sed 's/: devices.csv/: found.csv/' snmp.yaml >found.yaml && cp out found.csv
	ends "and they are an inventory" 0 "$NETFOLD" -c found.yaml check
	;;
*) holds "discover without the right says so" grep -q "CAP_NET_RAW" err ;;
esac

# A community is told to nobody in another network, but who names it.
mkdir -p secrets
(umask 077 && echo hemligt >secrets/b)
sed 's/^networks:/snmp: [{id: of-b, version: 2c, community_file: secrets\/b, port: 16199, timeout: 100ms, retries: 0}]\n&/
	s/devices\.csv/ways.csv/' site.yaml >ways.yaml
printf '%s\n' name,kind,network,address,snmp core,router,common,10.100.0.1,of-b >ways.csv
ends "a way that is none" 2 "$NETFOLD" -c ways.yaml discover --network a --snmp ofb
holds "offers the nearest" grep -q 'no way to ask over SNMP "ofb"; did you mean "of-b"?' err
if "$NETFOLD" -c ways.yaml discover --network a --prefix 127.0.0.0/30 >out 2>err; then
	holds "a way of another network alone is said" grep -q "of other networks are told to nobody here" err
	ends "one that is named" 0 "$NETFOLD" -c ways.yaml discover --network a --prefix 127.0.0.0/30 --snmp of-b
	same "is not" 0 "$(grep -c "told to nobody" err)"
fi

sed 's/prefixes: .127.0.0.0.16./&, source: {interface: nosuch0}/' site.yaml >other.yaml
ends "of a network whose interface is not there" 3 "$NETFOLD" -c other.yaml discover --network a --prefix 127.0.0.0/30
holds "says so, or that it may not ask at all" grep -q "CAP_NET_RAW\|nosuch0 is not there" err
same "and calls nobody silent who was not asked" 0 "$(grep -c "is in the inventory" err)"

# ---- doctor
ends "doctor finds that nothing runs" 1 "$NETFOLD" -c site.yaml doctor --json
holds "as JSON, each with a state and a text" jq -e '(.findings | length) > 5 and
	all(.findings[]; has("examination") and has("state") and (.text | length) > 0) and
	any(.findings[]; .examination == "programs" and .state == "critical" and .remedy != null)' out
ends "an interface that is not there" 1 "$NETFOLD" -c other.yaml doctor
holds "is named" grep -q "there is no interface nosuch0" out
ends "doctor needs a good site" 2 "$NETFOLD" -c devices.csv doctor

# ---- colour and escapes
"$NETFOLD" -c site.yaml status >out
holds "no colour into a file" plain out
if command -v script >/dev/null; then
	TERM=xterm script -qec "'$NETFOLD' -c site.yaml status" /dev/null >out </dev/null
	holds "colour on a terminal" grep -q "$(printf '\033\[')" out
	TERM=xterm NO_COLOR=1 script -qec "'$NETFOLD' -c site.yaml status" /dev/null >out </dev/null
	holds "not with NO_COLOR" plain out
fi

# ---- completion
ends "completion" 0 "$NETFOLD" completion bash
holds "is bash" bash -n out
complete_words() { # WORD…: the words offered for the last one
	bash -c '. ./out; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _netfold; echo "${COMPREPLY[*]}"' bash "$@"
}
same "of a command" "status" "$(complete_words netfold stat)"
same "of an option" "--json" "$(complete_words netfold status --j)"
same "of a part" "snapshot" "$(complete_words netfold cutover snap)"
same "of an option that lists" "--snmp" "$(complete_words netfold discover --s)"
same "of an option after -c" "--since" "$(complete_words netfold -c x events --s)"
ends "completion of no shell" 2 "$NETFOLD" completion tcsh
finish
