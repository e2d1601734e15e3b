/*
 * meaning.c - comparing and copying what values stand for.
 *
 * Reads and writes nothing but its arguments.
 */
#include "graph/meaning.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_legend(const WeftLegend *a, const WeftLegend *b)
{
    if (a->color_count != b->color_count || a->category_count != b->category_count)
        return false;
    if (a->color_count && a->colors != b->colors &&
        memcmp(a->colors, b->colors, (size_t)a->color_count * sizeof *a->colors) != 0)
        return false;
    for (int i = 0; i < a->category_count; i++)
        if (!same_text(a->categories[i], b->categories[i]))
            return false;
    return true;
}

bool wf_meaning_empty(const WfMeaning *m)
{
    return same_text(m->unit, NULL) && same_text(m->interp, NULL) && m->scale == 1 &&
           m->offset == 0 && m->legend.color_count == 0 && m->legend.category_count == 0;
}

bool wf_meaning_same(const WfMeaning *a, const WfMeaning *b)
{
    return a == b ||
           (same_text(a->unit, b->unit) && same_text(a->interp, b->interp) &&
            a->scale == b->scale && a->offset == b->offset && same_legend(&a->legend, &b->legend));
}

bool wf_meaning_is_alpha(const WfMeaning *meaning)
{
    return meaning && same_text(meaning->interp, "Alpha");
}

static bool copy_text(WfArena *arena, const char **text, WeftErr *err)
{
    if (*text && !(*text = wf_arena_strdup(arena, *text, err)))
        return false;
    return true;
}

static bool copy_legend(WfArena *arena, WeftLegend *legend, WeftErr *err)
{
    size_t colors = (size_t)legend->color_count, names = (size_t)legend->category_count;
    WeftColor *color = colors ? wf_arena_zalloc(arena, colors * sizeof *color, err) : NULL;
    const char **name = names ? wf_arena_zalloc(arena, names * sizeof *name, err) : NULL;

    if ((colors && !color) || (names && !name))
        return false;
    if (colors)
        memcpy(color, legend->colors, colors * sizeof *color);
    for (size_t i = 0; i < names; i++) {
        name[i] = legend->categories[i] ? legend->categories[i] : "";
        if (!copy_text(arena, &name[i], err))
            return false;
    }
    legend->colors = color;
    legend->categories = name;
    return true;
}

const WfMeaning *wf_meaning_copy(WfArena *arena, const WfMeaning *meaning, WeftErr *err)
{
    WfMeaning *copy = wf_arena_zalloc(arena, sizeof *copy, err);

    if (!copy)
        return NULL;
    *copy = *meaning;
    return copy_text(arena, &copy->unit, err) && copy_text(arena, &copy->interp, err) &&
                   copy_legend(arena, &copy->legend, err)
               ? copy
               : NULL;
}
