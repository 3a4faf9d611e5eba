// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strbuf.h"
#include "conf/profile.h"

#define SYSTEM                                                                                      \
	"profile: system\ntitle: System\nmatch: {}\ngroups:\n  - name: system\n    scalars: true\n" \
	"    columns:\n"                                                                            \
	"      - {name: sysUpTime, oid: 1.3.6.1.2.1.1.3.0}\n"                                       \
	"      - {name: sysObjectID, oid: 1.3.6.1.2.1.1.2.0, type: oid}\n"

#define HEAD "profile: x\ntitle: X\nmatch: {}\ngroups:\n  - name: t\n"

static const char *source(void)
{
	return getenv("NF_SRC") ? getenv("NF_SRC") : ".";
}

static char folder[] = "/tmp/nf-profiles-XXXXXX";

static void write_profile(const char *name, const char *text)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void remove_profile(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	unlink(path);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	remove_profile("system.yaml");
	remove_profile("x.yaml");
	return rmdir(folder);
}

/* The mistakes, one a line, without the folder. */
static char *mistakes(const char *const *folders, size_t len, struct nf_profiles **profiles)
{
	struct nf_diags *diags = nf_diags_new();
	struct nf_strbuf out = {0};

	*profiles = NULL;
	nf_profiles_load(folders, len, diags, profiles);
	for (size_t i = 0; i < nf_diags_len(diags); i++) {
		const struct nf_diag *d = nf_diags_at(diags, i);
		const char *file = strrchr(d->file, '/');

		nf_strbuf_printf(&out, "%s:%u:%u: %s\n", file ? file + 1 : d->file, d->line,
			d->column, d->message);
	}
	nf_diags_free(diags);
	return nf_strbuf_take(&out);
}

static void shipped__all__without_a_mistake(void **state)
{
	(void)state;
	char path[512];
	const char *folders[] = {path};
	struct nf_profiles *profiles;

	snprintf(path, sizeof path, "%s/conf/profiles", source());
	char *text = mistakes(folders, 1, &profiles);
	assert_string_equal(text, "");
	assert_non_null(profiles);
	assert_true(profiles->items.len >= 20);
	assert_string_equal(profiles->system->fields[profiles->sys_up_time].name, "sysUpTime");
	for (size_t i = 1; i < profiles->items.len; i++)
		assert_true(strcmp(profiles->items.items[i - 1]->name,
				    profiles->items.items[i]->name) < 0);
	free(text);
	nf_profiles_free(profiles);
}

static void load__one_mistake__named_with_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *want;
	} rows[] = {
		{"sound",		  HEAD "    columns: [{name: a, oid: 1.3.6}]\n",			 ""									   },
		{"unknown key",		HEAD "    colums: [{name: a, oid: 1.3.6}]\n",
			"x.yaml:5:5: \"columns\" is missing\n"
			"x.yaml:6:5: unknown key \"colums\"; did you mean \"columns\"?\n"											      },
		{"bad oid",		    HEAD "    columns: [{name: a, oid: 1.3..6}]\n",
			"x.yaml:6:30: \"1.3..6\" is no OID such as 1.3.6.1.2.1.2.2.1.2\n"												     },
		{"leading zero",	 HEAD "    columns: [{name: a, oid: 1.3.06}]\n",
			"x.yaml:6:30: \"1.3.06\" is no OID such as 1.3.6.1.2.1.2.2.1.2\n"												     },
		{"too large",	      HEAD "    columns: [{name: a, oid: 1.3.4294967296}]\n",
			"x.yaml:6:30: \"1.3.4294967296\" is no OID such as 1.3.6.1.2.1.2.2.1.2\n"												 },
		{"type",		 HEAD "    columns: [{name: a, oid: 1.3.6, type: conter}]\n",
			"x.yaml:6:43: \"conter\" is not possible here; did you mean \"counter\"?\n"											   },
		{"two of a name",
			HEAD "    columns: [{name: a, oid: 1.3.6}, {name: a, oid: 1.3.7}]\n",
			"x.yaml:6:38: two fields are called \"a\"\n"															  },
		{"dangling key",	 HEAD "    columns: [{name: ab, oid: 1.3.6}]\n    key: [ac]\n",
			"x.yaml:7:11: \"t\" has no field \"ac\"; did you mean \"ab\"?\n"												      },
		{"scalar without .0",
			HEAD "    scalars: true\n    columns: [{name: a, oid: 1.3.6}]\n",
			"x.yaml:5:5: the OID of scalar \"a\" must end in .0\n"														},
		{"expression",
			HEAD "    columns: [{name: a, oid: 1.3.6}]\n"
			     "    computed: [{name: c, value: a * b}]\n",				   "x.yaml:7:33: no such field at \"b\"\n"				       },
		{"circle",
			HEAD "    columns: [{name: a, oid: 1.3.6}]\n"
			     "    computed: [{name: c, value: c + 1}]\n",				   "x.yaml:7:33: no such field at \"c + 1\"\n"				   },
		{"counter without max",
			HEAD
			"    columns: [{name: a, oid: 1.3.6, type: counter}]\n    index: [{name: i}]\n"
			"    key: i\n    series: [{name: s, values: [{name: v, of: a}]}]\n",		"x.yaml:9:33: a counter needs \"max\": without it a reset draws a spike\n" },
		{"series without key",
			HEAD "    columns: [{name: a, oid: 1.3.6}]\n"
			     "    series: [{name: s, values: [{name: v, of: a}]}]\n",			"x.yaml:5:5: series and checks of a table need \"key\"\n"			 },
		{"long ds",
			HEAD
			"    scalars: true\n    columns: [{name: a, oid: 1.3.0}]\n"
			"    series: [{name: s, values: [{name: abcdefghijklmnopqrst, of: a}]}]\n",
			"x.yaml:8:40: 1 to 19 of A-Z a-z 0-9 _ are expected here\n"													   },
		{"no limit",
			HEAD "    scalars: true\n    columns: [{name: a, oid: 1.3.0}]\n"
			     "    checks: [{name: c, output: o, value: a}]\n",			      "x.yaml:8:14: \"above\" or \"below\" is missing: nothing would be judged\n"},
		{"upside down",
			HEAD
			"    scalars: true\n    columns: [{name: a, oid: 1.3.0}]\n"
			"    checks: [{name: c, output: o, value: a, above: {warning: 9, critical: 5}}]\n",
			"x.yaml:8:52: warning is worse than critical\n"														       },
		{"neither",
			HEAD "    scalars: true\n    columns: [{name: a, oid: 1.3.0}]\n"
			     "    checks: [{name: c, output: o}]\n",					"x.yaml:8:14: a check has either \"value\" with limits, or \"states\"\n"	},
		{"enum",
			HEAD
			"    scalars: true\n    columns: [{name: a, oid: 1.3.0, names: {up: 1}}]\n"
			"    checks: [{name: c, output: o, states: [{if: {a: upp}, then: ok}]}]\n",
			"x.yaml:8:53: \"upp\" is no value of \"a\"\n"															 },
		{"template",
			HEAD
			"    scalars: true\n    columns: [{name: a, oid: 1.3.0}]\n"
			"    checks: [{name: c, output: '{b}', value: a, above: {warning: 9}}]\n",
			"x.yaml:8:32: \"t\" has no field \"b\"\n"															     },
		{"present",
			"profile: x\ntitle: X\nmatch: {present: u}\ngroups:\n  - name: t\n"
			"    columns: [{name: a, oid: 1.3.6}]\n",					   "x.yaml:3:8: this profile has no group \"u\"\n"			       },
		{"lookup",
			HEAD
			"    columns: [{name: a, oid: 1.3.6}]\n"
			"    lookups: [{name: l, from: z, where: b, equals: a, take: c}]\n",		"x.yaml:7:31: no group \"z\" stands above this one\n"			     },
		{"alias",		  HEAD "    columns: &c [{name: a, oid: 1.3.6}]\n    index: *c\n",
			"x.yaml:7:12: aliases (*name) are not taken: write it out\n"													  },
		{"no mapping",	       "- profile\n",
			"x.yaml:1:1: a mapping (\"key: value\") is expected here\n"													   },
	};
	const char *folders[] = {folder, NULL};

	write_profile("system.yaml", SYSTEM);
	NF_ROWS(i, rows)
	{
		struct nf_profiles *profiles;

		write_profile("x.yaml", rows[i].text);
		char *text = mistakes(folders, 2, &profiles);
		if (strcmp(text, rows[i].want) != 0)
			fail_msg("%s: %s", rows[i].name, text);
		assert_true((profiles != NULL) == (*rows[i].want == '\0'));
		free(text);
		nf_profiles_free(profiles);
	}
}

static void load__same_name_twice__later_folder_wins(void **state)
{
	(void)state;
	char shipped[512];
	const char *folders[] = {shipped, folder};
	struct nf_profiles *profiles;

	snprintf(shipped, sizeof shipped, "%s/conf/profiles", source());
	write_profile("system.yaml", SYSTEM);
	write_profile("x.yaml", "profile: ups\ntitle: Ours\nmatch: {}\ngroups:\n  - name: t\n"
				"    columns: [{name: a, oid: 1.3.6}]\n");
	char *text = mistakes(folders, 2, &profiles);
	assert_string_equal(text, "");
	assert_string_equal(nf_profiles_find(profiles, "ups")->title, "Ours");
	assert_string_equal(nf_profiles_find(profiles, "printer")->title, "Printer");
	free(text);
	nf_profiles_free(profiles);
}

static void load__without_system__said(void **state)
{
	(void)state;
	const char *folders[] = {folder};
	struct nf_profiles *profiles;

	remove_profile("system.yaml");
	write_profile("x.yaml", HEAD "    columns: [{name: a, oid: 1.3.6}]\n");
	char *text = mistakes(folders, 1, &profiles);
	assert_non_null(strstr(text, "the profile \"system\" is missing"));
	assert_null(profiles);
	free(text);
}

/* The manual's example is a profile. */
static void manual__example__loads(void **state)
{
	(void)state;
	char path[512], line[512];
	const char *folders[] = {path, folder};
	struct nf_strbuf example = {0};
	struct nf_profiles *profiles;
	bool inside = false;

	snprintf(path, sizeof path, "%s/man/netfold-profile.5.scd", source());
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		if (strncmp(line, "```", 3) == 0)
			inside = !inside;
		else if (inside)
			nf_strbuf_puts(&example, line);
	}
	fclose(file);
	assert_non_null(example.data);
	write_profile("x.yaml", example.data);
	snprintf(path, sizeof path, "%s/conf/profiles", source());
	char *text = mistakes(folders, 2, &profiles);
	assert_string_equal(text, "");
	assert_non_null(nf_profiles_find(profiles, "example-rack"));
	free(text);
	nf_strbuf_free(&example);
	nf_profiles_free(profiles);
}

static void match__prefix__whole_sub_identifiers(void **state)
{
	(void)state;
	static const uint32_t cisco[] = {1, 3, 6, 1, 4, 1, 9};
	static const uint32_t c3560[] = {1, 3, 6, 1, 4, 1, 9, 1, 617};
	static const uint32_t other[] = {1, 3, 6, 1, 4, 1, 99, 1};
	struct nf_oid_prefix prefix = {cisco, NF_LEN(cisco)}, model = {c3560, NF_LEN(c3560)};
	struct nf_profile any = {.name = "any"};
	struct nf_profile of_cisco = {
		.sys_object_id = {&prefix, 1}
	     };
	struct nf_profile but_not = {
		.sys_object_id = {&prefix, 1},
		       .except = {&model,  1}
	    };

	assert_true(nf_profile_matches(&any, NULL, 0));
	assert_true(nf_profile_matches(&of_cisco, c3560, NF_LEN(c3560)));
	assert_true(nf_profile_matches(&of_cisco, cisco, NF_LEN(cisco)));
	assert_false(nf_profile_matches(&of_cisco, other, NF_LEN(other)));
	assert_false(nf_profile_matches(&of_cisco, NULL, 0));
	assert_false(nf_profile_matches(&but_not, c3560, NF_LEN(c3560)));
	assert_true(nf_profile_matches(&but_not, cisco, NF_LEN(cisco)));
}

static void series__by_its_name__chart_found(void **state)
{
	(void)state;
	char path[512];
	const char *folders[] = {path};
	struct nf_profiles *profiles;

	snprintf(path, sizeof path, "%s/conf/profiles", source());
	free(mistakes(folders, 1, &profiles));
	const struct nf_series *traffic = nf_profiles_series(profiles, "interface Gi1/0/1 (x)");
	assert_non_null(traffic);
	assert_string_equal(traffic->charts.items[0].unit, "bit/s");
	assert_non_null(nf_profiles_series(profiles, "ups battery"));
	assert_null(nf_profiles_series(profiles, "ups batteries"));
	assert_null(nf_profiles_series(profiles, "ping"));
	nf_profiles_free(profiles);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped__all__without_a_mistake),
		cmocka_unit_test(load__one_mistake__named_with_its_place),
		cmocka_unit_test(load__same_name_twice__later_folder_wins),
		cmocka_unit_test(load__without_system__said),
		cmocka_unit_test(manual__example__loads),
		cmocka_unit_test(match__prefix__whole_sub_identifiers),
		cmocka_unit_test(series__by_its_name__chart_found),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
