#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A cut link ends in the mailbox of whoever is on call, through a real mail server, with TLS that is
# verified and a login: the problem once, with all that is behind it, then the recovery, in one thread.
# Also over TLS from the first byte, and with the mail server itself away meanwhile.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/mailbox.sh"
in_the_lab "$@"
needs_mailboxes
need sqlite3

start_alive
drift=$(on_call drift)

# ---- a test mail, the whole way
netfold mail --test chef >/dev/null
await 30 "a test mail is in the mailbox" told chef "test of"
want "it came encrypted and with our login" grep -q 'with ESMTPSA id' "$MAIL"

# ---- a device and an answer that would rather be markup, headers and the end of the mail
evil='<script>alert(1)</script>"%s&'
printf '"%s",server,admin,10.1.0.99,,admin-switch,,"Evil <b>",javascript:alert(1),,,\n' "${evil//\"/\"\"}" >>devices.csv
kill -HUP "$NETFOLD"
sqlite3 -cmd '.timeout 5000' state/state.db "INSERT INTO event (at_us, network, device, name, kind,
	before, after, output, cause, maintenance, held) VALUES ($(now_ms)000, 'common', 'common-files',
	'disk' || char(13, 10) || 'Bcc: evil@$MAIL_DOMAIN', 'state', 'ok', 'critical',
	'x' || char(13, 10, 46, 13, 10) || 'MAIL FROM:<evil@x>' || char(27) || '[31m <img src=x>',
	'', '', 0)"

# ---- one cause, four devices behind it
"$LAB" cut "$DIR" jakgym-switch
await 40 "skola-it hears of it" told skola-it "jakgym-switch down"
problem=$MAIL number=$(header "$MAIL" X-Netfold-Incident)
body "$problem" text/plain >problem.txt
body "$problem" text/html >problem.html
for device in jakgym-files jakgym-printer jakgym-stack jakgym-ap; do
	want "the mail names $device behind it" grep -q "unreachable.*$device" problem.txt
done
want "and where to read on" grep -q 'https://wiki.labb.example/jakgym-switch' problem.txt
want "nobody else does" [ -z "$(mails vard-jour X-Netfold-Incident "$number")$(mails "$drift" X-Netfold-Incident "$number")" ]

await 40 "the device with the evil name is told" told "$drift" "alert(1)"
want_same "its name is text in the subject" "$evil down" \
	"$(header "$MAIL" Subject | sed 's/.*critical: \(.* down\) (admin).*/\1/')"
body "$MAIL" text/html >evil.html
want "and in the page" grep -q '&lt;script&gt;alert(1)' evil.html
want "which runs nothing" sh -c "! grep -qi '<script\|href=\"javascript' evil.html"
await 40 "the evil answer is told" told "$drift" "common-files"
want_same "it added no header" "" "$(header "$MAIL" Bcc)"
want_same "the mail has one recipient" "$drift <$drift@$MAIL_DOMAIN>" "$(header "$MAIL" To)"
want_same "nobody else got any" "" "$(find "$MAILBOXES" -path '*evil*')"
body "$MAIL" text/plain >evil.txt
want "the mail goes on after its dot" grep -q 'Nobody reads answers' evil.txt
want "and has no control characters" sh -c "! tr -d '\n' <evil.txt | grep -q '[[:cntrl:]]'"

# ---- the mail server is away: what is owed waits, and comes in order; TLS from the first byte
"$LAB" cut "$DIR" common-switch
await 40 "common-switch is down" state_is common-switch critical
owed() { netfold incidents --json | jq -e '[.incidents[] | select(.title == "common-switch" and .told_at != null)] | length > 0' >/dev/null; }
await 40 "a mail about it is owed" owed
want "and none came" [ -z "$(told "$drift" "common-switch")" ]
sed -i 's|smtp://\(.*\):587|smtps://\1:465|' site.yaml
kill -HUP "$NETFOLD"
"$LAB" heal "$DIR" common-switch
"$LAB" heal "$DIR" jakgym-switch
await 60 "the mail comes when the server is back" told "$drift" "common-switch"
server=$(header "$MAIL" X-Netfold-Incident)
await 60 "and its recovery after it" thread_is "$drift" "$server" "problem recovery"
await 60 "the first incident has its recovery, once" thread_is skola-it "$number" "problem recovery"
want "over TLS from the first byte" grep -q 'server=smtps://.*:465' netfold.log

# ---- the delivery's own figures, and a contact whose mail the server refuses
tells_lag() { netfold status 2>/dev/null | grep -q '^mail: [0-9]* wait.* ago, .* after it was owed'; }
await 30 "status tells the lag" tells_lag
want "as JSON, too" holds "$(netfold status --json)" '.mail.waiting >= 0 and .mail.lag < 300'
sed -i 's/mail: chef@/mail: nobody-here@/' site.yaml
kill -HUP "$NETFOLD"
netfold mail --test chef >/dev/null
refused() { holds "$(netfold status --json)" '.monitor.checks[] | select(.name == "mail to nobody-here@labb.example").state == "warning"'; }
await 30 "a refused contact is a trouble of the monitor" refused

# ---- the thread
recovery=$(mails skola-it X-Netfold-Incident "$number" | tail -n 1)
want_same "the recovery answers the problem" "$(header "$problem" Message-ID)" "$(header "$recovery" In-Reply-To)"
want_same "and refers to it" "$(header "$problem" Message-ID)" "$(header "$recovery" References)"
want "its subject says so" sh -c 'case $1 in "[netfold] #$2 ok: jakgym-switch"*) ;; *) exit 1 ;; esac' - \
	"$(header "$recovery" Subject)" "$number"
want_same "answering machines are kept quiet" "auto-generated" "$(header "$recovery" Auto-Submitted)"
netfold_stop
finish
