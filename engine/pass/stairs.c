/*
 * stairs.c - rules of a reclass as limits, each with the value from there on.
 *
 * Whether a range holds an end is put into the limit itself: v > b is v >= the next number above b
 * that the pixel type has. Reads the node; writes the stairs.
 */
#include "pass/stairs.h"

#include <math.h>

/* An end as pixels of the type meet it. */
static double rounded(double v, bool wide)
{
    return wide ? v : (double)(float)v;
}

static double next_above(double v, bool wide)
{
    return wide ? nextafter(v, INFINITY) : (double)nextafterf((float)v, INFINITY);
}

/* From `limit` on pixels have another value. What changes nothing is left out. */
static void step(WfStairs *s, double limit, double value, bool named)
{
    int64_t last = s->count - 1;
    bool same = s->named[last] == named &&
                (!named || s->value[last] == value || (isnan(s->value[last]) && isnan(value)));

    if (same)
        return;
    s->limit[s->count] = limit;
    s->value[s->count] = value;
    s->named[s->count++] = named;
    s->keep |= !named;
}

/* Between rules lies what no rule names. */
static void climb(WfStairs *s, const WfRule *rules, int64_t count, const WfNode *node, bool wide)
{
    double other = node->settings[WF_RULES_DEFAULT], reached = -INFINITY;
    bool keep = node->settings[WF_RULES_KEEP] != 0;

    s->limit[0] = -INFINITY;
    s->value[0] = other;
    s->named[0] = !keep;
    s->count = 1;
    s->keep = keep;
    for (int64_t i = 0; i < count; i++) {
        double from = rounded(rules[i].low, wide), to = rounded(rules[i].high, wide);
        bool endless = rules[i].has_high && to == INFINITY;

        from = rules[i].has_low ? from : next_above(from, wide);
        to = rules[i].has_high ? next_above(to, wide) : to;
        from = from > reached ? from : reached; /* two ends may have been rounded to one */
        if (!endless && !(from < to))
            continue;
        if (from > reached)
            step(s, reached, other, !keep);
        step(s, from, rules[i].value, true);
        reached = to;
        if (endless)
            return;
    }
    step(s, reached, other, !keep);
}

bool wf_stairs_make(WfStairs *s, const WfNode *reclass, bool wide, WeftErr *err)
{
    int64_t count = reclass->table->rows;
    WfRule *rules = wf_rules_read(reclass->table, reclass->settings, err);
    size_t room = 2 * (size_t)count + 2;

    *s = (WfStairs) { .limit = wf_calloc(room, sizeof *s->limit, err),
                      .value = wf_calloc(room, sizeof *s->value, err),
                      .named = wf_calloc(room, sizeof *s->named, err) };
    if (!rules || !s->limit || !s->value || !s->named) {
        wf_free(rules);
        return false;
    }
    climb(s, rules, count, reclass, wide);
    wf_free(rules);
    return true;
}

void wf_stairs_free(WfStairs *s)
{
    wf_free(s->limit);
    wf_free(s->value);
    wf_free(s->named);
}
