// SPDX-License-Identifier: GPL-3.0-or-later
/* fake_sftp: an SFTP server that lies, in one of several ways; sshd runs it as its subsystem.
 *     fake_sftp HOW FILE
 * Every folder holds b-1.tgz, which is FILE. See the table of ways.
 * Source: draft-ietf-secsh-filexfer-02 (SFTP version 3).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	FXP_INIT = 1,
	FXP_VERSION,
	FXP_OPEN,
	FXP_CLOSE,
	FXP_READ,
	FXP_LSTAT = 7,
	FXP_FSTAT,
	FXP_OPENDIR = 11,
	FXP_READDIR,
	FXP_STAT = 17,
	FXP_STATUS = 101,
	FXP_HANDLE,
	FXP_DATA,
	FXP_NAME,
	FXP_ATTRS
};
enum { FX_OK, FX_END, FX_ABSENT, FX_DENIED, FX_FAILURE, FX_UNSUPPORTED = 8 };
enum { NAMES_AT_ONCE = 250, HOUR_S = 3600 };

static const struct way {
	const char *name;
	uint64_t names;		/* in a folder, before the file */
	int stall;		/* the request that gets no answer */
	int size_num, size_den; /* what the size is said to be, times the true one */
	int grows;		/* so much with every look */
	int clock_s, mtime_s;	/* ahead of ours; of the file, ahead of the truth */
	size_t read_most;	/* bytes in an answer */
	bool held;		/* no answer to FXP_READ while a file FILE.hold is there */
	int read_status, stat_status, list_status;
	enum { SANE, CUT, GARBAGE, MANY, WRONG_ID, LONG, REPLACED, NAMES, ENDLESS } trick;
} ways[] = {
	{.name = "good"	       },
	{		      .name = "million",	    .names = 1000000},
	{		      .name = "endless",	    .trick = ENDLESS},
	{		      .name = "names",		  .trick = NAMES},
	{		      .name = "larger",		   .size_num = 2, .size_den = 1},
	{	 .name = "smaller",	    .size_num = 1, .size_den = 2},
	{.name = "growing",			    .grows = 1000},
	{			       .name = "replaced",			     .trick = REPLACED},
	{.name = "vanishing",			      .stat_status = FX_ABSENT, .read_status = FX_ABSENT},
	{			      .name = "closed",  .list_status = FX_DENIED},
	{		       .name = "unreadable", .read_status = FX_DENIED},
	{		      .name = "failing",  .list_status = FX_FAILURE},
	{		       .name = "future",.mtime_s = 50 * HOUR_S},
	{		     .name = "ahead",	  .clock_s = 5 * HOUR_S, .mtime_s = 5 * HOUR_S},
	{			  .name = "behind", .clock_s = -5 * HOUR_S, .mtime_s = -5 * HOUR_S},
	{ .name = "stale",
		.clock_s = 5 *
			   HOUR_S}, /* the clock is ahead, so the file is older than it looks */
	{.name = "bits",			  .read_most = 100},
	{				.name = "held",			  .held = true},
	{						  .name = "cut",			  .trick = CUT},
	{	 .name = "garbage",			    .trick = GARBAGE},
	{.name = "many",			  .trick = MANY},
	{			     .name = "wrong-id",			     .trick = WRONG_ID},
	{						 .name = "long",			  .trick = LONG},
	{ .name = "stall-init",			       .stall = FXP_INIT},
	{.name = "stall-list",			       .stall = FXP_READDIR},
	{			   .name = "stall-stat",			       .stall = FXP_STAT},
	{					   .name = "stall-read",			       .stall = FXP_READ},
};

static const struct way *way;
static int file;
static char hold[PATH_MAX];
static struct stat truth;
static uint64_t looks, reads, names_told;

static struct {
	uint8_t bytes[300000];
	size_t len;
} in, out;

static void put_u32(uint32_t v)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		out.bytes[out.len++] = (uint8_t)(v >> shift);
}

static void put_u64(uint64_t v)
{
	put_u32((uint32_t)(v >> 32));
	put_u32((uint32_t)v);
}

static void put_bytes(const void *bytes, size_t len)
{
	put_u32((uint32_t)len);
	memcpy(out.bytes + out.len, bytes, len);
	out.len += len;
}

static uint32_t get_u32(size_t at)
{
	const uint8_t *b = in.bytes + at;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void begin(uint8_t type, uint32_t id)
{
	out.len = 4;
	out.bytes[out.len++] = type;
	put_u32(way->trick == WRONG_ID ? id + 1000 : id);
}

static void write_all(const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes, len);
		if (n <= 0)
			_exit(1);
		bytes += n;
		len -= (size_t)n;
	}
}

static void send_out(void)
{
	size_t len = out.len;
	out.len = 0;
	put_u32(way->trick == LONG ? 0x7fffffff : (uint32_t)(len - 4));
	write_all(out.bytes, len);
}

static void status(uint32_t id, uint32_t code)
{
	begin(FXP_STATUS, id);
	put_u32(code);
	put_bytes("", 0);
	put_bytes("", 0);
	send_out();
}

static void put_attrs(uint64_t size, uint32_t mode, int64_t mtime_s)
{
	put_u32(1 | 4 | 8);
	put_u64(size);
	put_u32(mode);
	put_u32((uint32_t)mtime_s);
	put_u32((uint32_t)mtime_s);
}

static void put_file_attrs(void)
{
	uint64_t size = (uint64_t)truth.st_size + looks * (uint64_t)way->grows;
	int64_t mtime_s = truth.st_mtime + way->mtime_s;
	if (way->size_den > 0)
		size = size * (uint64_t)way->size_num / (uint64_t)way->size_den;
	if (way->trick == REPLACED && reads > 0)
		mtime_s += 60;
	looks++;
	put_attrs(size, S_IFREG | 0644, mtime_s);
}

static bool is_path(const char *path)
{
	size_t len = get_u32(9), want = strlen(path);
	return len >= want && memcmp(in.bytes + 13 + len - want, path, want) == 0;
}

static void look(uint32_t id, bool by_handle)
{
	int64_t now_s = nf_clock_now().wall_us / NF_US_PER_S;
	if (!by_handle && is_path("timens_offsets")) {
		begin(FXP_ATTRS, id);
		put_attrs(0, S_IFREG | 0444, now_s + way->clock_s);
	} else if (way->stat_status != FX_OK) {
		status(id, (uint32_t)way->stat_status);
		return;
	} else {
		begin(FXP_ATTRS, id);
		put_file_attrs();
	}
	send_out();
}

static void put_name(const char *name, size_t len)
{
	put_bytes(name, len);
	put_bytes("", 0);
	put_file_attrs();
}

static void put_strange_names(void)
{
	static const struct {
		const char *text;
		size_t len;
	} names[] = {
		{"../../etc/b-passwd", 18},
		    {"..",		   2 },
		       {".",		     1 },
		 {"b-\0hidden",		9 },
		{"b-line\nbreak",	  12},
		       {"b-\x1b[31mred",	 10},
		      {"b-\xff\xfe",	     4 },
		{"b-1.tgz",	    7 }
	      };
	put_u32(sizeof names / sizeof *names);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		put_name(names[i].text, names[i].len);
}

static void list(uint32_t id)
{
	bool more = names_told < way->names || way->trick == ENDLESS;
	if (names_told > way->names && !more) {
		names_told = 0;
		status(id, FX_END);
		return;
	}
	begin(FXP_NAME, id);
	if (way->trick == MANY) {
		put_u32(UINT32_MAX);
	} else if (more) {
		put_u32(NAMES_AT_ONCE);
		for (int i = 0; i < NAMES_AT_ONCE; i++) {
			char name[40];
			int n = snprintf(name, sizeof name, "other-%llu",
				(unsigned long long)names_told++);
			put_name(name, (size_t)n);
		}
	} else if (way->trick == NAMES) {
		put_strange_names();
		names_told++;
	} else {
		put_u32(1);
		put_name("b-1.tgz", 7);
		names_told++;
	}
	send_out();
}

static void read_file(uint32_t id)
{
	size_t at = 9 + 4 + get_u32(9);
	uint64_t offset = (uint64_t)get_u32(at) << 32 | get_u32(at + 4);
	size_t want = get_u32(at + 8), most = way->read_most > 0 ? way->read_most : 32768;
	static uint8_t bytes[32768];
	if (way->trick == CUT && ++reads > 1) {
		kill(getppid(), SIGKILL);
		_exit(1);
	}
	if (way->trick == GARBAGE) {
		memset(out.bytes, 0xa5, 4096);
		write_all(out.bytes, 4096);
		return;
	}
	while (way->held && access(hold, F_OK) == 0)
		usleep(20000);
	reads++;
	ssize_t n = pread(file, bytes, want < most ? want : most, (off_t)offset);
	if (n <= 0) {
		status(id, FX_END);
		return;
	}
	begin(FXP_DATA, id);
	put_bytes(bytes, (size_t)n);
	send_out();
}

static void open_one(uint32_t id, uint8_t type)
{
	uint32_t refused =
		(uint32_t)(type == FXP_OPENDIR ? way->list_status : way->read_status);
	if (refused != FX_OK) {
		status(id, refused);
		return;
	}
	begin(FXP_HANDLE, id);
	put_bytes("h", 1);
	send_out();
}

static void answer(uint8_t type)
{
	uint32_t id = get_u32(5);
	if (type == way->stall && !(type == FXP_STAT && is_path("timens_offsets")))
		for (;;)
			pause();
	switch (type) {
	case FXP_INIT:
		out.len = 4;
		out.bytes[out.len++] = FXP_VERSION;
		put_u32(3);
		send_out();
		break;
	case FXP_OPEN:
	case FXP_OPENDIR:
		open_one(id, type);
		break;
	case FXP_CLOSE:
		status(id, FX_OK);
		break;
	case FXP_READ:
		read_file(id);
		break;
	case FXP_READDIR:
		list(id);
		break;
	case FXP_STAT:
	case FXP_LSTAT:
		look(id, false);
		break;
	case FXP_FSTAT:
		look(id, true);
		break;
	default:
		status(id, FX_UNSUPPORTED);
	}
}

static bool read_all(uint8_t *to, size_t len)
{
	while (len > 0) {
		ssize_t n = read(STDIN_FILENO, to, len);
		if (n <= 0)
			return false;
		to += n;
		len -= (size_t)n;
	}
	return true;
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof ways / sizeof *ways; i++) {
		if (strcmp(ways[i].name, argv[1]) == 0)
			way = &ways[i];
	}
	if (!way || (file = open(argv[2], O_RDONLY)) < 0 || fstat(file, &truth) != 0)
		return 2;
	snprintf(hold, sizeof hold, "%s.hold", argv[2]);
	alarm(300); /* one that stalls outlives no test for long */
	while (read_all(in.bytes, 4) && (in.len = get_u32(0)) <= sizeof in.bytes - 4 &&
		read_all(in.bytes + 4, in.len))
		answer(in.bytes[4]);
	return 0;
}
