// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/metrics.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/mem.h"
#include "base/text.h"
#include "checks/cutover/moves.h"
#include "store/backups.h"
#include "store/outbox.h"
#include "store/series.h"
#include "store/series_fetch.h"

#define JOURNAL_S 300 /* samples may wait so long before they are in the series */

void nf_metrics_label(struct nf_strbuf *out, const char *text)
{
	struct nf_strbuf clean = {0};
	nf_text_octets(&clean, text, strlen(text));
	nf_strbuf_putc(out, '"');
	for (size_t i = 0; i < clean.len; i++) {
		char c = clean.data[i];
		if (c == '\n')
			nf_strbuf_puts(out, "\\n");
		else if (c == '"' || c == '\\')
			nf_strbuf_printf(out, "\\%c", c);
		else
			nf_strbuf_putc(out, c);
	}
	nf_strbuf_putc(out, '"');
	nf_strbuf_free(&clean);
}

static void put_family(struct nf_strbuf *out, const char *name, const char *help)
{
	nf_strbuf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void put_number(struct nf_strbuf *out, double value)
{
	if (value == (double)(int64_t)value)
		nf_strbuf_printf(out, " %" PRId64 "\n", (int64_t)value);
	else
		nf_strbuf_printf(out, " %.9g\n", value);
}

/* labels: name and value of each. */
static void put_sample(struct nf_strbuf *out, const char *name, const char *const labels[][2],
	size_t len, double value)
{
	nf_strbuf_puts(out, name);
	for (size_t i = 0; i < len; i++) {
		nf_strbuf_printf(out, "%s%s=", i == 0 ? "{" : ",", labels[i][0]);
		nf_metrics_label(out, labels[i][1]);
	}
	if (len > 0)
		nf_strbuf_putc(out, '}');
	put_number(out, value);
}

static double seconds(int64_t us)
{
	return (double)(us / 1000) / 1000.0;
}

static struct nf_ping ping_of_row(const struct nf_series_data *data, size_t row)
{
	struct nf_ping ping = {NAN, NAN};
	for (size_t c = 0; c < data->columns; c++) {
		double value = data->values[row * data->columns + c];
		if (strcmp(data->names[c], "loss") == 0)
			ping.loss = value / 100.0;
		else if (strcmp(data->names[c], "rtt_median_us") == 0)
			ping.rtt_s = value / 1e6;
	}
	return ping;
}

static struct nf_ping read_ping(const struct nf_model *m, const struct nf_device *d)
{
	struct nf_ping ping = {NAN, NAN};
	struct nf_series_data data;
	struct nf_error err;
	int64_t now_s = m->now.wall_us / NF_US_PER_S;
	int64_t span_s = 5 * m->site->polling.ping_us / NF_US_PER_S + JOURNAL_S;
	char *path =
		nf_series_path(m->site->state_dir, d->legs[0].network->id, d->name, "ping");
	enum nf_err rc = nf_series_fetch(
		path, NF_AVERAGE, now_s - span_s, now_s, (uint32_t)span_s, &data, &err);
	free(path);
	if (rc != NF_OK)
		return ping;
	for (size_t r = 0; r < data.rows; r++) {
		struct nf_ping row = ping_of_row(&data, r);
		if (!isnan(row.loss))
			ping = row;
	}
	nf_series_data_free(&data);
	return ping;
}

struct nf_pings *nf_pings_new(const struct nf_site *site)
{
	struct nf_pings *pings = nf_xcalloc(1, sizeof *pings);
	pings->items = nf_xcalloc(site->devices.len + 1, sizeof *pings->items);
	return pings;
}

void nf_pings_free(struct nf_pings *pings)
{
	if (pings == NULL)
		return;
	free(pings->items);
	free(pings);
}

void nf_pings_read(struct nf_pings *pings, const struct nf_model *m)
{
	size_t all = m->site->devices.len, some = all;
	int64_t since_us = m->now.mono_us - pings->read_mono_us;
	if (pings->read_mono_us != 0 && since_us < NF_PINGS_US)
		some = (size_t)((double)all * (double)since_us / (double)NF_PINGS_US) + 1;
	if (some < NF_PINGS_A_LOOK)
		some = NF_PINGS_A_LOOK;
	for (size_t i = 0; i < some && i < all; i++) {
		pings->next = pings->next + 1 < all ? pings->next + 1 : 0;
		pings->items[pings->next] = read_ping(m, &m->site->devices.items[pings->next]);
	}
	pings->read_mono_us = m->now.mono_us;
}

/* 1, 0, or NaN: nobody knows. A device is up as its ping says, and behind a dead one it is not. */
static double is_up(const struct nf_view *v)
{
	for (size_t i = 0; i < v->len; i++) {
		if (strcmp(v->checks[i].name, "ping") != 0)
			continue;
		enum nf_state state = v->checks[i].state;
		if (state == NF_STATE_UNKNOWN)
			return NAN;
		return state == NF_STATE_OK || state == NF_STATE_WARNING ? 1 : 0;
	}
	return NAN;
}

static int64_t newest_asked(const struct nf_view *v)
{
	int64_t newest = 0;
	for (size_t i = 0; i < v->len; i++)
		if (v->checks[i].asked_wall_us > newest)
			newest = v->checks[i].asked_wall_us;
	return newest;
}

enum device_figure { UP, STATE, SINCE, ASKED, RTT, LOSS };

static double device_figure(
	const struct nf_view *v, const struct nf_ping *ping, enum device_figure which)
{
	switch (which) {
	case UP:
		return is_up(v);
	case STATE:
		return v->state;
	case SINCE:
		return v->since_wall_us != 0 ? seconds(v->since_wall_us) : NAN;
	case ASKED:
		return newest_asked(v) != 0 ? seconds(newest_asked(v)) : NAN;
	case RTT:
		return ping->rtt_s;
	case LOSS:
		return ping->loss;
	}
	return NAN;
}

static void put_device_labels(const struct nf_device *d, struct nf_strbuf *out)
{
	nf_strbuf_puts(out, "{network=");
	nf_metrics_label(out, d->legs[0].network->id);
	nf_strbuf_puts(out, ",device=");
	nf_metrics_label(out, d->name);
	nf_strbuf_putc(out, '}');
}

static void put_devices(
	const struct nf_model *m, const struct nf_pings *pings, struct nf_strbuf *out)
{
	static const struct {
		const char *name, *help;
		enum device_figure which;
	} rows[] = {
		{"netfold_device_up",			      "1 it answers, 0 it does not; no sample while unknown.",
			UP													    },
		{"netfold_device_state",
			"0 ok, 1 warning, 2 critical, 3 unknown, 4 unreachable.",						  STATE},
		{"netfold_device_state_since_timestamp_seconds", "When that state began.",
			SINCE													 },
		{"netfold_device_asked_timestamp_seconds",	   "When it was last asked.",				      ASKED},
		{"netfold_device_rtt_seconds",		       "Median round trip time of the last burst.",
			RTT													   },
		{"netfold_device_loss_ratio",		      "Echoes lost in the last burst.",			LOSS },
	};
	struct nf_strbuf labels = {0};
	size_t len = m->site->devices.len;
	size_t *ends = nf_xcalloc(len + 1, sizeof *ends);
	for (size_t i = 0; i < len; i++) {
		put_device_labels(&m->site->devices.items[i], &labels);
		ends[i + 1] = labels.len;
	}
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		put_family(out, rows[r].name, rows[r].help);
		for (size_t i = 0; i < len; i++) {
			double value = device_figure(
				&m->picture.devices[i], &pings->items[i], rows[r].which);
			if (isnan(value))
				continue;
			nf_strbuf_puts(out, rows[r].name);
			nf_strbuf_add(out, labels.data + ends[i], ends[i + 1] - ends[i]);
			put_number(out, value);
		}
	}
	free(ends);
	nf_strbuf_free(&labels);
}

static void put_counts(const struct nf_model *m, struct nf_strbuf *out)
{
	put_family(out, "netfold_devices", "Devices, by network and state.");
	NF_EACH(struct nf_network, n, m->site->networks)
	{
		size_t by_state[NF_STATES] = {0};
		nf_picture_count(&m->picture, n, by_state);
		for (unsigned s = 0; s < NF_STATES; s++) {
			const char *const labels[][2] = {
				{"network", n->id		 },
				    {"state",   nf_state_text(s)}
			       };
			put_sample(out, "netfold_devices", labels, 2, (double)by_state[s]);
		}
	}
}

struct backups {
	struct nf_strbuf *out;
	const char *name;
	bool mtime;
};

static void put_backup(const struct nf_backup_look *look, void *arg)
{
	const struct backups *b = arg;
	const char *const labels[][2] = {
		{"job",	look->job	 },
		    {"device",  look->device },
		      {"verdict", look->verdict}
	};
	int64_t at_us = b->mtime ? look->mtime_wall_us : look->at_wall_us;
	if (strcmp(b->name, "netfold_backup_verdict") == 0)
		put_sample(b->out, b->name, labels, 3, 1);
	else if (at_us != 0)
		put_sample(b->out, b->name, labels, 2, seconds(at_us));
}

static void put_backups(const struct nf_model *m, struct nf_strbuf *out)
{
	static const struct {
		const char *name, *help;
		bool mtime;
	} rows[] = {
		{"netfold_backup_verdict",
			"1, with the verdict of the last look: ok, warning, bad, late, running, unverifiable.",
			false										       },
		{"netfold_backup_looked_timestamp_seconds", "When the job was last looked at.",
			false										       },
		{"netfold_backup_timestamp_seconds",
			"When the backup that was found last was written.",					    true},
	};
	for (size_t r = 0; r < sizeof rows / sizeof *rows && m->store != NULL; r++) {
		struct backups b = {out, rows[r].name, rows[r].mtime};
		put_family(out, rows[r].name, rows[r].help);
		nf_backup_jobs(m->store, put_backup, &b);
	}
}

static double lag_s(const char *text)
{
	json_t *json = json_loads(text, 0, NULL);
	json_t *lag = json_object_get(json, "lag_us");
	double value = json_is_number(lag) ? json_number_value(lag) / 1e6 : NAN;
	json_decref(json);
	return value;
}

enum program_figure { PROGRAM_UP, PROGRAM_BEAT, PROGRAM_CYCLE, PROGRAM_LAG };

static double program_figure(
	const struct nf_model *m, const struct nf_model_program *p, enum program_figure which)
{
	switch (which) {
	case PROGRAM_UP:
		for (size_t i = 0; i < m->picture.programs_len; i++)
			if (strcmp(m->picture.programs[i].name, p->name) == 0)
				return m->picture.programs[i].alive;
		return 0;
	case PROGRAM_BEAT:
		return seconds(p->beat_wall_us);
	case PROGRAM_CYCLE:
		return p->cycle_wall_us != 0 ? seconds(p->cycle_wall_us) : NAN;
	case PROGRAM_LAG:
		return lag_s(p->json);
	}
	return NAN;
}

static void put_programs(const struct nf_model *m, struct nf_strbuf *out)
{
	static const struct {
		const char *name, *help;
		enum program_figure which;
	} rows[] = {
		{"netfold_program_up",		       "1 the program runs.",	      PROGRAM_UP },
		{"netfold_program_beat_timestamp_seconds",  "When it was last alive.",
			PROGRAM_BEAT									     },
		{"netfold_program_cycle_timestamp_seconds", "When its last full cycle ended.",
			PROGRAM_CYCLE									    },
		{"netfold_program_lag_seconds",		"How late it is.",		   PROGRAM_LAG},
	};
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		put_family(out, rows[r].name, rows[r].help);
		for (size_t i = 0; i < m->programs_len; i++) {
			const struct nf_model_program *p = &m->programs[i];
			const char *const labels[][2] = {
				{"program", p->name}
			    };
			double value = program_figure(m, p, rows[r].which);
			if (!isnan(value))
				put_sample(out, rows[r].name, labels, 1, value);
		}
	}
}

static void put_single(struct nf_strbuf *out, const char *name, const char *help, double value)
{
	put_family(out, name, help);
	put_sample(out, name, NULL, 0, value);
}

static void put_mail(const struct nf_model *m, struct nf_strbuf *out)
{
	struct nf_store *outbox = NULL;
	struct nf_outbox_figures f;
	struct nf_error err;
	if (nf_outbox_open(m->site->state_dir, NF_STORE_READ, 50, &outbox, &err) != NF_OK)
		return;
	if (nf_outbox_figures(outbox, &f) == NF_OK) {
		put_single(out, "netfold_mails_waiting", "Mails that wait to be sent.",
			(double)f.waiting);
		if (f.oldest_wall_us != 0)
			put_single(out, "netfold_mail_oldest_waiting_timestamp_seconds",
				"When the oldest of them was decided.",
				seconds(f.oldest_wall_us));
		if (f.last_sent_wall_us != 0)
			put_single(out, "netfold_mail_lag_seconds",
				"From decided to taken by the server, of the last mail.",
				seconds(f.last_lag_us));
	}
	nf_store_close(outbox);
}

static void put_stages(const struct nf_moves *moves, struct nf_strbuf *out)
{
	put_family(out, "netfold_move_devices", "Devices that move, by old network and stage.");
	for (size_t i = 0; i < moves->networks_len; i++) {
		const struct nf_moves_network *n = &moves->networks[i];
		for (int s = 0; s <= NF_STAGES; s++) {
			const char *const labels[][2] = {
				{"network", n->network->id						  },
				{"stage",	  s < NF_STAGES ? nf_stage_text((enum nf_stage)s)
							: "unknown"}
			    };
			put_sample(out, "netfold_move_devices", labels, 2,
				(double)(s < NF_STAGES ? n->by_stage[s] : n->unknown));
		}
	}
}

enum move_figure { MOVE_SCOPE, MOVE_PROOFS, MOVE_UNLISTED, MOVE_BLOCKERS, MOVE_READY };

static double move_figure(const struct nf_moves_network *n, enum move_figure which)
{
	switch (which) {
	case MOVE_SCOPE:
		return n->burn.len > 0 ? (double)n->burn.forecast.scope : (double)NAN;
	case MOVE_PROOFS:
		return n->burn.len > 0 ? (double)n->burn.forecast.done : (double)NAN;
	case MOVE_UNLISTED:
		return n->burn.len > 0 ? (double)n->unlisted : (double)NAN;
	case MOVE_BLOCKERS:
		return n->computed ? (double)n->blockers.len : (double)NAN;
	case MOVE_READY:
		return n->computed ? (double)n->ready : (double)NAN;
	}
	return NAN;
}

static void put_moves(const struct nf_moves *moves, struct nf_strbuf *out)
{
	static const struct {
		const char *name, *help;
		enum move_figure which;
	} rows[] = {
		{"netfold_move_scope",       "What has to move, with talkers that nobody listed.",
			MOVE_SCOPE										     },
		{"netfold_move_proofs",	"Of it proved.",					 MOVE_PROOFS  },
		{"netfold_move_unlisted",	  "Talkers that nobody listed.",			 MOVE_UNLISTED},
		{"netfold_network_blockers", "Things in the way of switching it off.",
			MOVE_BLOCKERS										  },
		{"netfold_network_ready",	  "1 it can be switched off.",			       MOVE_READY	 },
	};
	put_stages(moves, out);
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		put_family(out, rows[r].name, rows[r].help);
		for (size_t i = 0; i < moves->networks_len; i++) {
			const char *const labels[][2] = {
				{"network", moves->networks[i].network->id}
			   };
			double value = move_figure(&moves->networks[i], rows[r].which);
			if (!isnan(value))
				put_sample(out, rows[r].name, labels, 1, value);
		}
	}
}

void nf_metrics(const struct nf_model *m, const struct nf_pings *pings, struct nf_strbuf *out)
{
	put_single(out, "netfold_figures_made_timestamp_seconds",
		"When these figures were looked up.", seconds(m->now.wall_us));
	put_counts(m, out);
	put_devices(m, pings, out);
	put_backups(m, out);
	if (m->moves != NULL)
		put_moves(m->moves, out);
	put_programs(m, out);
	put_mail(m, out);
	if (m->disk_total != 0) {
		put_single(out, "netfold_disk_free_bytes", "Free where state_dir is.",
			(double)m->disk_free);
		put_single(out, "netfold_disk_size_bytes", "All of that disk.",
			(double)m->disk_total);
	}
	nf_strbuf_puts(out, "# EOF\n");
}
