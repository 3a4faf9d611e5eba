// SPDX-License-Identifier: GPL-3.0-or-later
/* err: the one set of error codes, and an error with its text.
 * Shape:   a fallible function returns enum nf_err: NF_OK is 0, every failure is negative.
 *          Data leaves through out-parameters, which stay untouched on failure.
 * Memory:  struct nf_error owns nothing; it is filled by value.
 */
#pragma once

#include <stddef.h>

enum nf_err {
	NF_OK = 0,
	NF_EINVAL = -1, /* the caller or the input is wrong: see the text */
	NF_ENOMEM = -2,
	NF_ESYS = -3,	   /* a system call failed: nf_error.sys_errno */
	NF_ENOENT = -4,	   /* no such thing */
	NF_EEXIST = -5,	   /* there already, or a second instance */
	NF_EFORMAT = -6,   /* bytes that do not follow their format */
	NF_ERANGE = -7,	   /* a number outside its bounds */
	NF_EFULL = -8,	   /* disk, table or queue is full */
	NF_EBUSY = -9,	   /* locked by another; try again */
	NF_EPERM = -10,	   /* a right is missing */
	NF_ETIME = -11,	   /* a deadline passed */
	NF_ECORRUPT = -12, /* stored data is damaged */
	NF_ENEWER = -13,   /* stored data was written by a newer netfold */
	NF_ECLOSED = -14,  /* the other side is gone */
};

#define NF_ERROR_TEXT_MAX 512

/* What went wrong, for a person: the code, errno where one applies, one line of text. */
struct nf_error {
	enum nf_err code;
	int sys_errno; /* 0 unless code is NF_ESYS, NF_EFULL or NF_EPERM */
	char text[NF_ERROR_TEXT_MAX];
};

/* The general name of a code, never NULL: "no such thing". */
const char *nf_strerror(enum nf_err code);

/* Fills err (which may be NULL) and returns code, so that a caller can `return nf_error_set(...)`.
 * Text over NF_ERROR_TEXT_MAX is cut. */
enum nf_err nf_error_set(struct nf_error *err, enum nf_err code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As nf_error_set, with ": " and strerror(errno) behind the text. ENOSPC and EDQUOT become NF_EFULL,
 * EACCES and EPERM NF_EPERM, everything else NF_ESYS. */
enum nf_err nf_error_errno(struct nf_error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
