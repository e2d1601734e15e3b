/*
 * check_stats.c - what workers did, added up; names and lines of kernels; watches merged.
 */
#include "running.h"

#include "run/stats.h"

static Running *planned(void)
{
    Running *r = running_new();
    WfPlaceOf first = { .file = "a.lua", .line = 3, .calls = "" };
    WfPlaceOf second = { .file = "a.lua", .line = 5, .calls = "" };
    RunningImage *image;
    WeftNode band, sum;

    wf_graph_at(r->graph, &first);
    image = running_image(r, 100, 80, 50, 50, 1, WEFT_U16);
    band = running_band(r, image, 1, NULL, 0, 0);
    sum = running_add_two(r, band, band);
    wf_graph_at(r->graph, &second);
    running_save(r, running_add_two(r, sum, band), NULL, 0);
    running_plan(r, "numa:1 core:2 pu:1", 0);
    ck_assert_int_eq(r->plan->kernel_count, 1);
    return r;
}

START_TEST(tallies_add_up)
{
    Running *r = planned();
    WeftStats *s = wf_zalloc(sizeof *s, NULL);
    WfTally *tallies[2] = { wf_tally_new(r->plan, 0, NULL), wf_tally_new(r->plan, 1, NULL) };

    for (int i = 0; i < 2; i++) {
        tallies[i]->tiles = 3 + i;
        tallies[i]->blocks = 5;
        tallies[i]->bytes_near = 100;
        tallies[i]->decode = 0.25;
        tallies[i]->pixels[0] = 4000;
        tallies[i]->seconds[0] = 0.5;
    }
    ck_assert(wf_stats_fill(s, r->plan, tallies, 2, NULL));
    ck_assert_int_eq(s->tiles_run, 7);
    ck_assert_int_eq(s->blocks_decoded, 10);
    ck_assert_int_eq(s->bytes_near, 200);
    ck_assert_int_eq(s->pixels_computed, 8000);
    ck_assert_int_eq(s->pixels_planned, 8000);
    ck_assert_int_eq(s->worker_count, 2);
    ck_assert(s->worker[1].decode == 0.25);
    ck_assert_int_eq(s->worker[1].tiles, 4);
    ck_assert_int_eq(s->kernel_count, 1);
    ck_assert_int_eq(s->kernel[0].pixels_planned, 8000);
    ck_assert_int_eq(s->kernel[0].pixels_computed, 8000);
    ck_assert(s->kernel[0].seconds == 1.0);
    weft_stats_free(s);
    for (int i = 0; i < 2; i++)
        wf_tally_free(tallies[i]);
    running_free(r);
}
END_TEST

START_TEST(a_kernel_is_named_by_its_operators_and_lines)
{
    Running *r = planned();
    WeftStats *s = wf_zalloc(sizeof *s, NULL);

    ck_assert(wf_stats_fill(s, r->plan, NULL, 0, NULL));
    ck_assert_str_eq(s->kernel[0].nodes, "add,add");
    ck_assert_str_eq(s->kernel[0].lines, "a.lua:3, a.lua:5");
    weft_stats_free(s);
    running_free(r);
}
END_TEST

START_TEST(watches_add_counts_and_keep_the_first_place)
{
    Running *r = planned();
    WfPlanWatch watch = { .node = 0 };
    WfWatch merged[1] = { { .count = 77, .first = 0 } };
    WfWatch *all[1] = { merged };
    WfTally *tallies[3];

    r->plan->kernels[0].watch_count = 1;
    r->plan->kernels[0].watches = &watch;
    for (int i = 0; i < 3; i++)
        tallies[i] = wf_tally_new(r->plan, 0, NULL);
    wf_stats_watches(r->plan, tallies, 3, all);
    ck_assert_int_eq(merged[0].count, 0);
    ck_assert(merged[0].first == INT64_MAX);
    tallies[0]->watches[0][0] = (WfWatch) { .count = 2, .first = 900 };
    tallies[2]->watches[0][0] = (WfWatch) { .count = 5, .first = 17 };
    wf_tally_free(tallies[1]);
    tallies[1] = NULL; /* took no part */
    wf_stats_watches(r->plan, tallies, 3, all);
    ck_assert_int_eq(merged[0].count, 7);
    ck_assert_int_eq(merged[0].first, 17);
    wf_tally_free(tallies[0]);
    wf_tally_free(tallies[2]);
    running_free(r);
}
END_TEST

START_TEST(failing_memory_leaves_stats_that_can_be_freed)
{
    Running *r = planned();
    bool done = false;

    for (int n = 1; !done; n++) {
        WeftStats *s = wf_zalloc(sizeof *s, NULL);
        WeftErr err = { .code = WEFT_OK };

        wf_mem_fail_at(n);
        done = wf_stats_fill(s, r->plan, NULL, 0, &err);
        wf_mem_fail_at(0);
        ck_assert_int_eq(err.code, done ? WEFT_OK : WEFT_EMEM);
        weft_stats_free(s);
    }
    weft_stats_free(NULL);
    running_free(r);
}
END_TEST

CHECK_MAIN("stats", tallies_add_up, a_kernel_is_named_by_its_operators_and_lines,
           watches_add_counts_and_keep_the_first_place,
           failing_memory_leaves_stats_that_can_be_freed)
