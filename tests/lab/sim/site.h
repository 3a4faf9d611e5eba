// SPDX-License-Identifier: GPL-3.0-or-later
/* site: writes what netfold needs to watch the synthetic switches: site.yaml, devices.csv and
 * secrets/community, in one network "sim" polled every 60 s and pinged every 30 s.
 */
#pragma once

#include "tests/lab/sim/args.h"

enum nf_err nf_sim_site_write(const struct nf_sim_args *args, struct nf_error *err);
