/*
 * check_hands.c - handles: one for each hand and file, no more than half of what may be open.
 */
#include "rasters.h"

#include <pthread.h>
#include <sys/resource.h>

#include "io/store.h"

static int open_files(void)
{
    char **names = VSIReadDir("/proc/self/fd");
    int count = CSLCount(names);

    CSLDestroy(names);
    return count;
}

static bool read_first(WfStores *stores, int store, int hand)
{
    WeftErr err = { 0 };
    size_t offset = 0;
    uint8_t pixels[256];
    int64_t bytes;
    int band = 1;

    return wf_store_read(stores, store, hand, 0, 0, &band, 1, &offset, pixels, &bytes, &err) &&
           pixels[15] == (uint8_t)pattern(15, 0, 1);
}

START_TEST(few_files_stay_open_and_all_are_read)
{
    enum { FILES = 60 };
    const char *folder = harness_folder();
    struct rlimit limit = { 64, 64 };
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    char name[32];
    int before;

    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "%d.tif", i);
        make_tiff(in_folder(folder, name), 16, 16, 1, GDT_Byte, "");
    }
    before = open_files();
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "%d.tif", i);
        ck_assert_msg(wf_stores_open(stores, in_folder(folder, name), &err) == i, "%s",
                      err.message);
    }
    ck_assert(wf_stores_hands(stores, 4, &err));
    for (int i = 0; i < FILES; i++)
        for (int hand = 0; hand < 4; hand++)
            ck_assert(read_first(stores, i, hand));
    ck_assert_int_le(open_files() - before, 32);
    wf_stores_free(stores);
    ck_assert_int_eq(open_files(), before);
}
END_TEST

START_TEST(a_handle_stays_open_between_blocks)
{
    const char *path = in_folder(harness_folder(), "a.tif");
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    int before;

    make_tiff(path, 16, 16, 1, GDT_Byte, "");
    ck_assert_int_eq(wf_stores_open(stores, path, &err), 0);
    ck_assert(wf_stores_hands(stores, 3, &err));
    ck_assert(read_first(stores, 0, 2));
    before = open_files();
    ck_assert(read_first(stores, 0, 2) && read_first(stores, 0, 0));
    ck_assert_int_eq(open_files(), before);
    ck_assert(wf_stores_hands(stores, 1, &err));
    ck_assert_int_eq(open_files(), before - 1);
    wf_stores_free(stores);
}
END_TEST

typedef struct Reader {
    WfStores *stores;
    int hand, wrong;
} Reader;

static void *read_all(void *context)
{
    Reader *reader = context;

    for (int turn = 0; turn < 40; turn++) {
        uint8_t pixels[64 * 64];
        size_t offset = 0;
        int64_t bytes;
        int band = turn % 3 + 1, x = turn % 4, y = turn / 4 % 4;

        if (!wf_store_read(reader->stores, turn % 2, reader->hand, x, y, &band, 1, &offset, pixels,
                           &bytes, NULL))
            reader->wrong++;
        for (int i = 0; i < 64 * 64; i++)
            reader->wrong += pixels[i] != (uint8_t)pattern(x * 64 + i % 64, y * 64 + i / 64, band);
    }
    return NULL;
}

START_TEST(hands_read_at_the_same_time)
{
    const char *folder = harness_folder();
    WeftErr err = { 0 };
    WfStores *stores = wf_stores_new(&err);
    pthread_t threads[4];
    Reader readers[4];

    make_tiff(in_folder(folder, "a.tif"), 256, 256, 3, GDT_Byte,
              "TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64 COMPRESS=DEFLATE");
    make_tiff(in_folder(folder, "b.tif"), 256, 256, 3, GDT_Byte,
              "TILED=YES BLOCKXSIZE=64 BLOCKYSIZE=64 COMPRESS=LZW INTERLEAVE=BAND");
    ck_assert_int_eq(wf_stores_open(stores, in_folder(folder, "a.tif"), &err), 0);
    ck_assert_int_eq(wf_stores_open(stores, in_folder(folder, "b.tif"), &err), 1);
    ck_assert(wf_stores_hands(stores, 4, &err));
    for (int i = 0; i < 4; i++) {
        readers[i] = (Reader) { .stores = stores, .hand = i };
        pthread_create(&threads[i], NULL, read_all, &readers[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(readers[i].wrong, 0);
    }
    wf_stores_free(stores);
}
END_TEST

CHECK_MAIN("hands", few_files_stay_open_and_all_are_read, a_handle_stays_open_between_blocks,
           hands_read_at_the_same_time)
