/*
 * lossless.c - options by which drivers keep pixels as they are, and those that ask for less.
 *
 * Tables of facts about GDAL's drivers. A user who names a quality has said what he wants.
 */
#include "io/lossless.h"

#include <cpl_string.h>
#include <stddef.h>

#include "io/options.h"

/* Lossy unless told not to be. compress NULL: any. bytes: of u8 alone. */
static const struct {
    const char *driver, *compress, *option, *value;
    bool bytes;
} exact[] = {
    { "JP2OpenJPEG", NULL, "QUALITY", "100" },
    { "JP2OpenJPEG", NULL, "REVERSIBLE", "YES" },
    { "JP2KAK", NULL, "QUALITY", "100" },
    { "JP2Lura", NULL, "REVERSIBLE", "YES" },
    { "JP2ECW", NULL, "TARGET", "0" },
    { "WEBP", NULL, "LOSSLESS", "YES" },
    { "AVIF", NULL, "QUALITY", "100" },
    { "JPEGXL", NULL, "LOSSLESS", "YES" },
    { "GTiff", "WEBP", "WEBP_LOSSLESS", "YES" },
    { "COG", "WEBP", "QUALITY", "100" },
    { "MRF", "JPEG", "QUALITY", "100" },
    { "AAIGrid", NULL, "SIGNIFICANT_DIGITS", "17" },
    { "XYZ", NULL, "SIGNIFICANT_DIGITS", "17" },
    { "GRIB", NULL, "DATA_ENCODING", "IEEE_FLOATING_POINT" },
    { "GPKG", NULL, "TILE_FORMAT", "PNG", true },
    { "MBTiles", NULL, "TILE_FORMAT", "PNG" },
    { "KMLSUPEROVERLAY", NULL, "FORMAT", "PNG" },
    { "PDF", NULL, "COMPRESS", "DEFLATE" },
};

/* Options by which users say how much may be lost. */
static const char *const declines[] = {
    "QUALITY",
    "JPEG_QUALITY",
    "WEBP_LEVEL",
    "WEBP_LOSSLESS",
    "LOSSLESS",
    "REVERSIBLE",
    "MAX_Z_ERROR",
    "JXL_LOSSLESS",
    "JXL_DISTANCE",
    "DISCARD_LSB",
    "TARGET",
    "DECIMAL_PRECISION",
    "SIGNIFICANT_DIGITS",
    "DECIMAL_SCALE_FACTOR",
    "TILE_FORMAT",
    "DATA_ENCODING",
    "ZRESOLUTION",
    "FORMAT",
    "YCBCR420",
    "JPEGTABLESMODE",
};

static const char *const rough_compressions[] = { "JPEG", "JPEG2000", "C8", "CCITTFAX3" };
static const char *const rough_drivers[] = { "JPEG", "BLX", "DDS", "ECW", "HF2" };

static bool one_of(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; name && i < count; i++)
        if (EQUAL(name, list[i]))
            return true;
    return false;
}

#define ONE_OF(name, list) one_of(name, list, sizeof(list) / sizeof *(list))

bool wf_lossless_declined(const char *compress, char **list)
{
    if (ONE_OF(compress, rough_compressions))
        return true;
    for (size_t i = 0; i < sizeof declines / sizeof *declines; i++)
        if (CSLFetchNameValue(list, declines[i]))
            return true;
    return false;
}

bool wf_lossless_never(GDALDriverH driver)
{
    return ONE_OF(GDALGetDriverShortName(driver), rough_drivers);
}

void wf_lossless_add(GDALDriverH driver, const char *compress, WeftType type, char ***list)
{
    if (wf_lossless_declined(compress, *list))
        return;
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        if (EQUAL(GDALGetDriverShortName(driver), exact[i].driver) &&
            (!exact[i].compress || EQUAL(compress, exact[i].compress)) &&
            (!exact[i].bytes || type == WEFT_U8) && wf_options_known(driver, exact[i].option) &&
            !CSLFetchNameValue(*list, exact[i].option))
            *list = CSLSetNameValue(*list, exact[i].option, exact[i].value);
}
