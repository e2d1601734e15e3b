/*
 * interpolate.c - a curve through points, straight between them.
 *
 * Point operators. The points become a table of segments (pass/lower_table), or, where the pixels
 * are integers in a modest interval, a list of values by pixel. Invalid in, invalid out.
 */
#include "range.h"
#include "search.h"

RANGE(interpolate)(const WeftRange *in, int count)
{
    return range_of(in[2].lo, in[2].hi, false, true);
}

LOWERED(interpolate, .brief = "a curve through points, straight between them", .family = "classes",
        .help = "Points are {{x1, y1}, {x2, y2}, ...}, their x never falling. Below the first and\n"
                "above the last point the curve is level. Where two points have the same x it\n"
                "steps: at that x it has the value of the later one. The result meets every point\n"
                "exactly, and lies between the points on either side.",
        .formula = "y1 + (x - x1) * (y2 - y1) / (x2 - x1)",
        .source = "as graph() of GRASS r.mapcalc and numpy.interp", .arguments = "x", .inputs = 1,
        .gives = WEFT_GIVES_REAL, .range = range_interpolate,
        .example = "interpolate({-1, 0, 0.5, 1, 2, 9, null}, {{0, 0}, {1, 10}, {2, 30}}) -> "
                   "{0, 0, 5, 10, 30, 30, null}",
        PARAMS({ .name = "points",
                 .help = "x and y of each",
                 .kind = WEFT_PARAM_TABLE,
                 .low = 2,
                 .high = 2,
                 .choices = "{{x1, y1}, {x2, y2}}" }));

/* Columns: where segments begin, y there, and their slopes. Segment 0 lies below the first point;
 * its x and y are that point's. One row more than there are segments holds the end of the last. */
KERNEL(polyline)(px v, px steps, const px *table, int64_t rows)
{
    px_int at = search(v, table, steps);
    px y = table[rows + at], next = table[rows + at + 1];
    px low = y < next ? y : next, high = y < next ? next : y;
    px along = y + (v - table[at]) * table[2 * rows + at];

    /* What is no number (0 times infinity) is where the curve is level. */
    return along > high ? high : along >= low ? along : low;
}

RANGE(polyline)(const WeftRange *in, int count)
{
    return range_of(in[3].lo, in[3].hi, false, in[3].valid);
}

OP(polyline, .brief = "a pixel's place on its segment of a curve", .family = "lowered", .inputs = 1,
   .hidden = true, .gives = WEFT_GIVES_REAL, .range = range_polyline,
   .example =
       "polyline({0, 1, 1.5, 2, 9, null}, 2, {{1, 5, 0}, {1, 5, 2}, {2, 7, 0}, {null, 7, 0}, "
       "{null, 7, 0}}) -> {5, 5, 6, 7, 7, null}",
   PARAMS({ .name = "steps",
            .help = "there are 2^steps rows, and one more",
            .kind = WEFT_PARAM_INTEGER,
            .low = 0,
            .high = SEARCH_STEPS },
          { .name = "table",
            .help = "segments: x, y, slope",
            .kind = WEFT_PARAM_TABLE,
            .low = 3,
            .high = 3 }));
