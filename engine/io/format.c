/*
 * format.c - which of GDAL's drivers makes a file: the one asked for, or that of the extension.
 *
 * Needs GDAL set up. Reads what the drivers say of themselves.
 */
#include "io/format.h"

#include <cpl_string.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

/* Extensions that a message names, as far as this GDAL writes them. */
static const char *const common[] = { "tif", "png", "jpg", "jp2", "webp", "nc", "img", "asc" };

/* Of several formats with one extension, those that everybody means; GDAL's tools choose them. */
static const char *const meant[] = { "GTiff", "netCDF", "JP2OpenJPEG" };

enum {
    COMMON_COUNT = sizeof common / sizeof *common,
    MEANT_COUNT = sizeof meant / sizeof *meant,
};

static const char *list_item(const void *list, int i)
{
    return ((char **)list)[i];
}

/* Formats whose files hold no pixels. */
static bool is_virtual(GDALDriverH driver)
{
    static const char *const names[] = { "MEM", "VRT" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (EQUAL(GDALGetDriverShortName(driver), names[i]))
            return true;
    return false;
}

static bool has(GDALDriverH driver, const char *item)
{
    return GDALGetMetadataItem(driver, item, NULL) != NULL;
}

static bool can_write(GDALDriverH driver)
{
    return !is_virtual(driver) && has(driver, GDAL_DCAP_RASTER) &&
           (has(driver, GDAL_DCAP_CREATECOPY) || has(driver, GDAL_DCAP_CREATE));
}

/* ------------------------------------------------------------------------------- by name */

static void hint_formats(const char *format, WeftErr *err)
{
    char **names = NULL;
    const char *near;

    for (int i = 0; i < GDALGetDriverCount(); i++)
        if (can_write(GDALGetDriver(i)))
            names = CSLAddString(names, GDALGetDriverShortName(GDALGetDriver(i)));
    near = wf_nearest(format, names, CSLCount(names), list_item);
    if (near)
        wf_hint(err, "did you mean \"%s\"?", near);
    wf_hint(err, "gdalinfo --formats lists them; \"GTiff\" is one");
    CSLDestroy(names);
}

static GDALDriverH refuse_virtual(const char *what, WeftErr *err)
{
    wf_fail(err, WEFT_EARG, "%s holds no pixels, it only points to files that do", what);
    wf_hint(err, "save a .tif; gdalbuildvrt makes a .vrt of such files");
    return NULL;
}

static GDALDriverH by_name(const char *format, WeftErr *err)
{
    GDALDriverH driver = GDALGetDriverByName(format);

    if (driver && can_write(driver))
        return driver;
    if (EQUAL(format, "VRT"))
        return refuse_virtual("format VRT", err);
    if (driver)
        wf_fail(err, WEFT_EARG, "GDAL cannot write rasters as \"%s\"", format);
    else
        wf_fail(err, WEFT_ENAME, "there is no raster format \"%.60s\"", format);
    hint_formats(format, err);
    return NULL;
}

/* ------------------------------------------------------------------------------- by extension */

/* The driver's extensions. CSLDestroy it. */
static char **list_extensions(GDALDriverH driver)
{
    const char *several = GDALGetMetadataItem(driver, GDAL_DMD_EXTENSIONS, NULL);
    const char *one = GDALGetMetadataItem(driver, GDAL_DMD_EXTENSION, NULL);

    return CSLTokenizeString2(several ? several : one ? one : "", " ", 0);
}

/* "dem.TIF" ends in ".tif"; a dot that begins a name hides it. */
static bool ends_in(const char *name, const char *extension)
{
    size_t length = strlen(name), end = strlen(extension);

    return end > 0 && length > end + 1 && name[length - end - 1] == '.' &&
           strcasecmp(name + length - end, extension) == 0;
}

static bool makes(GDALDriverH driver, const char *name)
{
    char **extensions = list_extensions(driver);
    bool found = false;

    for (int i = 0; !found && i < CSLCount(extensions); i++)
        found = ends_in(name, extensions[i]);
    CSLDestroy(extensions);
    return found;
}

/* Names of the raster drivers whose files end so, those that write or those that do not.
 * CSLDestroy it. */
static char **find_makers(const char *name, bool writing)
{
    char **names = NULL;

    for (int i = 0; i < GDALGetDriverCount(); i++) {
        GDALDriverH driver = GDALGetDriver(i);

        if (has(driver, GDAL_DCAP_RASTER) && !is_virtual(driver) && can_write(driver) == writing &&
            makes(driver, name))
            names = CSLAddString(names, GDALGetDriverShortName(driver));
    }
    return names;
}

/* The one of several that is meant, or NULL. */
static const char *find_meant(char **names)
{
    if (CSLCount(names) == 1)
        return names[0];
    for (int i = 0; i < MEANT_COUNT; i++)
        if (CSLFindString(names, meant[i]) >= 0)
            return meant[i];
    return NULL;
}

/* ".tif .png .jpg" */
static void list_common(WfText *text)
{
    for (int i = 0; i < COMMON_COUNT; i++) {
        char name[16];
        char **names;

        snprintf(name, sizeof name, "a.%s", common[i]);
        names = find_makers(name, true);
        if (names)
            wf_text_add(text, "%s.%s", text->length ? " " : "", common[i]);
        CSLDestroy(names);
    }
}

static void hint_extensions(const char *extension, WeftErr *err)
{
    char **all = NULL;
    const char *near;
    WfText text = { 0 };

    for (int i = 0; i < GDALGetDriverCount(); i++)
        if (can_write(GDALGetDriver(i))) {
            char **own = list_extensions(GDALGetDriver(i));

            all = CSLInsertStrings(all, -1, own);
            CSLDestroy(own);
        }
    near = wf_nearest(extension, all, CSLCount(all), list_item);
    list_common(&text);
    wf_hint(err, "%s%s%ssome that are known: %s; format=\"GTiff\" writes that under any name",
            near ? "did you mean ." : "", near ? near : "", near ? "? " : "",
            text.text ? text.text : "");
    wf_text_free(&text);
    CSLDestroy(all);
}

static void refuse_extension(const char *name, const char *extension, WeftErr *err)
{
    char **readers = find_makers(name, false);

    if (readers)
        wf_fail(err, WEFT_EARG, "GDAL reads .%.40s files (%s), but cannot write them", extension,
                readers[0]);
    else
        wf_fail(err, WEFT_ENAME, "no raster format has files that end in .%.40s", extension);
    hint_extensions(readers ? "" : extension, err);
    CSLDestroy(readers);
}

static void refuse_several(const char *extension, char **names, WeftErr *err)
{
    WfText text = { 0 };

    for (int i = 0; names[i]; i++)
        wf_text_add(&text, "%s%s", i ? ", " : "", names[i]);
    wf_fail(err, WEFT_EARG, "files that end in .%.40s are of several formats: %s", extension,
            text.text ? text.text : "");
    wf_hint(err, "choose one: format=\"%s\"", names[0]);
    wf_text_free(&text);
}

static GDALDriverH by_extension(const char *path, WeftErr *err)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const char *one;
    char **names;

    if (!dot || dot == name || !dot[1])
        return GDALGetDriverByName("GTiff");
    if (ends_in(name, "vrt"))
        return refuse_virtual("a .vrt file", err);
    names = find_makers(name, true);
    one = find_meant(names);
    if (!names)
        refuse_extension(name, dot + 1, err);
    else if (!one)
        refuse_several(dot + 1, names, err);
    GDALDriverH driver = one ? GDALGetDriverByName(one) : NULL;
    CSLDestroy(names);
    return driver;
}

GDALDriverH wf_format_driver(const char *format, const char *path, WeftErr *err)
{
    return format ? by_name(format, err) : by_extension(path ? path : "", err);
}
