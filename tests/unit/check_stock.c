/*
 * check_stock.c - blocks between runs: found again, freed when no later plan reads them.
 */
#include "planning.h"
#include "run/stock.h"

enum { SIZE = 300, BLOCK = 100 };

/* Two plans of one file, the second of its left two columns of blocks; a stock for them. */
typedef struct Store {
    Planning *p;
    WfPlan *plans[2];
    WfTopo *topo;
    WfStock *stock;
} Store;

static Store open_store(void)
{
    const PlanningFile file = {
        .width = SIZE, .height = SIZE, .block_width = BLOCK, .block_height = BLOCK, .costly = true
    };
    Store s = { .p = planning_new() };
    WfStay stay;

    planning_save(s.p, planning_band(s.p, &file, 1, planning_grid(s.p, SIZE, SIZE)), 64);
    s.plans[0] = planning_plan(s.p);
    s.p->targets[0].window.x1 = 2 * BLOCK;
    s.plans[1] = planning_plan(s.p);
    ck_assert(wf_stay(s.plans, 2, 1 << 30, &stay, &s.p->err));
    s.topo = wf_topo_new("numa:2 core:1 pu:1", 0, &s.p->err);
    ck_assert_ptr_nonnull(s.topo);
    s.stock = wf_stock_new(s.topo, &stay, &s.p->err);
    ck_assert_ptr_nonnull(s.stock);
    return s;
}

static void close_store(Store *s)
{
    wf_stock_free(s->stock);
    wf_topo_free(s->topo);
    planning_free(s->p);
}

/* The first plan decodes block (0, 0) on node 1. */
static WfBuffer *put_first(Store *s)
{
    WfBuffer *buffer = wf_stock_take(s->stock, 1, s->plans[0]->files[0].block_bytes, &s->p->err);

    ck_assert_ptr_nonnull(buffer);
    wf_stock_put(s->stock, wf_stock_slot(&s->plans[0]->files[0], 0, 0), buffer);
    return buffer;
}

START_TEST(what_was_put_is_found)
{
    Store s = open_store();
    WfBuffer *buffer = put_first(&s);

    ck_assert_ptr_eq(wf_stock_find(s.stock, wf_stock_slot(&s.plans[1]->files[0], 0, 0)), buffer);
    ck_assert_ptr_null(wf_stock_find(s.stock, wf_stock_slot(&s.plans[1]->files[0], 1, 0)));
    ck_assert_int_eq(buffer->node, 1);
    close_store(&s);
}
END_TEST

START_TEST(blocks_go_when_their_last_plan_has_run)
{
    Store s = open_store();

    put_first(&s);
    wf_stock_leave(s.stock, s.plans[0]);
    ck_assert_int_eq(wf_stock_bytes(s.stock), (int64_t)s.plans[0]->files[0].block_bytes);
    wf_stock_leave(s.stock, s.plans[1]);
    ck_assert_int_eq(wf_stock_bytes(s.stock), 0);
    close_store(&s);
}
END_TEST

START_TEST(it_holds_what_the_plans_say_and_no_more)
{
    Store s = open_store();
    size_t bytes = s.plans[0]->files[0].block_bytes;
    WfBuffer *buffer;

    ck_assert_int_eq(s.plans[0]->memory.stock, 6 * (int64_t)bytes);
    for (int i = 0; i < 6; i++)
        wf_stock_put(s.stock, i, wf_stock_take(s.stock, 0, bytes, &s.p->err));
    buffer = wf_stock_take(s.stock, 0, bytes, &s.p->err);
    ck_assert_ptr_null(buffer);
    ck_assert_int_eq(s.p->err.code, WEFT_EBUG);
    close_store(&s);
}
END_TEST

CHECK_MAIN("stock", what_was_put_is_found, blocks_go_when_their_last_plan_has_run,
           it_holds_what_the_plans_say_and_no_more)
