/*
 * check_sink.c - outputs: whole under their name or not there, equal when read back.
 */
#include "writers.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/litter.h"

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
    wf_litter_remove_all();
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

START_TEST(any_failed_allocation_is_an_error_and_leaves_nothing)
{
    const char *folder = harness_folder();
    WfSinkFile file = file_of(in_folder(folder, "a.tif"), 100, 100, 2, WEFT_U8);

    for (int kind = 0; kind < 3; kind++) {
        bool done = false;

        file.compress = kind == 1 ? "lzw" : NULL;
        file.format = kind == 2 ? "COG" : NULL;
        for (int n = 1; n < 100 && !done; n++) {
            WeftErr err = { 0 };

            wf_mem_fail_at(n);
            done = write_file(&file, 1, 1, &err);
            wf_mem_fail_at(0);
            ck_assert(done ? err.code == WEFT_OK : err.code == WEFT_EMEM);
            ck_assert_int_eq(count_files(folder, "a"), done);
        }
        ck_assert(done);
        unlink(file.path);
    }
}
END_TEST

CHECK_MAIN("sink", any_failed_allocation_is_an_error_and_leaves_nothing,
           all_types_and_sizes_read_back_equal, nodata_is_set_and_moves_no_pixel,
           nodata_of_64_bit_integers_is_written_exactly,
           several_workers_write_tiles_of_several_blocks,
           nothing_stands_under_the_name_before_the_commit, an_older_file_stays_until_the_commit,
           what_lay_beside_an_older_file_goes, removing_temporaries_leaves_finished_files,
           a_link_is_written_through, durable_and_kept_files_are_written,
           names_and_system_are_written, a_tile_off_the_block_grid_is_refused)
