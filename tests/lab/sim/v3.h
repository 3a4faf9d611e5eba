// SPDX-License-Identifier: GPL-3.0-or-later
/* v3: SNMPv3 messages with the user-based security model, as the authoritative engine sees them.
 * Shape:   discovery and every refusal is a Report: unsupportedSecLevels, notInTimeWindows (signed),
 *          unknownUserNames, unknownEngineIDs, wrongDigests, decryptionErrors. A request must come with
 *          the level the agent's user has. snmpEngineTime is its sysUpTime in seconds, snmpEngineBoots the
 *          option `boots` and one more for each reboot.
 * Lies:    `engine` makes twins; `boots` may go backwards; `forge-report` sends an unsigned Report first.
 * Source:  RFC 3412 6, RFC 3414 2 and 3.
 */
#pragma once

#include "tests/lab/sim/pdu.h"

/* Whether the message claims to be version 3. */
bool nf_sim_v3_is(const uint8_t *message, size_t len);

/* As nf_sim_answer. forged: an unsigned Report. */
size_t nf_sim_v3_answer(struct nf_sim_answerer *a, struct nf_sim_agent *agent,
	const uint8_t *message, size_t len, bool forged, uint8_t reply[NF_SIM_MESSAGE_MAX]);
