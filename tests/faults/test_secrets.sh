#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Wrong community, wrong SNMPv3 passphrases and an unknown user: each is a problem of the SNMP check and
# of nothing else, says what is wrong, and goes after a reload with the right secret.
. "$(dirname "$0")/../lab/lib.sh"
in_the_lab "$@"

cp -a secrets right
echo wrong-one >secrets/admin-v2.community
echo wrong-passphrase >secrets/vard-v3.auth
echo wrong-passphrase >secrets/jakgym-v3.priv
sed -i 's/user: skola/user: nobody/' site.yaml
netfold_start
output_of() {
	netfold status --json | jq -r --arg d "$1" '.devices[] | select(.name == $d) | .checks[] |
		select(.name == "snmp").output'
}
is_problem() { [[ $(state_of "$1" snmp) =~ ^(warning|critical)$ ]]; }
for name in admin-files vard-files jakgym-files skola-files; do
	await 90 "$name: SNMP is a problem" is_problem "$name"
	await 10 "$name: ping is not" check_is "$name" ping ok
	echo "    $name: $(output_of "$name")"
done
says() { grep -qiE "$2" <<<"$(output_of "$1")"; }
want "a wrong key is called that" says vard-files 'auth|passphrase|digest|key'
want "an unknown user is called that" says skola-files user
want "common answers all the while" check_is common-files snmp ok
want "no secret is in the log" sh -c '! grep -q -e wrong-one -e wrong-passphrase netfold.log'

cp -a right/. secrets/
sed -i 's/user: nobody/user: skola/' site.yaml
kill -HUP "$NETFOLD"
await 90 "with the right secrets all are alive" all_alive
netfold_stop
finish
