/*
 * area.c - area of a raster's cells in square metres.
 *
 * On degrees a cell lies between two parallels and two meridians of the ellipsoid, whose area is
 *     size / 2 * [ sin / (1 - e2 sin^2) + atanh(e sin) / e ] from the lower to the upper parallel,
 * with size = (difference of longitude) * a^2 (1 - e2); here as differences that do not cancel:
 * d = sin(upper) - sin(lower) is 2 cos(middle) sin(half of the height), and atanh is a series in
 * e2 d^2. Where height is 0, all cells have the area `size`.
 */
#include "range.h"

FOLDS px least(px a, px b)
{
    return a < b ? a : b;
}

FOLDS px greatest(px a, px b)
{
    return a > b ? a : b;
}

/* atanh(e w) / (e w) for v = e2 w^2, to the last bit for ellipsoids up to that of Saturn. */
FOLDS px atanh_series(px v)
{
    px sum = 0;

    for (int k = 20; k >= 0; k--)
        sum = sum * v + 1 / (px)(2 * k + 1);
    return sum;
}

KERNEL(area)(int64_t column, int64_t line, px size, px height, px lat, px by_column, px by_line,
             px e2)
{
    px pole = PX(1.5707963267948966);
    px middle = lat + by_column * ((px)column + PX(0.5)) + by_line * ((px)line + PX(0.5));
    px lower = greatest(middle - height / 2, -pole), upper = least(middle + height / 2, pole);
    px s1 = MATH(sin)(lower), s2 = MATH(sin)(upper);
    px d = 2 * MATH(cos)((lower + upper) / 2) * MATH(sin)(greatest(upper - lower, 0) / 2);
    px w = d / (1 - e2 * s1 * s2);
    px first = d * (1 + e2 * s1 * s2) / ((1 - e2 * s1 * s1) * (1 - e2 * s2 * s2));

    return height == 0 ? size : size / 2 * (first + w * atanh_series(e2 * w * w));
}

RANGE(area)(const WeftRange *in, int count)
{
    return (WeftRange) { .lo = 0, .hi = RANGE_INFINITY, .valid = true };
}

/* Nobody gives these by hand. */
#define FROM_GRID(number, text, value) \
    { .name = #number,                 \
      .help = text ", from the grid",  \
      .kind = WEFT_PARAM_REAL,         \
      .optional = true,                \
      .fallback = (value) }

OP(area, .brief = "area of the pixel in square metres, geodesic where the CRS is in degrees",
   .help = "On projected grids it is the area in the plane of the map, with the unit of the CRS.\n"
           "Without a CRS units are taken for metres.",
   .family = "coordinates", .shape = WEFT_INDEX, .gives = WEFT_GIVES_DOUBLE, .range = range_area,
   .source = "Snyder 1987, Map Projections: A Working Manual, equation 3-12",
   .example = "area(size=900) -> {900, 900, 900}",
   PARAMS(FROM_GRID(size, "square metres of a cell, or of a radian by a radian", 1),
          FROM_GRID(height, "radians of a cell from south to north; 0: the plane", 0),
          FROM_GRID(lat, "radians of the raster's corner", 0),
          FROM_GRID(by_column, "radians from a column to the next", 0),
          FROM_GRID(by_line, "radians from a row to the next", 0),
          FROM_GRID(e2, "squared eccentricity of the ellipsoid", 0)));
