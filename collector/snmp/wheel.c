// SPDX-License-Identifier: GPL-3.0-or-later
#include "collector/snmp/wheel.h"

static struct nf_timer *slot_of(struct nf_wheel *wheel, int64_t mono_us)
{
	return &wheel->slots[(mono_us / NF_WHEEL_SLOT_US) % NF_WHEEL_SLOTS];
}

void nf_wheel_init(struct nf_wheel *wheel, int64_t mono_us)
{
	for (size_t i = 0; i < NF_WHEEL_SLOTS; i++)
		wheel->slots[i].prev = wheel->slots[i].next = &wheel->slots[i];
	wheel->turned_mono_us = mono_us - mono_us % NF_WHEEL_SLOT_US;
	wheel->len = 0;
}

void nf_wheel_stop(struct nf_wheel *wheel, struct nf_timer *timer)
{
	if (!timer->next)
		return;
	timer->prev->next = timer->next;
	timer->next->prev = timer->prev;
	timer->prev = timer->next = NULL;
	wheel->len--;
}

void nf_wheel_set(struct nf_wheel *wheel, struct nf_timer *timer, int64_t at_mono_us)
{
	nf_wheel_stop(wheel, timer);
	if (at_mono_us < wheel->turned_mono_us)
		at_mono_us = wheel->turned_mono_us;
	timer->at_mono_us = at_mono_us;
	struct nf_timer *head = slot_of(wheel, at_mono_us);
	timer->prev = head->prev;
	timer->next = head;
	head->prev->next = timer;
	head->prev = timer;
	wheel->len++;
}

/* After a long sleep one turn is enough to see every slot. */
struct nf_timer *nf_wheel_due(struct nf_wheel *wheel, int64_t mono_us)
{
	int64_t turn_us = NF_WHEEL_SLOTS * NF_WHEEL_SLOT_US;
	if (mono_us - wheel->turned_mono_us > turn_us)
		wheel->turned_mono_us = mono_us - mono_us % NF_WHEEL_SLOT_US - turn_us;
	for (;;) {
		struct nf_timer *head = slot_of(wheel, wheel->turned_mono_us);
		for (struct nf_timer *t = head->next; t != head; t = t->next) {
			if (t->at_mono_us <= mono_us) {
				nf_wheel_stop(wheel, t);
				return t;
			}
		}
		if (wheel->turned_mono_us + NF_WHEEL_SLOT_US > mono_us)
			return NULL;
		wheel->turned_mono_us += NF_WHEEL_SLOT_US;
	}
}

int64_t nf_wheel_wait_us(const struct nf_wheel *wheel, int64_t mono_us)
{
	if (!wheel->len)
		return -1;
	int64_t first = wheel->turned_mono_us / NF_WHEEL_SLOT_US;
	for (int64_t i = 0; i < NF_WHEEL_SLOTS; i++) {
		const struct nf_timer *head = &wheel->slots[(first + i) % NF_WHEEL_SLOTS];
		if (head->next == head)
			continue;
		int64_t wait = (first + i + 1) * NF_WHEEL_SLOT_US - mono_us;
		return wait > 0 ? wait : 0;
	}
	return 0;
}
