# shellcheck shell=bash
# build: the generated files, and one build directory per way of building. Sourced by quickstart.

CORES=$(nproc)

cached() { # cached COMPILER: through ccache where it is installed
	if command -v ccache >/dev/null; then
		printf 'ccache %s' "$1"
	else
		printf '%s' "$1"
	fi
}

# Only the first time: make itself renews what its sources are newer than.
generate() {
	[ -x configure ] && [ -f Makefile.in ] || autoreconf -fi
}

# configure_in DIR OPTION…: the first time, and again when the options change
configure_in() {
	local dir=$1 top=$PWD
	shift
	mkdir -p "$dir"
	if [ -f "$dir/Makefile" ] && [ "$(cat "$dir/.options" 2>/dev/null)" = "$*" ]; then
		return 0
	fi
	# What was compiled for other options must not stay.
	[ ! -f "$dir/Makefile" ] || make -s -C "$dir" clean
	(cd "$dir" && "$top/configure" -q "$@") && printf '%s' "$*" >"$dir/.options"
}

build_in() { # build_in DIR TARGET…
	local dir=$1
	shift
	make -s -k -C "$dir" -j"$CORES" "$@"
}

# What everyone who runs netfold from this tree gets: installed below build/root, where it finds its
# own parts as it would in /usr.
build_netfold() {
	step "Preparing the build" generate &&
		step "Configuring" configure_in build/release CC="$(cached gcc)" --prefix="$PWD/build/root" \
			INSTALL="$(command -v install) -C" &&
		step "Building netfold" build_in build/release install
}

# Outside of the lab's namespaces raw sockets take a right that only root has, or gives.
allow_raw() { # NAME WHAT-FOR
	local program=build/root/libexec/netfold/$1
	[ "$(id -u)" != 0 ] || return 0
	PATH=$PATH:/usr/sbin:/sbin
	! getcap "$program" 2>/dev/null | grep -q cap_net_raw || return 0
	if command -v sudo >/dev/null && say "Giving $1 the right to $2 (cap_net_raw) ..." &&
		sudo setcap cap_net_raw+ep "$program"; then
		return 0
	fi
	say "$1 may not $2. As root:"
	say "    setcap cap_net_raw+ep $PWD/$program"
}

allow_ping() {
	allow_raw netfold-ping "send ICMP"
	allow_raw netfold-wire "listen on interfaces"
}
