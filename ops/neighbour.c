/*
 * neighbour.c - the pixel at an offset: the one window all others are made of.
 *
 * No kernel: in a loop it is a load at an offset. What stands for pixels beyond the raster's edge
 * is a matter of reading, too.
 */
#include "range.h"

enum { EDGES_INVALID, EDGES_CONSTANT = 4 };

/* in: x, dcol, drow, edges, constant. */
RANGE(neighbour)(const WeftRange *in, int count)
{
    int edges = (int)in[3].lo;

    if (edges == EDGES_CONSTANT)
        return range_join(in[0], in[4], true);
    return range_join(in[0], in[0], edges != EDGES_INVALID);
}

LOWERED(neighbour, .brief = "the pixel so many columns and rows away", .family = "neighbourhood",
        .help = "The value at (col, row) is that of x at (col + dcol, row + drow); rows go down. "
                "In calc: A[dcol, drow].",
        .formula = "x(col + dcol, row + drow)", .arguments = "x", .shape = WEFT_FOCAL, .inputs = 1,
        .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_KEEP, .range = range_neighbour,
        .example = "neighbour({1, 2, null, 4}, 1, 0) -> {2, null, 4, null}",
        PARAMS({ .name = "dcol",
                 .help = "columns to the right",
                 .kind = WEFT_PARAM_INTEGER,
                 .low = -4096,
                 .high = 4096 },
               { .name = "drow",
                 .help = "rows down",
                 .kind = WEFT_PARAM_INTEGER,
                 .low = -4096,
                 .high = 4096 },
               { .name = "edges",
                 .help = "what lies beyond the raster; reflect repeats the edge, mirror does not; "
                         "wrap goes on at the opposite side",
                 .kind = WEFT_PARAM_CHOICE,
                 .optional = true,
                 .option = true,
                 .choices = "invalid|nearest|reflect|mirror|constant|extend|wrap" },
               { .name = "constant",
                 .help = "goes with edges=\"constant\"",
                 .kind = WEFT_PARAM_REAL,
                 .optional = true,
                 .option = true }));
