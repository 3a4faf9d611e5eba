# shellcheck shell=bash
# site: writes the lab's site.yaml, devices.csv and secrets for netfold. Sourced by ./lab.

lab_secrets() {
	local id kind
	mkdir -p "$DIR/secrets"
	(
		umask 077
		for id in $(awk '$1 == "snmp" { print $2 }' "$TOPOLOGY"); do
			for kind in community auth priv; do
				lab_secret "$id" "$kind" >"$DIR/secrets/$id.$kind"
			done
		done
	)
}

lab_site_networks() {
	local word id role prefix six asked name source wire
	while read -r word id role prefix six asked name; do
		[ "$word" = network ] || continue
		source=$id wire=""
		[ "$role" != lab ] || source=common
		[ "$role" != legacy ] || wire=", wire: [span-$id]"
		printf '  - {id: %s, name: "%s", role: %s, prefixes: [%s, "fd4d:%s::/64"], source: {interface: %s}%s}\n' \
			"$id" "$name" "$role" "$prefix" "$six" "$source" "$wire"
	done <"$TOPOLOGY"
}

lab_site_snmp() {
	local id
	for id in $(awk '$1 == "snmp" { print $2 }' "$TOPOLOGY"); do
		lab_snmp "$id"
		printf '  - {id: %s, timeout: 1s, retries: 1, ' "$id"
		if [ "$VERSION" != 3 ]; then
			printf 'version: %s, community_file: secrets/%s.community}\n' "$VERSION" "$id"
			continue
		fi
		printf 'version: 3, user: %s, level: %s' "$USER" "$LEVEL"
		[ "$AUTH" = - ] ||
			printf ', auth: {protocol: %s, passphrase_file: secrets/%s.auth}' "$AUTH" "$id"
		[ "$PRIV" = - ] ||
			printf ', priv: {protocol: %s, passphrase_file: secrets/%s.priv}' "$PRIV" "$id"
		printf '}\n'
	done
}

# service,owner,runbook
lab_service() { # lab_service NETWORK DEVICE
	case $1 in
	jakgym | skola) printf 'skola,Skol-IT,https://wiki.labb.example/%s' "$2" ;;
	vard) printf 'vard,Vårdens IT,https://wiki.labb.example/%s' "$2" ;;
	*) printf ',Drift,' ;;
	esac
}

# common_address,mac,wave
lab_plan() { # lab_plan DEVICE
	local to wave
	read -r to wave < <(awk -v n="$1" '$1 == "move" && $2 == n { print $3, $4 }' "$TOPOLOGY")
	printf '%s,%s,%s' "${to:+10.100.0.$to}" "${to:+$(lab_mac "$1" eth0)}" "${wave#-}"
}

# Two waves: one of yesterday evening, one of tomorrow evening.
lab_site_move() {
	cat <<-EOF
		waves:
		  - {id: w1, network: admin, from: "$(date -d 'yesterday 18:00' '+%F %T' | cut -c1-16)", to: "$(date -d 'yesterday 22:00' '+%F %T' | cut -c1-16)"}
		  - {id: w2, network: jakgym, from: "$(date -d 'tomorrow 18:00' '+%F %T' | cut -c1-16)", to: "$(date -d 'tomorrow 22:00' '+%F %T' | cut -c1-16)"}
		cutover: {quiet: 1m, lost_after: 2m, canary: 0s, team: [chef]} # routers between: no canary gets there
	EOF
}

lab_devices() {
	local word name kind network parent host runs snmp
	echo name,kind,network,address,snmp,parent,service,owner,runbook,common_address,mac,wave
	while read -r word name kind network parent host runs snmp; do
		[ "$word" = device ] || continue
		printf '%s,%s,%s,%s,%s,%s,%s,%s\n' "$name" "$kind" "$network" \
			"$(lab_address "$network" "$host")" \
			"$snmp" "${parent#-}" "$(lab_service "$network" "$name")" "$(lab_plan "$name")"
	done <"$TOPOLOGY"
}

# Who is told, and through which server. The schools are promised in the daytime only.
lab_site_people() {
	local user address
	echo 'contacts:'
	for user in $MAIL_USERS; do
		echo "  - {id: $user, mail: $user@$MAIL_DOMAIN}"
	done
	cat <<-EOF
		rotas:
		  - {id: drift, turns: [drift-a, drift-b], change: "Mon 08:00", starts: 2011-01-03, escalate_to: [chef]}
		  - {id: skola, turns: [skola-it], starts: 2011-01-03}
		  - {id: vard, turns: [vard-jour], starts: 2011-01-03, escalate_to: [drift-a, chef]}
		services:
		  - {id: skola, name: Skolan, hours: ["Mon-Fri 07:00-17:00"], rota: skola}
		  - {id: vard, name: Vården, rota: vard}
		alerting: {settle: 3s, rota: drift}
	EOF
	lab_mail_possible || return 0
	address=$(lab_mail_address)
	lab_mail_secrets "$address"
	cat <<-EOF
		mail:
		  server: smtp://$address:587
		  ca_file: secrets/mail-ca.pem
		  user: netfold
		  password_file: secrets/mail-password
		  from: netfold@$MAIL_DOMAIN
	EOF
}

# The first server of the topology that has mailboxes
lab_mail_address() {
	local network host
	read -r network host < <(awk '$1 == "device" && $7 ~ /postfix/ { print $4, $6 }' "$TOPOLOGY")
	lab_address "$network" "$host"
}

lab_site() {
	lab_secrets
	lab_devices >"$DIR/devices.csv"
	mkdir -p "$DIR/state"
	{
		cat <<-EOF
			# Written by tests/lab/lab: the site that netfold watches in the lab, at lab speed.
			site: {name: Labbets kommun, timezone: Europe/Stockholm, language: en, state_dir: state, www_dir: www}
			polling: {ping: 2s, echoes: 3, snmp: 10s, topology: 30s, confirm: 3, confirm_every: 1s, port_settles: 0s}
			networks:
		EOF
		lab_site_networks
		echo 'snmp:'
		lab_site_snmp
		lab_site_people
		lab_site_move
		echo 'devices_csv: devices.csv'
		lab_site_backups
	} >"$DIR/site.yaml"
}
