/*
 * text.c - text that grows, sizes, and names that are nearly right.
 */
#include "base/text.h"

#include "base/err.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_NEAR = 48 }; /* longer names have no nearest one */

static bool make_room(WfText *t, size_t more)
{
    size_t room = t->room ? t->room : 64;
    char *text;

    if (t->room - t->length > more)
        return true;
    while (room - t->length <= more)
        room *= 2;
    text = wf_realloc(t->text, room, 1, NULL);
    if (!text) {
        t->failed = true;
        return false;
    }
    t->text = text;
    t->room = room;
    return true;
}

void wf_text_add(WfText *t, const char *format, ...)
{
    va_list list;
    int length;

    if (t->failed)
        return;
    va_start(list, format);
    length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (length < 0 || !make_room(t, (size_t)length))
        return;
    va_start(list, format);
    vsnprintf(t->text + t->length, t->room - t->length, format, list);
    va_end(list);
    t->length += (size_t)length;
}

void wf_text_free(WfText *t)
{
    wf_free(t->text);
    *t = (WfText) { 0 };
}

char *wf_text_take(WfText *t, WeftErr *err)
{
    char *text = t->text;

    if (t->failed) {
        wf_fail(err, WEFT_EMEM, "out of memory for a text of %zu bytes", t->length);
        wf_text_free(t);
        return NULL;
    }
    *t = (WfText) { 0 };
    return text ? text : wf_strdup("", err);
}

const char *wf_number(double v, char buffer[32])
{
    if (isnan(v))
        return strcpy(buffer, "nan");
    if (isinf(v))
        return strcpy(buffer, v > 0 ? "inf" : "-inf");
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(buffer, 32, "%.*g", digits, v);
        if (strtod(buffer, NULL) == v)
            break;
    }
    return buffer;
}

void wf_text_number(WfText *t, double v)
{
    char buffer[32];

    wf_text_add(t, "%s", wf_number(v, buffer));
}

const char *wf_bytes(double bytes, char buffer[32])
{
    static const char *const units[] = { "B", "KB", "MB", "GB", "TB", "PB" };
    int unit = 0;
    double step;

    while (bytes >= 1024 && unit < 5) {
        bytes /= 1024;
        unit++;
    }
    step = unit == 0 || bytes >= 100 ? 1 : bytes >= 10 ? 10 : 100;
    snprintf(buffer, 32, "%.4g %s", ceil(bytes * step) / step, units[unit]);
    return buffer;
}

bool wf_size_parse(const char *text, int64_t *bytes, WeftErr *err)
{
    static const char letters[] = "KMGT";
    char *end = (char *)text;
    const char *letter;
    double value = -1;

    /* strtod alone would also take "-1", "inf" and "0x10". */
    if (isdigit((unsigned char)text[0]) && tolower((unsigned char)text[1]) != 'x')
        value = strtod(text, &end);
    while (*end == ' ')
        end++;
    letter = *end ? strchr(letters, toupper((unsigned char)*end)) : NULL;
    if (letter) {
        value = ldexp(value, 10 * (int)(letter - letters + 1));
        end++;
        if (*end == 'i')
            end++;
    }
    if (*end == 'B' || *end == 'b')
        end++;
    if (value < 0 || *end != '\0') {
        wf_fail(err, WEFT_EARG, "\"%.60s\" is no size", text);
        return wf_hint(err, "write a number and K, M, G or T: 512M, 1.5G");
    }
    if (value >= 0x1p62)
        return wf_fail(err, WEFT_EARG, "the size \"%.60s\" is too large", text);
    *bytes = (int64_t)value;
    return true;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and exchanges of neighbours that lead from a to b, whatever
 * the case (Damerau-Levenshtein with each letter edited once). Both shorter than NAME_MAX_NEAR. */
static int edits(const char *a, int a_length, const char *b, int b_length)
{
    int rows[3][NAME_MAX_NEAR + 1];
    int *before = rows[0], *above = rows[1], *here = rows[2], *spare;

    for (int j = 0; j <= b_length; j++)
        above[j] = j;
    memcpy(before, above, sizeof rows[0]);
    for (int i = 1; i <= a_length; i++) {
        here[0] = i;
        for (int j = 1; j <= b_length; j++) {
            int p = tolower((unsigned char)a[i - 1]), q = tolower((unsigned char)b[j - 1]);

            here[j] = least(above[j - 1] + (p != q), 1 + least(above[j], here[j - 1]));
            if (i > 1 && j > 1 && p == tolower((unsigned char)b[j - 2]) &&
                q == tolower((unsigned char)a[i - 2]))
                here[j] = least(here[j], before[j - 2] + 1);
        }
        spare = before;
        before = above;
        above = here;
        here = spare;
    }
    return above[b_length];
}

const char *wf_nearest(const char *name, const void *list, int count,
                       const char *(*name_of)(const void *list, int i))
{
    int length = (int)strnlen(name, NAME_MAX_NEAR);
    int allowed = length / 3 > 1 ? length / 3 : 1;
    const char *best = NULL;

    if (length == NAME_MAX_NEAR)
        return NULL;
    for (int i = 0; i < count; i++) {
        const char *other = name_of(list, i);
        int other_length = (int)strnlen(other, NAME_MAX_NEAR);
        int distance;

        if (other_length == NAME_MAX_NEAR)
            continue;
        distance = edits(name, length, other, other_length);
        if (length >= 2 && other_length >= 2 &&
            strncasecmp(name, other, (size_t)least(length, other_length)) == 0)
            distance = least(distance, 1); /* an abbreviation, or a name with a tail */
        if (distance <= allowed && distance < length) {
            best = other;
            allowed = distance - 1; /* of equals the first wins */
        }
    }
    return best;
}
