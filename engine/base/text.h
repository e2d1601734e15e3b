/*
 * text.h - text that grows, sizes, and names that are nearly right.
 */
#ifndef WF_TEXT_H
#define WF_TEXT_H

#include "base/mem.h"

/* Zero it before use. Once memory fails `failed` stays true and nothing more is added. */
typedef struct WfText {
    char *text; /* NULL while empty */
    size_t length, room;
    bool failed;
} WfText;

void wf_text_add(WfText *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void wf_text_free(WfText *t);
/* Move the text out (never NULL unless memory failed, then err is set). The caller frees it. */
char *wf_text_take(WfText *t, WeftErr *err);

/* A number as people write it: the shortest decimal that reads back as the same double. */
void wf_text_number(WfText *t, double v);
const char *wf_number(double v, char buffer[32]);
/* "52.1 MB", "1.4 GB": units of 1024, as wf_size_parse reads them, and rounded up, so that a
 * budget that is printed is large enough when it is typed. */
const char *wf_bytes(double bytes, char buffer[32]);
/* "256M", "4G", "1.5GiB", "1000000" to bytes; K, M, G, T are powers of 1024. */
bool wf_size_parse(const char *text, int64_t *bytes, WeftErr *err);

/* The name among `count` that is nearest to a misspelt one, NULL if none is near. name_of(list, i)
 * gives the i-th. Case is ignored; a beginning of a name is near to it. */
const char *wf_nearest(const char *name, const void *list, int count,
                       const char *(*name_of)(const void *list, int i));

#endif
