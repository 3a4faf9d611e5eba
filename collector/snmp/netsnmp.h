// SPDX-License-Identifier: GPL-3.0-or-later
/* netsnmp: net-snmp's headers without its autoconf names, which would clash with ours. */
#pragma once

#undef PACKAGE_BUGREPORT
#undef PACKAGE_NAME
#undef PACKAGE_STRING
#undef PACKAGE_TARNAME
#undef PACKAGE_URL
#undef PACKAGE_VERSION
#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/library/keytools.h>
#include <net-snmp/library/lcd_time.h>
#include <net-snmp/library/snmpusm.h>

/* Macros over members of netsnmp_pdu (errstat, errindex), which would rename ours as well. */
#undef max_repetitions
#undef non_repeaters
