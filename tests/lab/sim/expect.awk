# SPDX-License-Identifier: GPL-3.0-or-later
# Turns a recording into what `snmpbulkwalk -On -Ox -Oe -OU --hexOutputLength=0` prints for it. Written
# apart from the simulator's own reader, so that the two can check each other. Run with LC_ALL=C.
BEGIN {
	FS = "|"
	for (i = 1; i < 256; i++)
		ord[sprintf("%c", i)] = i
	for (i = 0; i < 16; i++)
		nibble[sprintf("%x", i)] = i
}

function octets(hex,    out, i) {
	if (hex == "")
		return "\"\""
	for (i = 1; i <= length(hex); i += 2)
		out = out toupper(substr(hex, i, 2)) " "
	return "Hex-STRING: " out
}

function to_hex(text,    out, i) {
	for (i = 1; i <= length(text); i++)
		out = out sprintf("%02x", ord[substr(text, i, 1)])
	return out
}

function byte(hex, i) {
	return nibble[substr(hex, 2 * i - 1, 1)] * 16 + nibble[substr(hex, 2 * i, 1)]
}

function dotted(hex) {
	return byte(hex, 1) "." byte(hex, 2) "." byte(hex, 3) "." byte(hex, 4)
}

# 9f78 04 and four bytes: a float in net-snmp's wrapping; a BER real is a text behind three bytes.
function opaque(hex,    exponent, fraction) {
	if (substr(hex, 1, 6) != "9f7804")
		return "OPAQUE: " substr(octets(hex), 13)
	hex = substr(hex, 7)
	exponent = (byte(hex, 1) % 128) * 2 + int(byte(hex, 2) / 128)
	fraction = (byte(hex, 2) % 128) * 65536 + byte(hex, 3) * 256 + byte(hex, 4)
	return sprintf("Opaque: Float: %f", (1 + fraction / 8388608) * 2 ^ (exponent - 127))
}

# What stands in a variation's settings and is its plain value.
function plain(settings,    part, n, i, out) {
	out = 0
	n = split(settings, part, ",")
	for (i = 1; i <= n; i++)
		if (part[i] ~ /^min=/ && out == 0)
			out = substr(part[i], 5)
	for (i = 1; i <= n; i++)
		if (part[i] ~ /^(initial|value)=/)
			out = substr(part[i], index(part[i], "=") + 1)
	return out
}

function show(type, value,    hex) {
	hex = sub(/x$/, "", type)
	if (type == 2) return "INTEGER: " value
	if (type == 4) return octets(hex ? value : to_hex(value))
	if (type == 5) return "NULL"
	if (type == 6) return "OID: ." value
	if (type == 64 && hex) return "IpAddress: " dotted(value)
	if (type == 64) return "IpAddress: " (value ~ /^[0-9]+\./ ? value : dotted(to_hex(value)))
	if (type == 65) return "Counter32: " value
	if (type == 66) return "Gauge32: " value
	if (type == 67) return "Timeticks: " value
	if (type == 68) return opaque(hex ? value : to_hex(value))
	if (type == 70) return "Counter64: " value
	return "unknown type " type
}

{ sub(/\r$/, "") }
/^#/ || NF < 3 || seen[$1]++ { next }
{
	value = substr($0, length($1) + length($2) + 3)
	type = $2
	if (sub(/:.*/, "", type))
		value = plain(value)
	print "." $1 " = " show(type, value)
}
