/*
 * store_virtual.c - how a virtual raster is cut into blocks: as what it is made of.
 *
 * GDAL is never asked for a list of sources: 3.6 ends the process where they have no file of XML.
 * The text of the raster says enough. Reads the head of that file, and the directory of the first
 * source; writes the block size.
 */
#include <cpl_conv.h>
#include <cpl_minixml.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/store_kind.h"

enum { HEAD_BYTES = 1 << 18, WANTED = 512, DEPTH_MAX = 8 };

static const char connection[] = "vrt://", derived[] = "DERIVED_SUBDATASET:";

/* Blocks of a source, and its width in pixels; 0: not known. */
typedef struct Layout {
    int width, height, columns;
} Layout;

bool wf_store_refuse_memory(const char *path, WeftErr *err)
{
    wf_fail(err, WEFT_EARG, "cannot open %.300s: it reads from an address in memory", path);
    return wf_hint(err, "save the raster to a file and open that");
}

bool wf_store_is_virtual(const char *driver)
{
    static const char *const names[] = { "VRT", "DERIVED", "GTI" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(driver, names[i]) == 0)
            return true;
    return false;
}

/* ------------------------------------------------------------------------------- the text */

/* The XML of a raster that is named by it or lies in a file, as far as its first sources; NULL:
 * there is none. CPLFree it. */
static char *read_text(const char *path)
{
    char *text;
    VSILFILE *file;
    size_t length;

    if (path[strspn(path, " \t\r\n")] == '<')
        return CPLStrdup(path);
    file = VSIFOpenL(path, "rb");
    if (!file)
        return NULL;
    text = CPLMalloc(HEAD_BYTES + 1);
    length = VSIFReadL(text, 1, HEAD_BYTES, file);
    text[length] = '\0';
    VSIFCloseL(file);
    return text;
}

/* The first element of this name; NULL: none, or it is not whole. */
static CPLXMLNode *find_element(const char *text, const char *name)
{
    char opening[40], closing[40];
    const char *start, *end;
    CPLXMLNode *node;
    char *copy;

    snprintf(opening, sizeof opening, "<%s", name);
    snprintf(closing, sizeof closing, "</%s>", name);
    start = strstr(text, opening);
    end = start ? strchr(start, '>') : NULL;
    if (end && end[-1] != '/')
        end = (end = strstr(end, closing)) ? end + strlen(closing) - 1 : NULL;
    if (!end)
        return NULL;
    copy = CPLMalloc((size_t)(end - start) + 2);
    memcpy(copy, start, (size_t)(end - start) + 1);
    copy[end - start + 1] = '\0';
    node = CPLParseXMLString(copy);
    CPLFree(copy);
    return node;
}

/* ------------------------------------------------------------------------------- the source */

static bool read_properties(const char *text, Layout *layout)
{
    CPLXMLNode *node = find_element(text, "SourceProperties");

    if (!node)
        return false;
    layout->width = atoi(CPLGetXMLValue(node, "BlockXSize", "0"));
    layout->height = atoi(CPLGetXMLValue(node, "BlockYSize", "0"));
    layout->columns = atoi(CPLGetXMLValue(node, "RasterXSize", "0"));
    CPLDestroyXMLNode(node);
    return layout->width > 0 && layout->height > 0;
}

/* The name of the first source of an XML text. CPLFree it. */
static char *source_name(const char *text, const char *path)
{
    CPLXMLNode *node = find_element(text, "SourceFilename");
    const char *name = node ? CPLGetXMLValue(node, "", "") : "";
    bool beside = node && atoi(CPLGetXMLValue(node, "relativeToVRT", "0")) &&
                  path[strspn(path, " \t\r\n")] != '<';
    char *full = NULL;

    if (*name)
        full = CPLStrdup(beside ? CPLProjectRelativeFilename(CPLGetPath(path), name) : name);
    CPLDestroyXMLNode(node);
    return full;
}

/* An address that is read as it is written. */
static bool names_memory(const char *text)
{
    return text && strcasestr(text, "MEM:::");
}

static bool find_layout(const char *path, int depth, Layout *layout);

/* The blocks of a source, or of its own source where it is virtual. */
static bool look_into(const char *name, int depth, Layout *layout)
{
    GDALDatasetH data = GDALOpenEx(name, GDAL_OF_RASTER | GDAL_OF_READONLY, NULL, NULL, NULL);
    bool nested, safe = true;

    if (!data)
        return true;
    nested = wf_store_is_virtual(GDALGetDriverShortName(GDALGetDatasetDriver(data)));
    if (GDALGetRasterCount(data) > 0) {
        GDALGetBlockSize(GDALGetRasterBand(data, 1), &layout->width, &layout->height);
        layout->columns = GDALGetRasterXSize(data);
    }
    if (nested && depth < DEPTH_MAX)
        safe = find_layout(name, depth + 1, layout);
    GDALClose(data);
    return safe;
}

/* False: it names memory as a source. */
static bool find_layout(const char *path, int depth, Layout *layout)
{
    char *text = NULL, *name = NULL;
    bool safe = !names_memory(path);

    if (strncmp(path, connection, strlen(connection)) == 0) {
        name = CPLStrdup(path + strlen(connection));
        name[strcspn(name, "?")] = '\0';
    } else if (strncmp(path, derived, strlen(derived)) == 0) {
        const char *colon = strchr(path + strlen(derived), ':');

        name = colon ? CPLStrdup(colon + 1) : NULL;
    } else {
        text = read_text(path);
        safe = safe && !names_memory(text);
        if (text && !read_properties(text, layout))
            name = source_name(text, path);
    }
    if (name && safe)
        safe = look_into(name, depth, layout);
    CPLFree(name);
    CPLFree(text);
    return safe;
}

/* ------------------------------------------------------------------------------- ours */

static int whole_blocks(int block, int wanted, int64_t limit)
{
    int64_t size = (int64_t)block * ((wanted + block - 1) / block);

    return (int)(size < limit ? size : limit);
}

bool wf_store_virtual_blocks(WeftFile *file, WeftErr *err)
{
    Layout layout = { .width = file->block_width, .height = file->block_height };

    if (!find_layout(file->path, 0, &layout))
        return wf_store_refuse_memory(file->path, err);
    if (layout.width >= layout.columns && layout.columns > 0 && layout.width > WANTED) {
        int64_t rows = (1 << 20) / file->grid.width;

        file->block_width = (int)file->grid.width;
        file->block_height =
            whole_blocks(layout.height, rows > 1 ? (int)rows : 1, file->grid.height);
        return true;
    }
    file->block_width = whole_blocks(layout.width, WANTED, file->grid.width);
    file->block_height = whole_blocks(layout.height, WANTED, file->grid.height);
    return true;
}
