// SPDX-License-Identifier: GPL-3.0-or-later
#include "checks/backup/proof.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"

static const char *const results[] = {
	[NF_PROOF_OK] = "ok",
	[NF_PROOF_WARNING] = "warning",
	[NF_PROOF_RUNNING] = "running",
	[NF_PROOF_UNVERIFIABLE] = "unverifiable",
	[NF_PROOF_LATE] = "late",
	[NF_PROOF_BAD] = "bad",
};

static const char *const kinds[] = {
	[NF_PROOF_ARTEFACT] = "artefact",
	[NF_PROOF_MANIFEST] = "manifest",
	[NF_PROOF_LOG] = "log",
	[NF_PROOF_STATUS] = "status",
	[NF_PROOF_LOCK] = "lock",
	[NF_PROOF_COPY] = "copy",
	[NF_PROOF_DRILL] = "drill",
	[NF_PROOF_RESTIC] = "restic",
	[NF_PROOF_BORG] = "borg",
	[NF_PROOF_ZFS] = "zfs",
	[NF_PROOF_PLUGIN] = "plugin",
};

const char *nf_proof_result_text(enum nf_proof_result result)
{
	return results[result];
}

enum nf_proof_result nf_proof_result_of(const char *text)
{
	for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
		if (strcmp(results[i], text) == 0)
			return (enum nf_proof_result)i;
	}
	return NF_PROOF_UNVERIFIABLE;
}

const char *nf_proof_kind_text(enum nf_proof_kind kind)
{
	return kinds[kind];
}

void nf_proof_say(
	struct nf_proof_answer *answer, enum nf_proof_result result, const char *format, ...)
{
	char raw[NF_PROOF_DETAIL_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(raw, sizeof raw, format, args);
	va_end(args);
	nf_text_escape_buf(answer->detail, sizeof answer->detail, raw);
	answer->result = result;
}

char *nf_proof_time(const char *zone, int64_t wall_us, char buf[NF_PROOF_TIME_MAX])
{
	struct nf_zone_stay stay = nf_zone_enter(zone);
	int64_t s = wall_us / NF_US_PER_S - (wall_us % NF_US_PER_S < 0);
	time_t local = (time_t)nf_zone_to_local_s(s);
	struct tm tm;

	nf_zone_leave(&stay);
	if (!gmtime_r(&local, &tm) || strftime(buf, NF_PROOF_TIME_MAX, "%a %F %H:%M", &tm) == 0)
		snprintf(buf, NF_PROOF_TIME_MAX, "second %lld", (long long)s);
	return buf;
}
