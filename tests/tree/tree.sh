# SPDX-License-Identifier: GPL-3.0-or-later
# What the tests of the tree share: where it is, which files are its own.

: "${NF_SRC:=$(cd "$(dirname "$0")/../.." && pwd)}"
cd "$NF_SRC" || exit 99

code_folders="base conf store checks collector alert web cli tests"

# sources [NAME-PATTERN…]: every C file of ours, or those that match
sources()
{
	for folder in $code_folders; do
		[ -d "$folder" ] && find "$folder" -name '*.[ch]' ! -path '*/.*'
	done | sort
}

need()
{
	command -v "$1" >/dev/null || { echo "skipped: $1 is not installed"; exit 77; }
}
