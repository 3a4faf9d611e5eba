// SPDX-License-Identifier: GPL-3.0-or-later
/* signer: the process that holds the private keys and signs logins with them, nothing else.
 * Shape:   reads the keys it is told of, then gives up everything (sandbox.h), then answers SIGN_AS
 *          until its socket closes. Keys are named by the index of their ssh; a request for another
 *          user, another key or another purpose is refused.
 * Role:    a process of its own.
 */
#pragma once

/* Returns the exit status. */
int nf_signer_run(int socket);
