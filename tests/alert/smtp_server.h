// SPDX-License-Identifier: GPL-3.0-or-later
/* smtp_server: a mail server that answers as a script says, for one connection, in a process of its own.
 * Shape:   a step's answer is a reply line, NULL for the usual one, STALL (says nothing more), DROP (closes)
 *          or SLOW (the usual one, a byte a second).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define STALL "stall"
#define DROP  "drop"
#define SLOW  "slow"

struct smtp_script {
	const char *greeting, *hello, *extensions, *starttls, *auth, *mail, *rcpt, *data, *dot;
	bool tls_from_start;
	const char *certificate, *key; /* of TLS */
};

struct smtp_server {
	pid_t pid;
	int port;
};

enum { SAW_MAIL = 1, SAW_TEXT = 2, SAW_LOGIN = 4, SAW_ALL = 8 }; /* ALL: the final dot */

/* Takes any number of connections: the k-th is answered by scripts[k], those after the last by the last.
 * Each connection becomes a line "connection" in the file `taken`, each mail that it takes a line "RECIPIENT
 * MESSAGE-ID". */
struct smtp_server smtp_server_lasting(
	const struct smtp_script *scripts, size_t len, const char *taken);
void smtp_server_stop(struct smtp_server *server);

struct smtp_server smtp_server_begin(const struct smtp_script *script);
int smtp_server_end(struct smtp_server *server); /* what it saw */
