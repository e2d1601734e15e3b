/*
 * scalar.c - a number out of the table of a reduction: where whole rasters enter pixels.
 *
 * No kernel: in a loop it is a number that is known when the phase before has ended.
 */
#include "kernel.h"

LOWERED(
    cell, .brief = "a number of a reduction's table", .family = "statistics",
    .help = "Rows and columns count from 0. Where the table has no such cell it is invalid.",
    .arguments = "table", .shape = WEFT_SCALAR, .inputs = 1, .hidden = true,
    .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_DOUBLE,
    PARAMS(
        { .name = "row", .help = "from 0", .kind = WEFT_PARAM_INTEGER, .low = 0, .high = 0x1p53 },
        { .name = "column",
          .help = "from 0",
          .kind = WEFT_PARAM_INTEGER,
          .low = 0,
          .high = 0x1p31 }));
