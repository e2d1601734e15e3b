/*
 * relief.c - how rough the ground is: terrain ruggedness and position indices, roughness.
 *
 * Of the differences between a pixel and its eight neighbours; cell sizes do not matter.
 */
#include "terrain.h"

enum { RILEY, WILSON };

RANGE(upward)(const WeftRange *in, int count)
{
    return (WeftRange) { .lo = 0, .hi = RANGE_INFINITY };
}

LOWERED(
    tri, .brief = "terrain ruggedness index", .formula = "sqrt(sum((z_i - z)^2))",
    TERRAIN_SOURCE("S. J. Riley et al., A Terrain Ruggedness Index, Intermountain J. Sci. 5 "
                   "(1999); M. F. J. Wilson et al., Multiscale Terrain Analysis, Marine Geodesy "
                   "30 (2007)"),
    .help = "wilson is the mean of abs(z_i - z). " TERRAIN_HELP " " TERRAIN_EXACT
            "the result is within 2^-21 of itself.",
    TERRAIN_REAL, .same_unit = true, .range = range_upward,
    .example = "tri({0, 2, 4, 6}, variant=wilson, edges=\"nearest\") -> {0.75, 1.5, 1.5, 0.75}",
    PARAMS({ .name = "variant",
             .help = "whose formula",
             .kind = WEFT_PARAM_CHOICE,
             .optional = true,
             .option = true,
             .choices = "riley|wilson" },
           TERRAIN_EDGES("")));

LOWERED(tpi, .brief = "terrain position index: height over the mean of the neighbours",
        .formula = "z - sum(z_i) / 8",
        TERRAIN_SOURCE("M. F. J. Wilson et al., Multiscale Terrain Analysis, Marine Geodesy 30 "
                       "(2007)"),
        .help = TERRAIN_HELP " " TERRAIN_EXACT "the result is within 2^-21 d.", TERRAIN_REAL,
        .same_unit = true, .example = "tpi({0, 8, 0, 0}, edges=\"nearest\") -> {-3, 6, -3, 0}",
        PARAMS(TERRAIN_EDGES("")));

LOWERED(roughness, .brief = "greatest less least height of the nine",
        .formula = "max(z_i) - min(z_i)",
        TERRAIN_SOURCE("M. F. J. Wilson et al., Multiscale Terrain Analysis, Marine Geodesy 30 "
                       "(2007)"),
        .help = TERRAIN_HELP " " TERRAIN_EXACT "the result is within 2^-22 of itself.",
        TERRAIN_REAL, .same_unit = true, .range = range_upward,
        .example = "roughness({0, 8, 1, 1}, edges=\"nearest\") -> {8, 8, 7, 0}",
        PARAMS(TERRAIN_EDGES("")));

KERNEL(ruggedness)(WINDOW, px variant)
{
    px squares =
        ((d0 * d0 + d1 * d1) + (d2 * d2 + d3 * d3)) + ((d5 * d5 + d6 * d6) + (d7 * d7 + d8 * d8));
    px sizes = ((px_abs(d0) + px_abs(d1)) + (px_abs(d2) + px_abs(d3))) +
               ((px_abs(d5) + px_abs(d6)) + (px_abs(d7) + px_abs(d8)));

    return variant == RILEY ? px_sqrt(squares) : sizes * PX(0.125);
}

OP(ruggedness, .brief = "size of eight differences", .family = "terrain", .inputs = 8,
   .hidden = true, .gives = WEFT_GIVES_REAL, .range = range_upward,
   PARAMS({ .name = "variant",
            .help = "as tri's",
            .kind = WEFT_PARAM_CHOICE,
            .choices = "riley|wilson" }));

KERNEL(prominence)(WINDOW)
{
    return (((d0 + d1) + (d2 + d3)) + ((d5 + d6) + (d7 + d8))) * PX(-0.125);
}

OP(prominence, .brief = "less the mean of eight differences", .family = "terrain", .inputs = 8,
   .hidden = true, .gives = WEFT_GIVES_REAL);

FOLDS px lesser(px a, px b)
{
    return a < b ? a : b;
}
FOLDS px greater(px a, px b)
{
    return a > b ? a : b;
}

/* The centre's own difference is 0. */
KERNEL(extent)(WINDOW)
{
    px low = lesser(lesser(lesser(d0, d1), lesser(d2, d3)), lesser(lesser(d5, d6), lesser(d7, d8)));
    px high = greater(greater(greater(d0, d1), greater(d2, d3)),
                      greater(greater(d5, d6), greater(d7, d8)));

    return greater(high, 0) - lesser(low, 0);
}

OP(extent, .brief = "greatest less least of eight differences and 0", .family = "terrain",
   .inputs = 8, .hidden = true, .gives = WEFT_GIVES_REAL, .range = range_upward);
