/*
 * linear.c - sums of weighted cells.
 *
 * Weights that are a row times a column take two passes, first across, then down through a ring
 * that goes on beyond the raster. Few weights, and any others, take one. Equal weights are a sum.
 * Eight terms are added one after the other, fused; such parts pairwise. Needs: an inferred input.
 * Writes new nodes.
 */
#include "pass/linear.h"

#include <float.h>
#include <math.h>

#include "pass/doubling.h"

enum { CHAIN = 8 };

/* Weights as a product: across[c] * down[r]. Both lie in the buffer. */
typedef struct Factors {
    double *across, *down;
    int terms; /* that are not 0, of both */
} Factors;

static double weight_at(const WfFocal *focal, int row, int col)
{
    return focal->weights[row * focal->width + col];
}

/* Rows are multiples of the one with the greatest weight, to 1e-12 of it, and 0 where it is. */
static bool factorise(const WfFocal *focal, Factors *factors)
{
    int row = 0, col = 0;

    for (int r = 0; r < focal->height; r++)
        for (int c = 0; c < focal->width; c++)
            if (fabs(weight_at(focal, r, c)) > fabs(weight_at(focal, row, col))) {
                row = r;
                col = c;
            }
    factors->terms = 0;
    for (int c = 0; c < focal->width; c++) {
        factors->across[c] = weight_at(focal, row, c);
        factors->terms += factors->across[c] != 0;
    }
    for (int r = 0; r < focal->height; r++) {
        factors->down[r] = weight_at(focal, r, col) / weight_at(focal, row, col);
        factors->terms += factors->down[r] != 0;
    }
    for (int r = 0; r < focal->height; r++)
        for (int c = 0; c < focal->width; c++) {
            double product = factors->down[r] * factors->across[c];

            if ((product == 0) != (weight_at(focal, r, c) == 0) ||
                fabs(product - weight_at(focal, r, c)) > 1e-12 * fabs(factors->across[col]))
                return false;
        }
    return true;
}

/* ------------------------------------------------------------------ adding up */

/* Terms one after the other, eight at a time; parts like the digits of a binary counter, so that
 * equal numbers of parts are added. */
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

static void add_term(Sum *sum, WeftNode cell, double weight)
{
    const WfBuild *b = sum->build;

    if (sum->chained == 0)
        sum->chain = weight == 1 ? cell : wf_build_2(b, "mul", cell, wf_build_number(b, weight));
    else if (weight == 1)
        sum->chain = wf_build_2(b, "add", sum->chain, cell);
    else
        sum->chain = wf_build_3(b, "fma", cell, wf_build_number(b, weight), sum->chain);
    if (++sum->chained == CHAIN)
        end_chain(sum);
}

static WeftNode sum_of(Sum *sum)
{
    WeftNode total;

    end_chain(sum);
    total = sum->part[--sum->parts];
    while (sum->parts > 0)
        total = wf_build_2(sum->build, "add", sum->part[--sum->parts], total);
    return total;
}

/* A cell's worth; sums of weights are as exact as those of the values. */
static WeftNode worth_of(const WfAround *around, WfWorth worth, int dx, int dy)
{
    WeftNode node = wf_around_worth(around, worth, dx, dy);
    bool wide = around->build.graph->nodes[around->input].wide;

    return worth != WF_WORTH_VALUE && wide ? wf_build_1(&around->build, "widen", node) : node;
}

static WeftNode direct(const WfAround *around, WfWorth worth)
{
    Sum sum = { .build = &around->build };
    int rows = around->focal->height / 2, columns = around->focal->width / 2;

    for (int dy = -rows; dy <= rows; dy++)
        for (int dx = -columns; dx <= columns; dx++)
            if (wf_around_has(around, dx, dy))
                add_term(&sum, worth_of(around, worth, dx, dy),
                         weight_at(around->focal, dy + rows, dx + columns));
    return sum_of(&sum);
}

static WeftNode in_two_passes(const WfAround *around, WfWorth worth, const Factors *factors)
{
    Sum across = { .build = &around->build }, down = { .build = &around->build };
    int width = around->focal->width, height = around->focal->height;
    WeftNode row;

    for (int c = 0; c < width; c++)
        if (factors->across[c] != 0)
            add_term(&across, worth_of(around, worth, c - width / 2, 0), factors->across[c]);
    row = sum_of(&across);
    for (int r = 0; r < height; r++)
        if (factors->down[r] != 0)
            add_term(&down, wf_build_neighbour(&around->build, row, 0, r - height / 2, "extend", 0),
                     factors->down[r]);
    return sum_of(&down);
}

/* ------------------------------------------------------------------ shared */

bool wf_linear_even(const WfAround *around)
{
    const WfFocal *focal = around->focal;
    double first = 0;

    for (int i = 0; i < focal->width * focal->height; i++) {
        if (first == 0)
            first = focal->weights[i];
        if (focal->weights[i] != 0 && focal->weights[i] != first)
            return false;
    }
    return true;
}

double wf_linear_weight(const WfAround *around)
{
    double sum = 0;

    for (int i = 0; i < around->focal->width * around->focal->height; i++)
        sum += around->focal->weights[i];
    return sum;
}

static double any_weight(const WfFocal *focal)
{
    int i = 0;

    while (focal->weights[i] == 0)
        i++;
    return focal->weights[i];
}

static bool make_factors(const WfFocal *focal, Factors *factors, bool *product, WeftErr *err)
{
    factors->across =
        wf_calloc((size_t)focal->width + (size_t)focal->height, sizeof *factors->across, err);
    if (!factors->across)
        return false;
    factors->down = factors->across + focal->width;
    *product = factorise(focal, factors);
    return true;
}

bool wf_linear_check(const WfFocal *focal, WeftErr *err)
{
    WfAround around = { .focal = focal };
    Factors factors;
    int members = 0;
    bool product;

    for (int i = 0; i < focal->width * focal->height; i++)
        members += focal->weights[i] != 0;
    if (members <= WF_FOCAL_WEIGHTS || wf_linear_even(&around))
        return true;
    if (!make_factors(focal, &factors, &product, err))
        return false;
    wf_free(factors.across);
    if (product)
        return true;
    wf_fail(err, WEFT_EARG,
            "the kernel has %d weights other than 0, and no more than %d can be "
            "evaluated one by one",
            members, WF_FOCAL_WEIGHTS);
    return wf_hint(err, "a kernel that is a column times a row may have any size");
}

WeftNode wf_linear_sum(const WfAround *around, WfWorth worth)
{
    const WfBuild *b = &around->build;
    Factors factors;
    WeftNode sum;
    bool product;

    if (wf_linear_even(around)) {
        sum = wf_fold_sum(around, worth);
        if (any_weight(around->focal) == 1)
            return sum;
        return wf_build_2(b, "mul", sum, wf_build_number(b, any_weight(around->focal)));
    }
    if (!make_factors(around->focal, &factors, &product, b->err))
        return WEFT_NONE;
    if (product && factors.terms + 6 < around->members)
        sum = in_two_passes(around, worth, &factors);
    else
        sum = direct(around, worth);
    wf_free(factors.across);
    return sum;
}
