#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The whole way: a past through the real store and journals, netfold-series, netfold-publish, and the pages in
# headless Chromium, in both languages, with a friendly and with a hostile network.
set -u
: "${NF_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${NF_BUILD:=$NF_SRC/build}"
here=$NF_BUILD/tests/web
skip() { echo "skipped: $*"; exit 77; }

[ "${NF_RING:-all}" = all ] || skip "only the unit tests were asked for"
for tool in chromium node npm java; do
	command -v "$tool" >/dev/null || skip "$tool is not installed"
done
if [ ! -d "$here/modules/node_modules/axe-core" ]; then
	mkdir -p "$here/modules" && cp "$NF_SRC/tests/web/package.json" "$here/modules/" &&
		npm install --prefix "$here/modules" --no-package-lock --no-audit --no-fund --ignore-scripts \
			>"$here/npm.log" 2>&1 || skip "npm cannot install what the test needs, see $here/npm.log"
fi
export NODE_PATH=$here/modules/node_modules

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
bad=0

# site LANGUAGE NAME: the sample site, in a folder of its own
site() {
	mkdir -p "$work/$2/secrets"
	sed -e "s/language: .*/language: $1/" -e 's|state_dir: .*|state_dir: state\n  www_dir: www|' \
		"$NF_SRC/conf/site.yaml" >"$work/$2/site.yaml"
	cp "$NF_SRC/conf/devices.csv" "$work/$2/"
	(
		umask 077
		for name in community auth priv id_ed25519 known_hosts mail; do
			echo not-a-secret >"$work/$2/secrets/$name"
		done
	)
}

# weighs FOLDER BYTES FILE...: a page with all that it loads
weighs() {
	local most=$2 size
	size=$(cd "$1" && shift 2 && cat "$@" | wc -c)
	echo "$3 weighs $size bytes with all that it loads, at most $most"
	[ "$size" -le "$most" ] || bad=1
}

# pages NAME [HISTORY…]: a past of two days and what follows from it, and the pages
pages() {
	local file=$work/$1/site.yaml
	if [ $# -gt 1 ]; then
		"$here/history" "$file" 48 7 "${@:3}" && "$NF_BUILD/store/netfold-series" -c "$file" --once &&
			"$NF_BUILD/alert/netfold-notify" -c "$file" --once 2>/dev/null
	fi
	"$NF_BUILD/web/netfold-publish" -c "$file" --once || { echo "FAIL: no pages of $1"; bad=1; }
}

# fails NAME: a run that cannot write one of its pages; what it leaves for the browser is kept beside
fails() {
	local www=$work/$1/www
	mkdir "$www/backups.html.tmp" "$work/$1/failed"
	"$NF_BUILD/web/netfold-publish" -c "$work/$1/site.yaml" --once 2>/dev/null && { echo "FAIL: a run that fails ends with 0"; bad=1; }
	cp "$www/fresh.css" "$www/fresh.js" "$work/$1/failed/"
	rmdir "$www/backups.html.tmp"
	pages "$1"
}

site sv friendly
pages friendly with
# What the ledger's program says of a device is kept in English, and shown in the site's language.
grep -rq "inget svar sedan dess" "$work/friendly/www/device" || { echo "FAIL: evidence is not in Swedish"; bad=1; }
fails friendly
site en hostile
# Texts of the inventory, too; names of devices have an alphabet of their own.
sed -i "s|Receptionen|\"<script>window.pwned=1</script>\"|; s|Nätgruppen|\"\"\"><img src=x onerror=window.pwned=1>\"|g; s|Omsorgen|$(printf 'W%.0s' $(seq 300))|" \
	"$work/hostile/devices.csv"
sed -i "s|name: Skolnätet|name: \"<b onload=alert(1)>Skol\&nätet</b>\"|" "$work/hostile/site.yaml"
pages hostile with hostile
# Nobody has looked at anything yet.
site en empty
pages empty

node "$NF_SRC/tests/web/browser.js" "sv=$work/friendly/www" "en=$work/hostile/www" "en=$work/empty/www" || bad=1
java -jar "$NODE_PATH/vnu-jar/build/dist/vnu.jar" --errors-only "$work"/*/www/*.html "$work"/*/www/{backup,cutover,device,network,wave}/*.html ||
	{ echo "FAIL: not valid HTML"; bad=1; }
weighs "$work/friendly/www" 153600 index.html fresh.css assets/{style.css,app.js,words.js}
weighs "$work/friendly/www" 256000 device/sw-school-1.{html,js} fresh.css \
	assets/{style.css,app.js,words.js,chart.js,dygraph.min.js,dygraph.min.css}
exit $bad
