#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# netfold-serve from outside: what it answers, what it refuses, and who cannot hold it up.
set -u
: "${NF_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
BUILD=${NF_BUILD:-$PWD}
for tool in curl sed; do
	command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done
D=$(mktemp -d) FAILED=0 SERVER='' PORT=$((20000 + RANDOM % 20000))
# shellcheck disable=SC2317 # called by the trap
tidy() {
	[ -z "$SERVER" ] || kill -KILL "$SERVER" 2>/dev/null
	wait
	rm -rf "$D"
}
trap tidy EXIT
trap '' PIPE # the server may close first
cd "$D" || exit 1

ok() { echo "ok: $*"; }
bad() { echo "FAIL: $*"; FAILED=1; }
same() { if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: wanted '$2', got '$3'"; fi; }
holds() {
	local what=$1
	shift
	if "$@" >/dev/null; then ok "$what"; else bad "$what"; fi
}
. "$NF_SRC/tests/patience.sh"
site() {
	cat <<-END
		site: {name: Prov, state_dir: state, www_dir: www}
		serve: {port: $PORT$1}
		networks:
		  - {id: a, role: common, prefixes: [127.0.0.0/16]}
	END
}
answers() { curl -s -o /dev/null "http://127.0.0.1:$PORT/healthz"; }
begin() {
	"$BUILD/web/netfold-serve" -c site.yaml 2>>log &
	SERVER=$!
	await 10 "it listens" answers
}
# ask PATH CURL-OPTION…: body in body, headers in head, prints the status
ask() {
	local path=$1
	shift
	: >body
	curl -s --path-as-is --max-time 20 -D head -o body -w '%{http_code}' "$@" "http://127.0.0.1:$PORT$path"
}
value() { sed -n "s/^$1: //Ip" head | tr -d '\r'; }
# raw WORDS [all]: bytes to the server, its first line back, or all
raw() {
	exec 3<>"/dev/tcp/127.0.0.1/$PORT"
	printf '%b' "$1" >&3 2>/dev/null
	timeout 20 head -n "$([ $# = 1 ] && echo 1 || echo 100)" <&3 2>/dev/null | tr -d '\r'
	exec 3>&-
}

mkdir -p www/device www/.git state
site '' >site.yaml
echo '<!doctype html><title>front</title>' >www/index.html
{ echo '{"a":['; seq -s, 5000; echo ']}'; } >www/status.json
echo 'body{}' >www/style.css
echo '<svg/>' >www/icon.svg
echo secret >secret.html
echo secret >www/.git/config
echo half >www/index.html.tmp
echo inner >www/device/a%2Fb.html
ln -s ../secret.html www/out.html
ln -s "$D/secret.html" www/absolute.html
ln -s .. www/up
ln -s /proc/self/environ www/environ.txt
ln -s index.html www/inside.html
mkfifo www/pipe.html
begin

same "the front page" 200 "$(ask /)"
holds "is index.html" cmp body www/index.html
same "its type" "text/html; charset=utf-8" "$(value content-type)"
for header in content-security-policy x-frame-options referrer-policy etag last-modified; do
	holds "it has $header" [ -n "$(value $header)" ]
done
same "nosniff" nosniff "$(value x-content-type-options)"
holds "no frames" grep -q "frame-ancestors 'none'" head
for row in status.json=application/json style.css=text/css icon.svg=image/svg+xml; do
	ask "/${row%=*}" >/dev/null
	holds "the type of ${row%=*}" [ "$(value content-type | cut -d';' -f1)" = "${row#*=}" ]
done
same "a query changes nothing" 200 "$(ask '/index.html?x=/../..')"
same "a name with a coded slash stays one name" 200 "$(ask /device/a%252Fb.html)"
same "a link within www_dir is followed" 200 "$(ask /inside.html)"

same "HEAD" 200 "$(ask / -I)"
same "has the length" "$(stat -c %s www/index.html)" "$(value content-length)"
holds "and no body" [ "$(raw 'HEAD / HTTP/1.0\r\n\r\n' all | grep -c front)" = 0 ]
for method in POST PUT DELETE PATCH OPTIONS TRACE CONNECT PROPFIND; do
	same "$method is refused" 405 "$(ask / -X $method)"
	same "with what is allowed" "GET, HEAD" "$(value allow)"
done
same "a question with a body is refused" 400 "$(ask / -X GET -d x=1)"
same "a large upload is not read" 405 "$(head -c 50000000 /dev/zero | ask / -H 'Expect:' --data-binary @-)"
same "ranges are not served: the whole" 200 "$(ask / -r 0-3)"
holds "is given" cmp body www/index.html

ask /status.json >/dev/null
tag=$(value etag) date=$(value last-modified)
same "what the reader has" 304 "$(ask /status.json -H "If-None-Match: $tag")"
same "is not sent" 0 "$(stat -c %s body)"
same "and named again" "$tag" "$(value etag)"
same "one of several tags" 304 "$(ask /status.json -H "If-None-Match: \"x,y\", W/$tag")"
same "any tag" 304 "$(ask /status.json -H 'If-None-Match: *')"
same "another tag" 200 "$(ask /status.json -H 'If-None-Match: "x"')"
same "not modified since" 304 "$(ask /status.json -H "If-Modified-Since: $date")"
same "a tag outweighs a date" 200 "$(ask /status.json -H 'If-None-Match: "x"' -H "If-Modified-Since: $date")"
same "modified since" 200 "$(ask /status.json -H 'If-Modified-Since: Sat, 05 Feb 2011 10:00:00 GMT')"
same "a date that is none" 200 "$(ask /status.json -H 'If-Modified-Since: yesterday')"
same "compressed" 200 "$(ask /status.json -H 'Accept-Encoding: br, gzip')"
same "says so" gzip "$(value content-encoding)"
same "and that it varies" Accept-Encoding "$(value vary)"
holds "is the same" cmp <(gzip -dc body) www/status.json
holds "is smaller" [ "$(stat -c %s body)" -lt "$(stat -c %s www/status.json)" ]
gtag=$(value etag)
holds "and has a tag of its own" [ "$gtag" != "$tag" ]
same "which is good for it" 304 "$(ask /status.json -H 'Accept-Encoding: gzip' -H "If-None-Match: $gtag")"
same "and for the plain one not" 200 "$(ask /status.json -H "If-None-Match: $gtag")"
ask /status.json -H 'Accept-Encoding: gzip;q=0' >/dev/null
same "who refuses gzip gets none" "" "$(value content-encoding)"
cp www/status.json www/new && echo >>www/new && mv www/new www/status.json
same "a new file is a new one" 200 "$(ask /status.json -H 'Accept-Encoding: gzip' -H "If-None-Match: $gtag")"
holds "compressed anew" cmp <(gzip -dc body) www/status.json

for path in /../secret.html /..%2fsecret.html /%2e%2e/secret.html /device/../../secret.html \
	/device/%2e%2e/%2e%2e/secret.html //etc/passwd /%2fetc/passwd /out.html /absolute.html \
	/up/secret.html /environ.txt /.git/config /%2egit/config /index.html.tmp /pipe.html /device \
	/device/ /index.html%00.css /%00 /..%5csecret.html /%c0%ae%c0%ae/secret.html /./index.html \
	"/$(head -c 3000 /dev/zero | tr '\0' a)"; do
	same "not shown: $(echo "$path" | cut -c1-40)" 404 "$(ask "$path")"
	holds "nothing of it" [ "$(grep -c secret body)" = 0 ]
done
same "another name for this machine" 421 "$(ask / -H 'Host: evil.example')"
same "localhost" 200 "$(ask / -H 'Host: LOCALHOST:1')"
same "an IPv6 address" 200 "$(ask / -H 'Host: [::1]:8642')"
site ", names: [netfold.example.se]" >site.yaml
kill -HUP "$SERVER"
await 5 "after a reload the name of the site" [ "$(ask / -H 'Host: Netfold.example.se')" = 200 ]

same "a header too large" 431 "$(ask / -H "X: $(head -c 20000 /dev/zero | tr '\0' a)")"
many=$(for i in $(seq 3000); do printf 'X%d: 1\\r\\n' "$i"; done)
# The answer may be lost with a connection that is closed before all was read.
holds "too many headers" grep -qE '^$| 4(31|13|00) ' <<<"$(raw "GET / HTTP/1.1\r\nHost: localhost\r\n$many\r\n")"
holds "an address too long" grep -qE '^$| 4(14|31) ' <<<"$(raw "GET /$(head -c 20000 /dev/zero | tr '\0' a) HTTP/1.1\r\n\r\n")"
holds "no HTTP at all" [ "$(raw '\x16\x03\x01\x02\r\n\r\n' | grep -c ' 200 ')" = 0 ]
same "HTTP/1.0 without a name" "HTTP/1.0 200 OK" "$(raw 'GET / HTTP/1.0\r\n\r\n' | sed 's,HTTP/1.1,HTTP/1.0,')"
holds "it is well" answers

well='{"written":"2026-01-01T00:00:00+01:00","failure":null,"pages_failed":0}'
echo "$well" >www/health.json
same "health" 200 "$(ask /healthz)"
echo '{"written":"2026-01-01T00:00:00+01:00","failure":"\"failure\":null","pages_failed":2}' >www/health.json
same "a failure is no health" 503 "$(ask /healthz)"
holds "and it is said" grep -q 'attempt to write the pages failed' body
echo "$well" >www/health.json
touch -d '10 minutes ago' www/health.json
same "old pages are no health" 503 "$(ask /healthz)"
holds "and it says why" grep -q 'are 60[0-9] s old' body
touch -d '+10 minutes' www/health.json
same "nor are pages of the future" 503 "$(ask /healthz)"
touch www/health.json
printf '# HELP netfold_x X\n# TYPE netfold_x gauge\nnetfold_x 1\n# EOF\n' >www/metrics
same "figures" 200 "$(ask /metrics)"
same "their type" "application/openmetrics-text; version=1.0.0; charset=utf-8" "$(value content-type)"
same "are not kept" no-store "$(value cache-control)"
holds "those of the pages" grep -q '^netfold_x 1$' body
holds "and its own" grep -q '^netfold_serve_responses_total{code="4xx"} [1-9]' body
same "end once" 1 "$(grep -c '^# EOF$' body)"
same "at the end" "# EOF" "$(tail -n 1 body)"
touch -d '10 minutes ago' www/health.json
ask /metrics >/dev/null
holds "figures of a publisher that stands still are left out" [ "$(grep -c '^netfold_x' body)" = 0 ]
touch www/health.json
touch -d '10 minutes ago' www/metrics
ask /metrics >/dev/null
holds "old figures are left out" [ "$(grep -c '^netfold_x' body)" = 0 ]
printf 'netfold_x 1\nhalf' >www/metrics
ask /metrics -H 'Accept-Encoding: gzip' >/dev/null
holds "so are half ones" [ "$(gzip -dc body | grep -c '^netfold_x')" = 0 ]

# 150 who send a byte a second: others are answered meanwhile, and they are sent away.
for i in $(seq 100 249); do
	eval "exec $i<>/dev/tcp/127.0.0.1/$PORT" && printf 'GET / HTTP/1.1\r\n' >&"$i"
done
for second in $(seq 16); do
	for i in $(seq 100 249); do printf 'X' >&"$i"; done 2>/dev/null
	[ "$second" != 3 ] || same "slow clients hold nobody up" 200 "$(ask /)"
	sleep 1
done
same "it still answers" 200 "$(ask /metrics)"
holds "all of them were sent away" grep -qx 'netfold_serve_connections_ended_total [1-9][0-9][0-9]' body
for i in $(seq 100 249); do eval "exec $i>&-"; done 2>/dev/null

mv www gone
same "without www_dir" 503 "$(ask /)"
same "no health" 503 "$(ask /healthz)"
mv gone www
same "and with it again" 200 "$(ask /)"
status=/proc/$SERVER/status
same "no capability is left" 0000000000000000 "$(awk '$1 == "CapEff:" { print $2 }' "$status")"
same "nor can one be had" 1 "$(awk '$1 == "NoNewPrivs:" { print $2 }' "$status")"
same "a filter stands" 2 "$(awk '$1 == "Seccomp:" { print $2 }' "$status")"
"$BUILD/web/netfold-serve" -c site.yaml 2>second
same "a port that is taken" 3 $?
holds "is named" grep -q "port $PORT is taken" second
kill -KILL "$SERVER"
wait "$SERVER" 2>/dev/null
begin
kill -TERM "$SERVER"
wait "$SERVER"
same "SIGTERM ends it well" 0 $?

if grep -q Landlock log; then
	echo "notice: this kernel has no Landlock"
else
	begin
	mv www gone && mkdir www && cp gone/index.html www/
	wait "$SERVER"
	same "a www_dir made anew ends it" 3 $?
	begin
	await 5 "and the next one opens it" answers
	kill -TERM "$SERVER"
	wait "$SERVER"
	rm -rf www && mv gone www
fi
SERVER=''

site ', listen: 0.0.0.0' >public.yaml
"$BUILD/web/netfold-serve" -c public.yaml 2>err
same "a public address is refused" 2 $?
holds "with a way out" grep -q 'allow_public: true' err
site ', listen: "::1"' >site.yaml
"$BUILD/web/netfold-serve" -c site.yaml 2>err &
SERVER=$!
if [ -e /proc/net/if_inet6 ] && grep -q ' lo$' /proc/net/if_inet6; then
	await 5 "the IPv6 loopback" curl -gsf "http://[::1]:$PORT/"
fi
[ "$FAILED" = 0 ] || cat log
exit "$FAILED"
