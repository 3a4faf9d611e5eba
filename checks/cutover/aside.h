// SPDX-License-Identifier: GPL-3.0-or-later
/* aside: keeps the process of checks/cutover/passes.h running beside a loop; part of netfold-verify.
 * Shape:   there is one while the site has an old network. One that ended is started again after a second,
 *          then after twice as long, up to a minute. It is stopped by SIGKILL: a pass may be killed at any
 *          instant. It ends by itself when this process does.
 * Memory:  start gives, close takes; the loop has to run until its handle is closed.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "base/clock.h"
#include "conf/site.h"

struct nf_aside;

/* config_file is borrowed. Nothing is started before the first tick. */
struct nf_aside *nf_aside_new(uv_loop_t *loop, const char *config_file, bool debug);
/* Every second or so. */
void nf_aside_tick(struct nf_aside *aside, const struct nf_site *site, struct nf_now now);
/* The site file was changed, and is right. */
void nf_aside_reload(struct nf_aside *aside);
void nf_aside_close(struct nf_aside *aside); /* NULL is fine */
