#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The whole way: a past through the real store and journals, netfold-series, netfold-publish, and the pages in
# headless Chromium, in both languages, with a friendly and with a hostile network.
set -u
: "${NF_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}" "${NF_BUILD:=$NF_SRC/build}"
here=$NF_BUILD/tests/web
skip() { echo "skipped: $*"; exit 77; }

[ "${NF_RING:-all}" = all ] || skip "only the unit tests were asked for"
for tool in chromium node npm; do
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

# pages LANGUAGE NAME [hostile]
pages() {
	local file=$work/$2/site.yaml
	"$here/history" "$file" 48 7 "${3:-}" && "$NF_BUILD/store/netfold-series" -c "$file" --once &&
		"$NF_BUILD/web/netfold-publish" -c "$file" --once || { echo "FAIL: no pages"; bad=1; return; }
	node "$NF_SRC/tests/web/browser.js" "$work/$2/www" "$1" || bad=1
	if command -v java >/dev/null; then
		java -jar "$NODE_PATH/vnu-jar/build/dist/vnu.jar" --errors-only "$work/$2"/www/*.html \
			"$work/$2"/www/network/*.html "$work/$2"/www/device/*.html || { echo "FAIL: not valid HTML"; bad=1; }
	else
		echo "java is not installed: validity was not checked"
	fi
	weighs "$work/$2/www" 153600 index.html assets/{style.css,app.js,words.js}
	weighs "$work/$2/www" 256000 device/sw-school-1.{html,js} \
		assets/{style.css,app.js,words.js,chart.js,dygraph.min.js,dygraph.min.css}
}

site sv friendly
pages sv friendly
site en hostile
# Texts of the inventory, too; names of devices have an alphabet of their own.
sed -i "s|Receptionen|\"<script>window.pwned=1</script>\"|; s|Nätgruppen|\"\"\"><img src=x onerror=window.pwned=1>\"|g" \
	"$work/hostile/devices.csv"
sed -i "s|name: Skolnätet|name: \"<b onload=alert(1)>Skol&nätet</b>\"|" "$work/hostile/site.yaml"
pages en hostile hostile
exit $bad
