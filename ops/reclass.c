/*
 * reclass.c - new values for ranges of old ones.
 *
 * Point operators. Rules become limits with a value from each on (pass/lower_table), or, where the
 * pixels are integers in a modest interval, a list of values by pixel. Invalid in, invalid out.
 */
#include "range.h"
#include "search.h"

static int is_given(WeftRange setting)
{
    return !isinvalid(setting.lo);
}

/* x, default, keep, closed, include_last, invalid, and the columns of the rules. */
RANGE(reclass)(const WeftRange *in, int count)
{
    WeftRange r = in[count - 1];
    bool keep = in[2].lo != 0, all = keep || is_given(in[1]), valid = in[0].valid;

    valid = (valid || is_given(in[5])) && all && r.valid;
    if (keep)
        r = range_join(r, in[0], false);
    else if (is_given(in[1]))
        r = range_join(r, in[1], false);
    if (is_given(in[5]))
        r = range_join(r, in[5], false);
    return r.whole ? range_of(r.lo, r.hi, true, valid) : range_of(r.lo, r.hi, false, valid);
}

LOWERED(
    reclass, .brief = "new values for ranges of old ones", .family = "classes",
    .help =
        "Rules are ranges, {{0, 10, 1}, {10, 20, 2}}: from, to, new value; or values,\n"
        "{[1] = 10, [2] = 20}: old and new. They come in any order and may leave gaps, but not\n"
        "overlap; ends may be math.huge. A range holds its lower end and not its upper one,\n"
        "as `closed` says; the highest range holds both (with closed=\"right\": the lowest).\n"
        "What no rule names is invalid, or `default`. Ends are compared as the pixels are\n"
        "held: in f32, unless the raster is f64 or has wide integers. A new value that is\n"
        "weft.invalid makes pixels invalid.",
    .arguments = "x", .inputs = 1, .invalid = WEFT_DECIDES, .classes = true, .gives = WEFT_GIVES_ARITH,
    .range = range_reclass,
    .example = "reclass({-1, 0, 9.5, 10, 20, null}, {{0, 10, 1}, {10, 20, 2}}) -> "
               "{null, 1, 1, 2, 2, null}",
    PARAMS(
        { .name = "default",
          .help = "of pixels that no rule names; or \"keep\": they keep their value",
          .choices = "keep",
          .kind = WEFT_PARAM_REAL,
          .optional = true,
          .option = true,
          .fallback = __builtin_nan("") },
        { .name = "keep",
          .help = "the same as default=\"keep\"",
          .kind = WEFT_PARAM_FLAG,
          .optional = true,
          .option = true },
        { .name = "closed",
          .help = "the ends that a range holds",
          .kind = WEFT_PARAM_CHOICE,
          .choices = "left|right|both|neither",
          .optional = true,
          .option = true },
        { .name = "include_last",
          .help = "the outermost range holds both ends",
          .kind = WEFT_PARAM_FLAG,
          .optional = true,
          .option = true,
          .fallback = 1 },
        { .name = "invalid",
          .help = "what invalid pixels become",
          .kind = WEFT_PARAM_REAL,
          .optional = true,
          .option = true,
          .fallback = __builtin_nan("") },
        { .name = "rules",
          .help = "ranges with their new values, or values",
          .kind = WEFT_PARAM_TABLE,
          .low = 2,
          .high = 3,
          .keyed = true,
          .choices = "{{0, 10, 1}, {10, 20, 2}}: from, to, new value; or {[1] = 10, [2] = 20}" }));

enum { FEW_STEPS = 4 }; /* up to so many, comparing with every limit is faster than searching */

/* The cell of the last limit that v reaches. */
FOLDS px last_reached(px v, px steps, const px *limits, const px *cells)
{
    px cell = cells[0];

#define LIMIT(k)                               \
    if (steps > 3 || (k) >> (int)steps == 0) { \
        px next = cells[k];                    \
        cell = limits[k] <= v ? next : cell;   \
    }
    LIMIT(1)
    LIMIT(2)
    LIMIT(3)
    LIMIT(4)
    LIMIT(5)
    LIMIT(6)
    LIMIT(7)
    LIMIT(8)
    LIMIT(9)
    LIMIT(10)
    LIMIT(11)
    LIMIT(12)
    LIMIT(13)
    LIMIT(14)
    LIMIT(15)
#undef LIMIT
    return cell;
}

/* Columns: limits, values and, with keep, 1 where the value stands and 0 where v does. */
KERNEL(stairs)(px v, px steps, px keep, const px *table, int64_t rows)
{
    px value, named = 1;

    if (steps <= FEW_STEPS) {
        value = last_reached(v, steps, table, table + rows);
        if (keep != 0)
            named = last_reached(v, steps, table, table + 2 * rows);
    } else {
        px_int at = search(v, table, steps);

        value = table[rows + at];
        if (keep != 0)
            named = table[2 * rows + at];
    }
    return named != 0 ? value : v;
}

/* v, steps, keep, and the columns. */
RANGE(stairs)(const WeftRange *in, int count)
{
    WeftRange r = in[4];
    bool valid = r.valid;

    if (in[2].lo != 0)
        r = range_join(r, in[0], valid);
    return range_of(r.lo, r.hi, r.whole, valid);
}

OP(stairs, .brief = "the value of the last limit that a pixel reaches", .family = "lowered",
   .inputs = 1, .hidden = true, .gives = WEFT_GIVES_ARITH, .range = range_stairs,
   .example = "stairs({-1, 0, 1, 2, null}, 1, 0, {{null, 5}, {1, 6}}) -> {5, 5, 6, 6, null}",
   PARAMS({ .name = "steps",
            .help = "there are 2^steps rows",
            .kind = WEFT_PARAM_INTEGER,
            .low = 0,
            .high = SEARCH_STEPS },
          { .name = "keep",
            .help = "a third column says which values stand",
            .kind = WEFT_PARAM_FLAG },
          { .name = "table",
            .help = "limits and values",
            .kind = WEFT_PARAM_TABLE,
            .low = 2,
            .high = 3 }));

/* Of whole numbers; those outside meet the first or the last row. */
KERNEL(lookup)(px v, px first, const px *table, int64_t rows)
{
    px i = v - first, last = (px)(rows - 1);

    i = i > 0 ? i : 0;
    i = i < last ? i : last;
    return table[(px_int)i];
}

RANGE(lookup)(const WeftRange *in, int count)
{
    return range_of(in[2].lo, in[2].hi, in[2].whole, in[2].valid);
}

OP(lookup, .brief = "the row of a table that an integer names", .family = "lowered", .inputs = 1,
   .hidden = true, .gives = WEFT_GIVES_ARITH, .range = range_lookup, .wholes = 1,
   .example = "lookup({-1, 0, 1, 2, 3, null}, 1, {{5}, {7}}) -> {5, 5, 5, 7, 7, null}",
   PARAMS({ .name = "first", .help = "the integer of the first row", .kind = WEFT_PARAM_REAL },
          { .name = "table", .help = "values", .kind = WEFT_PARAM_TABLE, .low = 1, .high = 1 }));
