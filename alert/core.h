// SPDX-License-Identifier: GPL-3.0-or-later
/* core: events become incidents, incidents become mails. Everything that decides is here; nothing here
 * sleeps, sends or writes.
 * Shape:   (site, ledger, words, events, now) -> (ledger changed, mails owed). The caller saves the ledger
 *          when it likes (alert/ledger.h): what is decided and what was consumed are written together.
 *          core_event.c follows events, core_mute.c windows, core_decide.c says what is due, core_tell.c fills
 *          mails.
 * Rules:   An incident waits alerting.settle for its picture; then each person on call for one of its members
 *          gets one problem mail. Later members go into follow-ups, at first after alerting.settle, then ever
 *          more rarely (5 min, doubled up to 1 h). When nothing in it is bad any more, and was not for
 *          alerting.settle (at most 30 s), each person who was told gets one recovery, and it ends.
 *          More than 5 incidents of a network at once, or within 10 minutes, become one.
 *          A flapping check is bad until it is steady. Trouble that begins inside maintenance is no incident until
 *          the window ends; what was one before is neither told, said again nor escalated inside it, and the whole
 *          window is one change of it: what is worse at its end than at its beginning is news then. An
 *          acknowledgement stops escalation until it ends; a silence stops problems and follow-ups; when either
 *          ends and it is still bad, it is said again. Recovery stops for nothing.
 *          Every check is compared with state.db now and then (nf_core_compare), so that an event that was
 *          lost with a damaged file costs neither a problem nor a recovery.
 * Clock:   a wall clock that is set back moves what lies in the future to now.
 * Memory:  borrows site, ledger and outbox; owns the rest.
 */
#pragma once

#include "alert/duty.h"
#include "alert/ledger.h"
#include "alert/words.h"
#include "base/strbuf.h"

/* What a check said when it was last fine: fills output and gives the time; 0: unknown. */
typedef int64_t nf_last_good_fn(const char *network, const char *device, const char *check,
	struct nf_strbuf *output, void *arg);

struct nf_core {
	const struct nf_site *site;
	struct nf_ledger *ledger;
	struct nf_words words;
	char *words_seen;	    /* the silences that held, to see when they change */
	nf_last_good_fn *last_good; /* may be NULL */
	void *last_good_arg;
	int64_t settle_us; /* alerting.settle; 0 in a single pass */
};

void nf_core_init(struct nf_core *core, const struct nf_site *site, struct nf_ledger *ledger);
void nf_core_free(struct nf_core *core);
/* Members whose device or network is no more are ended. */
void nf_core_reload(struct nf_core *core, const struct nf_site *site, int64_t now_wall_us);

/* Acknowledgements that are new, silences and covers that hold. */
enum nf_err nf_core_read_words(
	struct nf_core *core, struct nf_store *outbox, int64_t now_wall_us);
void nf_core_event(struct nf_core *core, const struct nf_event *event, int64_t now_wall_us);
/* A check as state.db has it; then what state.db no longer has. */
void nf_core_compare(struct nf_core *core, const struct nf_check_row *row, int64_t now_wall_us);
void nf_core_compared(struct nf_core *core, int64_t now_wall_us);

/* Owes what is due now. */
void nf_core_decide(struct nf_core *core, int64_t now_wall_us);

/* The parts, for the core's own files and for --explain. */

/* Takes a bad member that belongs to no incident into the one of its cause. */
void nf_core_assign(struct nf_core *core, struct nf_member *member, int64_t now_wall_us);
/* Its state, or its incident's, is to be written. */
void nf_core_touch(struct nf_core *core, struct nf_member *member);
/* A change for the worse that whoever was told has to hear of. */
bool nf_core_is_worse(enum nf_state before, enum nf_state now);
/* A member that is inside this window from now on; nothing if it is inside one already. */
void nf_core_mute(struct nf_core *core, struct nf_member *member, const char *window);
/* Finds who is inside of which window now: mutes them, and lets those that no window covers any more be told. */
void nf_core_follow_windows(struct nf_core *core, int64_t now_wall_us);
enum nf_urgency nf_core_urgency(
	struct nf_duty *duty, const struct nf_member *member, struct nf_subject_of *subject);
/* Says nothing beside another member: SNMP of a device that cannot be reached anyway. It is neither news
 * nor listed. */
bool nf_core_is_implied(const struct nf_core *core, const struct nf_member *member);
/* Tells the duty's people about the incident: problem, follow-up or reminder. */
void nf_core_tell(struct nf_core *core, struct nf_duty *duty, struct nf_incident *incident);
/* Tells this person, because nobody acknowledged; false: was told before. */
bool nf_core_escalate(struct nf_core *core, struct nf_duty *duty, struct nf_incident *incident,
	const struct nf_contact *contact);
void nf_core_recover(struct nf_core *core, struct nf_duty *duty, struct nf_incident *incident);
/* A mail that belongs to no incident; the notice's kind, sections and title are given. */
void nf_core_tell_plain(struct nf_core *core, const struct nf_contact *contact,
	struct nf_notice *notice, int64_t now_wall_us);

bool nf_core_is_acknowledged(const struct nf_incident *incident, int64_t now_wall_us);
/* How long nothing in it must be bad before it is over. */
int64_t nf_core_recovery_us(const struct nf_core *core);
