/* check_show_plan.c - the plan for people. */
#include <stdio.h>

#include "planning.h"

START_TEST(explain_says_all_of_it)
{
    static const char expected[] =
        "plan: 1 stage, 1 kernel, 400 tiles; 4 workers on 2 NUMA nodes\n"
        "\n"
        "stage 1: 10000 x 10000, no CRS, no georeferencing\n"
        "  kernel 1: add in f64 (a.lua:1)\n"
        "    reads a.tif band 1, u16\n"
        "    reads b.tif band 1, u16\n"
        "    gives output 1 band 1, f32\n"
        "    inexact: the integers of add (a.lua:1) may pass 2^53 and are then rounded\n"
        "  file a.tif: 10000 x 10000 in blocks of 512 x 512, 1 band; 400 blocks decoded once\n"
        "  file b.tif: 10000 x 10000 in blocks of 512 x 512, 1 band; 400 blocks decoded once\n"
        "  tiles: 20 x 20 of 512 x 512, row by row, 64 rows a turn\n"
        "\n"
        "partition:\n"
        "  node 0: 2 workers, 200 tiles\n"
        "  node 1: 2 workers, 200 tiles\n"
        "  across nodes: blocks of 0 B; idle workers take tiles from the nearest node\n"
        "\n"
        "memory: 17.6 MB at most of 1 GB allowed; 2.18 MB would do\n"
        "  workers: 4.56 MB\n"
        "  blocks: 13.1 MB\n"
        "  about 100 MB for LLVM and GDAL come on top\n"
        "\n"
        "work: 800 blocks to decode\n"
        "  reads 382 MB, writes 382 MB, about 1 operation a pixel\n"
        "  limited by reading and decoding, where a worker decodes 1 GB, writes 3 GB or does 8e9 "
        "operations a second (a function such as exp counts as 20)\n";
    Planning *p = planning_new();
    WfText text = { 0 };
    WfPlan *plan;

    planning_machine(p, 2, 2);
    p->options.memory = 1 << 30;
    planning_pair(p, 10000, 512, 512);
    p->graph->nodes[2].inexact = p->graph->nodes[2].wide = p->graph->nodes[2].wide_inside = true;
    plan = planning_plan(p);
    wf_plan_show(plan, &text);
    ck_assert(!text.failed);
    ck_assert_msg(strcmp(text.text, expected) == 0, "%.600s", text.text);
    wf_text_free(&text);
    planning_free(p);
}
END_TEST

START_TEST(explain_names_windows_masks_shifts_and_what_is_decoded_anew)
{
    Planning *p = planning_new();
    PlanningFile file = {
        .width = 4000, .height = 4000, .block_width = 512, .block_height = 512, .dx = 5, .dy = 6
    };
    WeftNode a = planning_band(p, &file, WF_BAND_MASK + 2, planning_grid(p, 3900, 3900));
    WfText text = { 0 };
    WfPlan *plan;

    planning_save(p, a, 512);
    planning_save(p, a, 512)->window = (WfRect) { 1, 2, 3890, 3890 };
    plan = planning_plan(p);
    p->options.memory = plan->memory.least;
    plan = planning_plan(p);
    wf_plan_show(plan, &text);
    ck_assert_ptr_nonnull(strstr(text.text, "; of these 3889 x 3888 pixels from 1, 2 on\n"));
    ck_assert_ptr_nonnull(
        strstr(text.text, "    reads a.tif mask of band 2, u16, from pixel 5, 6 on\n"));
    ck_assert_ptr_nonnull(strstr(text.text, "64 blocks decoded anew for each tile\n"));
    ck_assert_ptr_nonnull(strstr(text.text, " blocks to decode, 64 in the files\n"));
    ck_assert_ptr_nonnull(strstr(text.text, "  kernel 1: copy in f32\n"));
    wf_text_free(&text);
    planning_free(p);
}
END_TEST

START_TEST(explain_tells_rings_their_height_and_whom_they_join)
{
    Planning *p = planning_new();
    PlanningFile file = {
        .width = 4000, .height = 4000, .block_width = 512, .block_height = 512, .type = WEFT_F32
    };
    WeftNode a = planning_band(p, &file, 1, planning_grid(p, 4000, 4000)), x, y;
    char expected[200];
    WfText text = { 0 };
    WfPlan *plan;

    x = planning_pass(p, a, 2, false, WF_EDGES_REFLECT);
    y = planning_pass(p, x, 2, true, WF_EDGES_EXTEND);
    planning_save(p, planning_sum(p, planning_window(p, y, 1, WF_EDGES_NEAREST), x), 512);
    plan = planning_plan(p);
    wf_plan_show(plan, &text);
    ck_assert_ptr_nonnull(strstr(text.text, "    reads a.tif band 1, f32, 2 pixels up, 2 down, "
                                            "edges reflect\n"));
    snprintf(expected, sizeof expected,
             "    fills ring 1 for kernel 2, 3: %d rows of f32, 1 ahead; needed 3 pixels left, 1 "
             "up, 3 right, 1 down, beyond the raster too\n",
             plan->rings[0].height);
    ck_assert_msg(strstr(text.text, expected) != NULL, "%s", text.text);
    ck_assert_ptr_nonnull(
        strstr(text.text, "    reads ring 1, 2 pixels left, 2 right, computed beyond the edge\n"));
    snprintf(expected, sizeof expected,
             "    fills ring 2 for kernel 3: %d rows of f32, 1 ahead; needed 1 pixel around\n",
             plan->rings[1].height);
    ck_assert_ptr_nonnull(strstr(text.text, expected));
    ck_assert_ptr_nonnull(strstr(text.text, "    reads ring 2, 1 pixel around, edges nearest\n"));
    ck_assert_ptr_nonnull(strstr(text.text, "    reads ring 1\n"));
    wf_text_free(&text);
    planning_free(p);
}
END_TEST

START_TEST(many_functions_make_arithmetic_the_limit)
{
    Planning *p = planning_new();
    const WeftGrid *grid = planning_grid(p, 4000, 4000);
    WeftNode a = planning_node(p, &planning_random, WEFT_NONE, WEFT_NONE, grid);
    WfText text = { 0 };
    WfPlan *plan;

    for (int i = 0; i < 10; i++)
        a = planning_node(p, &planning_exp, a, WEFT_NONE, grid);
    planning_save(p, a, 512);
    plan = planning_plan(p);
    wf_plan_show(plan, &text);
    ck_assert_ptr_nonnull(strstr(text.text, "limited by arithmetic"));
    wf_text_free(&text);
    planning_free(p);
}
END_TEST

START_TEST(the_same_job_gives_the_same_text)
{
    char *first = NULL;

    for (int i = 0; i < 2; i++) {
        Planning *p = planning_new();
        WfText text = { 0 };
        WfPlan *plan;

        planning_machine(p, 3, 1);
        planning_pair(p, 3000, 300, 200);
        plan = planning_plan(p);
        wf_plan_show(plan, &text);
        if (first)
            ck_assert_str_eq(first, text.text);
        planning_free(p);
        wf_free(first);
        first = wf_text_take(&text, NULL);
    }
    wf_free(first);
}
END_TEST

CHECK_MAIN("show_plan", explain_says_all_of_it,
           explain_names_windows_masks_shifts_and_what_is_decoded_anew,
           explain_tells_rings_their_height_and_whom_they_join,
           many_functions_make_arithmetic_the_limit, the_same_job_gives_the_same_text)
