// SPDX-License-Identifier: GPL-3.0-or-later
/* Mail programs keep little of a page: colours stand at each element for those that drop <style>, and
 * the style sheet turns them round for the dark. Badges keep theirs: dark on light is read in both. */
#include "alert/mail_letter.h"

#include <stdio.h>

#include <libxml/xmlwriter.h>

#include "base/mem.h"

static const char sheet[] =
	":root{color-scheme:light dark;supported-color-schemes:light dark}"
	"@media (prefers-color-scheme:dark){"
	"body,.page{background:#16191d!important;color:#e8eaed!important}"
	".block{background:#22262b!important;border-color:#3a4047!important}"
	".label,.foot{color:#a9b1ba!important}a{color:#8ab4f8!important}}";

static const struct {
	const char *paper, *ink;
} tones[] = {
	[NF_TONE_BAD] = {"#c5221f", "#ffffff"},
	[NF_TONE_WARNING] = {"#f9ab00", "#202124"},
	[NF_TONE_UNKNOWN] = {"#5f6368", "#ffffff"},
	[NF_TONE_GOOD] = {"#137333", "#ffffff"},
};

#define X(text) ((const xmlChar *)(text))

static void open_as(xmlTextWriter *x, const char *element, const char *class, const char *style)
{
	xmlTextWriterStartElement(x, X(element));
	if (class != NULL)
		xmlTextWriterWriteAttribute(x, X("class"), X(class));
	if (style != NULL)
		xmlTextWriterWriteAttribute(x, X("style"), X(style));
}

static void write_as(xmlTextWriter *x, const char *element, const char *class,
	const char *style, const char *text)
{
	open_as(x, element, class, style);
	xmlTextWriterWriteString(x, X(text));
	xmlTextWriterFullEndElement(x);
}

static void write_meta(xmlTextWriter *x, const char *name, const char *content)
{
	open_as(x, "meta", NULL, NULL);
	xmlTextWriterWriteAttribute(x, X("name"), X(name));
	xmlTextWriterWriteAttribute(x, X("content"), X(content));
	xmlTextWriterEndElement(x);
}

static void write_rows(xmlTextWriter *x, const struct nf_letter_block *b)
{
	for (size_t i = 0; i < b->rows_len; i++) {
		const struct nf_letter_row *r = &b->rows[i];
		open_as(x, "div", NULL, "margin:4px 0 0 0;overflow-wrap:anywhere");
		if (*r->label != '\0') {
			write_as(x, "span", "label", "color:#5f6368", r->label);
			xmlTextWriterWriteString(x, X(": "));
		}
		if (r->link != NULL) {
			open_as(x, "a", NULL, "color:#1a56c4");
			xmlTextWriterWriteAttribute(x, X("href"), X(r->link));
			xmlTextWriterWriteString(x, X(r->value));
			xmlTextWriterFullEndElement(x);
		} else {
			xmlTextWriterWriteString(x, X(r->value));
		}
		xmlTextWriterFullEndElement(x);
	}
}

static void write_block(xmlTextWriter *x, const struct nf_letter_block *b)
{
	open_as(x, "div", "block",
		"background:#f6f7f8;border:1px solid #dadce0;border-radius:8px;padding:10px 12px;"
		"margin:12px 0 0 0");
	if (*b->badge != '\0') {
		char style[160];
		snprintf(style, sizeof style,
			"background:%s;color:%s;border-radius:4px;padding:1px 7px;font-size:14px",
			tones[b->tone].paper, tones[b->tone].ink);
		write_as(x, "span", NULL, style, b->badge);
		xmlTextWriterWriteString(x, X(" "));
	}
	write_as(x, "strong", NULL, "overflow-wrap:anywhere", b->head);
	write_rows(x, b);
	xmlTextWriterFullEndElement(x);
}

static void write_head(xmlTextWriter *x, const struct nf_letter *letter)
{
	xmlTextWriterStartElement(x, X("head"));
	open_as(x, "meta", NULL, NULL);
	xmlTextWriterWriteAttribute(x, X("charset"), X("utf-8"));
	xmlTextWriterEndElement(x);
	write_meta(x, "viewport", "width=device-width,initial-scale=1");
	write_meta(x, "color-scheme", "light dark");
	write_meta(x, "supported-color-schemes", "light dark");
	write_as(x, "title", NULL, NULL, letter->subject);
	xmlTextWriterStartElement(x, X("style"));
	xmlTextWriterWriteRaw(x, X(sheet));
	xmlTextWriterFullEndElement(x);
	xmlTextWriterFullEndElement(x);
}

static void write_body(xmlTextWriter *x, const struct nf_letter *letter)
{
	char style[160];
	open_as(x, "body", NULL,
		"margin:0;background:#ffffff;color:#202124;font:16px/1.45 system-ui,-apple-system,"
		"'Segoe UI',Roboto,Helvetica,Arial,sans-serif");
	open_as(x, "div", "page", "max-width:640px;margin:0 auto;padding:12px");
	snprintf(style, sizeof style,
		"border-left:6px solid %s;padding:4px 0 4px 12px;font-size:18px;overflow-wrap:anywhere",
		tones[letter->tone].paper);
	write_as(x, "div", NULL, style, letter->lead);
	if (letter->facts.rows_len > 0) {
		open_as(x, "div", NULL, "margin:10px 0 0 0");
		write_rows(x, &letter->facts);
		xmlTextWriterFullEndElement(x);
	}
	for (size_t i = 0; i < letter->blocks_len; i++)
		write_block(x, &letter->blocks[i]);
	if (*letter->more != '\0')
		write_as(x, "p", NULL, NULL, letter->more);
	write_as(x, "p", "foot", "color:#5f6368;font-size:14px", letter->foot);
}

void nf_letter_html(const struct nf_letter *letter, struct nf_strbuf *out)
{
	xmlBuffer *buffer = xmlBufferCreate();
	xmlTextWriter *x = buffer != NULL ? xmlNewTextWriterMemory(buffer, 0) : NULL;
	if (x != NULL) {
		nf_strbuf_puts(out, "<!DOCTYPE html>\n");
		open_as(x, "html", NULL, NULL);
		xmlTextWriterWriteAttribute(x, X("lang"), X(letter->language));
		write_head(x, letter);
		write_body(x, letter);
		xmlTextWriterEndDocument(x); /* closes what is open */
		xmlFreeTextWriter(x);
		nf_strbuf_add(out, xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer));
	}
	xmlBufferFree(buffer);
}
