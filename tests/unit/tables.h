/*
 * tables.h - nodes with tables for tests: reclass and interpolate of a band.
 */
#ifndef TABLES_H
#define TABLES_H

#include "bands.h"

enum { TABLES_ROWS = 1000 };

static inline WeftArg tables_cells(const char *name, const double *cells, int64_t rows, int columns)
{
    return (WeftArg) {
        .name = name, .node = WEFT_NONE, .cells = cells, .rows = rows, .columns = columns
    };
}

/* x:reclass(rules), with one further argument or NULL. */
static inline WeftNode tables_reclass(WfGraph *g, WeftNode x, const double *rules, int64_t rows,
                                      int columns, const WeftArg *further)
{
    WeftArg args[2] = { tables_cells("rules", rules, rows, columns) };

    if (further)
        args[1] = *further;
    return wf_infer_apply(g, "reclass", &x, 1, args, further ? 2 : 1, &bands_err);
}

/* Ranges i ... i + 1 to 10 * i. */
static inline WeftNode tables_steps(WfGraph *g, WeftNode x, int count)
{
    static double rules[TABLES_ROWS][3];

    for (int i = 0; i < count; i++) {
        rules[i][0] = i;
        rules[i][1] = i + 1;
        rules[i][2] = 10 * i;
    }
    return tables_reclass(g, x, rules[0], count, 3, NULL);
}

static inline WeftArg tables_number(const char *name, double v)
{
    return (WeftArg) { .name = name, .node = WEFT_NONE, .number = v };
}

#endif
