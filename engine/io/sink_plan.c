/*
 * sink_plan.c - how a file is to be made: driver, options, layout; all that can be wrong with it.
 *
 * Needs nothing. Creates no file that stays: formats that are awkward are tried on a few pixels
 * (sink_try.c).
 */
#include <cpl_conv.h>
#include <cpl_string.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pixel.h"
#include "base/text.h"
#include "io/format.h"
#include "io/gdal_call.h"
#include "io/lossless.h"
#include "io/options.h"
#include "io/site.h"
#include "io/sink_kind.h"

enum { BLOCK = 512, BLOCK_LEAST = 16, BLOCK_MOST = 8192, STRIP_BYTES = 1 << 16 };

/* Options of GTiff that leave its blocks where direct writing expects them. */
static const char *const harmless[] = { "ALPHA",           "BIGTIFF",    "BLOCKXSIZE",
                                        "BLOCKYSIZE",      "COMPRESS",   "GEOTIFF_KEYS_FLAVOR",
                                        "GEOTIFF_VERSION", "INTERLEAVE", "NUM_THREADS",
                                        "PHOTOMETRIC",     "PROFILE",    "TFW",
                                        "TILED",           NULL };

/* Compressions whose blocks hold all bands at once. */
static const char *const all_bands[] = { "JPEG", "WEBP", "JXL", NULL };

/* The option for level= by compression, and its greatest value; GDAL ignores what lies beyond. */
static const struct {
    const char *compress, *option;
    int most;
} levels[] = {
    { "DEFLATE", "ZLEVEL", 12 },   { "LERC_DEFLATE", "ZLEVEL", 12 },
    { "ZSTD", "ZSTD_LEVEL", 22 },  { "LERC_ZSTD", "ZSTD_LEVEL", 22 },
    { "LZMA", "LZMA_PRESET", 9 },  { "JPEG", "JPEG_QUALITY", 100 },
    { "WEBP", "WEBP_LEVEL", 100 }, { "JXL", "JXL_EFFORT", 9 },
};

static bool one_of(const char *name, const char *const *list)
{
    for (int i = 0; list[i]; i++)
        if (EQUAL(name, list[i]))
            return true;
    return false;
}

static bool check_size(const WfSinkFile *file, WeftErr *err)
{
    if (file->grid->width <= INT32_MAX && file->grid->height <= INT32_MAX)
        return true;
    return wf_fail(err, WEFT_EARG, "cannot write %s: %lld x %lld pixels are more than GDAL takes",
                   file->path, (long long)file->grid->width, (long long)file->grid->height);
}

/* ------------------------------------------------------------------------------- type and names */

/* GTiff writes 64-bit integers in versions that do not say so, and so does COG, which is one. */
static bool holds_type(GDALDriverH driver, WeftType type)
{
    const char *list = GDALGetMetadataItem(driver, GDAL_DMD_CREATIONDATATYPES, NULL);
    bool tiff = EQUAL(GDALGetDriverShortName(driver), "GTiff") ||
                EQUAL(GDALGetDriverShortName(driver), "COG");
    char **names = list ? CSLTokenizeString2(list, " ", 0) : NULL;
    bool able =
        tiff || !list || CSLFindString(names, GDALGetDataTypeName(wf_gdal_data_type(type))) >= 0;

    CSLDestroy(names);
    return able && (tiff || !wf_gdal_signed_byte(type) || wf_options_known(driver, "PIXELTYPE"));
}

static bool check_type(const WfMake *make, const WfSinkFile *file, WeftErr *err)
{
    WfText text = { 0 };

    if (holds_type(make->driver, file->type))
        return true;
    for (WeftType type = WEFT_U8; type <= WEFT_F64; type++)
        if (holds_type(make->driver, type))
            wf_text_add(&text, "%s%s", text.length ? ", " : "", weft_type_name(type));
    wf_fail(err, WEFT_EARG, "format %s cannot hold %s", GDALGetDriverShortName(make->driver),
            weft_type_name(file->type));
    wf_hint(err, "type= one of those it holds: %s", text.text ? text.text : "none of ours");
    wf_text_free(&text);
    return false;
}

static bool set_compress(const WfMake *make, const WfSinkFile *file, char ***list, WeftErr *err)
{
    char name[40];

    if (!file->compress)
        return true;
    snprintf(name, sizeof name, "%s", file->compress);
    for (char *c = name; *c; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    if (!wf_options_known(make->driver, "COMPRESS"))
        return EQUAL(name, "NONE") ||
               wf_fail(err, WEFT_EARG, "compress does not apply to format %s",
                       GDALGetDriverShortName(make->driver));
    if (CSLFetchNameValue(*list, "COMPRESS"))
        return wf_fail(err, WEFT_EARG, "compress and the option COMPRESS are both given");
    if (!wf_options_value(make->driver, "COMPRESS", name, "compression", err))
        return false;
    *list = CSLSetNameValue(*list, "COMPRESS", name);
    return true;
}

static bool set_level(const WfMake *make, const WfSinkFile *file, const char *compress,
                      char ***list, WeftErr *err)
{
    const char *option = NULL;
    char value[16];
    int most = 0;

    if (file->level == 0)
        return true;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (EQUAL(compress, levels[i].compress)) {
            option = levels[i].option;
            most = levels[i].most;
        }
    if (option && EQUAL(GDALGetDriverShortName(make->driver), "COG"))
        option = one_of(compress, all_bands) ? "QUALITY" : "LEVEL";
    if (!option || !wf_options_known(make->driver, option))
        return wf_fail(err, WEFT_EARG, "level does not apply to compression %s of format %s",
                       compress, GDALGetDriverShortName(make->driver));
    if (file->level < 1 || file->level > most)
        return wf_fail(err, WEFT_EARG, "level of %s must be 1 to %d, not %d", compress, most,
                       file->level);
    snprintf(value, sizeof value, "%d", file->level);
    *list = CSLSetNameValue(*list, option, value);
    return true;
}

static bool set_predictor(const WfMake *make, const WfSinkFile *file, const char *compress,
                          char ***list, WeftErr *err)
{
    static const char *const takes[] = { "DEFLATE", "LZW", "ZSTD", NULL };
    static const char *const names[] = { "", "NO", "STANDARD", "FLOATING_POINT" };
    static const char *const numbers[] = { "", "1", "2", "3" };
    bool real = file->type == WEFT_F32 || file->type == WEFT_F64;
    bool cog = EQUAL(GDALGetDriverShortName(make->driver), "COG");

    if (file->predictor == 0)
        return true;
    if (file->predictor < 1 || file->predictor > 3)
        return wf_fail(err, WEFT_EARG, "predictor must be 1, 2 or 3, not %d", file->predictor);
    if (file->predictor == 3 && !real)
        return wf_fail(err, WEFT_EARG, "predictor 3 is for f32 and f64; the output is %s",
                       weft_type_name(file->type));
    if (!one_of(compress, takes) || !wf_options_known(make->driver, "PREDICTOR"))
        return wf_fail(err, WEFT_EARG, "predictor does not apply to compression %s of format %s",
                       compress, GDALGetDriverShortName(make->driver));
    *list = CSLSetNameValue(*list, "PREDICTOR", (cog ? names : numbers)[file->predictor]);
    return true;
}

static void set_default(char ***list, const char *name, const char *value)
{
    if (!CSLFetchNameValue(*list, name))
        *list = CSLSetNameValue(*list, name, value);
}

static void set_number(char ***list, const char *name, int value)
{
    char text[16];

    snprintf(text, sizeof text, "%d", value);
    set_default(list, name, text);
}

/* ------------------------------------------------------------------------------- layout */

/* Blocks of 512 pixels; a raster that is smaller is one block, so that its file stays small. */
static int default_block(int64_t pixels)
{
    if (pixels > BLOCK)
        return BLOCK;
    return (int)((pixels + BLOCK_LEAST - 1) / BLOCK_LEAST * BLOCK_LEAST);
}

static bool check_block(const char *what, int size, WeftErr *err)
{
    if (size >= BLOCK_LEAST && size <= BLOCK_MOST && size % BLOCK_LEAST == 0)
        return true;
    return wf_fail(err, WEFT_EARG, "%s must be a multiple of %d from %d to %d, not %d", what,
                   BLOCK_LEAST, BLOCK_LEAST, BLOCK_MOST, size);
}

/* Block size from options, blocksize=, or chosen; written back into the options. */
static bool set_blocks(WfMake *make, const WfSinkFile *file, bool strips, char ***list,
                       WeftErr *err)
{
    const char *x = CSLFetchNameValue(*list, "BLOCKXSIZE");
    const char *y = CSLFetchNameValue(*list, "BLOCKYSIZE");
    int64_t row_bytes = file->grid->width * wf_pixel(file->type)->bytes;
    int64_t rows = STRIP_BYTES / row_bytes;

    if (file->blocksize && (x || y))
        return wf_fail(err, WEFT_EARG,
                       "blocksize and the options BLOCKXSIZE, BLOCKYSIZE are "
                       "both given");
    if (strips) {
        rows = y ? atoi(y) : file->blocksize ? file->blocksize : rows < 1 ? 1 : rows;
        if (rows < 1)
            return wf_fail(err, WEFT_EARG, "BLOCKYSIZE must be at least 1");
        make->block_width = (int)file->grid->width;
        make->block_height = (int)(rows < file->grid->height ? rows : file->grid->height);
    } else {
        make->block_width = x                 ? atoi(x)
                            : file->blocksize ? file->blocksize
                                              : default_block(file->grid->width);
        make->block_height = y                 ? atoi(y)
                             : file->blocksize ? file->blocksize
                                               : default_block(file->grid->height);
        if (!check_block(x ? "BLOCKXSIZE" : "blocksize", make->block_width, err) ||
            !check_block(y ? "BLOCKYSIZE" : "blocksize", make->block_height, err))
            return false;
        set_number(list, "BLOCKXSIZE", make->block_width);
    }
    *list = CSLSetNameValue(*list, "BLOCKYSIZE", NULL);
    set_number(list, "BLOCKYSIZE", make->block_height);
    return true;
}

/* Bands of a file that does not call them red, green, blue are not taken for these. */
static bool is_no_picture(const WfSinkFile *file)
{
    const WfMeaning *first = file->meanings ? file->meanings[0] : NULL;

    return first && first->interp && !EQUAL(first->interp, "Red");
}

/* Options every GeoTIFF of ours gets unless the user says otherwise. */
static void set_tiff(const WfSinkFile *file, char ***list)
{
    set_default(list, "TILED", "YES");
    set_default(list, "BIGTIFF", "IF_SAFER");
    if (file->band_count > 3) /* or GDAL takes the fourth for an alpha band, that is, a mask */
        set_default(list, "ALPHA", "NO");
    if (file->band_count > 2 && is_no_picture(file) &&
        EQUAL(CSLFetchNameValueDef(*list, "COMPRESS", "NONE"), "NONE"))
        set_default(list, "PHOTOMETRIC", "MINISBLACK");
    if (wf_gdal_signed_byte(file->type))
        set_default(list, "PIXELTYPE", "SIGNEDBYTE");
}

/* The GeoTIFF that is a copy's source. */
static bool plan_source(WfMake *make, const WfSinkFile *file, WeftErr *err)
{
    WfSinkFile plain = *file;

    plain.blocksize = 0;
    set_tiff(file, &make->create);
    set_default(&make->create, "INTERLEAVE", "BAND");
    set_default(&make->create, "SPARSE_OK", "FALSE");
    make->direct = !file->mask_count;
    make->copy = true;
    return set_blocks(make, &plain, false, &make->create, err);
}

static bool only_harmless(char **list)
{
    for (int i = 0; list && list[i]; i++) {
        char *key = NULL;
        bool harm = CPLParseNameValue(list[i], &key) && key && !one_of(key, harmless);

        CPLFree(key);
        if (harm)
            return false;
    }
    return true;
}

static bool plan_tiff(WfMake *make, const WfSinkFile *file, char ***list, WeftErr *err)
{
    const char *compress = CSLFetchNameValueDef(*list, "COMPRESS", "NONE");
    const char *interleave = CSLFetchNameValueDef(*list, "INTERLEAVE", "BAND");
    bool strips = !CPLTestBool(CSLFetchNameValueDef(*list, "TILED", "YES"));
    bool together = one_of(compress, all_bands) ||
                    (file->band_count > 1 && !EQUAL(interleave, "BAND")) ||
                    CSLFetchBoolean(*list, "STREAMABLE_OUTPUT", FALSE);

    make->direct = !together && !strips && !file->mask_count && EQUAL(compress, "NONE") &&
                   only_harmless(*list);
    set_tiff(file, list);
    if (!set_blocks(make, file, strips, list, err))
        return false;
    if (file->workers > 1 && !EQUAL(compress, "NONE"))
        set_number(list, "NUM_THREADS", file->workers);
    if (together)
        return plan_source(make, file, err);
    set_default(list, "INTERLEAVE", "BAND");
    if (make->direct)
        set_default(list, "SPARSE_OK", "FALSE");
    make->create = *list;
    *list = NULL;
    return true;
}

static bool plan_other(WfMake *make, const WfSinkFile *file, char ***list, WeftErr *err)
{
    static const char *const both[] = { "BLOCKXSIZE", "BLOCKYSIZE" };
    static const char *const single[] = { "BLOCKSIZE", "BLOCKSIZE" };
    const char *const *names = wf_options_known(make->driver, "BLOCKSIZE") ? single : both;

    if (file->blocksize && !wf_options_known(make->driver, names[0]))
        return wf_fail(err, WEFT_EARG, "blocksize does not apply to format %s",
                       GDALGetDriverShortName(make->driver));
    for (int i = 0; file->blocksize && i < 2; i++)
        set_number(list, names[i], file->blocksize);
    if (file->workers > 1 && wf_options_known(make->driver, "NUM_THREADS"))
        set_number(list, "NUM_THREADS", file->workers);
    if (wf_gdal_signed_byte(file->type) && wf_options_known(make->driver, "PIXELTYPE"))
        set_default(list, "PIXELTYPE", "SIGNEDBYTE");
    return plan_source(make, file, err);
}

/* ------------------------------------------------------------------------------- a trial */

static bool has_rich_meaning(const WfSinkFile *file)
{
    for (int i = 0; file->meanings && i < file->band_count; i++) {
        const WfMeaning *m = file->meanings[i];

        if (m && (m->legend.color_count || m->legend.category_count ||
                  (m->interp && !EQUAL(m->interp, "Gray") && !EQUAL(m->interp, "Undefined"))))
            return true;
    }
    return file->grid->control != NULL;
}

/* A mask for each band lies beside a GeoTIFF; no format has them inside. */
static bool check_masks(const WfMake *make, const WfSinkFile *file, WeftErr *err)
{
    if (file->mask_count < 2 || !make->copy)
        return true;
    return wf_fail(err, WEFT_EARG, "format %s cannot hold a mask for each band",
                   GDALGetDriverShortName(make->driver));
}

/* Of plain GeoTIFFs it is known what they hold. */
static bool is_doubtful(const WfMake *make, const WfSinkFile *file)
{
    return make->copy || file->alpha || file->mask_count > 1 ||
           !only_harmless((char **)file->options) || has_rich_meaning(file);
}

bool wf_make_plan(WfMake *make, const WfSinkFile *file, WfLayout *layout, WeftErr *err)
{
    char **list = NULL;
    const char *compress;
    bool done = false, able = true;

    *make = (WfMake) { .driver = NULL };
    wf_gdal_start();
    if (!wf_site_check(file->path, file->keep, err))
        goto fail;
    make->driver = wf_format_driver(file->format, file->path, err);
    if (!make->driver || !check_size(file, err) || !(able = check_type(make, file, err)) ||
        !wf_options_read(make->driver, file->options, &list, err))
        goto fail;
    if (!set_compress(make, file, &list, err))
        goto fail;
    compress = CSLFetchNameValueDef(list, "COMPRESS", "NONE");
    if (!set_level(make, file, compress, &list, err) ||
        !set_predictor(make, file, compress, &list, err))
        goto fail;
    make->declined = wf_lossless_declined(compress, list);
    wf_lossless_add(make->driver, compress, file->type, &list);
    done = EQUAL(GDALGetDriverShortName(make->driver), "GTiff")
               ? plan_tiff(make, file, &list, err)
               : plan_other(make, file, &list, err);
    if (make->copy) {
        make->options = list;
        list = NULL;
    }
    if (done)
        able = check_masks(make, file, err);
    done = done && able &&
           wf_options_check(make->driver, make->copy ? make->options : make->create, err) &&
           (!layout || !is_doubtful(make, file) || wf_make_try(make, file, layout, err));
fail:
    CSLDestroy(list);
    if (layout && !able)
        layout->unable = true;
    if (!done) {
        wf_make_free(make);
        wf_err_path(err, file->path, -1);
    }
    return done;
}

void wf_make_free(WfMake *make)
{
    CSLDestroy(make->create);
    CSLDestroy(make->options);
    *make = (WfMake) { .driver = NULL };
}

bool wf_sink_plan(const WfSinkFile *file, WfLayout *layout, WeftErr *err)
{
    WfMake make;

    *layout = (WfLayout) { .block_width = 0 };
    if (!wf_make_plan(&make, file, layout, err))
        return false;
    layout->block_width = make.block_width;
    layout->block_height = make.block_height;
    wf_make_free(&make);
    return true;
}
