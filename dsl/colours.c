/*
 * colours.c - colour maps as anchor colours, evenly spaced, with straight lines between.
 *
 * viridis and magma: anchors of the maps of matplotlib (CC0); terrain: green lowland to snow.
 */
#include <string.h>

#include "dsl.h"

enum { ANCHORS = 9 };

static const struct {
    const char *name;
    uint8_t anchors[ANCHORS][3];
} maps[] = {
    { "grey",
      { { 0, 0, 0 },
        { 32, 32, 32 },
        { 64, 64, 64 },
        { 96, 96, 96 },
        { 128, 128, 128 },
        { 159, 159, 159 },
        { 191, 191, 191 },
        { 223, 223, 223 },
        { 255, 255, 255 } } },
    { "viridis",
      { { 68, 1, 84 },
        { 71, 44, 122 },
        { 59, 81, 139 },
        { 44, 113, 142 },
        { 33, 144, 141 },
        { 39, 173, 129 },
        { 92, 200, 99 },
        { 170, 220, 50 },
        { 253, 231, 37 } } },
    { "magma",
      { { 0, 0, 4 },
        { 28, 16, 68 },
        { 79, 18, 123 },
        { 129, 37, 129 },
        { 181, 54, 122 },
        { 229, 80, 100 },
        { 251, 135, 97 },
        { 254, 194, 135 },
        { 252, 253, 191 } } },
    { "terrain",
      { { 38, 92, 66 },
        { 74, 124, 74 },
        { 128, 157, 85 },
        { 186, 186, 110 },
        { 205, 175, 115 },
        { 174, 133, 92 },
        { 146, 112, 97 },
        { 190, 180, 178 },
        { 252, 252, 252 } } },
    { "ndvi",
      { { 120, 85, 60 },
        { 166, 127, 86 },
        { 206, 177, 121 },
        { 230, 219, 160 },
        { 205, 217, 125 },
        { 152, 190, 82 },
        { 92, 157, 56 },
        { 42, 117, 42 },
        { 8, 72, 30 } } },
};

bool wf_colour(const char *map, double t, uint8_t rgb[3])
{
    double at = (t > 1 ? 1 : t > 0 ? t : 0) * (ANCHORS - 1); /* NaN is 0 */
    int low = at >= ANCHORS - 1 ? ANCHORS - 2 : (int)at;

    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        if (strcmp(maps[i].name, map))
            continue;
        for (int c = 0; c < 3; c++) {
            double a = maps[i].anchors[low][c], b = maps[i].anchors[low + 1][c];
            rgb[c] = (uint8_t)(a + (b - a) * (at - low) + 0.5);
        }
        return true;
    }
    return false;
}

const char *wf_colour_name(int i)
{
    return i >= 0 && i < (int)(sizeof maps / sizeof *maps) ? maps[i].name : NULL;
}
