#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Servers that cannot be looked at, or lie: netfold verify looks at all of them at once, says of each what is
# the matter, and takes none for good (issue text and FAULTS 34 to 43).
set -u
# shellcheck source-path=SCRIPTDIR source=ssh/sshd.sh
. "$(dirname "$0")/ssh/sshd.sh"
# shellcheck source-path=SCRIPTDIR source=liars.sh
. "$NF_SRC/tests/backup/liars.sh"

for how in good million names ahead behind larger smaller growing replaced vanishing closed unreadable failing future \
	stale bits cut garbage long; do
	liar $how $how
done
art='kind: artefact, path: "/x/b-*", min_size: 10KB, complete: true'

device refused
port=$(free_port)
job refused "$art"
device changed
server changed "ListenAddress $address" "Subsystem sftp $fake_sftp good $dir/b-1.tgz"
sed -i '/^changed /d' secrets/known
echo "changed $(cut -d' ' -f1,2 user_rsa.pub)" >>secrets/known
echo "changed $(cut -d' ' -f1,2 user_ed25519.pub)" >>secrets/known
job changed "$art"
device stranger
server stranger "ListenAddress $address"
ssh-keygen -q -t ed25519 -N '' -f secrets/stranger
key=secrets/stranger job stranger "$art"

# An account whose password has really expired, as PAM sees it, and one that has itself: in a mount namespace of
# its own, where the list of accounts is another one.
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	for account in passwd shadow; do cp /etc/$account $account; done
	echo "nf-expired:x:64001:64001::/:/bin/sh" >>passwd
	echo "nf-gone:x:64002:64002::/:/bin/sh" >>passwd
	echo 'nf-expired:*:1:0:30:7:::' >>shadow
	echo 'nf-gone:*:15000:0:99999:7::15001:' >>shadow
	chmod 640 shadow
	printf '%s\n' 'auth required pam_deny.so' 'account required pam_unix.so' 'session required pam_permit.so' \
		'password required pam_deny.so' >pam
	chmod 644 authorized
	real_sshd=$sshd
	cat >sshd-elsewhere <<-END
		#!/bin/sh
		exec unshare -m sh -c 'mount --bind $dir/passwd /etc/passwd && mount --bind $dir/shadow /etc/shadow &&
			mount --bind $dir/pam /etc/pam.d/sshd && exec $real_sshd "\$@"' $real_sshd "\$@"
	END
	chmod +x sshd-elsewhere
	sshd=$dir/sshd-elsewhere
	for account in expired gone; do
		device $account
		server $account "ListenAddress $address" 'UsePAM yes'
		user=nf-$account job $account "$art"
	done
	sshd=$real_sshd
else
	device expired
	server expired "ListenAddress $address" 'ForceCommand echo "WARNING: Your password has expired." >&2; exit 1'
	job expired "$art"
fi

# Gigabytes where a few bytes are expected
device gigabytes
server gigabytes "ListenAddress $address"
truncate -s 5G huge
touch -d '-90 minutes' huge
job gigabytes "kind: status, path: $dir/huge" "kind: log, path: $dir/huge, success: OK" "kind: manifest, path: $dir/huge" \
	"kind: plugin, run: /usr/bin/yes"

site
before=$SECONDS
timeout 200 "$netfold" -c site.yaml verify >out 2>err || status=$?
expect "verify says problems" [ "${status:-0}" = 1 ]
[ "$status" = 1 ] || cat err
echo "all of them in $((SECONDS - before)) s"
"$netfold" -c site.yaml backups --json >backups.json
wrong=0
while read -r name wanted pattern; do
	got=$(jq -r --arg j "$name" '.jobs[] | select(.job == $j).verdict' backups.json)
	why=$(jq -r --arg j "$name" '.jobs[] | select(.job == $j) | .reason, .proofs[].detail' backups.json)
	[ -n "$got" ] || { [ "$name" = gone ] && continue; }
	count=$((count + 1))
	if [ "$got" = "$wanted" ] && grep -qE "$pattern" <<<"$why"; then
		mark=ok
	else
		mark='not ok' failed=1
		[ "$got" != ok ] || wrong=$((wrong + 1))
	fi
	printf '%-7s %-11s wanted %-12s got %-12s %s\n' "$mark" "$name" "$wanted" "$got" "$(head -n 1 <<<"${why//$dir/…}")"
done <<'END'
good ok .
million ok .
names ok .
ahead warning 5.h.0.min.ahead
behind warning 5.h.0.min.behind
bits unverifiable make.no.sense
larger late being.replaced
smaller late still.being.written
growing late still.running
replaced late still.being.written
vanishing late vanished
closed unverifiable may.not.list.it
unreadable unverifiable may.not.read.it
failing unverifiable the.server.cannot.list.it
future bad in.the.future
stale late nothing.new
cut unverifiable closed.the.connection
garbage unverifiable .
long unverifiable .
refused unverifiable refused
changed unverifiable shows.*SHA256:.*known.is.*SHA256:
stranger unverifiable refuses.the.key
expired unverifiable password.has.expired
gone unverifiable .
gigabytes bad more.than.is.read
END
expect "nothing bad was taken for good" [ $wrong = 0 ]
host_key=$(ask_db "SELECT state FROM check_state WHERE device = 'changed' AND name = 'ssh host key'" 2>/dev/null)
expect "the changed key is a finding of its own: $host_key" [ "$host_key" = critical ]
echo "$count checks"
exit $failed
