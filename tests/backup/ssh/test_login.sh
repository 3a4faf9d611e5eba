#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Logins at real servers: which key is trusted, which is refused, and what is said when nothing fits
# (FAULTS 36, 37, 43, 44).
set -u
# shellcheck source-path=SCRIPTDIR source=sshd.sh
. "$(dirname "$0")/sshd.sh"
old_libssh2() { ! pkg-config --atleast-version=1.11 libssh2; }

server plain
cp known all
want "Ed25519 key" '^ok size=' stat:/
want "ECDSA key" '^ok size=' -k user_ecdsa stat:/
old_libssh2 && want "RSA key, SHA-1 only here" 'own key unusable.*SHA-1.*ssh-keygen -t ed25519' -k user_rsa stat:/
ssh-keygen -q -t ed25519 -N 'two words' -f locked
cat locked.pub >>authorized
printf 'two words\n' >pass && printf 'other' >wrong && chmod 600 pass wrong
want "encrypted key" '^ok size=' -k locked -P pass stat:/
want "encrypted key, no passphrase" 'own key unusable.*passphrase_file is not given' -k locked stat:/
want "encrypted key, wrong passphrase" 'own key unusable.*passphrase is wrong' -k locked -P wrong stat:/
want "key that is not there" 'own key unusable.*nowhere' -k nowhere stat:/
cp user_ed25519 open && chmod 644 open
want "key that others can read" 'own key unusable.*open' -k open stat:/
head -c 200 user_ed25519 >short && chmod 600 short
want "key that is cut off" 'own key unusable.*cut off' -k short stat:/
ssh-keygen -q -t ed25519 -N '' -f stranger
want "key refused" 'key refused.*authorized_keys' -k stranger stat:/
if command -v ssh-agent >/dev/null; then
	eval "$(ssh-agent -s -a "$dir/agent")" >/dev/null
	started+=("$SSH_AGENT_PID")
	want "agent without keys" 'own key unusable.*agent holds no key' -A stat:/
	ssh-add -q stranger user_ecdsa 2>/dev/null
	want "agent, the second key fits" '^ok size=' -A stat:/
	SSH_AUTH_SOCK=$dir/none want "agent that is not there" 'own key unusable.*agent' -A stat:/
fi

key() { cut -d' ' -f1,2 "host_$1.pub"; }
p=$port
: >known
want "unknown host" 'host key unknown.*SHA256:' stat:/
echo "[127.0.0.1]:$p $(cut -d' ' -f1,2 user_ed25519.pub)" >known
want "changed key: both fingerprints" 'host key changed.*shows ssh-ed25519 SHA256:.*known is ssh-ed25519 SHA256:' stat:/
echo "[127.0.0.1]:$p $(key ecdsa)" >known
want "the kind that is known is asked for" '^ok size=' stat:/
{ cat all; echo "@revoked * $(key ed25519)"; } >known
want "revoked key" 'host key revoked' stat:/
echo "@cert-authority * $(key ed25519)" >known
want "only an authority" 'host certificate.*@cert-authority' stat:/
cp all known && ssh-keygen -q -H -f known >/dev/null 2>&1
want "hashed names" '^ok size=' stat:/
# What ssh-keygen -F finds is what is trusted.
for names in "[127.0.0.1]:$p" "[127.0.0.*]:$p" "[127.0.0.?]:$p" "[127.0.0.2]:$p" "x,[127.0.0.1]:$p" "[127.0.0.1]:22" \
	"[*]:$p"; do
	echo "$names $(key ed25519)" >known
	if ssh-keygen -F "[127.0.0.1]:$p" -f known >/dev/null; then found='^ok size='; else found='host key unknown'; fi
	want "as ssh-keygen -F: ${names//$p/PORT}" "$found" stat:/
done
echo "server $(key ed25519)" >known
want "by the device's name, without the port" '^ok size=' stat:/
{ echo "[127.0.0.1]:$p ssh-ed25519 AAAAbroken"; } >known
want "a bad line is named" 'host key unknown.*known:1: the key is broken' stat:/
rm known
want "no known_hosts file" 'host key unknown' stat:/
cp all known

server other "HostKey $dir/host_ecdsa"
echo "[127.0.0.1]:$port $(key ed25519)" >known
want "another kind offered is a change" 'host key changed.*shows ecdsa.*known is ssh-ed25519' stat:/
cp all known
if old_libssh2; then
	server rsa "HostKey $dir/host_rsa"
	want "RSA-only server" 'no common algorithm.*host key.*rsa-sha2-512.*offers.*Ed25519' stat:/
	server etm 'MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com' 'Ciphers aes256-ctr'
	want "ETM-only server" 'no common algorithm.*MAC.*etm@openssh.com.*1\.11' stat:/
	server chacha 'Ciphers chacha20-poly1305@openssh.com'
	want "ChaCha-only server" 'no common algorithm.*cipher.*chacha20.*aes256-ctr' stat:/
fi
server sntrup 'KexAlgorithms sntrup761x25519-sha512@openssh.com'
want "post-quantum only" 'no common algorithm.*key exchange.*sntrup761.*curve25519' stat:/

server only 'ForceCommand internal-sftp'
want "SFTP only: files" '^ok size=' stat:/
want "SFTP only: commands" 'no commands' exec:true
want "SFTP only: clock" '^ok ahead=-?[0-3]$' clock:
server text 'ForceCommand echo hello there'
want "forced command that prints" 'no SFTP.*hello there.*forced command' stat:/
want "forced command, ours did not run" 'no commands.*hello there' exec:true
server mute 'ForceCommand sleep 1000'
want "forced command that is silent" 'time-out.*SFTP' -t 10 stat:/
server expired 'ForceCommand echo "WARNING: Your password has expired." >&2; exit 1'
want "password expired" 'account.*password has expired' stat:/
server none 'Subsystem other /bin/true'
want "no SFTP subsystem" 'no SFTP.*Subsystem sftp' stat:/
want "no SFTP subsystem: commands" '^ok status=0' exec:true

server full 'MaxStartups 1'
exec 7<>"/dev/tcp/127.0.0.1/$port"
read -r _ <&7
want "MaxStartups" 'unreachable.*MaxStartups' stat:/
exec 7<&-
port=$(free_port)
want "nobody listens" 'unreachable.*refused' stat:/
finish
