# shellcheck shell=bash
# mailbox: reads the mailboxes of the lab's mail server. Sourced by tests, after lib.sh.

MAIL_DOMAIN=labb.example
MAIL_USERS="drift-a drift-b skola-it vard-jour chef"
MAILBOXES=hosts/common-mail/mail

needs_mailboxes() {
	need perl
	[ -f hosts/common-mail/postfix.pid ] || skip "the lab has no mail server: it takes root, postfix and sasl2-bin"
}

# mails USER [HEADER VALUE]: files, as they came; those whose header has this value
mails() {
	local file
	find "$MAILBOXES/$1/new" -type f -printf '%T@ %p\n' 2>/dev/null | sort -n | cut -d' ' -f2 |
		while read -r file; do
			[ -z "${2:-}" ] || [ "$(header "$file" "$2")" = "$3" ] || continue
			echo "$file"
		done
}

# header FILE NAME: unfolded, and decoded as RFC 2047 says
header() {
	perl -MEncode -0777 -ne '
		s/\r//g; s/\n\n.*//s; s/\n[ \t]+/ /g;
		binmode STDOUT, ":utf8";
		for (split /\n/) { print Encode::decode("MIME-Header", $1), "\n" if /^\Q'"$2"'\E:\s*(.*)/i }' "$1"
}

# body FILE TYPE: the part of that type, decoded
body() {
	perl -MMIME::QuotedPrint -0777 -ne '
		s/\r//g;
		my ($b) = /boundary="([^"]+)"/;
		for (split /^--\Q$b\E(?:--)?\n/m) {
			print decode_qp($1) if m{^Content-Type: \Q'"$2"'\E.*?\n\n(.*)}s }' "$1"
}

# has_mails USER COUNT [HEADER VALUE]: at least so many
has_mails() {
	[ "$(mails "$1" "${@:3}" | wc -l)" -ge "$2" ]
}

# thread USER NUMBER: the kinds of mail that came about an incident, in order
thread() {
	local file
	mails "$1" X-Netfold-Incident "$2" | while read -r file; do header "$file" X-Netfold-Kind; done | paste -sd' '
}

thread_is() { # thread_is USER NUMBER WORDS
	[ "$(thread "$1" "$2")" = "$3" ]
}

# told USER TITLE: has a mail whose subject names it; sets MAIL to the first one after the mails that
# stand in SEEN
told() {
	local file
	for file in $(mails "$1"); do
		case " $SEEN " in *" $file "*) continue ;; esac
		case $(header "$file" Subject) in *"$2"*)
			MAIL=$file
			return
			;;
		esac
	done
	return 1
}
SEEN='' MAIL=''

# on_call ROTA
on_call() {
	netfold oncall --json | jq -r --arg r "$1" '.on_call[] | select(.rota == $r).contact'
}
