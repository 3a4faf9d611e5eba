# shellcheck shell=bash
# postfix: a real mail server of the lab's own on one of its hosts: STARTTLS (587) and TLS from the
# first byte (465) with a certificate of a CA of our own making, a login, and mailboxes of its users as
# maildirs. It has nothing to do with a Postfix that this machine may run: its configuration and its
# queue lie in the lab's own /run, where its unprivileged parts can come to, whoever may see $DIR.
# Sourced by ./lab; needs root, as Postfix does.
#   $DIR/hosts/NAME/mail/USER/new   the mailboxes
#   $DIR/hosts/NAME/maillog         its log

MAIL_DOMAIN=labb.example
MAIL_USERS="drift-a drift-b skola-it vard-jour chef"

# The CA, and the server's certificate for ADDRESS. netfold needs the CA's before the server starts.
lab_mail_secrets() { # lab_mail_secrets ADDRESS
	local dir=$DIR/secrets days="-days 3650" name="/CN=mail.$MAIL_DOMAIN"
	[ ! -f "$dir/mail-server.pem" ] || return 0
	(
		umask 077
		printf 'lab-mail-2011' >"$dir/mail-password"
		printf 'subjectAltName=IP:%s,DNS:mail.%s\n' "$1" "$MAIL_DOMAIN" >"$dir/mail-names"
		# shellcheck disable=SC2086
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes $days \
			-subj "/CN=The lab's CA" -keyout "$dir/mail-ca.key" -out "$dir/mail-ca.pem" &&
			openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$name" \
				-keyout "$dir/mail-server.key" -out "$dir/mail-server.csr" &&
			openssl x509 -req -in "$dir/mail-server.csr" -CA "$dir/mail-ca.pem" \
				-CAkey "$dir/mail-ca.key" -set_serial 1 $days \
				-extfile "$dir/mail-names" -out "$dir/mail-server.pem"
	) >"$DIR/log/openssl" 2>&1
}

# Whether this lab can have one: its users' ids must exist in the namespaces.
lab_mail_possible() {
	[ "$LAB_ROOTLESS" = no ] && [ -x "$(lab_postfix_programs)/master" ] &&
		command -v saslpasswd2 >/dev/null
}

lab_postfix_programs() {
	postconf -d -h daemon_directory 2>/dev/null || echo /nowhere
}

lab_postfix_queue() { # lab_postfix_queue SPOOL: what `postfix check` would make
	local name
	mkdir -p "$1/etc/sasl" "$1/queue/pid" "$1/data" "$1/mail"
	for name in active bounce corrupt defer deferred flush hold incoming private saved trace; do
		install -d -o postfix -m 700 "$1/queue/$name"
	done
	install -d -o postfix -g postdrop -m 730 "$1/queue/maildrop"
	install -d -o postfix -g postdrop -m 710 "$1/queue/public"
	chown postfix "$1/data"
}

lab_postfix_configuration() { # lab_postfix_configuration HOME SPOOL
	local user
	cat >"$2/etc/main.cf" <<-EOF
		compatibility_level = 3.6
		queue_directory = $2/queue
		data_directory = $2/data
		maillog_file_prefixes = /
		maillog_file = $1/maillog
		myhostname = mail.$MAIL_DOMAIN
		mydestination =
		mynetworks =
		local_recipient_maps =
		alias_maps =
		virtual_mailbox_domains = $MAIL_DOMAIN
		virtual_mailbox_base = $2/mail
		virtual_mailbox_maps = texthash:$2/etc/users
		virtual_uid_maps = static:$(id -u mail)
		virtual_gid_maps = static:$(id -g mail)
		virtual_minimum_uid = 1
		smtpd_tls_cert_file = $DIR/secrets/mail-server.pem
		smtpd_tls_key_file = $DIR/secrets/mail-server.key
		smtpd_tls_security_level = encrypt
		smtpd_sasl_auth_enable = yes
		smtpd_sasl_local_domain = mail.$MAIL_DOMAIN
		cyrus_sasl_config_path = $2/etc/sasl
		smtpd_relay_restrictions = permit_sasl_authenticated, reject
		smtpd_client_connection_count_limit = 0
		smtpd_client_connection_rate_limit = 0
	EOF
	cat >"$2/etc/master.cf" <<-EOF
		587     inet n - n - - smtpd
		465     inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
		cleanup unix n - n - 0 cleanup
		qmgr    unix n - n 300 1 qmgr
		tlsmgr  unix - - n 1000? 1 tlsmgr
		rewrite unix - - n - - trivial-rewrite
		bounce  unix - - n - 0 bounce
		defer   unix - - n - 0 bounce
		trace   unix - - n - 0 bounce
		error   unix - - n - - error
		retry   unix - - n - - error
		virtual unix - n n - - virtual
		postlog unix-dgram n - n - 1 postlogd
	EOF
	printf 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: %s\n' \
		"$2/sasldb" >"$2/etc/sasl/smtpd.conf"
	for user in $MAIL_USERS; do
		printf '%s@%s %s/\n' "$user" "$MAIL_DOMAIN" "$user"
	done >"$2/etc/users"
}

lab_postfix() { # lab_postfix NAME
	local home=$DIR/hosts/$1 spool=/run/mail-$1
	lab_mail_possible || return 0
	mkdir -p "$home/mail"
	if [ ! -d "$spool" ]; then
		lab_postfix_queue "$spool"
		# Those who deliver could not come through the folders above the mailboxes.
		chown mail "$home/mail"
		mount --bind "$home/mail" "$spool/mail"
		saslpasswd2 -p -c -f "$spool/sasldb" -u "mail.$MAIL_DOMAIN" netfold \
			<"$DIR/secrets/mail-password"
		chown postfix "$spool/sasldb"
	fi
	lab_postfix_configuration "$home" "$spool"
	ip netns exec "$1" "$(lab_postfix_programs)/master" -c "$spool/etc" \
		</dev/null >>"$home/master.out" 2>&1 &
	echo $! >"$home/postfix.pid"
}
