/*
 * emit_loop.c - which loop of loop.c a kernel wants.
 *
 * A long sum over many rows has more row addresses, or numbers, than registers hold: the loop
 * fetches them anew for each vector. Two vectors at a time need them once, and twice the registers
 * for what is computed: few, where each value is used once. Reads the plan; declares the loop.
 */
#include <string.h>

#include "code/emitter.h"

enum {
    HELD = 12,  /* addresses or numbers that stay in registers */
    SHARED = 8, /* values used more than once that two vectors have room for */
    ROWS_MAX = 2 * HELD
};

/* What a kernel's form asks of registers. */
typedef struct Asked {
    int shared, numbers, rows;
    struct {
        int input, drow;
    } row[ROWS_MAX];
} Asked;

static void add_row(Asked *asked, const WfRead *read)
{
    for (int i = 0; i < asked->rows; i++)
        if (asked->row[i].input == read->input && asked->row[i].drow == read->drow)
            return;
    if (asked->rows == ROWS_MAX)
        return;
    asked->row[asked->rows].input = read->input;
    asked->row[asked->rows++].drow = read->drow;
}

static bool ask(const WfEmitter *e, WeftNode number, int *uses, Asked *asked, WeftErr *err)
{
    const WfNode *node = wf_emit_node_of(e, number);
    WfRead read;

    if (!wf_read_find(e->plan, e->kernel, number, &read, err))
        return false;
    if (read.input >= 0) {
        add_row(asked, &read);
        return true;
    }
    for (int i = 0; i < node->input_count; i++) {
        bool constant = wf_emit_node_of(e, node->inputs[i])->op->shape == WEFT_CONSTANT;

        uses[node->inputs[i]]++;
        asked->numbers += constant && uses[node->inputs[i]] == 1;
        asked->shared += !constant && uses[node->inputs[i]] == 2;
    }
    return true;
}

bool wf_emit_loop(WfEmitter *e, WeftErr *err)
{
    int count = e->plain ? e->kernel->plain_count : e->kernel->node_count;
    const WeftNode *nodes = e->plain ? e->kernel->plain_nodes : e->kernel->nodes;
    int *uses = wf_calloc((size_t)e->plan->graph->count, sizeof *uses, err);
    Asked asked = { 0 };
    bool done = uses != NULL, twice;
    Type type = LLVMFunctionType(LLVMVoidTypeInContext(e->context), &e->ptr, 1, false);

    for (int i = 0; done && i < count; i++)
        done = ask(e, nodes[i], uses, &asked, err);
    wf_free(uses);
    twice = (asked.rows > HELD || asked.numbers > HELD) && asked.shared <= SHARED;
    if (done)
        LLVMAddFunction(e->module, twice ? "wf_kernel_by_two" : "wf_kernel", type);
    return done;
}
