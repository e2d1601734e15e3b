/*
 * terms.c - weighted nodes, and their sum.
 *
 * Eight terms are added one after the other, fused; such parts pairwise, so that rounding errors
 * grow with the logarithm of the count. Writes new nodes.
 */
#include "pass/terms.h"

enum { CHAIN = 8 };

bool wf_terms_add(WfTerms *terms, WeftNode cell, double weight, int away)
{
    if (!wf_grow(&terms->term, terms->count, &terms->room, sizeof *terms->term, terms->build->err))
        return false;
    if (terms->count == 0 || away < terms->away) {
        terms->middle = terms->count;
        terms->away = away;
    }
    terms->term[terms->count++] = (WfTerm) { .cell = cell, .weight = weight };
    return true;
}

void wf_terms_free(WfTerms *terms)
{
    wf_free(terms->term);
}

/* ------------------------------------------------------------------ differences */

/* The second half has the weights of the first, backward and with the other sign. */
static bool is_odd(const WfTerms *terms)
{
    for (int i = 0; i < terms->count; i++)
        if (terms->term[i].weight != -terms->term[terms->count - 1 - i].weight)
            return false;
    return true;
}

void wf_terms_compare(WfTerms *terms, WeftNode level)
{
    const WfBuild *b = terms->build;
    int half = terms->count / 2;

    if (level == WEFT_NONE && is_odd(terms)) {
        for (int i = 0; i < half; i++) {
            WfTerm *right = &terms->term[half + i], *left = &terms->term[half - 1 - i];

            terms->term[half + i].cell = wf_build_2(b, "sub", right->cell, left->cell);
        }
        for (int i = 0; i < half; i++)
            terms->term[i] = terms->term[half + i];
        terms->count = half;
        return;
    }
    /* What is not finite is compared with 0, so that an infinity stays one. */
    level = wf_build_1(b, "level", level != WEFT_NONE ? level : terms->term[terms->middle].cell);
    for (int i = 0; i < terms->count; i++)
        terms->term[i].cell = wf_build_2(b, "sub", terms->term[i].cell, level);
}

/* ------------------------------------------------------------------ sums */

/* Parts are like the digits of a binary counter, so that equal numbers of them are added. */
typedef struct Sum {
    const WfBuild *build;
    WeftNode chain;
    int chained;
    WeftNode part[32];
    int parts;
    unsigned carried; /* chains so far */
} Sum;

static void end_chain(Sum *sum)
{
    if (sum->chained == 0)
        return;
    for (unsigned n = sum->carried++; n & 1; n >>= 1) {
        sum->parts--;
        sum->chain = wf_build_2(sum->build, "add", sum->part[sum->parts], sum->chain);
    }
    sum->part[sum->parts++] = sum->chain;
    sum->chained = 0;
}

static void add_term(Sum *sum, const WfTerm *term)
{
    const WfBuild *b = sum->build;
    WeftNode cell = term->cell;

    if (sum->chained == 0)
        sum->chain =
            term->weight == 1 ? cell : wf_build_2(b, "mul", cell, wf_build_number(b, term->weight));
    else if (term->weight == 1)
        sum->chain = wf_build_2(b, "add", sum->chain, cell);
    else
        sum->chain = wf_build_3(b, "fma", cell, wf_build_number(b, term->weight), sum->chain);
    if (++sum->chained == CHAIN)
        end_chain(sum);
}

WeftNode wf_terms_sum(const WfTerms *terms)
{
    Sum sum = { .build = terms->build };
    WeftNode total;

    for (int i = 0; i < terms->count; i++)
        add_term(&sum, &terms->term[i]);
    end_chain(&sum);
    total = sum.part[--sum.parts];
    while (sum.parts > 0)
        total = wf_build_2(sum.build, "add", sum.part[--sum.parts], total);
    return total;
}
