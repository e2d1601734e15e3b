/* check_budget.c - the peak, the least, and that no order of completion gets stuck or exceeds it.
 */
#include "planning.h"

#include <stdio.h>

/* A run without pixels: tasks are admitted in order and end in any order. */
typedef struct Model {
    const WfPlan *plan;
    int64_t *left, *early_left; /* of each block's readers */
    int64_t *users;             /* running tasks that look at the whole block */
    bool *whole, *shoulder;     /* reserved */
    bool *running;
    int64_t *open; /* admitted tasks that have not ended */
    int64_t open_count;
    int64_t held, decoded;
} Model;

typedef void Visit(Model *m, int64_t task, int file, int64_t block);

static void visit_blocks(Model *m, int64_t task, Visit *visit)
{
    const WfStage *stage = &m->plan->stages[m->plan->tasks[task].stage];

    for (int i = 0; i < stage->file_count; i++) {
        const WfPlanFile *file = &m->plan->files[stage->files[i]];
        WfRect cells =
            wf_rect_cells(wf_task_file_rect(m->plan, &m->plan->tasks[task], stage->files[i]),
                          file->block_width, file->block_height);

        for (int64_t y = cells.y0; y < cells.y1; y++)
            for (int64_t x = cells.x0; x < cells.x1; x++)
                visit(m, task, stage->files[i], file->block_first + y * file->blocks_x + x);
    }
}

static int64_t block_bytes(const Model *m, int file, int64_t block)
{
    WfShoulder shoulder = { 0 };

    if (!m->plan->files[file].redecode)
        wf_ledger_shoulder(m->plan, block, &shoulder);
    return (int64_t)(m->plan->files[file].block_bytes + shoulder.bytes);
}

static int64_t missing;

static void add_missing(Model *m, int64_t task, int file, int64_t block)
{
    (void)task;
    if (m->plan->files[file].redecode || (!m->whole[block] && !m->shoulder[block]))
        missing += block_bytes(m, file, block);
}

static void reserve(Model *m, int64_t task, int file, int64_t block)
{
    WfShoulder shoulder = { 0 };

    (void)task;
    if (m->plan->files[file].redecode) {
        m->held += block_bytes(m, file, block);
        m->decoded++;
        return;
    }
    if (!m->whole[block] && !m->shoulder[block]) {
        m->held += block_bytes(m, file, block);
        m->decoded++;
        m->whole[block] = true;
        m->left[block] = m->early_left[block] = wf_ledger_readers(m->plan, block);
        m->shoulder[block] = wf_ledger_shoulder(m->plan, block, &shoulder);
        if (m->shoulder[block])
            m->early_left[block] = shoulder.early_readers;
    }
    m->users[block] += m->whole[block];
}

static void release(Model *m, int64_t task, int file, int64_t block)
{
    int64_t bytes = (int64_t)m->plan->files[file].block_bytes;
    WfShoulder shoulder = { 0 };

    if (m->plan->files[file].redecode) {
        m->held -= bytes;
        return;
    }
    m->left[block]--;
    m->early_left[block] -= wf_ledger_is_early(m->plan, block, task);
    m->users[block] -= m->whole[block];
    if (m->whole[block] && m->early_left[block] == 0 && m->users[block] == 0) {
        m->whole[block] = false;
        m->held -= bytes;
    }
    if (m->shoulder[block] && m->left[block] == 0) {
        wf_ledger_shoulder(m->plan, block, &shoulder);
        m->shoulder[block] = false;
        m->held -= (int64_t)shoulder.bytes;
    }
}

static void *room(int64_t count, size_t size)
{
    void *memory = wf_calloc((size_t)count + 1, size, NULL);

    ck_assert_ptr_nonnull(memory);
    return memory;
}

static void end_one(Model *m, uint64_t *seed)
{
    int64_t i;

    ck_assert_msg(m->open_count > 0, "nothing runs and the next task does not fit");
    i = planning_random_below(seed, m->open_count);
    visit_blocks(m, m->open[i], release);
    m->open[i] = m->open[--m->open_count];
}

/* Run the plan with up to `most` tasks admitted at a time. */
static void expect_end(const WfPlan *plan, int64_t most, uint64_t *seed)
{
    Model m = {
        .plan = plan,
        .left = room(plan->block_count, sizeof(int64_t)),
        .early_left = room(plan->block_count, sizeof(int64_t)),
        .users = room(plan->block_count, sizeof(int64_t)),
        .whole = room(plan->block_count, 1),
        .shoulder = room(plan->block_count, 1),
        .open = room(most, sizeof(int64_t)),
    };

    for (int64_t k = 0; k < plan->task_count; k++) {
        for (;;) {
            missing = 0;
            visit_blocks(&m, k, add_missing);
            if (m.open_count < most && m.held + missing <= plan->memory.blocks)
                break;
            end_one(&m, seed);
        }
        visit_blocks(&m, k, reserve);
        ck_assert_int_le(m.held, plan->memory.blocks);
        m.open[m.open_count++] = k;
    }
    while (m.open_count)
        end_one(&m, seed);
    ck_assert_int_eq(m.held, 0);
    ck_assert_int_eq(m.decoded, plan->blocks_planned);
    wf_free(m.left);
    wf_free(m.early_left);
    wf_free(m.users);
    wf_free(m.whole);
    wf_free(m.shoulder);
    wf_free(m.open);
}

/* The predictions hold together. */
static void expect_sums(const WfPlan *plan)
{
    const WfMemory *memory = &plan->memory;
    int64_t worker = 0;

    for (int s = 0; s < plan->stage_count; s++) {
        int64_t bytes = (int64_t)(plan->stages[s].scratch_bytes + plan->stages[s].output_bytes);

        worker = bytes > worker ? bytes : worker;
    }
    ck_assert_int_eq(memory->predicted, memory->workers + memory->blocks);
    ck_assert_int_le(memory->predicted, wf_budget_bytes(plan));
    ck_assert_int_ge(memory->workers, plan->active_workers * worker);
    ck_assert_int_le(memory->least, wf_budget_bytes(plan));
}

START_TEST(without_pressure_all_workers_share_one_decode_of_each_block)
{
    Planning *p = planning_new();
    uint64_t seed = 1;
    WfPlan *plan;

    planning_machine(p, 2, 2);
    planning_pair(p, 5000, 300, 300);
    p->options.memory = (int64_t)1 << 40;
    plan = planning_plan(p);
    ck_assert_int_eq(plan->active_workers, 4);
    ck_assert_int_eq(plan->blocks_planned, plan->blocks_in_files);
    ck_assert_int_eq(plan->blocks_planned, 2 * 17 * 17);
    ck_assert_int_eq(plan->bytes_planned, (int64_t)2 * 5000 * 5000 * 2);
    expect_sums(plan);
    expect_end(plan, 12, &seed);
    planning_free(p);
}
END_TEST

START_TEST(the_least_is_planned_and_one_byte_less_is_refused)
{
    Planning *p = planning_new();
    char number[32];
    WfPlan *plan;

    planning_pair(p, 5000, 5000, 16);
    plan = planning_plan(p);
    p->options.memory = plan->memory.least;
    plan = planning_plan(p);
    expect_sums(plan);
    p->options.memory--;
    ck_assert_ptr_null(planning_try(p));
    ck_assert_int_eq(p->err.code, WEFT_EMEM);
    snprintf(number, sizeof number, "--memory %lld", (long long)p->options.memory + 1);
    ck_assert_str_eq(p->err.hint, number);
    planning_free(p);
}
END_TEST

START_TEST(tiles_shrink_before_workers_rest)
{
    Planning *p = planning_new();
    WfPlan *plan;
    int width;

    planning_machine(p, 1, 8);
    planning_pair(p, 5000, 256, 256);
    p->targets[0].block_width = p->targets[0].block_height = 64;
    plan = planning_plan(p);
    width = plan->stages[0].tile_width;
    p->options.memory = plan->memory.workers;
    plan = planning_plan(p);
    ck_assert_int_lt(plan->stages[0].tile_width, width);
    ck_assert_int_eq(plan->active_workers, 8);
    expect_sums(plan);
    planning_free(p);
}
END_TEST

START_TEST(no_worker_is_active_that_would_wait_for_memory)
{
    Planning *p = planning_new();
    int64_t fixed;
    WfPlan *plan;

    /* A tile is a block, so that a worker needs the bytes of its scratch and two blocks. */
    planning_machine(p, 1, 8);
    planning_pair(p, 5000, 512, 512);
    plan = planning_plan(p);
    fixed = plan->block_count * WF_BLOCK_RECORD;
    p->options.memory = fixed + (plan->memory.least - fixed) * 3;
    plan = planning_plan(p);
    ck_assert_int_eq(plan->active_workers, 3);
    planning_free(p);
}
END_TEST

START_TEST(workers_rest_before_blocks_are_decoded_twice)
{
    Planning *p = planning_new();
    WfPlan *plan;

    planning_machine(p, 1, 8);
    planning_pair(p, 5000, 512, 512);
    plan = planning_plan(p);
    p->options.memory = plan->memory.least * 2;
    plan = planning_plan(p);
    ck_assert_int_lt(plan->active_workers, 8);
    ck_assert_int_ge(plan->active_workers, 1);
    ck_assert_int_eq(plan->blocks_planned, plan->blocks_in_files);
    planning_free(p);
}
END_TEST

/* Two windows of one file, computed one after the other. */
static void two_windows(Planning *p)
{
    PlanningFile file = { .width = 4000, .height = 4000, .block_width = 512, .block_height = 512 };
    WeftNode a = planning_band(p, &file, 1, planning_grid(p, 4000, 4000));

    planning_save(p, a, 512);
    planning_save(p, a, 512)->window = (WfRect) { 1, 1, 3999, 3999 };
}

START_TEST(blocks_are_decoded_anew_where_keeping_them_does_not_fit)
{
    Planning *p = planning_new();
    uint64_t seed = 2;
    WfPlan *plan;

    two_windows(p);
    plan = planning_plan(p);
    ck_assert_int_eq(plan->blocks_planned, plan->blocks_in_files);
    p->options.memory = plan->memory.least;
    ck_assert_int_lt(p->options.memory, 4000 * 4000);
    plan = planning_plan(p);
    ck_assert(plan->files[0].redecode);
    ck_assert_int_gt(plan->blocks_planned, plan->blocks_in_files);
    expect_sums(plan);
    expect_end(plan, 4, &seed);
    planning_free(p);
}
END_TEST

START_TEST(one_block_that_is_the_whole_file_works)
{
    Planning *p = planning_new();
    uint64_t seed = 3;
    WfPlan *plan;

    planning_pair(p, 40000, 40000, 40000);
    plan = planning_plan(p);
    ck_assert_int_ge(plan->memory.least, (int64_t)2 * 40000 * 40000 * 2);
    ck_assert_int_eq(plan->blocks_planned, 2);
    expect_end(plan, 4, &seed);
    p->options.memory = 256 << 20;
    ck_assert_ptr_null(planning_try(p));
    ck_assert_int_eq(p->err.code, WEFT_EMEM);
    planning_free(p);
}
END_TEST

START_TEST(a_large_pair_fits_a_quarter_gigabyte)
{
    static const int layout[][2] = { { 40000, 1 }, { 512, 512 }, { 256, 256 }, { 40000, 16 } };

    for (int i = 0; i < 4; i++) {
        Planning *p = planning_new();
        WfPlan *plan;

        planning_pair(p, 40000, layout[i][0], layout[i][1]);
        p->options.memory = 256 << 20;
        plan = planning_plan(p);
        ck_assert_int_eq(plan->active_workers, 2);
        ck_assert_int_eq(plan->blocks_planned, plan->blocks_in_files);
        expect_sums(plan);
        planning_free(p);
    }
}
END_TEST

/* Some outputs of some files, with windows and shifts. */
static void random_job(Planning *p, uint64_t *seed)
{
    int64_t size = 100 + planning_random_below(seed, 900);
    const WeftGrid *grid = planning_grid(p, size, size);
    int outputs = 1 + (int)planning_random_below(seed, 4);
    PlanningFile files[3];

    for (int f = 0; f < 3; f++) {
        files[f] = (PlanningFile) {
            .store = f,
            .width = size + planning_random_below(seed, 200),
            .height = size + planning_random_below(seed, 200),
            .block_width = 1 + (int)planning_random_below(seed, 400),
            .block_height = 1 + (int)planning_random_below(seed, 400),
            .type = planning_random_below(seed, 2) ? WEFT_U8 : WEFT_F64,
        };
        if (planning_random_below(seed, 3) == 0)
            files[f].block_width = (int)files[f].width;
        files[f].dx = planning_random_below(seed, files[f].width - size + 1);
        files[f].dy = planning_random_below(seed, files[f].height - size + 1);
    }
    for (int i = 0; i < outputs; i++) {
        const PlanningFile *a = &files[planning_random_below(seed, 3)];
        const PlanningFile *b = &files[planning_random_below(seed, 3)];
        WeftNode node =
            planning_sum(p, planning_band(p, a, 1 + (int)planning_random_below(seed, 3), grid),
                         planning_band(p, b, 1, grid));
        WfTarget *target = planning_save(p, node, 16 * (int)planning_random_below(seed, 9));

        if (planning_random_below(seed, 3))
            continue;
        target->window.x0 = planning_random_below(seed, size / 2);
        target->window.y0 = planning_random_below(seed, size / 2);
        target->window.x1 -= planning_random_below(seed, size / 2 - 1);
        target->window.y1 -= planning_random_below(seed, size / 2 - 1);
    }
}

START_TEST(random_jobs_end_with_the_least_memory_whatever_ends_first)
{
    uint64_t seed = 5;

    for (int i = 0; i < 100; i++) {
        Planning *p = planning_new();
        int64_t least, easy;
        WfPlan *plan;

        planning_machine(p, 1 + i % 3, 1 + i % 4);
        random_job(p, &seed);
        plan = planning_plan(p);
        least = plan->memory.least;
        easy = plan->memory.predicted;
        expect_sums(plan);
        expect_end(plan, 3 * plan->active_workers, &seed);
        for (int part = 0; part < 3; part++) {
            p->options.memory = least + (easy > least ? (easy - least) * part / 3 : 0);
            plan = planning_plan(p);
            ck_assert_int_eq(plan->memory.least, least);
            expect_sums(plan);
            expect_end(plan, 3 * plan->active_workers, &seed);
        }
        p->options.memory = least - 1;
        ck_assert_ptr_null(planning_try(p));
        ck_assert_int_eq(p->err.code, WEFT_EMEM);
        planning_free(p);
    }
}
END_TEST

CHECK_MAIN("budget", without_pressure_all_workers_share_one_decode_of_each_block,
           the_least_is_planned_and_one_byte_less_is_refused, tiles_shrink_before_workers_rest,
           no_worker_is_active_that_would_wait_for_memory,
           workers_rest_before_blocks_are_decoded_twice,
           blocks_are_decoded_anew_where_keeping_them_does_not_fit,
           one_block_that_is_the_whole_file_works, a_large_pair_fits_a_quarter_gigabyte,
           random_jobs_end_with_the_least_memory_whatever_ends_first)
