// SPDX-License-Identifier: GPL-3.0-or-later
/* finish: what no single key of a section can know: keys that need or exclude one another, and values
 * that follow from others. Called by the binder for each bound item, before references are resolved.
 */
#pragma once

struct nf_bind;

void nf_finish_site(struct nf_bind *b, void *item);
void nf_finish_polling(struct nf_bind *b, void *item);
void nf_finish_serve(struct nf_bind *b, void *item);
void nf_finish_network(struct nf_bind *b, void *item);
void nf_finish_snmp(struct nf_bind *b, void *item);
void nf_finish_ssh(struct nf_bind *b, void *item);
void nf_finish_mail(struct nf_bind *b, void *item);
void nf_finish_contact(struct nf_bind *b, void *item);
void nf_finish_service(struct nf_bind *b, void *item);
void nf_finish_backup(struct nf_bind *b, void *item);
void nf_finish_proof(struct nf_bind *b, void *item);
void nf_finish_inventory(struct nf_bind *b, void *item);
void nf_finish_inventory_word(struct nf_bind *b, void *item);
void nf_finish_wave(struct nf_bind *b, void *item);
void nf_finish_maintenance(struct nf_bind *b, void *item);
void nf_finish_freeze(struct nf_bind *b, void *item);
