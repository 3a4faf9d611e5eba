#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every C file is as clang-format writes it.
. "$(dirname "$0")/tree.sh"
need clang-format

sources | xargs clang-format --dry-run --Werror --ferror-limit=1
