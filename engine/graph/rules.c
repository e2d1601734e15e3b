/*
 * rules.c - the tables of reclass and interpolate: are they sound, and what do they say.
 *
 * Reads a table and the settings beside it; writes messages that name rules as the script does.
 */
#include "graph/rules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { ROWS_MAX = 500000 }; /* a range has two limits, and a search takes up to 20 steps */

enum { CLOSED_LEFT, CLOSED_RIGHT, CLOSED_BOTH };

/* ------------------------------------------------------------------ rules */

static int compare(const void *a, const void *b)
{
    const WfRule *x = a, *y = b;

    if (x->low != y->low)
        return x->low < y->low ? -1 : 1;
    if (x->high != y->high)
        return x->high < y->high ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* The outermost range holds its outer end too. */
static void include_last(WfRule *rules, int64_t count, int closed)
{
    WfRule *last = rules;

    for (int64_t i = 1; i < count; i++)
        if (closed == CLOSED_LEFT ? rules[i].high > last->high : rules[i].low < last->low)
            last = &rules[i];
    if (closed == CLOSED_LEFT)
        last->has_high = true;
    if (closed == CLOSED_RIGHT)
        last->has_low = true;
}

/* Rows of two are single values. */
static WfRule rule_at(const WfTable *table, int64_t i, int closed)
{
    const double *cell = table->wide + i;
    bool ranges = table->columns == 3;

    return (WfRule) {
        .low = cell[0],
        .high = ranges ? cell[table->rows] : cell[0],
        .value = cell[(table->columns - 1) * table->rows],
        .has_low = !ranges || closed == CLOSED_LEFT || closed == CLOSED_BOTH,
        .has_high = !ranges || closed == CLOSED_RIGHT || closed == CLOSED_BOTH,
        .number = i + 1,
    };
}

static WfRule *read_rules(const WfTable *table, const double *settings, WeftErr *err)
{
    WfRule *rules = wf_calloc((size_t)table->rows, sizeof *rules, err);
    int closed = (int)settings[WF_RULES_CLOSED];

    if (!rules)
        return NULL;
    for (int64_t i = 0; i < table->rows; i++)
        rules[i] = rule_at(table, i, closed);
    if (table->columns == 3 && settings[WF_RULES_LAST] != 0)
        include_last(rules, table->rows, closed);
    return rules;
}

WfRule *wf_rules_read(const WfTable *table, const double *settings, WeftErr *err)
{
    WfRule *rules = read_rules(table, settings, err);

    if (rules)
        qsort(rules, (size_t)table->rows, sizeof *rules, compare);
    return rules;
}

/* ------------------------------------------------------------------ coverage */

/* The least value that is not known to be named is `at`, or lies right above it where `beyond`. */
typedef struct Reach {
    double at;
    bool beyond;
} Reach;

/* Integers have no others between them: the ends move to integers that the rule holds. */
static WfRule whole_rule(WfRule rule)
{
    rule.low = rule.has_low ? ceil(rule.low) : floor(rule.low) + 1;
    rule.high = rule.has_high ? floor(rule.high) + 1 : ceil(rule.high);
    rule.has_low = true;
    rule.has_high = false;
    return rule;
}

static void extend(Reach *reach, const WfRule *rule)
{
    bool joins =
        rule->low < reach->at || (rule->low == reach->at && (rule->has_low || reach->beyond));

    if (!joins || isnan(rule->value) || rule->high < reach->at)
        return;
    reach->beyond = rule->has_high || (reach->beyond && rule->high == reach->at);
    reach->at = rule->high;
}

bool wf_rules_cover(const WeftOp *op, const WfTable *table, const double *settings, WeftRange range)
{
    bool known = strcmp(op->name, "reclass") == 0 && range.lo <= range.hi;
    WfRule *rules = known ? wf_rules_read(table, settings, NULL) : NULL;
    Reach reach = { .at = range.lo };

    for (int64_t i = 0; rules && i < table->rows; i++) {
        WfRule rule = range.whole ? whole_rule(rules[i]) : rules[i];

        extend(&reach, &rule);
    }
    wf_free(rules);
    return rules && (reach.at > range.hi || (reach.at == range.hi && reach.beyond));
}

/* ------------------------------------------------------------------ checks */

/* A row as it is written: "{0, 10, 1}", or "[5] = 1" for a single value. */
static const char *row_text(const WfTable *table, int64_t row, char text[112])
{
    char a[32], b[32], c[32];
    const double *cell = table->wide + row;

    wf_number(cell[0], a);
    wf_number(cell[table->rows], b);
    if (table->columns == 2)
        snprintf(text, 112, "[%s] = %s", a, b);
    else
        snprintf(text, 112, "{%s, %s, %s}", a, b, wf_number(cell[2 * table->rows], c));
    return text;
}

static bool check_rule(const WfTable *table, const WfRule *rule, WeftErr *err)
{
    long long number = (long long)rule->number;
    char text[112];

    row_text(table, rule->number - 1, text);
    if (isnan(rule->low) || isnan(rule->high))
        return wf_fail(err, WEFT_EARG, "rule %lld, %s: an end is not a number", number, text);
    if (rule->low > rule->high) {
        wf_fail(err, WEFT_EARG, "rule %lld, %s: its lower end lies above its upper one", number,
                text);
        return wf_hint(err, "write {from, to, new value}");
    }
    if (rule->low < rule->high || (rule->has_low && rule->has_high))
        return true;
    wf_fail(err, WEFT_EARG, "rule %lld, %s, holds no value", number, text);
    return wf_hint(err, "a single value is written {[5] = 1}; closed = \"both\" holds both ends");
}

static bool overlap(const WfRule *a, const WfRule *b)
{
    return b->low < a->high || (b->low == a->high && b->has_low && a->has_high);
}

static bool check_pair(const WfTable *table, const WfRule *a, const WfRule *b, WeftErr *err)
{
    const WfRule *first = a->number < b->number ? a : b, *second = first == a ? b : a;
    char one[112], two[112];

    if (!overlap(a, b))
        return true;
    wf_fail(err, WEFT_EARG, "rules %lld, %s, and %lld, %s, overlap", (long long)first->number,
            row_text(table, first->number - 1, one), (long long)second->number,
            row_text(table, second->number - 1, two));
    if (a->high == b->low && table->columns == 3)
        return wf_hint(err, "closed = \"left\" or \"right\" gives the common end to one of them");
    return wf_hint(err, "a value may be named by one rule only");
}

static bool check_rules(const WfTable *table, const double *settings, WeftErr *err)
{
    WfRule *rules = read_rules(table, settings, err);
    bool sound = rules != NULL;

    for (int64_t i = 0; sound && i < table->rows; i++)
        sound = check_rule(table, &rules[i], err);
    if (sound)
        qsort(rules, (size_t)table->rows, sizeof *rules, compare);
    for (int64_t i = 1; sound && i < table->rows; i++)
        sound = check_pair(table, &rules[i - 1], &rules[i], err);
    wf_free(rules);
    if (sound && settings[WF_RULES_KEEP] != 0 && !isnan(settings[WF_RULES_DEFAULT]))
        return wf_fail(err, WEFT_EARG, "\"default\" and \"keep\" are both given");
    return sound;
}

static bool check_points(const WfTable *table, WeftErr *err)
{
    const double *x = table->wide, *y = x + table->rows;
    char a[32], b[32];

    for (int64_t i = 0; i < table->rows; i++)
        if (!isfinite(x[i]) || !isfinite(y[i]))
            return wf_fail(err, WEFT_EARG, "point %lld, {%s, %s}, is not finite", (long long)i + 1,
                           wf_number(x[i], a), wf_number(y[i], b));
    for (int64_t i = 1; i < table->rows; i++)
        if (x[i] < x[i - 1]) {
            wf_fail(err, WEFT_EARG,
                    "point %lld: its x, %s, lies below that of the point before, %s",
                    (long long)i + 1, wf_number(x[i], a), wf_number(x[i - 1], b));
            return wf_hint(err, "sort the points by x");
        }
    return true;
}

bool wf_rules_check(const WeftOp *op, const WfTable *table, const double *settings, WeftErr *err)
{
    bool rules = strcmp(op->name, "reclass") == 0, points = strcmp(op->name, "interpolate") == 0;

    if (!rules && !points)
        return true;
    if (table->rows > ROWS_MAX)
        return wf_fail(err, WEFT_EARG, "%lld %s are too many: at most %d", (long long)table->rows,
                       rules ? "rules" : "points", ROWS_MAX);
    return rules ? check_rules(table, settings, err) : check_points(table, err);
}
