/*
 * check_store_mem.c - rasters in memory: their description is copied, blocks come from a function.
 */
#include "rasters.h"

#include "base/err.h"
#include "io/store.h"

static bool fill(void *context, int band, int64_t x, int64_t y, void *pixels, WeftErr *err)
{
    float *out = pixels;

    if (x == 9)
        return wf_fail(err, WEFT_EIO, "no block");
    for (int i = 0; i < 16; i++)
        out[i] = (float)(*(int *)context + band * 1000 + x * 100 + y * 10);
    return true;
}

static int add(WfStores *stores, int *context, const char *mask)
{
    char name[] = "gone";
    WeftBand bands[2] = {
        { .name = name, .type = WEFT_F32, .scale = 1, .mask = "none" },
        { .name = "b",
          .type = WEFT_F32,
          .scale = 1,
          .mask = mask,
          .has_nodata = true,
          .nodata = -1 },
    };
    WeftFile file = { .path = "memory",
                      .driver = "memory",
                      .grid = { .width = 40, .height = 6 },
                      .band_count = 2,
                      .bands = bands,
                      .block_width = 4,
                      .block_height = 4,
                      .compression = "none",
                      .interleave = "band",
                      .bytes = -1 };
    WeftErr err = { 0 };
    int store = wf_stores_add_memory(stores, &file, fill, context, &err);

    ck_assert_int_ge(store, 0);
    name[0] = '?';
    return store;
}

START_TEST(blocks_come_from_the_function)
{
    WfStores *stores = wf_stores_new(NULL);
    int context = 5, store = add(stores, &context, "none"), bands[] = { 2, 1 };
    size_t offsets[] = { 64, 0 };
    float pixels[32];
    int64_t bytes;

    ck_assert(wf_store_read(stores, store, 0, 3, 1, bands, 2, offsets, pixels, &bytes, NULL));
    ck_assert_float_eq(pixels[0], 1315);
    ck_assert_float_eq(pixels[16], 2315);
    ck_assert_int_eq(bytes, 2 * 4 * 2 * 4); /* two rows of the block lie in the raster */
    wf_stores_free(stores);
}
END_TEST

START_TEST(the_description_is_a_copy)
{
    WfStores *stores = wf_stores_new(NULL);
    int context = 0, store = add(stores, &context, "mask");
    WfSource source;
    bool dropped;

    ck_assert_str_eq(wf_stores_file(stores, store)->bands[0].name, "gone");
    ck_assert(wf_stores_source(stores, store, 2, false, &source, &dropped, NULL));
    ck_assert(source.has_nodata && source.nodata == -1 && !dropped);
    ck_assert(wf_stores_source(stores, store, 2, true, &source, &dropped, NULL));
    ck_assert_int_eq(source.band, WF_BAND_MASK + 2);
    wf_stores_free(stores);
}
END_TEST

START_TEST(an_error_of_the_function_names_the_block)
{
    WfStores *stores = wf_stores_new(NULL);
    int context = 0, store = add(stores, &context, "none"), band = 1;
    WeftErr err = { 0 };
    size_t offset = 0;
    float pixels[16];
    int64_t bytes;

    ck_assert(!wf_store_read(stores, store, 0, 9, 1, &band, 1, &offset, pixels, &bytes, &err));
    ck_assert_str_eq(err.message, "no block");
    ck_assert_str_eq(err.path, "memory");
    ck_assert_int_eq(err.block, 19);
    wf_stores_free(stores);
}
END_TEST

CHECK_MAIN("store_mem", blocks_come_from_the_function, the_description_is_a_copy,
           an_error_of_the_function_names_the_block)
