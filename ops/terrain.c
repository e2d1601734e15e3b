/*
 * terrain.c - slope and aspect, and the gradient they and others are made of.
 *
 * pass/lower_terrain writes the public ones as differences, gradients in columns and rows, their
 * turn to ground units, and the last step here. The differences come exact, so that flat ground
 * is flat.
 */
#include "terrain.h"

#define DEGREES PX(57.295779513082320877)

enum { HORN, ZT };
enum { UNITS_DEGREES, UNITS_PERCENT, UNITS_RADIANS };

LOWERED(slope, .brief = "steepness of the ground", .formula = "atan(hypot(p, q))",
        TERRAIN_SOURCE("B. K. P. Horn, Hill Shading and the Reflectance Map, Proc. IEEE 69 (1981); "
                       "L. W. Zevenbergen, C. R. Thorne, Quantitative Analysis of Land Surface "
                       "Topography, Earth Surf. Proc. Landf. 12 (1987)"),
        .help = TERRAIN_HELP_7 " " TERRAIN_GRADIENT ", the result then within 4 ulp of f32.",
        TERRAIN_REAL,
        .example = "slope({0, 1, 2, 3}, edges=\"nearest\") ~> {26.565052, 45, 45, 26.565052}",
        PARAMS({ .name = "units",
                 .help = "of the result",
                 .kind = WEFT_PARAM_CHOICE,
                 .optional = true,
                 .option = true,
                 .choices = "degrees|percent|radians" },
               TERRAIN_METHOD, TERRAIN_Z, TERRAIN_UNITS, TERRAIN_EDGES("|arcgis")));

LOWERED(aspect, .brief = "direction that the ground faces, in degrees", .formula = "atan2(p, -q)",
        TERRAIN_SOURCE("gradient as slope's; aspect as gdaldem's and r.slope.aspect's, with true "
                       "cell sizes"),
        .help = "Azimuth clockwise from north in [0, 360). " TERRAIN_HELP_7 " " TERRAIN_GRADIENT
                ", the angle then within 0.0001 degrees.",
        TERRAIN_REAL, .example = "aspect({0, 1, 2, 3}, edges=\"nearest\") -> {270, 270, 270, 270}",
        PARAMS({ .name = "orientation",
                 .help = "azimuth: clockwise from north; trig: counter-clockwise from east",
                 .kind = WEFT_PARAM_CHOICE,
                 .optional = true,
                 .option = true,
                 .choices = "azimuth|trig" },
               { .name = "flat",
                 .help = "the result on flat ground; without it that is invalid",
                 .kind = WEFT_PARAM_REAL,
                 .optional = true,
                 .option = true,
                 .fallback = __builtin_nan("") },
               TERRAIN_METHOD, TERRAIN_UNITS, TERRAIN_EDGES("|arcgis")));

/* ---------------------------------------------------------------- gradients per column and row */

KERNEL(risecol)(WINDOW, px method)
{
    return method == ZT ? (d5 - d3) * PX(0.5) : ((d2 - d0) + 2 * (d5 - d3) + (d8 - d6)) * PX(0.125);
}

#define RISE(id, what)                                                      \
    OP(id, .brief = what, .family = "terrain", .inputs = 8, .hidden = true, \
       .gives = WEFT_GIVES_REAL,                                            \
       PARAMS({ .name = "method",                                           \
                .help = "as slope's",                                       \
                .kind = WEFT_PARAM_CHOICE,                                  \
                .choices = "horn|zt" }))

RISE(risecol, "rise of the ground by one column");

KERNEL(riserow)(WINDOW, px method)
{
    return method == ZT ? (d7 - d1) * PX(0.5) : ((d6 - d0) + 2 * (d7 - d1) + (d8 - d2)) * PX(0.125);
}

RISE(riserow, "rise of the ground by one row");

/* The mean of three cells of a side with weights 1, 2, 1, over those that are valid. */
FOLDS px side_mean(px a, px b, px c)
{
    px weight = (px)(!isinvalid(a)) + 2 * (px)(!isinvalid(b)) + (px)(!isinvalid(c));
    px sum = (isinvalid(a) ? 0 : a) + 2 * (isinvalid(b) ? 0 : b) + (isinvalid(c) ? 0 : c);

    return sum / weight;
}

FOLDS int seven_valid(WINDOW)
{
    return isinvalid(d0) + isinvalid(d1) + isinvalid(d2) + isinvalid(d3) + isinvalid(d5) +
               isinvalid(d6) + isinvalid(d7) + isinvalid(d8) <=
           1;
}

/* ArcGIS Pro, "How Slope works": Horn's sums, weighted over what is valid of each side. */
KERNEL(risecol7)(WINDOW)
{
    px rise = (side_mean(d2, d5, d8) - side_mean(d0, d3, d6)) * PX(0.5);

    return seven_valid(d0, d1, d2, d3, d5, d6, d7, d8) ? rise : INVALID;
}

OP(risecol7, .brief = "rise by one column, one cell may be invalid", .family = "terrain",
   .inputs = 8, .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_REAL);

KERNEL(riserow7)(WINDOW)
{
    px rise = (side_mean(d6, d7, d8) - side_mean(d0, d1, d2)) * PX(0.5);

    return seven_valid(d0, d1, d2, d3, d5, d6, d7, d8) ? rise : INVALID;
}

OP(riserow7, .brief = "rise by one row, one cell may be invalid", .family = "terrain", .inputs = 8,
   .hidden = true, .invalid = WEFT_DECIDES, .gives = WEFT_GIVES_REAL);

KERNEL(further)(px a, px b)
{
    return a + (a - b);
}

OP(further, .brief = "the next of b, a on a line", .family = "terrain", .formula = "2 a - b",
   .inputs = 2, .hidden = true, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL);

/* ------------------------------------------------------------------------- from cells to ground */

KERNEL(along)(px a, px b, px wa, px wb)
{
    return wa * a + wb * b;
}

OP(along, .brief = "a derivative in another direction", .family = "terrain", .inputs = 2,
   .formula = "wa a + wb b", .hidden = true, .invalid = WEFT_CARRIES, .gives = WEFT_GIVES_REAL,
   PARAMS(TERRAIN_FOUND(wa, "columns by one unit in that direction"),
          TERRAIN_FOUND(wb, "rows by one unit in that direction")));

/* Latitude of the pixel's centre, radians. A zero is left out for the loop to see that the row
 * alone matters. */
FOLDS px latitude(int64_t column, int64_t line, px unit, px t3, px t4, px t5)
{
    px across = t4 == 0 ? 0 : t4 * ((px)column + PX(0.5));

    return (t3 + across + t5 * ((px)line + PX(0.5))) * unit;
}

FOLDS px on_earth(px lat, px rate)
{
    return px_abs(lat) <= PX(1.57079632679489661923) ? rate : INVALID;
}

#define GEODETIC                                                                            \
    PARAMS(TERRAIN_FOUND(a, "half the ellipsoid's long axis, in units of height"),          \
           TERRAIN_FOUND(e2, "its squared eccentricity"),                                   \
           TERRAIN_FOUND(unit, "of the CRS, in radians"), TERRAIN_FOUND(t3, "of the grid"), \
           TERRAIN_FOUND(t4, "of the grid"), TERRAIN_FOUND(t5, "of the grid"))

KERNEL(lonrate)(int64_t column, int64_t line, px a, px e2, px unit, px t3, px t4, px t5)
{
    px lat = latitude(column, line, unit, t3, t4, t5), sine = MATH(sin)(lat);
    px length = a / px_sqrt(1 - e2 * sine * sine) * MATH(cos)(lat) * unit;

    return on_earth(lat, 1 / length);
}

OP(lonrate, .brief = "degrees of longitude in one unit of ground", .family = "terrain",
   .formula = "1 / (N cos(lat) unit), N = a / sqrt(1 - e2 sin(lat)^2)", .shape = WEFT_INDEX,
   .hidden = true, .gives = WEFT_GIVES_DOUBLE, GEODETIC);

KERNEL(latrate)(int64_t column, int64_t line, px a, px e2, px unit, px t3, px t4, px t5)
{
    px lat = latitude(column, line, unit, t3, t4, t5), sine = MATH(sin)(lat);
    px w = 1 - e2 * sine * sine, length = a * (1 - e2) / (w * px_sqrt(w)) * unit;

    return on_earth(lat, 1 / length);
}

OP(latrate, .brief = "degrees of latitude in one unit of ground", .family = "terrain",
   .formula = "1 / (M unit), M = a (1 - e2) / (1 - e2 sin(lat)^2)^1.5", .shape = WEFT_INDEX,
   .hidden = true, .gives = WEFT_GIVES_DOUBLE, GEODETIC);

/* --------------------------------------------------------------------------------- the last step
 */

KERNEL(steep)(px p, px q, px units)
{
    px rise = px_sqrt(p * p + q * q);

    if (units == UNITS_PERCENT)
        return 100 * rise;
    return MATH(atan)(rise) * (units == UNITS_DEGREES ? DEGREES : 1);
}

OP(steep, .brief = "slope of a gradient", .family = "terrain", .arguments = "p, q", .inputs = 2,
   .hidden = true, .gives = WEFT_GIVES_REAL,
   .example = "steep({0, 1, -1, 0, null}, {0, 0, 0, 1, 0}, units=degrees) ~> "
              "{0, 45, 45, 45, null}",
   PARAMS({ .name = "units",
            .help = "of the result",
            .kind = WEFT_PARAM_CHOICE,
            .choices = "degrees|percent|radians" }));

enum { AZIMUTH, TRIG };

KERNEL(facing)(px p, px q, px orientation, px flat)
{
    px angle = MATH(atan2)(orientation == TRIG ? -q : p, orientation == TRIG ? p : -q) * DEGREES;
    px turned = angle < 0 ? angle + 360 : px_abs(angle);

    return p == 0 && q == 0 ? flat : turned >= 360 ? 0 : turned;
}

OP(facing, .brief = "aspect of a gradient", .family = "terrain", .arguments = "p, q", .inputs = 2,
   .hidden = true, .gives = WEFT_GIVES_REAL,
   .example = "facing({1, 1, 0, -1, -1, 0, null}, {0, -1, -1, 0, 1, 0, 0}, "
              "orientation=azimuth, flat=-1) ~> {90, 45, 0, 270, 225, -1, null}",
   PARAMS({ .name = "orientation",
            .help = "as aspect's",
            .kind = WEFT_PARAM_CHOICE,
            .choices = "azimuth|trig" },
          { .name = "flat",
            .help = "the result where there is none",
            .kind = WEFT_PARAM_REAL,
            .optional = true,
            .fallback = __builtin_nan("") }));
