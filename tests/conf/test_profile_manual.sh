#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# netfold-profile(5) knows every key that the reader of profiles knows, and names every shipped profile.
cd "${NF_SRC:-.}" || exit 1
page=man/netfold-profile.5.scd
keys=$(sed -n 's/^[[:space:]]*{"\([a-zA-Z_]*\)",.*/\1/p' conf/profile_read.c conf/profile_meaning.c | sort -u)
[ "$(echo "$keys" | wc -l)" -ge 40 ] || { echo "only $(echo "$keys" | wc -l) keys found"; exit 1; }
bad=0
for key in $keys; do
	grep -q "\*$key\*" $page || { echo "$page does not explain $key"; bad=1; }
done
for file in conf/profiles/*.yaml; do
	name=$(basename "$file" .yaml)
	sed -n '/^Shipped:/,/^$/p' $page | grep -qw -- "$name" || { echo "$page does not name $name"; bad=1; }
	grep -q "profiles/$name.yaml" conf/include.am || { echo "$file is not installed"; bad=1; }
done
exit $bad
