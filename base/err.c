// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *nf_strerror(enum nf_err code)
{
	switch (code) {
	case NF_OK:
		return "no error";
	case NF_EINVAL:
		return "invalid";
	case NF_ENOMEM:
		return "out of memory";
	case NF_ESYS:
		return "system call failed";
	case NF_ENOENT:
		return "no such thing";
	case NF_EEXIST:
		return "already there";
	case NF_EFORMAT:
		return "not in the expected format";
	case NF_ERANGE:
		return "out of bounds";
	case NF_EFULL:
		return "full";
	case NF_EBUSY:
		return "busy";
	case NF_EPERM:
		return "not permitted";
	case NF_ETIME:
		return "timed out";
	case NF_ECORRUPT:
		return "damaged";
	case NF_ENEWER:
		return "written by a newer netfold";
	case NF_ECLOSED:
		return "closed by the other side";
	}
	return "unknown error";
}

enum nf_err nf_error_set(struct nf_error *err, enum nf_err code, const char *format, ...)
{
	if (!err)
		return code;

	va_list args;
	va_start(args, format);
	vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);
	err->code = code;
	err->sys_errno = 0;
	return code;
}

static enum nf_err code_of_errno(int e)
{
	switch (e) {
	case ENOSPC:
	case EDQUOT:
		return NF_EFULL;
	case EACCES:
	case EPERM:
		return NF_EPERM;
	default:
		return NF_ESYS;
	}
}

enum nf_err nf_error_errno(struct nf_error *err, const char *format, ...)
{
	int saved = errno;
	enum nf_err code = code_of_errno(saved);
	if (!err)
		return code;

	va_list args;
	va_start(args, format);
	int n = vsnprintf(err->text, sizeof err->text, format, args);
	va_end(args);

	char why[128];
	const char *reason = strerror_r(saved, why, sizeof why);
	size_t used = n < 0 ? 0 : (size_t)n;
	if (used < sizeof err->text)
		snprintf(err->text + used, sizeof err->text - used, ": %s", reason);
	err->code = code;
	err->sys_errno = saved;
	errno = saved;
	return code;
}
