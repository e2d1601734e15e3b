/*
 * check_stay.c - which decoded blocks remain from one plan to a later one, and what that takes.
 */
#include "plan/stay.h"
#include "planning.h"

enum { PLANS = 4, SIZE = 1000, BLOCK = 100, BLOCKS = 100 };

/* Plans that run one after another. */
typedef struct Row {
    Planning *p;
    WfPlan *plans[PLANS];
    int count;
    WfStay stay;
} Row;

static const PlanningFile packed = {
    .width = SIZE, .height = SIZE, .block_width = BLOCK, .block_height = BLOCK, .costly = true
};

static Row begin_row(void)
{
    Row row = { .p = planning_new() };

    row.p->options.tile = 128;
    return row;
}

static WeftNode band(Row *row, const PlanningFile *file, int number)
{
    return planning_band(row->p, file, number, planning_grid(row->p, SIZE, SIZE));
}

/* One more plan: that of a node, or of a window of it. */
static WfPlan *add_plan(Row *row, WeftNode node, const WfRect *window)
{
    row->p->target_count = 0;
    planning_save(row->p, node, 64);
    if (window)
        row->p->targets[0].window = *window;
    row->plans[row->count] = planning_plan(row->p);
    return row->plans[row->count++];
}

static void let_stay(Row *row, int64_t budget)
{
    ck_assert(wf_stay(row->plans, row->count, budget, &row->stay, &row->p->err));
}

static void end_row(Row *row)
{
    planning_free(row->p);
}

/* Two plans of a whole file. */
static Row plan_twice(const PlanningFile *file)
{
    Row row = begin_row();
    WeftNode node = band(&row, file, 1);

    add_plan(&row, node, NULL);
    add_plan(&row, node, NULL);
    return row;
}

static int64_t block_bytes(const Row *row)
{
    return (int64_t)row->plans[0]->files[0].block_bytes;
}

/* A budget with room for so many blocks beside what every plan predicts. */
static int64_t budget_for(const Row *row, int64_t blocks)
{
    int64_t most = 0;

    for (int i = 0; i < row->count; i++)
        if (row->plans[i]->memory.predicted > most)
            most = row->plans[i]->memory.predicted;
    return most + blocks * block_bytes(row);
}

START_TEST(where_there_is_room_nothing_is_decoded_again)
{
    Row row = plan_twice(&packed);
    const WfMemory *memory = &row.plans[1]->memory;

    let_stay(&row, budget_for(&row, BLOCKS));
    ck_assert_int_eq(row.plans[0]->blocks_planned, BLOCKS);
    ck_assert_int_eq(row.plans[1]->blocks_planned, 0);
    ck_assert_int_eq(row.plans[1]->bytes_planned, 0);
    ck_assert_int_eq(row.plans[1]->blocks_stocked, BLOCKS);
    ck_assert_int_eq(memory->stock, BLOCKS * block_bytes(&row));
    ck_assert_int_eq(memory->predicted, memory->workers + memory->stock);
    ck_assert_int_eq(row.stay.bytes, BLOCKS * block_bytes(&row));
    end_row(&row);
}
END_TEST

START_TEST(what_is_copied_as_fast_does_not_remain)
{
    PlanningFile plain = packed;
    Row row;

    plain.costly = false;
    row = plan_twice(&plain);
    let_stay(&row, (int64_t)1 << 40);
    ck_assert_int_eq(row.stay.bytes, 0);
    ck_assert_int_eq(row.plans[1]->blocks_planned, BLOCKS);
    ck_assert(row.plans[1]->files[0].stay.again);
    end_row(&row);
}
END_TEST

START_TEST(what_the_credit_does_not_need_any_more_serves_the_stock)
{
    Row row = plan_twice(&packed);
    int64_t credit = row.plans[0]->memory.blocks, most = BLOCKS - 10;

    let_stay(&row, budget_for(&row, most));
    ck_assert_int_gt(row.plans[1]->blocks_stocked, most);
    ck_assert_int_lt(row.plans[0]->memory.blocks, credit);
    ck_assert_int_le(row.plans[0]->memory.predicted, budget_for(&row, most));
    end_row(&row);
}
END_TEST

START_TEST(as_many_blocks_remain_as_fit)
{
    Row row = plan_twice(&packed);
    int64_t budget = budget_for(&row, 7) + 5;

    let_stay(&row, budget);
    ck_assert_int_eq(row.plans[0]->files[0].stay.remain, 7);
    ck_assert_int_eq(row.plans[1]->files[0].stay.there, 7);
    ck_assert_int_eq(row.plans[1]->blocks_planned, BLOCKS - 7);
    ck_assert_int_le(row.plans[0]->memory.predicted, budget);
    ck_assert_int_le(row.plans[1]->memory.predicted, budget);
    end_row(&row);
}
END_TEST

START_TEST(without_room_the_plans_are_as_they_were)
{
    Row row = plan_twice(&packed);
    int64_t predicted = row.plans[0]->memory.predicted;

    let_stay(&row, predicted / 2);
    ck_assert_int_eq(row.stay.bytes, 0);
    ck_assert_int_eq(row.plans[0]->memory.predicted, predicted);
    ck_assert_int_eq(row.plans[1]->blocks_planned, BLOCKS);
    ck_assert_int_eq(row.plans[1]->blocks_stocked, 0);
    end_row(&row);
}
END_TEST

START_TEST(both_plans_name_the_same_blocks)
{
    Row row = plan_twice(&packed);

    let_stay(&row, budget_for(&row, 9));
    for (int64_t b = 0; b < BLOCKS; b++)
        ck_assert_int_eq(wf_ledger_stays(row.plans[0], b) == WF_STAYS_ON,
                         wf_ledger_stays(row.plans[1], b) == WF_STAYS_FROM);
    end_row(&row);
}
END_TEST

START_TEST(each_node_keeps_its_part_where_room_is_short)
{
    Row row = begin_row();
    int64_t part[4] = { 0 };
    WeftNode node;

    planning_machine(row.p, 4, 1);
    node = band(&row, &packed, 1);
    add_plan(&row, node, NULL);
    add_plan(&row, node, NULL);
    let_stay(&row, budget_for(&row, BLOCKS / 2));
    for (int64_t b = 0; b < BLOCKS; b++)
        if (wf_ledger_stays(row.plans[0], b))
            part[row.plans[0]->tasks[row.plans[0]->ledger->first[b]].node]++;
    for (int n = 0; n < 4; n++)
        ck_assert_int_ge(part[n], BLOCKS / 2 / 4 - 4);
    end_row(&row);
}
END_TEST

START_TEST(no_node_keeps_more_than_half_of_its_memory)
{
    Row row = begin_row();
    WeftNode node;

    planning_machine(row.p, 2, 1);
    node = band(&row, &packed, 1);
    add_plan(&row, node, NULL);
    add_plan(&row, node, NULL);
    row.p->nodes[0].memory = 2 * 3 * block_bytes(&row) + 1;
    row.p->nodes[1].memory = 2 * 4 * block_bytes(&row) + 1;
    let_stay(&row, (int64_t)1 << 40);
    ck_assert_int_eq(row.plans[1]->files[0].stay.there, 7);
    end_row(&row);
}
END_TEST

START_TEST(a_plan_between_pays_for_what_passes_through)
{
    Row row = begin_row();
    PlanningFile other = packed;
    WeftNode a = band(&row, &packed, 1), b;

    other.store = 1;
    b = band(&row, &other, 1);
    add_plan(&row, a, NULL);
    add_plan(&row, b, NULL);
    add_plan(&row, a, NULL);
    let_stay(&row, budget_for(&row, BLOCKS));
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(row.plans[i]->memory.stock, BLOCKS * block_bytes(&row));
    ck_assert_int_eq(row.plans[2]->blocks_planned, 0);
    ck_assert_int_eq(row.plans[2]->files[0].stay.from, 0);
    ck_assert_int_eq(row.plans[0]->files[0].stay.until, 2);
    end_row(&row);
}
END_TEST

START_TEST(a_block_that_all_plans_read_is_paid_once_in_each)
{
    Row row = plan_twice(&packed);

    add_plan(&row, row.p->targets[0].node, NULL);
    let_stay(&row, budget_for(&row, 11));
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(row.plans[i]->memory.stock, 11 * block_bytes(&row));
    ck_assert_int_eq(row.plans[1]->files[0].stay.remain, 11);
    ck_assert_int_eq(row.plans[2]->files[0].stay.there, 11);
    ck_assert_int_eq(row.plans[2]->files[0].stay.from, 0);
    end_row(&row);
}
END_TEST

START_TEST(other_bands_are_other_blocks)
{
    Row row = begin_row();

    add_plan(&row, band(&row, &packed, 1), NULL);
    add_plan(&row, band(&row, &packed, 2), NULL);
    let_stay(&row, (int64_t)1 << 40);
    ck_assert_int_eq(row.stay.bytes, 0);
    ck_assert(row.plans[1]->files[0].stay.again);
    end_row(&row);
}
END_TEST

START_TEST(only_what_a_later_plan_needs_remains)
{
    Row row = begin_row();
    WeftNode node = band(&row, &packed, 1);

    add_plan(&row, node, NULL);
    add_plan(&row, node, &(WfRect) { 250, 0, 450, 100 });
    let_stay(&row, (int64_t)1 << 40);
    ck_assert_int_eq(row.plans[0]->files[0].stay.remain, 3);
    ck_assert_int_eq(row.plans[1]->blocks_stocked, 3);
    ck_assert_int_eq(row.plans[1]->blocks_planned, 0);
    end_row(&row);
}
END_TEST

START_TEST(copies_of_a_block_where_edges_wrap_are_one_block_in_stock)
{
    Row row = begin_row();
    WeftNode node = band(&row, &packed, 1),
             near = planning_neighbour(row.p, node, 1, 1, WF_EDGES_WRAP);
    int64_t copies;

    add_plan(&row, near, NULL);
    copies = row.plans[0]->blocks_planned - BLOCKS;
    add_plan(&row, node, NULL);
    add_plan(&row, near, NULL);
    ck_assert_int_gt(copies, 0);
    let_stay(&row, (int64_t)1 << 40);
    ck_assert_int_eq(row.stay.bytes, BLOCKS * block_bytes(&row));
    ck_assert_int_eq(row.plans[0]->blocks_planned, BLOCKS + copies);
    ck_assert_int_eq(row.plans[1]->blocks_stocked, BLOCKS);
    ck_assert_int_eq(row.plans[2]->blocks_stocked, BLOCKS + copies);
    ck_assert_int_eq(row.plans[2]->blocks_planned, 0);
    end_row(&row);
}
END_TEST

/* A run of a plan as far as blocks go: `in_stock` is changed by it. */
static void follow(const Row *row, const WfPlan *plan, bool *in_stock)
{
    const WfPlanFile *file = &plan->files[0];
    int64_t decoded = 0, held = 0;

    for (int64_t b = 0; b < plan->block_count; b++) {
        int64_t slot = wf_stock_slot(file, b % file->blocks_x, b / file->blocks_x);
        unsigned stays = wf_ledger_stays(plan, b);

        if (!plan->ledger->readers[b]) {
            ck_assert_int_eq(stays, WF_STAYS_NOT);
            continue;
        }
        decoded += !(stays & WF_STAYS_FROM);
        if (stays & WF_STAYS_FROM)
            ck_assert(in_stock[slot]);
        in_stock[slot] = in_stock[slot] || stays;
    }
    for (int64_t slot = 0; slot < BLOCKS; slot++)
        held += in_stock[slot];
    ck_assert_int_eq(decoded, plan->blocks_planned);
    ck_assert_int_eq(held * block_bytes(row), plan->memory.stock);
    for (int64_t b = 0; b < plan->block_count; b++)
        if (wf_ledger_stays(plan, b) == WF_STAYS_FROM)
            in_stock[wf_stock_slot(file, b % file->blocks_x, b / file->blocks_x)] = false;
}

START_TEST(whatever_the_budget_each_plan_finds_what_it_was_promised)
{
    for (int64_t room = 0; room < 2 * BLOCKS; room += 3) {
        bool in_stock[BLOCKS] = { false };
        Row row = begin_row();
        WeftNode node = band(&row, &packed, 1);
        WeftNode near = planning_neighbour(row.p, node, 120, 1, WF_EDGES_WRAP);
        int64_t budget;

        add_plan(&row, near, NULL);
        add_plan(&row, node, room % 2 ? &(WfRect) { 300, 100, SIZE, 700 } : NULL);
        add_plan(&row, near, NULL);
        add_plan(&row, planning_sum(row.p, near, node), NULL);
        budget = budget_for(&row, room) - 40 * block_bytes(&row);
        let_stay(&row, budget);
        for (int i = 0; i < row.count; i++) {
            if (row.stay.bytes)
                follow(&row, row.plans[i], in_stock);
            ck_assert(row.plans[i]->memory.stock == 0 || row.plans[i]->memory.predicted <= budget);
        }
        for (int64_t slot = 0; slot < BLOCKS; slot++)
            ck_assert(!in_stock[slot]);
        end_row(&row);
    }
}
END_TEST

START_TEST(explain_tells_what_is_kept)
{
    Row row = plan_twice(&packed);
    WfText first = { 0 }, second = { 0 };

    let_stay(&row, budget_for(&row, 7));
    wf_plan_show(row.plans[0], &first);
    wf_plan_show(row.plans[1], &second);
    ck_assert_ptr_nonnull(
        strstr(first.text, "; 100 blocks decoded once, 7 of them kept for phase 2\n"));
    ck_assert_ptr_nonnull(
        strstr(second.text, "; 100 blocks, 7 of them kept from phase 1, 93 decoded again\n"));
    ck_assert_ptr_nonnull(
        strstr(second.text, "\nwork: 93 blocks to decode, 7 kept from earlier phases\n"));
    ck_assert_ptr_nonnull(strstr(second.text, "\n  blocks kept between phases: 141 KB\n"));
    wf_text_free(&first);
    wf_text_free(&second);
    end_row(&row);
}
END_TEST

START_TEST(failing_memory_is_an_error)
{
    bool done = false;

    for (int n = 1; !done; n++) {
        Row row = plan_twice(&packed);

        wf_mem_fail_at(n);
        done = wf_stay(row.plans, row.count, (int64_t)1 << 40, &row.stay, &row.p->err);
        wf_mem_fail_at(0);
        ck_assert_int_eq(row.p->err.code, done ? WEFT_OK : WEFT_EMEM);
        end_row(&row);
    }
}
END_TEST

CHECK_MAIN("stay", where_there_is_room_nothing_is_decoded_again,
           what_is_copied_as_fast_does_not_remain,
           what_the_credit_does_not_need_any_more_serves_the_stock, as_many_blocks_remain_as_fit,
           without_room_the_plans_are_as_they_were, both_plans_name_the_same_blocks,
           each_node_keeps_its_part_where_room_is_short, no_node_keeps_more_than_half_of_its_memory,
           a_plan_between_pays_for_what_passes_through,
           a_block_that_all_plans_read_is_paid_once_in_each, other_bands_are_other_blocks,
           only_what_a_later_plan_needs_remains,
           copies_of_a_block_where_edges_wrap_are_one_block_in_stock,
           whatever_the_budget_each_plan_finds_what_it_was_promised, explain_tells_what_is_kept,
           failing_memory_is_an_error)
