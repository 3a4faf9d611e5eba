# shellcheck shell=bash
# install: what tools/packages lists and is not there yet, without a question and without
# starting a service. Sourced by quickstart.

# packages SECTION…: the packages of these sections
packages() {
	local section
	for section in "$@"; do
		awk -v s="$section" '$1 == s { print $2 }' tools/packages
	done
}

# Postfix would take the place of another mail server, which is this machine's own matter.
has_other_mail_server() {
	[ -e /usr/sbin/sendmail ] && [ ! -e /usr/sbin/postconf ]
}

# A package written PACKAGE/COMMAND is not needed where the command is there from elsewhere.
missing_packages() {
	local package
	for package in $(packages "$@"); do
		case $package in
		*/*) command -v "${package#*/}" >/dev/null && continue ;;
		postfix) has_other_mail_server && continue ;;
		esac
		package=${package%/*}
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
			printf '%s\n' "$package"
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# Daemons come with packages that the lab needs, but they are not this machine's to run: none is
# started while they are unpacked, none of the new ones stays enabled.
quiet_services() {
	local unit
	for unit in "$@"; do
		as_root update-rc.d "$unit" disable || true
		if [ -d /run/systemd/system ]; then
			as_root systemctl disable --now "$unit" || true
		fi
	done
}

apt_install() {
	local guard=/usr/sbin/policy-rc.d placed='' units='' status=0
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y
		-o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold)
	case " $* " in *" snmpd "*) units="$units snmpd" ;; esac
	case " $* " in *" lldpd "*) units="$units lldpd" ;; esac
	case " $* " in *" openssh-server "*) units="$units ssh" ;; esac
	case " $* " in *" prometheus "*) units="$units prometheus" ;; esac
	case " $* " in *" nginx-light "*) units="$units nginx" ;; esac
	case " $* " in *" caddy "*) units="$units caddy" ;; esac
	case " $* " in *" postfix "*)
		units="$units postfix"
		# It needs no mail system of its own: the lab brings its configuration.
		echo 'postfix postfix/main_mailer_type select No configuration' |
			as_root debconf-set-selections
		;;
	esac
	if [ -n "$units" ] && [ ! -e "$guard" ]; then
		printf '#!/bin/sh\nexit 101\n' | as_root tee "$guard" >/dev/null
		as_root chmod 755 "$guard"
		placed=yes
	fi
	as_root "${apt[@]}" update && as_root "${apt[@]}" install --no-install-recommends "$@" ||
		status=$?
	[ -z "$placed" ] || as_root rm -f "$guard"
	# shellcheck disable=SC2086
	[ -z "$units" ] || quiet_services $units
	return "$status"
}

# install_packages SECTION…
install_packages() {
	local wanted
	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		say "This is not Debian: tools/packages lists what netfold needs; going on without."
		return 0
	fi
	wanted=$(missing_packages "$@" | tr '\n' ' ')
	[ -n "$wanted" ] || return 0
	if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
		say "These packages are missing, and only root can install them:"
		say "    apt-get install --no-install-recommends $wanted"
		return 1
	fi
	say "Installing from Debian: $wanted"
	# Asks for the password here, if it must, and not in the middle of a progress line.
	[ "$(id -u)" = 0 ] || sudo -v || return 1
	# shellcheck disable=SC2086
	step "Installing packages" apt_install $wanted
}
