/*
 * hillshade.c - the ground as a lamp would show it: 1 dark to 255 bright; 0 stands for invalid.
 *
 * p and q come with heights already multiplied by z. Formulas are gdaldem's (3.6.2); a value is
 * rounded by adding a half and cutting off.
 */
#include "terrain.h"

#define DEGREES PX(57.295779513082320877)
#define PI PX(3.14159265358979323846)
#define HALF_ROOT PX(0.70710678118654752440) /* sine and cosine of 45 degrees */

RANGE(shade)(const WeftRange *in, int count)
{
    return (WeftRange) { .lo = 1, .hi = 255, .whole = true };
}

LOWERED(
    hillshade, .brief = "relief in the light of a lamp, 1 to 255; nodata is 0",
    .formula = "1 + 254 (sin E - cos E (q cos A - p sin A)) / sqrt(1 + p^2 + q^2)",
    TERRAIN_SOURCE("gdaldem; B. K. P. Horn, Hill Shading and the Reflectance Map, Proc. IEEE 69 "
                   "(1981)"),
    .help = "combined darkens slopes too, multidirectional mixes lamps at 225, 270, 315 and "
            "360 degrees, igor spares the bright side. " TERRAIN_HELP_7 " " TERRAIN_GRADIENT
            ", light then within 2^-20 before it is rounded.",
    .arguments = "x", .inputs = 1, .gives = WEFT_GIVES_INTEGER, .range = range_shade,
    .example = "hillshade({7, 7, null, 7}, edges=\"grass-e\") -> {181, 181, null, 181}",
    PARAMS({ .name = "azimuth",
             .help = "where the light comes from, degrees clockwise from north",
             .kind = WEFT_PARAM_REAL,
             .optional = true,
             .option = true,
             .fallback = 315,
             .low = -360,
             .high = 360 },
           { .name = "altitude",
             .help = "of the light over the horizon, degrees",
             .kind = WEFT_PARAM_REAL,
             .optional = true,
             .option = true,
             .fallback = 45,
             .low = 0,
             .high = 90 },
           TERRAIN_Z, TERRAIN_UNITS, TERRAIN_METHOD,
           { .name = "variant",
             .help = "how light becomes grey",
             .kind = WEFT_PARAM_CHOICE,
             .optional = true,
             .option = true,
             .choices = "single|combined|multidirectional|igor" },
           TERRAIN_EDGES("|arcgis")));

FOLDS px grey(px v)
{
    px rounded = px_floor(v + PX(0.5));

    return rounded < 1 ? 1 : rounded > 255 ? 255 : rounded;
}

#define LAMP                                                                             \
    PARAMS(TERRAIN_FOUND(up, "sine of the lamp's altitude"),                             \
           TERRAIN_FOUND(east, "cosine of the altitude, times the sine of the azimuth"), \
           TERRAIN_FOUND(north, "cosine of the altitude, times that of the azimuth"))

KERNEL(shade)(px p, px q, px up, px east, px north)
{
    return grey(1 + 254 * ((up + (p * east - q * north)) / px_sqrt(1 + (p * p + q * q))));
}

OP(shade, .brief = "light on a gradient", .family = "terrain", .arguments = "p, q", .inputs = 2,
   .hidden = true, .gives = WEFT_GIVES_INTEGER, .range = range_shade, LAMP);

/* The angle between light and ground's normal (p, -q, 1) is found from sine and cosine together, as
 * near full light the cosine alone says too little. */
KERNEL(shadecombined)(px p, px q, px up, px east, px north)
{
    px steep = px_sqrt(p * p + q * q), dot = up + (p * east - q * north);
    px x = -q * up - north, y = east - p * up, z = p * north + q * east;
    px away = MATH(atan2)(px_sqrt(x * x + y * y + z * z), dot);

    return grey(1 + 254 * (1 - away * MATH(atan)(steep) / (PI * PI / 4)));
}

OP(shadecombined, .brief = "light on a gradient, darker where it is steep", .family = "terrain",
   .arguments = "p, q", .inputs = 2, .hidden = true, .gives = WEFT_GIVES_INTEGER,
   .range = range_shade, LAMP);

FOLDS px lit(px v)
{
    return v > 0 ? 127 * v : 0;
}

KERNEL(shademulti)(px p, px q, px up, px level)
{
    px pp = p * p, qq = q * q, square = pp + qq, half = square * PX(0.5), pq = p * q;
    px across = level * HALF_ROOT;
    px sum = (half - pq) * lit(up + across * (q - p)) + pp * lit(up - level * p) +
             (half + pq) * lit(up - across * (q + p)) + qq * lit(up - level * q);
    px light = sum / square / px_sqrt(1 + square);

    return grey(1 + (square == 0 ? 254 * up : light));
}

OP(shademulti, .brief = "light from four sides on a gradient", .family = "terrain",
   .arguments = "p, q", .inputs = 2, .hidden = true, .gives = WEFT_GIVES_INTEGER,
   .range = range_shade,
   PARAMS(TERRAIN_FOUND(up, "sine of the lamps' altitude"), TERRAIN_FOUND(level, "its cosine")));

/* u, v: p and q on cells one unit long, as gdaldem turns the aspect here. */
KERNEL(shadeigor)(px p, px q, px u, px v, px toward)
{
    px steep = MATH(atan)(px_sqrt(p * p + q * q)) * DEGREES;
    px turn = px_abs(MATH(atan2)(-v, u) - toward);
    px whole = turn - 2 * PI * px_floor(turn / (2 * PI)),
       apart = whole > PI ? 2 * PI - whole : whole;

    return grey(255 * (1 - steep / 90 * (1 - apart / PI)));
}

OP(shadeigor, .brief = "shadow of a gradient", .family = "terrain", .arguments = "p, q, u, v",
   .inputs = 4, .hidden = true, .gives = WEFT_GIVES_INTEGER, .range = range_shade,
   PARAMS(TERRAIN_FOUND(toward, "270 degrees less the azimuth, in radians")));
