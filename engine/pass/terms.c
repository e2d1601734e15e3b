/*
 * terms.c - weighted nodes, and their sum.
 *
 * Cells whose weights are the same on both sides of the middle are added before they are weighed.
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

/* The second half has the weights of the first, backward, times sign. */
static bool mirrors(const WfTerms *terms, int sign)
{
    for (int i = 0; i < terms->count; i++)
        if (terms->term[i].weight != sign * terms->term[terms->count - 1 - i].weight)
            return false;
    return true;
}

/* Both halves become one, with the weights of the second: op on its cells and those of the first. A
 * term between them stays. */
static void fold_halves(WfTerms *terms, const char *op)
{
    int half = terms->count / 2, last = terms->count - 1;

    for (int i = 0; i < half; i++) {
        WeftNode cell =
            wf_build_2(terms->build, op, terms->term[last - i].cell, terms->term[i].cell);

        terms->term[i] = (WfTerm) { .cell = cell, .weight = terms->term[last - i].weight };
    }
    terms->count -= half;
}

void wf_terms_compare(WfTerms *terms, WeftNode level)
{
    const WfBuild *b = terms->build;

    if (level == WEFT_NONE && mirrors(terms, -1)) {
        fold_halves(terms, "sub");
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

WeftNode wf_terms_sum(WfTerms *terms)
{
    Sum sum = { .build = terms->build };
    WeftNode total;

    if (mirrors(terms, 1))
        fold_halves(terms, "add");
    for (int i = 0; i < terms->count; i++)
        add_term(&sum, &terms->term[i]);
    end_chain(&sum);
    total = sum.part[--sum.parts];
    while (sum.parts > 0)
        total = wf_build_2(sum.build, "add", sum.part[--sum.parts], total);
    return total;
}
