// SPDX-License-Identifier: GPL-3.0-or-later
/* cisco: a simulated switch that shows its forwarding table VLAN by VLAN, looked at once as netfold-snmp does, for tests
 * that go on from the fact this leaves. (The two rigs do not fit into one file.)
 */
#pragma once

/* The fact "fdb", or NULL where none was left. lies: further words for the simulator (tests/lab/sim/options.c), NULL at
 * the end. The caller frees it. */
char *cisco_fdb(const char *const *lies);
