/*
 * states.c - states of reductions: one for each worker and reduction, merged at the end.
 *
 * Needs: a plan with reductions, their setups. A worker opens its states when it first has rows
 * for them, so that they lie near it. All memory of states comes from one room with one credit,
 * which any thread may draw on: what a worker does not need is another's. Writes only states.
 */
#include "run/states.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

/* What stands before each piece of memory of a state. */
typedef union Head {
    size_t bytes;
    max_align_t align;
} Head;

typedef struct Room {
    WeftRoom room; /* first: the operator's view of it */
    atomic_int_fast64_t used, peak;
    int64_t credit;
} Room;

struct WfStates {
    const WfPlan *plan;
    Room room;
    void **states; /* [worker * reductions + reduction]; NULL: not opened; merged: worker 0's */
};

/* ------------------------------------------------------------------------------- room */

static bool draw(Room *room, int64_t bytes)
{
    int64_t used = atomic_fetch_add(&room->used, bytes) + bytes, peak;

    if (used > room->credit && bytes > 0) {
        atomic_fetch_sub(&room->used, bytes);
        return false;
    }
    peak = atomic_load(&room->peak);
    while (used > peak && !atomic_compare_exchange_weak(&room->peak, &peak, used))
        ;
    return true;
}

static void *resize(WeftRoom *view, void *old, size_t bytes)
{
    Room *room = (Room *)view;
    Head *head = old ? (Head *)old - 1 : NULL, *grown;
    size_t before = head ? head->bytes : 0;

    if (bytes == 0) {
        draw(room, -(int64_t)before);
        free(head);
        return NULL;
    }
    if (bytes > INT64_MAX / 2 || !draw(room, (int64_t)bytes - (int64_t)before))
        return NULL;
    grown = realloc(head, sizeof *head + bytes);
    if (!grown) {
        draw(room, (int64_t)before - (int64_t)bytes);
        return NULL;
    }
    grown->bytes = bytes;
    return grown + 1;
}

/* ------------------------------------------------------------------------------- states */

static const WfNode *node_of(const WfStates *states, int reduction)
{
    return &states->plan->graph->nodes[states->plan->reductions[reduction].node];
}

static const WeftReduce *operator_of(const WfStates *states, int reduction)
{
    return node_of(states, reduction)->op->reduce;
}

static void **slot(const WfStates *states, int worker, int reduction)
{
    return &states->states[worker * states->plan->reduction_count + reduction];
}

static bool refuse(const WfStates *states, int reduction, WeftErr *err)
{
    const WfNode *node = node_of(states, reduction);
    char held[32], credit[32];

    wf_fail(err, WEFT_EMEM, "what it has to remember does not fit: %s of %s are taken",
            wf_bytes((double)wf_states_bytes(states), held),
            wf_bytes((double)states->room.credit, credit));
    wf_hint(err, "allow more with --memory, or fewer workers with --threads");
    return wf_err_at(err, &node->place, node->op->name);
}

WfStates *wf_states_new(const WfPlan *plan, WeftErr *err)
{
    size_t count = (size_t)plan->machine->worker_count * (size_t)plan->reduction_count;
    WfStates *states = wf_zalloc(sizeof *states, err);

    if (!states)
        return NULL;
    states->plan = plan;
    states->room.room.resize = resize;
    states->room.credit = plan->memory.states;
    atomic_init(&states->room.used, 0);
    atomic_init(&states->room.peak, 0);
    states->states = wf_calloc(count + 1, sizeof *states->states, err);
    if (!states->states) {
        wf_free(states);
        return NULL;
    }
    return states;
}

void wf_states_free(WfStates *states)
{
    if (!states)
        return;
    for (int w = 0; w < states->plan->machine->worker_count; w++)
        for (int r = 0; r < states->plan->reduction_count; r++)
            operator_of(states, r)->close(*slot(states, w, r));
    wf_free(states->states);
    wf_free(states);
}

bool wf_states_take(WfStates *states, int worker, int reduction, const WeftReduceRows *rows,
                    WeftErr *err)
{
    const WeftReduce *reduce = operator_of(states, reduction);
    void **state = slot(states, worker, reduction);

    if (!*state)
        *state = reduce->open(states->plan->reductions[reduction].setup, &states->room.room);
    return (*state && reduce->take(*state, rows)) || refuse(states, reduction, err);
}

bool wf_states_merge(WfStates *states, WeftErr *err)
{
    for (int r = 0; states && r < states->plan->reduction_count; r++) {
        const WeftReduce *reduce = operator_of(states, r);
        void **all = slot(states, 0, r);

        for (int w = 1; w < states->plan->machine->worker_count; w++) {
            void **one = slot(states, w, r);

            if (*all && *one) {
                if (!reduce->merge(*all, *one))
                    return refuse(states, r, err);
                reduce->close(*one);
            } else if (*one) {
                *all = *one;
            }
            *one = NULL;
        }
    }
    return true;
}

void *wf_states_merged(const WfStates *states, int reduction)
{
    return *slot(states, 0, reduction);
}

void wf_states_close(WfStates *states, int reduction)
{
    operator_of(states, reduction)->close(wf_states_merged(states, reduction));
    *slot(states, 0, reduction) = NULL;
}

bool wf_states_table(const WfStates *states, int reduction, WeftTable *table, WeftErr *err)
{
    const WeftReduce *reduce = operator_of(states, reduction);
    const void *state = wf_states_merged(states, reduction);

    assert(state);
    *table = (WeftTable) {
        .row_count = reduce->rows(state),
        .column_count = reduce->columns(states->plan->reductions[reduction].setup),
    };
    table->cells = wf_calloc((size_t)table->row_count * (size_t)table->column_count + 1,
                             sizeof *table->cells, err);
    if (!table->cells)
        return false;
    reduce->fill(state, table->cells);
    return true;
}

int64_t wf_states_bytes(const WfStates *states)
{
    return states ? atomic_load(&states->room.used) : 0;
}

int64_t wf_states_peak(const WfStates *states)
{
    return states ? atomic_load(&states->room.peak) : 0;
}

void weft_table_free(WeftTable *table)
{
    if (!table)
        return;
    wf_free(table->cells);
    *table = (WeftTable) { 0 };
}
