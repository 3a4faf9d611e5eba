// SPDX-License-Identifier: GPL-3.0-or-later
/* wave: what was true of a device before it moved, what is true after, and every difference.
 * Shape:   pure, on JSON. A look is one device at one of its addresses:
 *            {"device","side" "old"|"new","network","address","at_us",
 *             "ping":{"sent","received","rtt_us","usual_rtt_us","usual_loss" (percent)},
 *             "snmp":{"answered","error","sysName","sysObjectID","sysDescr"},
 *             "identity":{"serials":[…],"macs":[…],"hostkey","engine"},
 *             "interfaces":[{"name","status","mbps","errors"}],
 *             "neighbours":[{"port","system","remote"}],"place" (a switch and its port),"ports_told"
 *             (false: no switch of the network has told its ports since then),
 *             "services":[{"port","state" "open"|"closed"|"silent"}],
 *             "backups":[{"job","verdict","at_us"}],
 *             "callers":[{"from","how","at_us"}] (who called this address; after a move, since the device
 *             left it)}
 *          What could not be seen is absent, and never counts as equal or gone; ping, snmp and backups are
 *          absent where nobody asks.
 *          A difference: {"aspect","item","before","after","unit","state" "open"|"explained","reason"}; aspect
 *          and reason are texts of the catalogue (base/i18n.h), item and values are not. unit is that of both
 *          values, "s", "Mbit/s" or "%", and absent where they have none. Texts from devices are raw: whoever
 *          shows them escapes them.
 * Units:   of looks microseconds, Mbit/s; of differences what unit says. A round trip time without one was kept
 *          when differences had no units yet, and is microseconds.
 * Memory:  what is returned belongs to the caller (json_decref); arguments are borrowed.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* From what `netfold probe --json` says of a device to the parts of a look that it can fill. */
void nf_wave_look_probe(json_t *look, const json_t *probe);

/* Anything at all answered: an echo, SNMP, a port. */
bool nf_wave_answers(const json_t *look);

enum nf_same { NF_SAME_UNKNOWN, NF_SAME_YES, NF_SAME_NO };
/* Whether both looks saw the same machine: by a serial number or the SSH host key; where both looks have neither, by
 * the SNMP engine or a MAC. What differs where nothing of the same strength agrees makes it another one. */
enum nf_same nf_wave_same(const json_t *before, const json_t *after);

/* The differences, a list; moved_us: a backup must have been looked at since then. */
json_t *nf_wave_compare(const json_t *before, const json_t *after, int64_t moved_us);
/* The same of a member that may be anywhere: what is on the old side (again) is compared there; one on both
 * sides and who still calls its old address are differences, too. */
json_t *nf_wave_differences(
	const json_t *before, const json_t *new_side, const json_t *old_side, int64_t moved_us);
size_t nf_wave_count(const json_t *differences, bool open);

/* Where it stands after the wave, from looks at both sides: "moved", "both", "back", "other" (another machine
 * answers at the new address), "neither". Any look may be NULL. */
const char *nf_wave_side(const json_t *before, const json_t *new_side, const json_t *old_side);
