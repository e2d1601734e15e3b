/*
 * brief.c - long lists of like things told in a few words. Reads and writes texts.
 */
#include "plan/brief.h"

#include <ctype.h>
#include <string.h>

enum { MANY_PARTS = 9, MANY_NAMES = 60, INDENT = 2 };

/* A stretch of text of whole lines. */
typedef struct Stretch {
    const char *start, *end;
} Stretch;

static int indent_of(const char *line)
{
    return (int)strspn(line, " ");
}

static const char *line_end(const char *line, const char *end)
{
    const char *at = memchr(line, '\n', (size_t)(end - line));

    return at ? at + 1 : end;
}

/* The line at `at`, with those below it that are indented further. */
static Stretch part_at(const char *at, const char *end)
{
    Stretch part = { .start = at, .end = line_end(at, end) };

    while (indent_of(at) > 0 && part.end < end && indent_of(part.end) > indent_of(at))
        part.end = line_end(part.end, end);
    return part;
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && isdigit((unsigned char)*at))
        at++;
    return at;
}

/* Equal but for digits. */
static bool alike(Stretch a, Stretch b)
{
    for (;;) {
        a.start = skip_digits(a.start, a.end);
        b.start = skip_digits(b.start, b.end);
        if (a.start == a.end || b.start == b.end)
            return a.start == a.end && b.start == b.end;
        if (*a.start++ != *b.start++)
            return false;
    }
}

static void add_parts(Stretch all, int indent, WfText *text);

/* A part: its first line, and what is below it. */
static void add_part(Stretch part, WfText *text)
{
    const char *below = line_end(part.start, part.end);

    wf_text_add(text, "%.*s", (int)(below - part.start), part.start);
    if (below < part.end)
        add_parts((Stretch) { .start = below, .end = part.end }, indent_of(below), text);
}

static void add_parts(Stretch all, int indent, WfText *text)
{
    while (all.start < all.end) {
        Stretch first = part_at(all.start, all.end), last = first, next = first;
        int count = 1;

        while (indent_of(first.start) >= INDENT && next.end < all.end) {
            next = part_at(next.end, all.end);
            if (!alike(first, next))
                break;
            last = next;
            count++;
        }
        if (count < MANY_PARTS) {
            add_part(first, text);
            all.start = first.end;
            continue;
        }
        add_part(first, text);
        wf_text_add(text, "%*s... and %d more like these\n", indent, "", count - 2);
        add_part(last, text);
        all.start = last.end;
    }
}

void wf_brief_lines(const char *lines, WfText *text)
{
    add_parts((Stretch) { .start = lines, .end = lines + strlen(lines) }, INDENT, text);
}

/* ------------------------------------------------------------------ names */

/* How often the i-th name occurs; 0 where it has been told before, or is left out. */
static int count_name(const void *list, int count, const char *(*name_of)(const void *list, int i),
                      int i)
{
    const char *name = name_of(list, i);
    int found = 0;

    for (int k = 0; k < count && name; k++) {
        const char *other = name_of(list, k);

        if (!other || strcmp(other, name) != 0)
            continue;
        if (k < i)
            return 0;
        found++;
    }
    return found;
}

bool wf_brief_names(const void *list, int count, const char *(*name_of)(const void *list, int i),
                    WfText *text)
{
    const char *comma = "";
    int named = 0;

    for (int i = 0; i < count; i++)
        named += name_of(list, i) != NULL;
    for (int i = 0; i < count; i++) {
        int times =
            named > MANY_NAMES ? count_name(list, count, name_of, i) : name_of(list, i) != NULL;

        if (!times)
            continue;
        wf_text_add(text, "%s", comma);
        if (times > 1)
            wf_text_add(text, "%d ", times);
        wf_text_add(text, "%s", name_of(list, i));
        comma = ", ";
    }
    return named > 0;
}

/* ------------------------------------------------------------------ reaches */

void wf_brief_reach(WfReach reach, WfText *text)
{
    const int counts[] = { reach.left, reach.up, reach.right, reach.down };
    static const char *const sides[] = { "left", "up", "right", "down" };
    const char *before = "";

    if (reach.left == reach.right && reach.up == reach.down && reach.left == reach.up) {
        wf_text_add(text, "%d pixel%s around", reach.left, wf_plural(reach.left));
        return;
    }
    for (int i = 0; i < 4; i++) {
        if (!counts[i])
            continue;
        if (*before)
            wf_text_add(text, ", %d %s", counts[i], sides[i]);
        else
            wf_text_add(text, "%d pixel%s %s", counts[i], wf_plural(counts[i]), sides[i]);
        before = ", ";
    }
}
