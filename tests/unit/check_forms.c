/* check_forms.c - which kernels of a plan have a plain form, and what is known of their rings. */
#include "harness.h"

#include "bands.h"
#include "pass/focal.h"
#include "planning.h"

static const double ones[25] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
static const double bell[25] = { 1, 2, 3, 2, 1, 2, 4, 6, 4, 2, 3, 6, 9,
                                 6, 3, 2, 4, 6, 4, 2, 1, 2, 3, 2, 1 };

typedef struct Job {
    Planning *planning;
    WfGraph *graph;
    WfPlan *plan;
} Job;

static Job job_of(WeftType type, WfStat stat, const double *weights)
{
    Job job = { .planning = planning_new(), .graph = bands_graph() };
    WfFocal f = { .stat = stat,
                  .width = 5,
                  .height = 5,
                  .weights = weights,
                  .weighted = weights == bell,
                  .beyond = WF_BEYOND_REFLECT,
                  .missing = WF_MISSING_SKIP,
                  .min_valid = 1 };
    WfTarget target = { .type = WEFT_F32, .window = { 0, 0, 4, 3 } };

    target.node = wf_focal_apply(job.graph, bands_load(job.graph, type), &f, &bands_err);
    bands_ok();
    ck_assert(wf_pass_run(job.graph, &target.node, 1, NULL, &bands_err));
    ck_assert(wf_plain(job.graph, &bands_err));
    job.plan = wf_plan_new(job.graph, &target, 1, &job.planning->machine, &job.planning->options,
                           &bands_err);
    bands_ok();
    return job;
}

static void job_free(Job *job)
{
    wf_plan_free(job->plan);
    wf_graph_free(job->graph);
    planning_free(job->planning);
}

static int operators(const WfPlan *plan, const WeftNode *nodes, int count)
{
    int n = 0;

    for (int i = 0; i < count; i++)
        n += plan->graph->nodes[nodes[i]].op->shape == WEFT_POINT;
    return n;
}

START_TEST(windows_that_skip_have_a_plain_form_with_fewer_operators)
{
    Job job = job_of(WEFT_F32, WF_STAT_MEAN, bell);

    for (int k = 0; k < job.plan->kernel_count; k++) {
        const WfKernel *kernel = &job.plan->kernels[k];

        ck_assert_int_gt(kernel->plain_count, 0);
        ck_assert_int_lt(operators(job.plan, kernel->plain_nodes, kernel->plain_count),
                         operators(job.plan, kernel->nodes, kernel->node_count));
    }
    job_free(&job);
}
END_TEST

START_TEST(the_ring_of_weights_is_one_number)
{
    Job job = job_of(WEFT_F32, WF_STAT_MEAN, bell);
    int same = 0;

    ck_assert_int_eq(job.plan->ring_count, 2);
    for (int r = 0; r < 2; r++) {
        ck_assert(job.plan->rings[r].asked);
        ck_assert(job.plan->rings[r].proven);
        same += job.plan->rings[r].same;
    }
    ck_assert_int_eq(same, 1);
    job_free(&job);
}
END_TEST

START_TEST(integers_without_nodata_need_one_form)
{
    Job job = job_of(WEFT_U8, WF_STAT_MEAN, bell);

    for (int k = 0; k < job.plan->kernel_count; k++)
        ck_assert_int_eq(job.plan->kernels[k].plain_count, 0);
    for (int r = 0; r < job.plan->ring_count; r++)
        ck_assert(!job.plan->rings[r].asked);
    job_free(&job);
}
END_TEST

START_TEST(comparisons_that_skip_are_worth_a_form)
{
    Job job = job_of(WEFT_F32, WF_STAT_MAX, ones);

    ck_assert_int_gt(job.plan->kernels[job.plan->kernel_count - 1].plain_count, 0);
    job_free(&job);
}
END_TEST

CHECK_MAIN("forms", windows_that_skip_have_a_plain_form_with_fewer_operators,
           the_ring_of_weights_is_one_number, integers_without_nodata_need_one_form,
           comparisons_that_skip_are_worth_a_form)
