/*
 * coordinates.c - where a pixel lies: its column and row, and its centre in the CRS.
 *
 * Sources without a file. Columns and rows count from 0 at the upper left. The transform is GDAL's
 * (t0 ... t5, filled in from the grid), reckoned in f64: x = t0 + t1 (col + 1/2) + t2 (row + 1/2).
 */
#include "range.h"

KERNEL(col)(int64_t column, int64_t row)
{
    return (px)column;
}

OP(col, .brief = "column of the pixel, from 0", .family = "coordinates", .shape = WEFT_INDEX,
   .gives = WEFT_GIVES_INTEGER, .example = "col() -> {0, 1, 2}");

KERNEL(row)(int64_t column, int64_t line)
{
    return (px)line;
}

OP(row, .brief = "row of the pixel, from 0", .family = "coordinates", .shape = WEFT_INDEX,
   .gives = WEFT_GIVES_INTEGER, .example = "row() -> {0, 0, 0}");

static px centre(int64_t column, int64_t line, double start, double by_column, double by_line)
{
    return (px)(start + by_column * ((double)column + 0.5) + by_line * ((double)line + 0.5));
}

RANGE(place)(const WeftRange *in, int count)
{
    return range_unknown(true);
}

/* Numbers of the geotransform; nobody gives them by hand. */
#define FROM_GRID(number, value)                    \
    { .name = #number,                              \
      .help = "of the geotransform, from the grid", \
      .kind = WEFT_PARAM_REAL,                      \
      .optional = true,                             \
      .fallback = (value) }

KERNEL(x)(int64_t column, int64_t line, px t0, px t1, px t2)
{
    return centre(column, line, t0, t1, t2);
}

OP(x, .brief = "x coordinate of the pixel's centre, in the raster's CRS", .family = "coordinates",
   .formula = "t0 + t1 * (col + 0.5) + t2 * (row + 0.5)", .shape = WEFT_INDEX,
   .gives = WEFT_GIVES_DOUBLE, .range = range_place,
   .example = "x(t0=500000, t1=10, t2=0) -> {500005, 500015, 500025}",
   PARAMS(FROM_GRID(t0, 0), FROM_GRID(t1, 1), FROM_GRID(t2, 0)));

KERNEL(y)(int64_t column, int64_t line, px t3, px t4, px t5)
{
    return centre(column, line, t3, t4, t5);
}

OP(y, .brief = "y coordinate of the pixel's centre, in the raster's CRS", .family = "coordinates",
   .formula = "t3 + t4 * (col + 0.5) + t5 * (row + 0.5)", .shape = WEFT_INDEX,
   .gives = WEFT_GIVES_DOUBLE, .range = range_place,
   .example = "y(t3=4000000, t4=0, t5=-10) -> {3999995, 3999995, 3999995}",
   PARAMS(FROM_GRID(t3, 0), FROM_GRID(t4, 0), FROM_GRID(t5, 1)));
