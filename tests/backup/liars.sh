# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the tests of netfold-verify against bad servers share: each server has an address and a device of its
# own, and one job, which has the server's name. Sourced after ssh/sshd.sh.

export TZ=UTC
netfold=$NF_BUILD/cli/netfold
verify=$NF_BUILD/checks/backup/netfold-verify
for program in "$netfold" "$verify"; do
	[ -x "$program" ] || { echo "$program is not built"; exit 99; }
done
for tool in jq sqlite3; do
	command -v $tool >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
last=1

# device NAME: the next address of the loopback, in $address
device() {
	last=$((last + 1))
	address=127.0.0.$last
	echo "$1,server,here,$address" >>devices.csv
	awk -v n="$1" '{ print n, $1, $2 }' host_ed25519.pub host_ecdsa.pub >>secrets/known
}

# job NAME PROOF…: of the server at $port
job() {
	local name=$1
	shift
	echo "  - {id: $name, user: ${user:-$me}, port: $port, key_file: ${key:-secrets/key}, known_hosts_file: secrets/known}" >>ssh.yaml
	{
		printf '  - id: %s\n    device: %s\n    ssh: %s\n' "$name" "$name" "$name"
		printf '    starts: "%s"\n    due: "%s"\n    proofs:\n' "$starts" "$due"
		printf '      - {%s}\n' "$@"
	} >>jobs.yaml
}

# liar NAME HOW [PROOF]: an SFTP server that lies like this, and its job
liar() {
	device "$1"
	server "$1" "ListenAddress $address" "Subsystem sftp $fake_sftp $2 $dir/b-1.tgz"
	job "$1" "${3:-kind: artefact, path: \"/x/b-*\", min_size: 10KB, complete: true}"
}

new_site() {
	rm -rf state secrets ./*.yaml devices.csv
	mkdir secrets && cp user_ed25519 secrets/key && chmod 600 secrets/key
	echo name,kind,network,address >devices.csv
	: >ssh.yaml
	: >jobs.yaml
	: >secrets/known
}

site() {
	{
		echo 'site: {name: T, timezone: UTC, language: en, state_dir: state, www_dir: www}'
		echo 'networks: [{id: here, name: Here, role: common, prefixes: [127.0.0.0/8]}]'
		echo 'devices_csv: devices.csv'
		echo 'ssh:' && cat ssh.yaml
		echo 'backups:' && cat jobs.yaml
	} >site.yaml
}

starts=$(date -d '-2 hours' +%H:%M) due=$(date -d '-1 hour' +%H:%M)
head -c 150000 /dev/urandom >noise
tar czf b-1.tgz noise && touch -d '-90 minutes' b-1.tgz
new_site

ok() { echo "ok      $*"; }
bad() { echo "not ok  $*"; failed=1; }
# shellcheck source-path=SCRIPTDIR source=../patience.sh
. "$NF_SRC/tests/patience.sh"
expect() { # expect WHAT COMMAND…
	count=$((count + 1))
	if "${@:2}"; then ok "$1"; else bad "$1"; fi
}
ask_db() { sqlite3 -cmd '.timeout 5000' state/state.db "$1"; }
