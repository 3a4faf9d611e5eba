// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/cutover/serial.h"

#include <string.h>

const char *nf_serial_of(const json_t *entity)
{
	const char *class = json_string_value(json_object_get(entity, "entPhysicalClass"));
	const char *serial = json_string_value(json_object_get(entity, "entPhysicalSerialNum"));

	return class && strcmp(class, "chassis") == 0 && serial && *serial ? serial : NULL;
}
