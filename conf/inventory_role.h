// SPDX-License-Identifier: GPL-3.0-or-later
/* inventory_role: the kind of thing that a role in NetBox names, which is free text in English or Swedish.
 * Shape:   pure. What a thing is stands last in a word and in a phrase ("Print Server", "Serverväxel"); where it
 *          stands, and what for, follows behind ("UPS i serverrum", "Switch (server room)").
 */
#pragma once

/* A kind's word, "other" for what names none. */
const char *nf_inventory_role_kind(const char *role);
