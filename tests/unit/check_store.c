/*
 * check_store.c - the set of stores: numbers for paths, sources, bands that are not there.
 */
#include "rasters.h"

#include <unistd.h>

#include "io/store.h"

START_TEST(the_same_file_has_the_same_number_under_any_name)
{
    const char *folder = harness_folder();
    const char *path = in_folder(folder, "a.tif"), *other = in_folder(folder, "b.tif");
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    int first;

    make_tiff(path, 20, 20, 1, GDT_Byte, "");
    ck_assert_int_eq(symlink(path, other), 0);
    first = wf_stores_open(stores, path, &err);
    ck_assert_int_eq(first, 0);
    ck_assert_int_eq(wf_stores_open(stores, path, &err), first);
    ck_assert_int_eq(wf_stores_open(stores, other, &err), first);
    ck_assert_str_eq(wf_stores_file(stores, first)->path, path);
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_new_file_of_an_old_name_gets_a_new_number)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    int first, second;

    make_tiff(path, 20, 20, 1, GDT_Byte, "");
    first = wf_stores_open(stores, path, &err);
    unlink(path);
    make_tiff(path, 30, 20, 1, GDT_Byte, "");
    second = wf_stores_open(stores, path, &err);
    ck_assert_int_ne(first, second);
    ck_assert_int_eq(wf_stores_file(stores, second)->grid.width, 30);
    ck_assert_int_eq(wf_stores_open(stores, path, &err), second);
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_source_says_how_a_band_is_read)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    WfSource source;
    bool dropped;
    int store;

    make_tiff(path, 100, 50, 3, GDT_Int16, "TILED=YES BLOCKXSIZE=32 BLOCKYSIZE=16");
    store = wf_stores_open(stores, path, &err);
    ck_assert(wf_stores_source(stores, store, 3, false, &source, &dropped, &err));
    ck_assert(source.store == store && source.band == 3 && source.type == WEFT_I16);
    ck_assert(source.width == 100 && source.height == 50 && source.dx == 0 && source.dy == 0);
    ck_assert(source.block_width == 32 && source.block_height == 16);
    ck_assert(!source.has_nodata && !dropped && !source.lossy);
    ck_assert_str_eq(source.path, path);
    wf_stores_free(stores);
}
END_TEST

START_TEST(what_is_compressed_or_not_plain_is_costly)
{
    static const struct {
        const char *driver, *name, *options;
        bool costly;
    } files[] = {
        { "GTiff", "plain.tif", "TILED=YES", false },
        { "GTiff", "packed.tif", "COMPRESS=DEFLATE", true },
        { "ENVI", "plain.img", "", false },
        { "HFA", "other.img", "", true },
    };
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    WfSource source;
    bool dropped;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *path = in_folder(harness_folder(), files[i].name);
        int store;

        GDALClose(make_raster(files[i].driver, path, 20, 20, 1, GDT_Byte, files[i].options));
        store = wf_stores_open(stores, path, &err);
        ck_assert(wf_stores_source(stores, store, 1, false, &source, &dropped, &err));
        ck_assert_msg(source.costly == files[i].costly, "%s", path);
    }
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_band_that_is_not_there_is_an_error)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    WfSource source;
    bool dropped;

    make_tiff(path, 10, 10, 2, GDT_Byte, "");
    ck_assert_int_eq(wf_stores_open(stores, path, &err), 0);
    ck_assert(!wf_stores_source(stores, 0, 3, false, &source, &dropped, &err));
    ck_assert_int_eq(err.code, WEFT_ENAME);
    ck_assert_ptr_nonnull(strstr(err.message, "has 2 bands, there is no band 3"));
    ck_assert(!wf_stores_has_mask(stores, 0, 3));
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_mask_that_is_not_there_is_an_error)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    WfSource source;
    bool dropped;

    make_tiff(path, 10, 10, 1, GDT_Byte, "");
    ck_assert_int_eq(wf_stores_open(stores, path, &err), 0);
    ck_assert(!wf_stores_source(stores, 0, 1, true, &source, &dropped, &err));
    wf_stores_free(stores);
}
END_TEST

START_TEST(a_failed_open_leaves_the_set_as_it_was)
{
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    const char *path = in_folder(harness_folder(), "a.tif");

    make_tiff(path, 10, 10, 1, GDT_Byte, "");
    ck_assert_int_eq(wf_stores_open(stores, "/nowhere.tif", &err), -1);
    err = (WeftErr) { 0 };
    ck_assert_int_eq(wf_stores_open(stores, path, &err), 0);
    wf_stores_free(stores);
}
END_TEST

START_TEST(any_failed_allocation_is_an_error)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    bool done = false;

    make_tiff(path, 20, 20, 3, GDT_Byte, "");
    for (int n = 1; n < 200 && !done; n++) {
        WeftErr err = { 0 };
        WfText text = { 0 };
        WfStores *stores;
        int store;

        wf_mem_fail_at(n);
        stores = wf_stores_new(&err);
        store = stores ? wf_stores_open(stores, path, &err) : -1;
        done = store >= 0 && wf_stores_hands(stores, 3, &err) &&
               wf_store_info(stores, store, &text, &err) &&
               wf_stores_add_memory(stores, wf_stores_file(stores, store), NULL, NULL, &err) == 1;
        wf_mem_fail_at(0);
        ck_assert(done ? err.code == WEFT_OK : err.code == WEFT_EMEM);
        wf_text_free(&text);
        wf_stores_free(stores);
    }
    ck_assert(done);
}
END_TEST

CHECK_MAIN("store", any_failed_allocation_is_an_error,
           the_same_file_has_the_same_number_under_any_name,
           a_new_file_of_an_old_name_gets_a_new_number, a_source_says_how_a_band_is_read,
           what_is_compressed_or_not_plain_is_costly, a_band_that_is_not_there_is_an_error,
           a_mask_that_is_not_there_is_an_error, a_failed_open_leaves_the_set_as_it_was)
