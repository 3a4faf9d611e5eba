// SPDX-License-Identifier: GPL-3.0-or-later
#include "web/html.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xmlwriter.h>

#include "base/mem.h"
#include "base/text.h"

#define TEXT_MAX 2000

struct nf_html {
	xmlBufferPtr buffer;
	xmlTextWriterPtr writer;
	struct nf_strbuf clean;
};

static const xmlChar *chars(const char *text)
{
	return (const xmlChar *)text;
}

/* Most text is plain ASCII and needs no copy. */
static const char *cleaned(struct nf_html *h, const char *text)
{
	size_t len = 0;
	while (text[len] >= ' ' && text[len] < 0x7f)
		len++;
	if (text[len] == '\0' && len <= TEXT_MAX)
		return text;
	nf_strbuf_clear(&h->clean);
	nf_text_escape(&h->clean, text, len + strlen(text + len), TEXT_MAX);
	return h->clean.data != NULL ? h->clean.data : "";
}

struct nf_html *nf_html_new(const char *language)
{
	struct nf_html *h = nf_xcalloc(1, sizeof *h);
	h->buffer = xmlBufferCreateSize(32768);
	assert(h->buffer != NULL);
	xmlBufferSetAllocationScheme(h->buffer, XML_BUFFER_ALLOC_DOUBLEIT);
	h->writer = xmlNewTextWriterMemory(h->buffer, 0);
	assert(h->writer != NULL);
	xmlTextWriterWriteDTD(h->writer, chars("html"), NULL, NULL, NULL);
	nf_html_open(h, "html", "lang", language, NULL);
	return h;
}

void nf_html_free(struct nf_html *h)
{
	if (h == NULL)
		return;
	if (h->writer != NULL)
		xmlFreeTextWriter(h->writer);
	xmlBufferFree(h->buffer);
	nf_strbuf_free(&h->clean);
	free(h);
}

static void start(struct nf_html *h, const char *element, va_list attributes)
{
	int rc = xmlTextWriterStartElement(h->writer, chars(element));
	assert(rc >= 0);
	(void)rc;
	const char *name;
	while ((name = va_arg(attributes, const char *)) != NULL) {
		const char *value = va_arg(attributes, const char *);
		if (value != NULL)
			xmlTextWriterWriteAttribute(
				h->writer, chars(name), chars(cleaned(h, value)));
	}
}

void nf_html_open(struct nf_html *h, const char *element, ...)
{
	va_list attributes;
	va_start(attributes, element);
	start(h, element, attributes);
	va_end(attributes);
}

void nf_html_close(struct nf_html *h)
{
	xmlTextWriterFullEndElement(h->writer);
}

void nf_html_void(struct nf_html *h, const char *element, ...)
{
	va_list attributes;
	va_start(attributes, element);
	start(h, element, attributes);
	va_end(attributes);
	xmlTextWriterEndElement(h->writer);
}

void nf_html_el(struct nf_html *h, const char *element, const char *text, ...)
{
	va_list attributes;
	va_start(attributes, text);
	start(h, element, attributes);
	va_end(attributes);
	if (text != NULL)
		nf_html_text(h, text);
	nf_html_close(h);
}

void nf_html_text(struct nf_html *h, const char *text)
{
	xmlTextWriterWriteString(h->writer, chars(cleaned(h, text)));
}

void nf_html_textf(struct nf_html *h, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	nf_html_text(h, text);
}

const char *nf_html_finish(struct nf_html *h, size_t *len)
{
	xmlTextWriterEndDocument(h->writer);
	xmlFreeTextWriter(h->writer); /* flushes */
	h->writer = NULL;
	*len = (size_t)xmlBufferLength(h->buffer);
	return (const char *)xmlBufferContent(h->buffer);
}
