// SPDX-License-Identifier: GPL-3.0-or-later
#include "conf/schema_key.h"

/* clang-format off */
#define AT(member) offsetof(struct nf_proof, member)
#define MAX_AGE(flags, what) KEY("max_age", DURATION, flags, AT(max_age_us), "1m", "3650d", NULL, what)
#define CONTAINS(what) KEY("contains", TEXT, LIST, AT(contains), NULL, NULL, NULL, what)
static const struct nf_key artefact_keys[] = {
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL,
		"Pattern of the backups' files; the newest match is judged."),
	KEY("min_size", SIZE, 0, AT(min_size), "1", NULL, "1", "A smaller file is bad."),
	MAX_AGE(0, "An older file is bad."),
	KEY("complete", BOOL, 0, AT(complete), NULL, NULL, "false",
		"Look for the format's own ending."),
	KEY("deep", BOOL, 0, AT(deep), NULL, NULL, "false", "Read the whole file, not only its ends."),
	KEY("max_drop", PERCENT, 0, AT(max_drop), "0", "100", "50",
		"Percent by which a file may be smaller than the median of its last runs."),
	KEY("keep", COUNT, 0, AT(keep), "1", "10000", "1", "Good files that must be there."),
	CONTAINS("Names that must be in the archive (tar, packed or not), such as a file put on every "
		"mount for that; a name that ends in / stands for anything below. The whole file is read."),
	KEY("standing", BOOL, 0, AT(standing), NULL, NULL, "false",
		"Not made by every run: it must only be there, whole and not older than max_age. For the full "
		"dump that others build on, and for a key that the restore needs."),
	KEY("max_runs", COUNT, 0, AT(max_runs), "0", "10000", "0",
		"More new files than this since one start are a warning: the job runs too often; 0 is not "
		"judged. In the night of 25 hours twice as many may be there."),
	KEY("own_filesystem", BOOL, 0, AT(own_filesystem), NULL, NULL, "false",
		"Its folder must lie on a file system of its own: on that of / the disk for backups is not "
		"mounted, which is bad."),
	KEY("min_free", SIZE, 0, AT(min_free), "0", NULL, "0",
		"Less free space there is a warning; 0 is not judged."),
};
static const struct nf_key manifest_keys[] = {
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL, "File of checksums."),
	KEY("sample", COUNT, 0, AT(sample), "0", "1000000", "0",
		"How many of its files to check in one run; 0 is all."),
};
static const struct nf_key log_keys[] = {
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL, "Log of the job."),
	KEY("success", REGEX, REQUIRED, AT(success), NULL, NULL, NULL,
		"Regular expression of the line that says success; it must be later than the start."),
	KEY("warning", REGEX, 0, AT(warning), NULL, NULL, NULL,
		"Regular expression of lines that are worth a warning, whatever the end says."),
	KEY("failure", REGEX, 0, AT(failure), NULL, NULL, NULL,
		"Regular expression of lines that say failure."),
};
static const struct nf_key status_keys[] = {
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL,
		"File in which the job leaves its status."),
	KEY("success", REGEX, 0, AT(success), NULL, NULL, "^0$",
		"Regular expression of its first line after a good run."),
	KEY("warning", REGEX, 0, AT(warning), NULL, NULL, NULL,
		"Regular expression of its first line after a run that is worth a warning, such as ^1$ of "
		"borg or ^24$ of rsync."),
	MAX_AGE(0, "An older file is bad."),
};
static const struct nf_key lock_keys[] = {
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL,
		"Lock or pid file that is there while the job runs; of a pattern the oldest match counts."),
	MAX_AGE(REQUIRED, "A job that runs longer hangs."),
};
static const struct nf_key copy_keys[] = {
	KEY("device", REFERENCE, REQUIRED, AT(device), NULL, NULL, NULL,
		"Where the second copy lies.", .table = NF_TABLE_DEVICES),
	KEY("ssh", REFERENCE, REQUIRED, AT(ssh), NULL, NULL, NULL,
		"How to look there.", .table = NF_TABLE_SSH),
	KEY("path", REMOTE_PATH, REQUIRED, AT(path), NULL, NULL, NULL, "Pattern of the copies."),
	KEY("min_size", SIZE, 0, AT(min_size), "0", NULL, "0", "A smaller file is bad."),
	MAX_AGE(0, "An older file is bad."),
};
static const struct nf_key drill_keys[] = {
	MAX_AGE(REQUIRED, "How long ago the last restore drill may be."),
};
#define CHECK_KEYS \
	KEY("check", BOOL, 0, AT(check), NULL, NULL, "false", \
		"Ask the repository to check itself, too."), \
	KEY("check_max_age", DURATION, 0, AT(check_max_age_us), "1h", "3650d", "7d", \
		"How long ago the last such check may be before it is done again.")
static const struct nf_key restic_keys[] = {
	KEY("repository", NF_TYPE_REPOSITORY, REQUIRED, AT(repository), NULL, NULL, NULL,
		"The repository, as restic names it."),
	KEY("password_file", REMOTE_PATH, 0, AT(password_file), NULL, NULL, NULL,
		"File on the server that holds the repository's password."),
	MAX_AGE(0, "An older newest snapshot is bad."), CHECK_KEYS,
	CONTAINS("Paths that must be in the newest snapshot."),
};
static const struct nf_key borg_keys[] = {
	KEY("repository", NF_TYPE_REPOSITORY, REQUIRED, AT(repository), NULL, NULL, NULL,
		"The repository, as borg names it."),
	KEY("password_file", REMOTE_PATH, 0, AT(password_file), NULL, NULL, NULL,
		"File on the server that holds the repository's passphrase."),
	MAX_AGE(0, "An older newest archive is bad."), CHECK_KEYS,
	CONTAINS("Paths that must be in the newest archive, without the first /."),
};
static const struct nf_key zfs_keys[] = {
	KEY("dataset", NF_TYPE_DATASET, REQUIRED, AT(dataset), NULL, NULL, NULL, "The dataset."),
	MAX_AGE(0, "An older newest snapshot is bad."),
};
static const struct nf_key plugin_keys[] = {
	KEY("run", REMOTE_PATH, REQUIRED, AT(run), NULL, NULL, NULL,
		"Command on the server that answers as monitoring plugins do: status 0, 1, 2 or 3."),
};
#undef AT
#define PROOF(kind) &(const struct nf_section){.name = #kind, KEYS(kind##_keys)}
/* In the order of enum nf_proof_kind. */
static const struct nf_section *const proof_kinds[] = {
	PROOF(artefact), PROOF(manifest), PROOF(log), PROOF(status), PROOF(lock), PROOF(copy),
	PROOF(drill), PROOF(restic), PROOF(borg), PROOF(zfs), PROOF(plugin),
};
static const struct nf_section proof_section = {.name = "proofs", .kinds = proof_kinds,
	.kinds_len = sizeof proof_kinds / sizeof proof_kinds[0],
	.kind_offset = offsetof(struct nf_proof, kind), .size = sizeof(struct nf_proof),
	.finish = nf_finish_proof};

#define AT(member) offsetof(struct nf_backup, member)
static const struct nf_key backup_keys[] = {
	KEY("id", ID, REQUIRED, AT(id), NULL, NULL, NULL, "Name of the job."),
	KEY("device", REFERENCE, REQUIRED, AT(device), NULL, NULL, NULL,
		"The server that is backed up, and looked at.", .table = NF_TABLE_DEVICES),
	KEY("ssh", REFERENCE, REQUIRED, AT(ssh), NULL, NULL, NULL,
		"How to look there.", .table = NF_TABLE_SSH),
	KEY("starts", START, REQUIRED, AT(starts), NULL, NULL, NULL, "When the job starts."),
	KEY("start_within", DURATION, NF_KEY_COMPUTED, AT(start_within_us), "1m", "7d",
		"30m with a proof of the kind lock, else the start is not judged",
		"How long after a start something must show that the job runs: a file that is new or grows, "
		"a lock, a line in its log, a status."),
	KEY("due", NF_TYPE_DAYTIME, REQUIRED, AT(due), NULL, NULL, NULL,
		"Time of day by which it must have finished, next after its start."),
	KEY("look_every", DURATION, 0, AT(look_every_us), "10s", "1d", "1d",
		"Look again at least this often, also at a backup that was good."),
	KEY("proofs", SECTION, REQUIRED | LIST, AT(proofs), NULL, NULL, NULL,
		"Tests that must all hold; each has a kind.", .section = &proof_section),
};
#undef AT

#define AT(member) offsetof(struct nf_waiver, member)
static const struct nf_key waiver_keys[] = {
	KEY("device", REFERENCE, REQUIRED, AT(device), NULL, NULL, NULL,
		"The server that needs no backup.", .table = NF_TABLE_DEVICES),
	KEY("reason", TEXT, REQUIRED, AT(reason), NULL, NULL, NULL, "Why it needs none."),
	KEY("owner", TEXT, REQUIRED, AT(owner), NULL, NULL, NULL, "Who decided so."),
	KEY("until", NF_TYPE_DAY_END, REQUIRED, AT(until_wall_us), NULL, NULL, NULL,
		"Last day on which this holds."),
};
#undef AT
/* clang-format on */

const struct nf_section nf_schema_backup = {.name = "backups",
	KEYS(backup_keys),
	.size = sizeof(struct nf_backup),
	.finish = nf_finish_backup};
const struct nf_section nf_schema_waiver = {
	.name = "waivers", KEYS(waiver_keys), .size = sizeof(struct nf_waiver)};
