/*
 * check_sink.c - outputs of all kinds: whole under their name or not there, equal when read back.
 */
#include "rasters.h"

#include <math.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pixel.h"
#include "io/sink.h"

static WeftGrid grid;

static WfSinkFile file_of(const char *path, int width, int height, int bands, WeftType type)
{
    grid = (WeftGrid) { .width = width,
                        .height = height,
                        .georeferenced = true,
                        .transform = { 1000, 10, 0, 2000, 0, -10 } };
    return (WfSinkFile) {
        .path = path, .grid = &grid, .band_count = bands, .type = type, .workers = 2
    };
}

static void store_value(WeftType type, double v, char *to)
{
    switch (type) {
    case WEFT_I8:
        *(int8_t *)to = (int8_t)v;
        break;
    case WEFT_U16:
        *(uint16_t *)to = (uint16_t)v;
        break;
    case WEFT_I16:
        *(int16_t *)to = (int16_t)v;
        break;
    case WEFT_U32:
        *(uint32_t *)to = (uint32_t)v;
        break;
    case WEFT_I32:
        *(int32_t *)to = (int32_t)v;
        break;
    case WEFT_U64:
        *(uint64_t *)to = (uint64_t)v;
        break;
    case WEFT_I64:
        *(int64_t *)to = (int64_t)v;
        break;
    case WEFT_F32:
        *(float *)to = (float)v;
        break;
    case WEFT_F64:
        *(double *)to = v;
        break;
    default:
        *(uint8_t *)to = (uint8_t)v;
    }
}

/* What a mask band holds of pixel (col, row). */
static bool is_valid(int64_t col, int64_t row)
{
    return (col + row) % 3 != 0;
}

/* One writer of `count`: every count-th tile of tile_width x tile_height, of all bands and the
 * mask, from buffers with a padded stride. */
typedef struct Writer {
    WfSinks *sinks;
    const WfSinkFile *file;
    int64_t tile_width, tile_height;
    int number, count;
    WeftErr err;
    bool done;
} Writer;

static bool write_tile(Writer *w, int band, WfRect rect)
{
    bool mask = band == w->file->band_count;
    WeftType type = mask ? WEFT_U8 : w->file->type;
    size_t size = (size_t)wf_pixel(type)->bytes;
    size_t stride = ((size_t)wf_rect_width(rect) + 5) * size;
    char *pixels = calloc((size_t)wf_rect_height(rect), stride);
    int64_t bytes;
    bool done;

    for (int64_t y = rect.y0; y < rect.y1; y++)
        for (int64_t x = rect.x0; x < rect.x1; x++)
            store_value(type, mask ? is_valid(x, y) * 255 : pattern(x, y, band + 1),
                        pixels + (size_t)(y - rect.y0) * stride + (size_t)(x - rect.x0) * size);
    done = wf_sink_write(w->sinks, 0, band, rect, type, pixels, stride, &bytes, &w->err);
    if (done && bytes != wf_rect_area(rect) * (int64_t)size)
        done = false;
    free(pixels);
    return done;
}

static void *write_tiles(void *context)
{
    Writer *w = context;
    int bands = w->file->band_count + w->file->has_mask, tile = 0;

    w->done = true;
    for (int64_t y = 0; y < grid.height; y += w->tile_height)
        for (int64_t x = 0; x < grid.width; x += w->tile_width) {
            WfRect rect = wf_rect_meet((WfRect) { 0, 0, grid.width, grid.height },
                                       (WfRect) { x, y, x + w->tile_width, y + w->tile_height });

            if (tile++ % w->count != w->number)
                continue;
            for (int b = 0; w->done && b < bands; b++)
                w->done = write_tile(w, b, rect);
        }
    return NULL;
}

/* Write all tiles (of `blocks` blocks each way) with some threads, and commit. */
static bool write_file(const WfSinkFile *file, int blocks, int threads, WeftErr *err)
{
    WfSinks *sinks = wf_sinks_new(err);
    Writer writers[4];
    pthread_t thread[4];
    int width, height;
    bool done =
        wf_sink_plan(file, &width, &height, err) && wf_sinks_add_file(sinks, file, err) == 0;

    for (int i = 0; done && i < threads; i++) {
        writers[i] =
            (Writer) { sinks, file, width * blocks, height * blocks, i, threads, { 0 }, false };
        pthread_create(&thread[i], NULL, write_tiles, &writers[i]);
    }
    for (int i = 0, started = done ? threads : 0; i < started; i++) {
        pthread_join(thread[i], NULL);
        if (!writers[i].done && done)
            *err = writers[i].err;
        done = done && writers[i].done;
    }
    done = done && wf_sinks_commit(sinks, err);
    wf_sinks_free(sinks);
    return done;
}

/* The file as GDAL reads it: size, type, pixels, georeference, mask. */
static void check_file(const WfSinkFile *file)
{
    GDALDatasetH data = GDALOpen(file->path, GA_ReadOnly);
    int width = (int)grid.width, height = (int)grid.height;
    double *got = malloc((size_t)width * (size_t)height * sizeof *got), transform[6];
    int mask_wrong = 0;

    ck_assert_ptr_nonnull(data);
    ck_assert_int_eq(GDALGetRasterXSize(data), width);
    ck_assert_int_eq(GDALGetRasterYSize(data), height);
    ck_assert_int_eq(GDALGetRasterCount(data), file->band_count);
    ck_assert_int_eq(GDALGetGeoTransform(data, transform), CE_None);
    for (int i = 0; i < 6; i++)
        ck_assert_double_eq(transform[i], grid.transform[i]);
    for (int b = 1; b <= file->band_count; b++) {
        GDALRasterBandH band = GDALGetRasterBand(data, b);
        int flags = GDALGetMaskFlags(band), given, wrong = 0;

        ck_assert_int_eq(
            GDALRasterIO(band, GF_Read, 0, 0, width, height, got, width, height, GDT_Float64, 0, 0),
            CE_None);
        for (int i = 0; i < width * height; i++)
            wrong += got[i] != pattern(i % width, i / width, b);
        ck_assert_msg(wrong == 0, "%s band %d: %d wrong pixels", file->path, b, wrong);
        if (file->type != WEFT_I8) /* GDAL takes it for a byte here */
            ck_assert_msg(flags == (file->has_nodata ? GMF_NODATA
                                    : file->has_mask ? GMF_PER_DATASET
                                                     : GMF_ALL_VALID),
                          "%s: mask flags %d", weft_type_name(file->type), flags);
        if (file->has_nodata && file->type != WEFT_I64 && file->type != WEFT_U64) {
            double nodata = GDALGetRasterNoDataValue(band, &given);

            ck_assert(given && (nodata == file->nodata || (isnan(nodata) && isnan(file->nodata))));
        }
    }
    if (file->has_mask) {
        ck_assert_int_eq(GDALRasterIO(GDALGetMaskBand(GDALGetRasterBand(data, 1)), GF_Read, 0, 0,
                                      width, height, got, width, height, GDT_Float64, 0, 0),
                         CE_None);
        for (int i = 0; i < width * height; i++)
            mask_wrong += (got[i] != 0) != is_valid(i % width, i / width);
        ck_assert_int_eq(mask_wrong, 0);
    }
    GDALClose(data);
    free(got);
}

static void write_and_check(const WfSinkFile *file, int blocks, int threads)
{
    WeftErr err = { 0 };

    ck_assert_msg(write_file(file, blocks, threads, &err), "%s (%s)", err.message, err.hint);
    check_file(file);
}

START_TEST(all_types_and_sizes_read_back_equal)
{
    static const int sizes[][2] = { { 1, 1 },   { 3, 1000 },  { 1000, 3 },  { 20, 20 },
                                    { 64, 64 }, { 513, 511 }, { 600, 300 }, { 1300, 700 } };
    const char *folder = harness_folder(), *path = in_folder(folder, "a.tif");

    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (WeftType type = WEFT_U8; type <= WEFT_BOOL; type++) {
            WfSinkFile file = file_of(path, sizes[s][0], sizes[s][1], (int)type % 3 + 1, type);

            if (s == 7 && type != WEFT_F32 && type != WEFT_U8)
                continue;
            write_and_check(&file, 1, 1);
        }
    ck_assert_int_eq(count_files(folder, "a"), 1);
}
END_TEST

START_TEST(nodata_is_set_and_moves_no_pixel)
{
    static const struct {
        WeftType type;
        double nodata;
    } cases[] = { { WEFT_U8, 255 },
                  { WEFT_I16, -32768 },
                  { WEFT_F32, NAN },
                  { WEFT_F64, -1e300 },
                  { WEFT_I8, -128 },
                  { WEFT_I64, -9007199254740992 },
                  { WEFT_U64, 18446744073709549568.0 } };
    const char *path = in_folder(harness_folder(), "a.tif");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfSinkFile file = file_of(path, 700, 300, 2, cases[i].type);

        file.has_nodata = true;
        file.nodata = cases[i].nodata;
        write_and_check(&file, 1, 1);
    }
}
END_TEST

START_TEST(nodata_of_64_bit_integers_is_written_exactly)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WfSinkFile file = file_of(path, 30, 20, 1, WEFT_I64);
    GDALDatasetH data;
    int given;

    file.has_nodata = true;
    file.nodata = -9223372036854775808.0;
    write_and_check(&file, 1, 1);
    data = GDALOpen(path, GA_ReadOnly);
    ck_assert(GDALGetRasterNoDataValueAsInt64(GDALGetRasterBand(data, 1), &given) == INT64_MIN);
    GDALClose(data);
}
END_TEST

START_TEST(compressed_files_read_back_equal)
{
    static const struct {
        WeftType type;
        const char *compress;
        int predictor, level;
    } cases[] = { { WEFT_U8, "deflate", 2, 9 },
                  { WEFT_F32, "deflate", 3, 0 },
                  { WEFT_I16, "lzw", 2, 0 },
                  { WEFT_F64, "zstd", 0, 3 },
                  { WEFT_U16, "LERC", 0, 0 } };
    const char *path = in_folder(harness_folder(), "a.tif");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfSinkFile file = file_of(path, 700, 600, 2, cases[i].type);

        file.compress = cases[i].compress;
        file.predictor = cases[i].predictor;
        file.level = cases[i].level;
        file.has_nodata = true;
        file.nodata = 200;
        write_and_check(&file, 1, 3);
    }
}
END_TEST

START_TEST(several_workers_write_tiles_of_several_blocks)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WfSinkFile file = file_of(path, 1300, 700, 3, WEFT_U16);

    file.blocksize = 64;
    write_and_check(&file, 1, 4);
    write_and_check(&file, 3, 4);
    file.compress = "lzw";
    write_and_check(&file, 3, 4);
}
END_TEST

START_TEST(a_mask_lies_inside_the_file)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "a.tif");
    static const char *const compress[] = { NULL, "deflate" };

    for (int i = 0; i < 2; i++) {
        WfSinkFile file = file_of(path, 700, 600, 2, WEFT_F32);

        file.has_mask = true;
        file.compress = compress[i];
        write_and_check(&file, 1, 2);
        ck_assert_int_eq(count_files(folder, "a"), 1);
    }
}
END_TEST

START_TEST(options_that_change_the_layout_read_back_equal)
{
    static const char *const lists[][3] = {
        { "TILED=NO", NULL },
        { "INTERLEAVE=PIXEL", NULL },
        { "INTERLEAVE=PIXEL", "COMPRESS=DEFLATE", NULL },
        { "TILED=NO", "COMPRESS=LZW", NULL },
        { "ENDIANNESS=BIG", NULL },
        { "BIGTIFF=YES", "BLOCKXSIZE=128", NULL },
        { "SPARSE_OK=TRUE", NULL },
    };
    const char *path = in_folder(harness_folder(), "a.tif");

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        WfSinkFile file = file_of(path, 700, 300, 3, WEFT_U16);

        file.options = lists[i];
        write_and_check(&file, 1, 2);
    }
}
END_TEST

START_TEST(four_byte_bands_are_no_alpha)
{
    const char *path = in_folder(harness_folder(), "a.tif");

    for (int i = 0; i < 2; i++) {
        WfSinkFile file = file_of(path, 100, 100, 4 + i, WEFT_U8);

        write_and_check(&file, 1, 1);
        file.options = (const char *const[]) { "INTERLEAVE=PIXEL", NULL };
        write_and_check(&file, 1, 1);
    }
}
END_TEST

START_TEST(other_formats_read_back_equal)
{
    static const struct {
        const char *format, *name;
        WeftType type;
        int bands;
    } cases[] = { { "COG", "a.tif", WEFT_F32, 2 },  { "PNG", "a.png", WEFT_U8, 1 },
                  { "ENVI", "a.img", WEFT_I16, 2 }, { "HFA", "b.img", WEFT_F64, 1 },
                  { "png", "b.png", WEFT_U16, 3 },  { "ENVI", "plain", WEFT_U8, 1 } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *folder = harness_folder();
        WfSinkFile file =
            file_of(in_folder(folder, cases[i].name), 700, 600, cases[i].bands, cases[i].type);

        if (!GDALGetDriverCount())
            GDALAllRegister();
        if (!GDALGetDriverByName(cases[i].format))
            continue;
        file.format = cases[i].format;
        write_and_check(&file, 1, 2);
        ck_assert_int_eq(count_files(folder, ".part"), 0);
    }
}
END_TEST

START_TEST(a_cog_is_a_cog)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WfSinkFile file = file_of(path, 700, 600, 1, WEFT_F32);
    GDALDatasetH data;

    file.format = "COG";
    file.compress = "deflate";
    file.level = 9;
    file.predictor = 3;
    file.blocksize = 256;
    file.has_nodata = true;
    file.nodata = NAN;
    write_and_check(&file, 1, 2);
    data = GDALOpen(path, GA_ReadOnly);
    ck_assert_str_eq(GDALGetMetadataItem(data, "LAYOUT", "IMAGE_STRUCTURE"), "COG");
    ck_assert_int_gt(GDALGetOverviewCount(GDALGetRasterBand(data, 1)), 0);
    GDALClose(data);
}
END_TEST

START_TEST(nothing_stands_under_the_name_before_the_commit)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "a.tif");
    WfSinkFile file = file_of(path, 100, 100, 1, WEFT_U8);
    WeftErr err = { 0 };
    WfSinks *sinks = wf_sinks_new(&err);

    ck_assert_int_eq(wf_sinks_add_file(sinks, &file, &err), 0);
    ck_assert_int_eq(access(path, F_OK), -1);
    ck_assert_int_eq(count_files(folder, ".part"), 1);
    wf_sinks_free(sinks);
    ck_assert_int_eq(count_files(folder, "a"), 0);
}
END_TEST

START_TEST(an_older_file_stays_until_the_commit)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "a.tif");
    WfSinkFile file = file_of(path, 100, 100, 1, WEFT_U8);
    WeftErr err = { 0 };
    WfSinks *sinks = wf_sinks_new(&err);
    struct stat before, after;

    write_and_check(&file, 1, 1);
    stat(path, &before);
    ck_assert_int_eq(wf_sinks_add_file(sinks, &file, &err), 0);
    wf_sinks_free(sinks);
    stat(path, &after);
    ck_assert(before.st_ino == after.st_ino);
    check_file(&file);
}
END_TEST

START_TEST(what_lay_beside_an_older_file_goes)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "a.tif");
    static const char *const beside[] = { "a.tif.aux.xml", "a.tif.msk", "a.tif.ovr" };
    WfSinkFile file = file_of(path, 100, 100, 1, WEFT_U8);

    for (int i = 0; i < 3; i++)
        fclose(fopen(in_folder(folder, beside[i]), "w"));
    write_and_check(&file, 1, 1);
    ck_assert_int_eq(count_files(folder, "a.tif."), 0);
}
END_TEST

START_TEST(what_a_driver_puts_beside_its_file_moves_along)
{
    const char *folder = harness_folder();
    WfSinkFile file = file_of(in_folder(folder, "a.png"), 50, 40, 1, WEFT_U8);

    file.format = "PNG";
    write_and_check(&file, 1, 1);
    ck_assert_int_eq(access(in_folder(folder, "a.png.aux.xml"), F_OK), 0);
}
END_TEST

START_TEST(removing_temporaries_leaves_finished_files)
{
    const char *folder = harness_folder();
    WfSinkFile file = file_of(in_folder(folder, "a.tif"), 100, 100, 1, WEFT_U8);
    WeftErr err = { 0 };
    WfSinks *sinks = wf_sinks_new(&err);

    write_and_check(&file, 1, 1);
    file.path = in_folder(folder, "b.tif");
    ck_assert_int_eq(wf_sinks_add_file(sinks, &file, &err), 0);
    file.path = in_folder(folder, "c.tif");
    ck_assert_int_eq(wf_sinks_add_file(sinks, &file, &err), 1);
    wf_sinks_remove_temporaries();
    ck_assert_int_eq(count_files(folder, ".part"), 0);
    ck_assert_int_eq(count_files(folder, "a.tif"), 1);
    wf_sinks_free(sinks);
}
END_TEST

START_TEST(a_link_is_written_through)
{
    const char *folder = harness_folder();
    const char *target = in_folder(folder, "target.tif"), *name = in_folder(folder, "link.tif");
    WfSinkFile file = file_of(target, 30, 30, 1, WEFT_U8);
    struct stat found;

    write_and_check(&file, 1, 1);
    ck_assert_int_eq(symlink(target, name), 0);
    ck_assert_int_eq(chmod(target, 0640), 0);
    file = file_of(name, 40, 30, 1, WEFT_U8);
    write_and_check(&file, 1, 1);
    ck_assert(lstat(name, &found) == 0 && S_ISLNK(found.st_mode));
    ck_assert(stat(target, &found) == 0 && (found.st_mode & 0777) == 0640);
}
END_TEST

START_TEST(durable_and_kept_files_are_written)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WfSinkFile file = file_of(path, 300, 300, 1, WEFT_U8);
    WeftErr err = { 0 };

    file.durable = file.keep = true;
    write_and_check(&file, 1, 1);
    ck_assert(!write_file(&file, 1, 1, &err));
    ck_assert_ptr_nonnull(strstr(err.message, "exists already"));
}
END_TEST

START_TEST(names_and_system_are_written)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WfSinkFile file = file_of(path, 30, 30, 2, WEFT_F32);
    GDALDatasetH data;

    grid.crs = SRS_WKT_WGS84_LAT_LONG;
    file.names = (const char *const[]) { "red", "near infrared" };
    write_and_check(&file, 1, 1);
    data = GDALOpen(path, GA_ReadOnly);
    ck_assert_str_eq(GDALGetDescription(GDALGetRasterBand(data, 2)), "near infrared");
    ck_assert_ptr_nonnull(strstr(GDALGetProjectionRef(data), "\"WGS 84\""));
    GDALClose(data);
}
END_TEST

START_TEST(a_tile_off_the_block_grid_is_refused)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WfSinkFile file = file_of(path, 1300, 1300, 1, WEFT_U8);
    WeftErr err = { 0 };
    WfSinks *sinks = wf_sinks_new(&err);
    uint8_t pixels[16] = { 0 };
    int64_t bytes;

    ck_assert_int_eq(wf_sinks_add_file(sinks, &file, &err), 0);
    ck_assert(
        !wf_sink_write(sinks, 0, 0, (WfRect) { 0, 0, 4, 4 }, WEFT_U8, pixels, 4, &bytes, &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    wf_sinks_free(sinks);
}
END_TEST

CHECK_MAIN("sink", all_types_and_sizes_read_back_equal, nodata_is_set_and_moves_no_pixel,
           nodata_of_64_bit_integers_is_written_exactly, compressed_files_read_back_equal,
           several_workers_write_tiles_of_several_blocks, a_mask_lies_inside_the_file,
           options_that_change_the_layout_read_back_equal, four_byte_bands_are_no_alpha,
           other_formats_read_back_equal, a_cog_is_a_cog,
           nothing_stands_under_the_name_before_the_commit, an_older_file_stays_until_the_commit,
           what_lay_beside_an_older_file_goes, what_a_driver_puts_beside_its_file_moves_along,
           removing_temporaries_leaves_finished_files, a_link_is_written_through,
           durable_and_kept_files_are_written, names_and_system_are_written,
           a_tile_off_the_block_grid_is_refused)
