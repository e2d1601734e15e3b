/*
 * rounding.h - rounding to whole numbers without branches, for round and cast.
 *
 * Half away from zero goes by the exact rest, as adding a half would round 0.49999997 up.
 */
#ifndef WEFT_ROUNDING_H
#define WEFT_ROUNDING_H

#include "range.h"

static inline px half_away(px v)
{
    px whole = px_trunc(v);

    return px_abs(v - whole) >= PX(0.5) ? whole + px_copysign(1, v) : whole;
}

#endif
