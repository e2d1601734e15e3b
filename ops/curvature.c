/*
 * curvature.c - how the ground bends: along the slope, across it, and along contours.
 *
 * Second derivatives of the surface fitted to the nine cells; convex is positive.
 */
#include "terrain.h"

enum { PROFILE, TANGENTIAL, PLAN };

LOWERED(curvature, .brief = "curvature of the ground; convex is positive",
        TERRAIN_SOURCE("GRASS r.slope.aspect; H. Mitasova, J. Hofierka, Interpolation by "
                       "Regularized Spline with Tension II, Math. Geol. 25 (1993)"),
        .formula = "(rxx p^2 - 2 rxy p q + ryy q^2) / ((p^2 + q^2) (1 + p^2 + q^2)^1.5)",
        .help = "profile along the slope, tangential across it, plan that of the contour. 0 where "
                "the gradient is less than 0.001. " TERRAIN_HELP " " TERRAIN_GRADIENT
                ", second derivatives within 2^-20 d / cell^2.",
        TERRAIN_REAL, .example = "curvature({7, 7, null, 7}, edges=\"grass-e\") -> {0, 0, null, 0}",
        PARAMS({ .name = "variant",
                 .help = "of which line on the ground",
                 .kind = WEFT_PARAM_CHOICE,
                 .optional = true,
                 .option = true,
                 .choices = "profile|tangential|plan" },
               TERRAIN_UNITS, TERRAIN_EDGES("")));

KERNEL(bendcol)(WINDOW)
{
    return ((d0 + d2) + (d6 + d8) + 4 * (d3 + d5) - 2 * (d1 + d7)) * PX(1.0 / 6);
}

#define BEND(id, what)                                                      \
    OP(id, .brief = what, .family = "terrain", .inputs = 8, .hidden = true, \
       .gives = WEFT_GIVES_REAL)

BEND(bendcol, "second derivative by columns");

KERNEL(bendrow)(WINDOW)
{
    return ((d0 + d2) + (d6 + d8) + 4 * (d1 + d7) - 2 * (d3 + d5)) * PX(1.0 / 6);
}

BEND(bendrow, "second derivative by rows");

KERNEL(twist)(WINDOW)
{
    return ((d8 - d6) - (d2 - d0)) * PX(0.25);
}

BEND(twist, "derivative by columns and rows");

KERNEL(across)(px a, px b, px c, px wa, px wb, px wc)
{
    return wa * a + wb * b + wc * c;
}

OP(across, .brief = "a second derivative in other directions", .family = "terrain", .inputs = 3,
   .formula = "wa a + wb b + wc c", .hidden = true, .invalid = WEFT_CARRIES,
   .gives = WEFT_GIVES_REAL,
   PARAMS(TERRAIN_FOUND(wa, "of bendcol"), TERRAIN_FOUND(wb, "of twist"),
          TERRAIN_FOUND(wc, "of bendrow")));

/* xx, xy, yy: second derivatives toward east and north. */
KERNEL(curve)(px p, px q, px xx, px xy, px yy, px variant)
{
    px g = p * p + q * q, root = px_sqrt(1 + g), steep = px_sqrt(g);
    px down = -(xx * p * p - 2 * xy * p * q + yy * q * q);
    px level = -(xx * q * q + 2 * xy * p * q + yy * p * p);
    px profile = down / (g * (1 + g) * root), tangential = level / (g * root);
    px plan = level / (g * steep);

    return steep <= PX(0.001)      ? 0
           : variant == PROFILE    ? profile
           : variant == TANGENTIAL ? tangential
                                   : plan;
}

OP(curve, .brief = "curvature from derivatives", .family = "terrain",
   .arguments = "p, q, xx, xy, yy", .inputs = 5, .hidden = true, .gives = WEFT_GIVES_REAL,
   PARAMS({ .name = "variant",
            .help = "as curvature's",
            .kind = WEFT_PARAM_CHOICE,
            .choices = "profile|tangential|plan" }));
