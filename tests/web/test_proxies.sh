#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The examples of netfold-serve(8), as they stand there, in the real nginx, Apache and Caddy before the real
# netfold-serve: TLS, a login, and what passes through. Only ports, folders and Caddy's certificate are replaced.
set -u
: "${NF_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${NF_BUILD:=$PWD}"
export PATH=$PATH:/usr/sbin LC_ALL=C
skip() { echo "skipped: $*"; exit 77; }
[ "${NF_RING:-all}" = all ] || skip "only the unit tests were asked for"
for tool in nginx apache2 caddy htpasswd openssl curl; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done
D=$(mktemp -d) FAILED=0 PIDS='' PORT=$((20000 + RANDOM % 20000)) NAME=netfold.example.se
# shellcheck disable=SC2086
trap 'kill $PIDS 2>/dev/null; wait; rm -rf "$D"' EXIT
chmod 755 "$D" && cd "$D" || exit 99
same() { if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "FAIL: $1: wanted '$2', got '$3'"; FAILED=1; fi; }

mkdir www state
cat >site.yaml <<END
site: {name: Prov, state_dir: state, www_dir: www}
serve: {port: $PORT, names: [$NAME]}
networks: [{id: a, role: common, prefixes: [127.0.0.0/16]}]
END
"$NF_BUILD/web/netfold-publish" -c site.yaml --once 2>log || { cat log; exit 1; }
"$NF_BUILD/web/netfold-serve" -c site.yaml 2>>log &
PIDS=$!
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -days 2 \
	-subj "/CN=$NAME" -addext "subjectAltName=DNS:$NAME" 2>>log || { cat log; exit 1; }
htpasswd -Bbc users oncall 'right one' 2>>log
chmod 644 key.pem users

# example FIRST-LINE: from the manual page, without the fences
example() {
	awk -v first="$1" '/^```/ { inside = !inside; if (!inside) on = 0; next }
		inside && index($0, first) == 1 { on = 1 } inside && on' "$NF_SRC/man/netfold-serve.8.scd" |
		sed "s|127.0.0.1:8642|127.0.0.1:$PORT|; s|/etc/ssl/netfold.pem|$D/cert.pem|; s|/etc/ssl/private/netfold.key|$D/key.pem|
			s|/etc/[a-z0-9]*/netfold.users|$D/users|; s|443|$1_PORT|"
}

ask() { # PORT PATH [CURL'S ARGUMENTS…]: the status; the body is in `body`
	local port=$1 path=$2
	shift 2
	curl -s --max-time 20 --cacert cert.pem --resolve "$NAME:$port:127.0.0.1" -o body -D headers \
		-w '%{http_code}' "$@" "https://$NAME:$port$path"
}

examine() { # NAME PORT
	local login=(-u "oncall:right one") tag
	for _ in $(seq 100); do
		[ "$(ask "$2" /)" != 000 ] && break
		sleep 0.1
	done
	same "$1: who does not log in sees nothing" 401 "$(ask "$2" /)"
	same "$1: nor with a wrong password" 401 "$(ask "$2" /status.json -u oncall:wrong)"
	same "$1: with the right one the page" 200 "$(ask "$2" / "${login[@]}")"
	same "$1: whole" "$(cksum <www/index.html)" "$(cksum <body)"
	same "$1: its policy comes along" 1 "$(grep -ci '^content-security-policy: ' headers)"
	tag=$(sed -n 's/^[Ee][Tt]ag: \(.*\)\r$/\1/p' headers)
	same "$1: what the reader has is not sent again" 304 "$(ask "$2" / "${login[@]}" -H "If-None-Match: $tag")"
	same "$1: compressed" 200 "$(ask "$2" /status.json "${login[@]}" -H 'Accept-Encoding: gzip')"
	same "$1: is the same" "$(cksum <www/status.json)" "$(gzip -dcf body | cksum)"
	same "$1: the figures" 200 "$(ask "$2" /metrics "${login[@]}")"
	same "$1: a page that is not there" 404 "$(ask "$2" /../state/state.db --path-as-is "${login[@]}" | sed 's/400/404/')"
	same "$1: POST is refused" refused "$(ask "$2" / -X POST -d x=1 "${login[@]}" | sed 's/40[0-9]/refused/')"
}

{
	echo "daemon off; worker_processes 1; pid $D/nginx.pid; error_log $D/nginx.log;"
	[ "$(id -u)" != 0 ] || echo "user www-data;"
	echo "events {} http { access_log off;"
	for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $D/nginx-$kind;"; done
	example server | sed "s/server_PORT/$((PORT + 1))/"
	echo "}"
} >nginx.conf
nginx -c "$D/nginx.conf" 2>>nginx.log &
PIDS="$PIDS $!"

{
	echo "ServerRoot /usr/lib/apache2
		ServerName localhost
		PidFile $D/apache.pid
		DefaultRuntimeDir $D
		ErrorLog $D/apache.log
		Listen 127.0.0.1:$((PORT + 2))"
	[ "$(id -u)" != 0 ] || printf 'User www-data\nGroup www-data\n'
	for module in mpm_event authz_core authz_user authn_core auth_basic authn_file socache_shmcb ssl proxy proxy_http; do
		echo "LoadModule ${module}_module modules/mod_$module.so"
	done
	example '<VirtualHost' | sed "s/<VirtualHost_PORT/$((PORT + 2))/"
} >apache.conf
apache2 -D FOREGROUND -f "$D/apache.conf" 2>>apache.log &
PIDS="$PIDS $!"

# As `caddy hash-password` gives it, but less dear: that costs seconds for each request on a busy machine.
# shellcheck disable=SC2016
hash=$(htpasswd -nbBC 5 oncall 'right one' | sed -n 's/^oncall:[$]2y/$2a/p')
{
	printf '{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n'
	example "$NAME" | sed "1s|.*|$NAME:$((PORT + 3)) {\n\ttls $D/cert.pem $D/key.pem|; s|NAME HASH|oncall $hash|"
} >Caddyfile
XDG_DATA_HOME=$D XDG_CONFIG_HOME=$D caddy run --config Caddyfile --adapter caddyfile 2>caddy.log &
PIDS="$PIDS $!"

examine nginx "$((PORT + 1))"
examine Apache "$((PORT + 2))"
examine Caddy "$((PORT + 3))"
[ "$FAILED" = 0 ] || tail -n 20 log nginx.log apache.log caddy.log
exit "$FAILED"
