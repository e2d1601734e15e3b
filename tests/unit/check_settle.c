/* check_settle.c - type, sentinel, casts and counts of saved bands. */
#include "harness.h"

#include <float.h>

#include "bands.h"
#include "pass/settle.h"

typedef struct Settled {
    WeftNode node[4], mask[4];
    WfStorage storage;
    bool done;
} Settled;

/* A format without some ways to say what is invalid, or some types: bits by their number. */
typedef struct Lacks {
    unsigned kinds, types;
} Lacks;

static WfHolds lacking(void *context, const WfStorage *storage, const WeftRange *ranges,
                       WeftErr *err)
{
    const Lacks *lacks = context;

    (void)ranges;
    if (!(lacks->kinds >> storage->kind & 1) && !(lacks->types >> storage->type & 1))
        return WF_HOLDS;
    wf_fail(err, WEFT_EARG, "the format lacks it");
    return WF_HOLDS_NOT;
}

static Settled settle_as(WfGraph *g, WeftSave save, const WeftNode *bands, int count, Lacks lacks)
{
    const WfFormat format = { .holds = lacking, .context = &lacks };
    Settled s = { .done = false };

    save.bands = bands;
    save.band_count = count;
    s.done = wf_settle(g, &save, bands, &format, s.node, s.mask, &s.storage, &bands_err);
    bands_sound(g);
    return s;
}

static Settled settle_all(WfGraph *g, WeftSave save, const WeftNode *bands, int count)
{
    Settled s = { .done = false };

    save.bands = bands;
    save.band_count = count;
    s.done = wf_settle(g, &save, bands, NULL, s.node, s.mask, &s.storage, &bands_err);
    bands_sound(g);
    return s;
}

static Settled settle(WfGraph *g, WeftSave save, WeftNode band)
{
    Settled s = settle_all(g, save, &band, 1);

    bands_ok();
    ck_assert(s.done);
    return s;
}

/* "seal(collide(cast(load)))": the operators from a node down its first inputs. */
static const char *path_of(const WfGraph *g, WeftNode node)
{
    static char text[200];

    text[0] = '\0';
    for (;;) {
        strncat(text, bands_name(g, node), 40);
        if (g->nodes[node].input_count == 0)
            return text;
        strcat(text, " ");
        node = g->nodes[node].inputs[0];
    }
}

static WeftNode unknown(WfGraph *g)
{
    return bands_op(g, "sqrt", 1, bands_load(g, WEFT_F32));
}

START_TEST(without_a_type_the_bands_common_one_is_stored)
{
    static const struct {
        WeftType a, b, stored;
    } cases[] = { { WEFT_U8, WEFT_U8, WEFT_U8 },
                  { WEFT_U8, WEFT_I8, WEFT_I16 },
                  { WEFT_F32, WEFT_U16, WEFT_F32 },
                  { WEFT_F32, WEFT_I32, WEFT_F64 },
                  { WEFT_BOOL, WEFT_BOOL, WEFT_U8 } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode bands[] = { bands_load(g, cases[i].a), bands_load(g, cases[i].b) };
        Settled s = settle_all(g, (WeftSave) { 0 }, bands, 2);

        ck_assert(s.done);
        ck_assert_int_eq(s.storage.type, cases[i].stored);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(what_is_never_invalid_has_no_sentinel)
{
    WfGraph *g = bands_graph();
    Settled s = settle(g, (WeftSave) { 0 }, bands_load(g, WEFT_U8));

    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_NONE);
    ck_assert_str_eq(path_of(g, s.node[0]), "load");
    wf_graph_free(g);
}
END_TEST

START_TEST(floats_are_sealed_with_nan)
{
    WfGraph *g = bands_graph();
    Settled s = settle(g, (WeftSave) { 0 }, unknown(g));

    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_VALUE);
    ck_assert(isnan(s.storage.nodata));
    ck_assert_str_eq(path_of(g, s.node[0]), "seal sqrt load");
    ck_assert_int_eq(g->nodes[s.node[0]].type, WEFT_F32);
    wf_graph_free(g);
}
END_TEST

START_TEST(the_default_sentinel_lies_outside_the_interval)
{
    static const struct {
        WeftType file;
        double low, high, nodata;
    } cases[] = {
        { WEFT_U8, 0, 254, 255 },        { WEFT_U8, 1, 255, 0 },
        { WEFT_I16, -100, 100, -32768 }, { WEFT_I16, -32768, 100, 32767 },
        { WEFT_U16, 0, 9, 65535 },       { WEFT_I8, -5, 127, -128 },
        { WEFT_U32, 0, 9, 4294967295 },  { WEFT_I32, 0, 9, -2147483648 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftArg args[] = { bands_arg(cases[i].low, true), bands_arg(cases[i].high, true) };
        WeftNode gaps = bands_op(g, "add", 2, bands_gaps(g, cases[i].file, 7), bands_int(g, 0));
        WeftNode x = bands_with(g, "clamp", gaps, 2, args);
        Settled s = settle(g, (WeftSave) { .type = cases[i].file }, x);

        ck_assert_int_eq(s.storage.type, cases[i].file);
        ck_assert_int_eq(s.storage.kind, WF_SENTINEL_VALUE);
        ck_assert_msg(s.storage.nodata == cases[i].nodata, "case %zu: %.17g", i, s.storage.nodata);
        ck_assert_str_eq(path_of(g, s.node[0]), "seal clamp add load");
        ck_assert_double_eq(bands_value(g, s.node[0], (double[]) { NAN }), cases[i].nodata);
        ck_assert_double_eq(bands_value(g, s.node[0], (double[]) { 7 }), 7);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(a_type_without_a_free_value_gets_a_mask_band)
{
    WfGraph *g = bands_graph();
    WeftNode sum = bands_op(g, "add", 2, bands_gaps(g, WEFT_U8, 7), bands_int(g, 0));
    Settled s = settle(g, (WeftSave) { 0 }, sum);

    ck_assert_int_eq(s.storage.type, WEFT_U8);
    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_MASK);
    ck_assert_double_eq(bands_value(g, s.node[0], (double[]) { NAN }), 0);
    ck_assert_double_eq(bands_value(g, s.mask[0], (double[]) { NAN }), 0);
    ck_assert_double_eq(bands_value(g, s.mask[0], (double[]) { 3 }), 1);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_mask_band_is_valid_where_all_bands_are)
{
    WfGraph *g = bands_graph();
    WeftNode bands[] = { bands_gaps(g, WEFT_U8, 7), unknown(g) };
    Settled s = settle_as(g, (WeftSave) { .mask_band = true }, bands, 2,
                          (Lacks) { .kinds = 1u << WF_SENTINEL_MASKS });

    ck_assert(s.done);
    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_MASK);
    ck_assert_double_eq(bands_value(g, s.mask[0], (double[]) { 1, 1 }), 1);
    ck_assert_double_eq(bands_value(g, s.mask[0], (double[]) { 1, NAN }), 0);
    ck_assert_double_eq(bands_value(g, s.mask[0], (double[]) { NAN, 1 }), 0);
    ck_assert_int_eq(g->nodes[s.mask[0]].type, WEFT_BOOL);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_hillshade_marks_invalid_with_0)
{
    WfGraph *g = bands_graph();
    WeftNode shade = bands_op(g, "hillshade", 1, bands_gaps(g, WEFT_F32, -9999));
    WeftNode again = bands_op(g, "hillshade", 1, bands_load(g, WEFT_U8));
    WeftNode both[] = { shade, again }, mixed[] = { shade, bands_gaps(g, WEFT_U8, 7) };
    Settled s = settle(g, (WeftSave) { 0 }, shade);

    ck_assert_int_eq(s.storage.type, WEFT_U8);
    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_VALUE);
    ck_assert_double_eq(s.storage.nodata, 0);
    ck_assert_str_eq(path_of(g, s.node[0]), "seal hillshade load");
    s = settle(g, (WeftSave) { .has_nodata = true, .nodata = 200 }, shade);
    ck_assert_double_eq(s.storage.nodata, 200);
    ck_assert_str_eq(path_of(g, s.node[0]), "seal collide hillshade load");
    s = settle_all(g, (WeftSave) { 0 }, both, 2);
    ck_assert_double_eq(s.storage.nodata, 0);
    s = settle_all(g, (WeftSave) { 0 }, mixed, 2); /* 0 is a value of the other */
    ck_assert_int_eq(s.storage.type, WEFT_U16);
    ck_assert_double_eq(s.storage.nodata, 65535);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_copy_keeps_the_sources_sentinel_without_a_check)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_gaps(g, WEFT_U8, 7);
    WeftNode masked = bands_op(g, "mask", 2, x, bands_op(g, "gt", 2, x, bands_int(g, 3)));
    Settled copy = settle(g, (WeftSave) { 0 }, x), mask = settle(g, (WeftSave) { 0 }, masked);

    ck_assert_double_eq(copy.storage.nodata, 7);
    ck_assert_str_eq(path_of(g, copy.node[0]), "seal load");
    ck_assert_double_eq(mask.storage.nodata, 7);
    ck_assert_str_eq(path_of(g, mask.node[0]), "seal mask load");
    wf_graph_free(g);
}
END_TEST

START_TEST(a_choice_from_one_source_keeps_its_sentinel)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_gaps(g, WEFT_U8, 7), c = bands_op(g, "gt", 2, x, bands_int(g, 3));
    Settled s = settle(g, (WeftSave) { 0 }, bands_op(g, "where", 3, c, x, bands_int(g, 9)));
    Settled hit = settle(g, (WeftSave) { 0 }, bands_op(g, "where", 3, c, x, bands_int(g, 7)));
    WeftNode other = bands_gaps(g, WEFT_U8, 8);
    Settled two = settle(g, (WeftSave) { 0 }, bands_op(g, "where", 3, c, x, other));

    ck_assert_double_eq(s.storage.nodata, 7);
    ck_assert_str_eq(path_of(g, s.node[0]), "seal where gt load");
    ck_assert_double_eq(hit.storage.nodata, 7);
    ck_assert_str_eq(path_of(g, hit.node[0]), "seal collide where gt load");
    ck_assert_int_eq(two.storage.kind, WF_SENTINEL_MASK);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_sentinel_the_type_cannot_hold_is_not_kept)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_gaps(g, WEFT_I16, -9999);
    Settled s = settle(g, (WeftSave) { .type = WEFT_U8 }, x);

    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_MASK); /* the cast may give any u8 */
    wf_graph_free(g);
}
END_TEST

START_TEST(arithmetic_does_not_keep_the_sources_sentinel)
{
    WfGraph *g = bands_graph();
    WeftNode sum = bands_op(g, "add", 2, bands_gaps(g, WEFT_U8, 7), bands_int(g, 1));
    Settled s = settle(g, (WeftSave) { 0 }, sum);

    ck_assert_int_eq(s.storage.type, WEFT_I16);
    ck_assert_double_eq(s.storage.nodata, -32768);
    wf_graph_free(g);
}
END_TEST

START_TEST(the_users_sentinel_is_checked_against_valid_values)
{
    WfGraph *g = bands_graph();
    WeftSave save = { .has_nodata = true, .nodata = 0, .collide = "nudge" };
    Settled s = settle(g, save, bands_gaps(g, WEFT_U8, 7));

    ck_assert_double_eq(s.storage.nodata, 0);
    ck_assert_str_eq(path_of(g, s.node[0]), "seal collide load");
    ck_assert_double_eq(bands_value(g, s.node[0], (double[]) { NAN }), 0);
    ck_assert_double_eq(bands_value(g, s.node[0], (double[]) { 0 }), 1);
    wf_graph_free(g);
}
END_TEST

START_TEST(the_users_sentinel_outside_the_interval_needs_no_check)
{
    WfGraph *g = bands_graph();
    WeftSave save = { .type = WEFT_I16, .has_nodata = true, .nodata = -1 };
    Settled s = settle(g, save, bands_gaps(g, WEFT_U8, 7));

    ck_assert_str_eq(path_of(g, s.node[0]), "seal load");
    ck_assert_double_eq(bands_value(g, s.node[0], (double[]) { NAN }), -1);
    wf_graph_free(g);
}
END_TEST

START_TEST(valid_bands_are_checked_against_the_users_sentinel_too)
{
    WfGraph *g = bands_graph();
    Settled s = settle(g, (WeftSave) { .has_nodata = true, .nodata = 0 }, bands_load(g, WEFT_U8));

    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_VALUE);
    ck_assert_str_eq(path_of(g, s.node[0]), "collide load");
    wf_graph_free(g);
}
END_TEST

START_TEST(a_real_sentinel_is_rounded_as_the_file_rounds)
{
    WfGraph *g = bands_graph();
    WeftSave save = { .has_nodata = true, .nodata = -9999.1 };
    Settled s = settle(g, save, unknown(g));

    ck_assert_double_eq(s.storage.nodata, (double)-9999.1f);
    ck_assert_str_eq(path_of(g, s.node[0]), "seal collide sqrt load");
    ck_assert(!g->nodes[s.node[0]].wide);
    wf_graph_free(g);
}
END_TEST

START_TEST(an_f32_band_saved_as_f64_holds_the_sentinel_exactly)
{
    WfGraph *g = bands_graph();
    WeftSave save = { .type = WEFT_F64, .has_nodata = true, .nodata = -9999.1 };
    Settled s = settle(g, save, unknown(g));

    ck_assert_double_eq(s.storage.nodata, -9999.1);
    ck_assert(g->nodes[s.node[0]].wide);
    ck_assert_double_eq(bands_value(g, s.node[0], (double[]) { NAN }), -9999.1);
    wf_graph_free(g);
}
END_TEST

START_TEST(collisions_are_of_stored_values)
{
    WfGraph *g = bands_graph();
    WeftSave save = { .type = WEFT_F32, .has_nodata = true, .nodata = 0.1, .collide = "nudge" };
    Settled s = settle(g, save, bands_load(g, WEFT_F64));
    double v = bands_value(g, s.node[0], (double[]) { 0.1 });

    ck_assert_double_eq(v, (double)nextafterf(0.1f, 1));
    wf_graph_free(g);
}
END_TEST

START_TEST(an_integer_band_saved_as_f32_is_checked_as_rounded)
{
    WfGraph *g = bands_graph();
    WeftArg args[] = { bands_arg(16777217, true), bands_arg(16777219, true) };
    WeftNode x = bands_with(g, "clamp", bands_load(g, WEFT_U32), 2, args);
    WeftSave save = { .type = WEFT_F32, .has_nodata = true, .nodata = 16777216 };
    Settled s = settle(g, save, x);

    ck_assert_str_eq(path_of(g, s.node[0]), "collide cast clamp load");
    wf_graph_free(g);
}
END_TEST

START_TEST(values_that_fit_are_stored_without_a_cast)
{
    static const struct {
        WeftType file, saved;
        bool cast;
    } cases[] = { { WEFT_U8, WEFT_I16, false },  { WEFT_U8, WEFT_I8, true },
                  { WEFT_F32, WEFT_U8, true },   { WEFT_U8, WEFT_F32, false },
                  { WEFT_U8, WEFT_F64, false },  { WEFT_F64, WEFT_F32, false },
                  { WEFT_I64, WEFT_I64, true }, /* 2^63 after rounding */
                  { WEFT_I32, WEFT_I64, false }, { WEFT_BOOL, WEFT_U8, false },
                  { WEFT_U8, WEFT_BOOL, true },  { WEFT_BOOL, WEFT_BOOL, false } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        Settled s = settle(g, (WeftSave) { .type = cases[i].saved }, bands_load(g, cases[i].file));

        ck_assert_msg(bands_count(g, "cast") == cases[i].cast, "case %zu", i);
        ck_assert_int_eq(s.storage.type, cases[i].saved == WEFT_BOOL ? WEFT_U8 : cases[i].saved);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(casts_do_as_the_save_says)
{
    WfGraph *g = bands_graph();
    WeftSave save = { .type = WEFT_U8, .round = "floor", .overflow = "invalid" };
    Settled s = settle(g, save, bands_load(g, WEFT_F32));

    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_MASK);
    ck_assert_double_eq(bands_value(g, s.node[0], (double[]) { 2.9f }), 2);
    ck_assert_double_eq(bands_value(g, s.mask[0], (double[]) { 2.9f }), 1);
    ck_assert_double_eq(bands_value(g, s.mask[0], (double[]) { 256 }), 0);
    wf_graph_free(g);
}
END_TEST

START_TEST(a_saved_bool_has_255_for_nothing)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_op(g, "gt", 2, bands_gaps(g, WEFT_U8, 7), bands_int(g, 3));
    Settled s = settle(g, (WeftSave) { 0 }, x);

    ck_assert_int_eq(s.storage.type, WEFT_U8);
    ck_assert_double_eq(s.storage.nodata, 255);
    ck_assert_double_eq(bands_value(g, s.node[0], (double[]) { NAN }), 255);
    ck_assert_double_eq(bands_value(g, s.node[0], (double[]) { 4 }), 1);
    wf_graph_free(g);
}
END_TEST

START_TEST(one_sentinel_serves_all_bands)
{
    WfGraph *g = bands_graph();
    WeftArg low[] = { bands_arg(0, true), bands_arg(9, true) };
    WeftArg high[] = { bands_arg(250, true), bands_arg(255, true) };
    WeftNode x = bands_op(g, "add", 2, bands_gaps(g, WEFT_U8, 7), bands_int(g, 0));
    WeftNode bands[] = { bands_with(g, "clamp", x, 2, low), bands_with(g, "clamp", x, 2, high) };
    Settled s = settle_all(g, (WeftSave) { 0 }, bands, 2);

    ck_assert(s.done);
    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_MASK); /* 255 and 0 are both taken */
    wf_graph_free(g);
}
END_TEST

START_TEST(i64_nodata_that_f64_cannot_hold_is_not_kept)
{
    WfGraph *g = bands_graph();
    WfSource source = { .type = WEFT_I64,
                        .has_nodata = true,
                        .nodata = 0x1p53,
                        .nodata_bits = ((uint64_t)1 << 53) + 1 };
    WeftNode x = bands_op(g, "exact53", 1, bands_source(g, &source, &bands_grid));
    Settled s = settle(g, (WeftSave) { 0 }, x);

    ck_assert_int_eq(s.storage.type, WEFT_I64);
    ck_assert_double_eq(s.storage.nodata, -0x1p63);
    wf_graph_free(g);
}
END_TEST

START_TEST(u64_gets_the_greatest_f64_below_2_to_64)
{
    WfGraph *g = bands_graph();
    WfSource source = { .type = WEFT_U64, .has_nodata = true, .nodata = 5, .nodata_bits = 5 };
    WeftNode x = bands_op(g, "exact53", 1, bands_source(g, &source, &bands_grid));
    Settled s =
        settle(g, (WeftSave) { .type = WEFT_U64 }, bands_op(g, "add", 2, x, bands_int(g, 0)));

    ck_assert_double_eq(s.storage.nodata, 0x1p64 - 2048);
    wf_graph_free(g);
}
END_TEST

START_TEST(nodata_that_the_type_cannot_hold_is_refused)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_load(g, WEFT_U8);
    WfPlaceOf call = { .file = "test.lua", .line = 9, .calls = "" };
    Settled s;

    wf_graph_at(g, &call);
    s = settle_all(g, (WeftSave) { .has_nodata = true, .nodata = -1 }, &x, 1);
    ck_assert(!s.done);
    ck_assert_int_eq(bands_err.code, WEFT_EARG);
    ck_assert_str_eq(bands_err.message, "nodata -1 is no value of type u8");
    ck_assert_str_eq(bands_err.hint,
                     "u8 holds the integers from 0 to 255; or save with another type");
    ck_assert_str_eq(bands_err.op, "save");
    ck_assert_int_eq(bands_err.line, 9); /* of the call, not of the raster */
    wf_graph_free(g);
}
END_TEST

START_TEST(nodata_is_checked_by_type)
{
    static const struct {
        WeftType type;
        double nodata;
        bool held;
    } cases[] = { { WEFT_U8, 255, true },    { WEFT_U8, 256, false },    { WEFT_U8, 2.5, false },
                  { WEFT_U8, NAN, false },   { WEFT_I16, -32768, true }, { WEFT_F32, NAN, true },
                  { WEFT_F32, 1e39, false }, { WEFT_F64, 1e39, true } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode x = bands_load(g, WEFT_BOOL);
        WeftSave save = { .type = cases[i].type, .has_nodata = true, .nodata = cases[i].nodata };

        ck_assert_msg(settle_all(g, save, &x, 1).done == cases[i].held, "case %zu", i);
        bands_err = (WeftErr) { 0 };
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(unknown_words_are_refused)
{
    static const struct {
        WeftSave save;
        const char *message;
    } cases[] = { { { .round = "up" }, "round: there is no \"up\"" },
                  { { .overflow = "clip" }, "overflow: there is no \"clip\"" },
                  { { .collide = "no" }, "collide: there is no \"no\"" } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode x = bands_load(g, WEFT_U8);

        ck_assert(!settle_all(g, cases[i].save, &x, 1).done);
        ck_assert_str_eq(bands_err.message, cases[i].message);
        bands_err = (WeftErr) { 0 };
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(bands_that_are_invalid_at_different_pixels_get_a_type_with_room)
{
    static const struct {
        WeftType file, stored;
        double nodata;
    } cases[] = { { WEFT_U8, WEFT_U16, 65535 },    { WEFT_U16, WEFT_I32, -0x1p31 },
                  { WEFT_I16, WEFT_I32, -0x1p31 }, { WEFT_I8, WEFT_I16, -32768 },
                  { WEFT_U32, WEFT_F64, NAN },     { WEFT_I32, WEFT_F64, NAN } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode bands[] = { bands_gaps(g, cases[i].file, 7), bands_gaps(g, cases[i].file, 9) };
        Settled s = settle_all(g, (WeftSave) { 0 }, bands, 2);

        bands_ok();
        ck_assert_int_eq(s.storage.type, cases[i].stored);
        ck_assert_int_eq(s.storage.kind, WF_SENTINEL_VALUE);
        ck_assert(s.storage.nodata == cases[i].nodata ||
                  (isnan(s.storage.nodata) && isnan(cases[i].nodata)));
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(a_named_type_is_never_widened)
{
    WfGraph *g = bands_graph();
    WeftNode bands[] = { bands_gaps(g, WEFT_U8, 7), bands_gaps(g, WEFT_U8, 9) };

    ck_assert(!settle_all(g, (WeftSave) { .type = WEFT_U8, .path = "a.tif" }, bands, 2).done);
    ck_assert_str_eq(bands_err.message, "no value of u8 is free for what is invalid, and the bands "
                                        "are not known to be invalid at the same pixels");
    ck_assert_str_eq(bands_err.hint, "type=\"u16\" has room; nodata=\"mask\" keeps pixels that are "
                                     "valid in all bands");
    wf_graph_free(g);
}
END_TEST

START_TEST(bands_that_are_invalid_at_the_same_pixels_share_a_mask)
{
    WfGraph *g = bands_graph();
    WeftNode gaps = bands_gaps(g, WEFT_U8, 7);
    WeftNode cond = bands_op(g, "isvalid", 1, gaps);
    WeftNode bands[] = { bands_op(g, "mask", 2, bands_load(g, WEFT_U8), cond),
                         bands_op(g, "mask", 2, bands_load(g, WEFT_U8), cond) };
    Settled s = settle_all(g, (WeftSave) { 0 }, bands, 2);

    ck_assert_int_eq(s.storage.type, WEFT_U8);
    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_MASK);
    wf_graph_free(g);
}
END_TEST

START_TEST(valid_pixels_that_a_shared_mask_hides_are_watched)
{
    WfGraph *g = bands_graph();
    WeftNode bands[] = { bands_gaps(g, WEFT_U8, 7), bands_gaps(g, WEFT_U8, 9) };
    Settled s = settle_as(g, (WeftSave) { .mask_band = true }, bands, 2,
                          (Lacks) { .kinds = 1u << WF_SENTINEL_MASKS });

    ck_assert_str_eq(path_of(g, s.node[0]), "seal lost load");
    s = settle_all(g, (WeftSave) { .mask_band = true }, bands, 2);
    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_MASKS);
    ck_assert_str_eq(path_of(g, s.node[1]), "seal load");
    ck_assert_int_ne(s.mask[0], s.mask[1]);
    wf_graph_free(g);
}
END_TEST

START_TEST(what_the_format_lacks_is_stored_in_another_way)
{
    static const struct {
        Lacks lacks;
        WeftType type;
        WfSentinel kind;
    } cases[] = {
        { { 0, 0 }, WEFT_U8, WF_SENTINEL_MASK },
        { { 1u << WF_SENTINEL_MASK, 0 }, WEFT_U16, WF_SENTINEL_VALUE },
        { { 1u << WF_SENTINEL_MASK, 1u << WEFT_U16 }, WEFT_I32, WF_SENTINEL_VALUE },
        { { 0, 1u << WEFT_U8 }, WEFT_U16, WF_SENTINEL_VALUE },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        WfGraph *g = bands_graph();
        WeftNode x = bands_op(g, "add", 2, bands_gaps(g, WEFT_U8, 7), bands_int(g, 0));
        Settled s = settle_as(g, (WeftSave) { 0 }, &x, 1, cases[i].lacks);

        bands_ok();
        ck_assert_int_eq(s.storage.type, cases[i].type);
        ck_assert_int_eq(s.storage.kind, cases[i].kind);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(what_no_storage_can_hold_is_refused_for_the_first_reason)
{
    WfGraph *g = bands_graph();
    WeftNode x = bands_gaps(g, WEFT_U8, 7);

    ck_assert(!settle_as(g, (WeftSave) { .path = "a.tif" }, &x, 1, (Lacks) { .types = ~0u }).done);
    ck_assert_str_eq(bands_err.message, "the format lacks it");
    wf_graph_free(g);
}
END_TEST

START_TEST(nodata_that_the_type_does_not_hold_exactly_is_not_kept)
{
    static const double values[] = { -DBL_MAX, -1e300, 0.1, 16777217 };

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        WfGraph *g = bands_graph();
        WeftNode x = bands_gaps(g, WEFT_F64, values[i]);
        Settled s = settle(g, (WeftSave) { .type = WEFT_F32 }, x);

        ck_assert_msg(isnan(s.storage.nodata), "%.17g", values[i]);
        s = settle(g, (WeftSave) { 0 }, x);
        ck_assert(s.storage.nodata == values[i]);
        wf_graph_free(g);
    }
}
END_TEST

START_TEST(an_alpha_band_says_what_is_invalid)
{
    const WfMeaning meaning = { .interp = "Alpha", .scale = 1 };
    WfGraph *g = bands_graph();
    WeftNode alpha =
        bands_source(g, &(WfSource) { .type = WEFT_U8, .meaning = &meaning }, &bands_grid);
    WeftNode cond = bands_op(g, "ne", 2, alpha, bands_int(g, 0));
    WeftNode bands[] = { bands_op(g, "mask", 2, bands_load(g, WEFT_U8), cond), alpha };
    Settled s = settle_all(g, (WeftSave) { 0 }, bands, 2);

    ck_assert_int_eq(s.storage.kind, WF_SENTINEL_ALPHA);
    ck_assert(!s.storage.veils);
    ck_assert_str_eq(path_of(g, s.node[0]), "seal mask load");
    ck_assert_str_eq(path_of(g, s.node[1]), "load");
    bands[0] = bands_load(g, WEFT_U8); /* never invalid, but read as such where alpha is 0 */
    ck_assert(settle_all(g, (WeftSave) { 0 }, bands, 2).storage.veils);
    wf_graph_free(g);
}
END_TEST

CHECK_MAIN(
    "settle", without_a_type_the_bands_common_one_is_stored, what_is_never_invalid_has_no_sentinel,
    floats_are_sealed_with_nan, the_default_sentinel_lies_outside_the_interval,
    a_type_without_a_free_value_gets_a_mask_band, a_mask_band_is_valid_where_all_bands_are,
    a_hillshade_marks_invalid_with_0, a_copy_keeps_the_sources_sentinel_without_a_check,
    a_choice_from_one_source_keeps_its_sentinel, a_sentinel_the_type_cannot_hold_is_not_kept,
    arithmetic_does_not_keep_the_sources_sentinel,
    the_users_sentinel_is_checked_against_valid_values,
    the_users_sentinel_outside_the_interval_needs_no_check,
    valid_bands_are_checked_against_the_users_sentinel_too,
    a_real_sentinel_is_rounded_as_the_file_rounds,
    an_f32_band_saved_as_f64_holds_the_sentinel_exactly, collisions_are_of_stored_values,
    an_integer_band_saved_as_f32_is_checked_as_rounded, values_that_fit_are_stored_without_a_cast,
    casts_do_as_the_save_says, a_saved_bool_has_255_for_nothing, one_sentinel_serves_all_bands,
    i64_nodata_that_f64_cannot_hold_is_not_kept, u64_gets_the_greatest_f64_below_2_to_64,
    nodata_that_the_type_cannot_hold_is_refused, nodata_is_checked_by_type,
    unknown_words_are_refused, bands_that_are_invalid_at_different_pixels_get_a_type_with_room,
    a_named_type_is_never_widened, bands_that_are_invalid_at_the_same_pixels_share_a_mask,
    valid_pixels_that_a_shared_mask_hides_are_watched,
    what_the_format_lacks_is_stored_in_another_way,
    what_no_storage_can_hold_is_refused_for_the_first_reason,
    nodata_that_the_type_does_not_hold_exactly_is_not_kept, an_alpha_band_says_what_is_invalid)
