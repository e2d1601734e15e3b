/*
 * share.c - equal nodes become one.
 *
 * Needs: an inferred graph. Nodes are looked up in a hash table by all that makes their pixels;
 * the oldest of equals stays. Operators that commute exactly are looked up with sorted inputs.
 */
#include <math.h>
#include <string.h>

#include "pass/pass.h"
#include "pass/rebuild.h"
#include "pass/share.h"

/* Exact but for the payload of a NaN, which no store keeps. */
static const char *const commutative[] = { "add", "and", "eq", "mul", "ne", "or", "xor" };

typedef struct Table {
    WeftNode *slots;         /* nodes that differ, or WEFT_NONE */
    size_t size;             /* a power of two */
    const WeftNode *numbers; /* what stands for inputs; NULL: they themselves */
} Table;

static bool commutes(const WfNode *node)
{
    if (node->input_count != 2)
        return false;
    for (size_t i = 0; i < sizeof commutative / sizeof *commutative; i++)
        if (strcmp(commutative[i], node->op->name) == 0)
            return true;
    return false;
}

static WeftNode number_of(const Table *table, WeftNode node)
{
    return table->numbers ? table->numbers[node] : node;
}

/* Input i of a node in the order in which nodes are compared. */
static WeftNode input_of(const Table *table, const WfNode *node, int i, bool sorted)
{
    if (sorted && number_of(table, node->inputs[0]) > number_of(table, node->inputs[1]))
        return number_of(table, node->inputs[1 - i]);
    return number_of(table, node->inputs[i]);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static uint64_t bits_of(double v)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    return isnan(v) ? 0x7ff8000000000000u : bits;
}

static uint64_t hash_of(const Table *table, const WfNode *node)
{
    bool sorted = commutes(node);
    uint64_t hash = mix((uint64_t)(uintptr_t)node->op, (uint64_t)(uintptr_t)node->grid);

    for (int i = 0; i < node->input_count; i++)
        hash = mix(hash, (uint64_t)input_of(table, node, i, sorted));
    for (int i = 0; i < node->setting_count; i++)
        hash = mix(hash, bits_of(node->settings[i]));
    hash = mix(hash, (uint64_t)(uintptr_t)node->table);
    return mix(mix(hash, bits_of(node->value)), (uint64_t)node->source);
}

static bool equal_nodes(const Table *table, const WfNode *a, const WfNode *b)
{
    bool sorted = commutes(a);

    if (a->op != b->op || a->grid != b->grid || a->input_count != b->input_count ||
        a->setting_count != b->setting_count || bits_of(a->value) != bits_of(b->value) ||
        a->integer != b->integer || a->source != b->source || a->table != b->table ||
        a->type != b->type || a->wide != b->wide || a->wide_inside != b->wide_inside ||
        a->range.boolean != b->range.boolean || a->range.whole != b->range.whole)
        return false;
    for (int i = 0; i < a->input_count; i++)
        if (input_of(table, a, i, sorted) != input_of(table, b, i, sorted))
            return false;
    for (int i = 0; i < a->setting_count; i++)
        if (bits_of(a->settings[i]) != bits_of(b->settings[i]))
            return false;
    return true;
}

/* The slot of an equal node, or the free one where it belongs. */
static WeftNode *find_slot(const Table *table, const WfGraph *graph, const WfNode *node)
{
    size_t at = hash_of(table, node) & (table->size - 1);

    while (table->slots[at] != WEFT_NONE &&
           !equal_nodes(table, &graph->nodes[table->slots[at]], node))
        at = (at + 1) & (table->size - 1);
    return &table->slots[at];
}

static bool share_nodes(WfRebuild *r, Table *table, WeftErr *err)
{
    for (int i = 0; i < r->old_count; i++) {
        WeftNode node = wf_rebuild_keep(r, i, err), *slot;

        if (node == WEFT_NONE)
            return false;
        slot = find_slot(table, r->graph, &r->graph->nodes[node]);
        if (*slot == WEFT_NONE) {
            *slot = node;
        } else {
            wf_graph_drop(r->graph, node);
            r->map[i] = *slot;
            r->changed = true;
        }
    }
    return true;
}

static bool open_table(Table *table, const WfGraph *graph, WeftErr *err)
{
    *table = (Table) { .size = 16 };
    while (table->size < 2 * (size_t)graph->count)
        table->size *= 2;
    table->slots = wf_calloc(table->size, sizeof *table->slots, err);
    for (size_t i = 0; table->slots && i < table->size; i++)
        table->slots[i] = WEFT_NONE;
    return table->slots != NULL;
}

bool wf_pass_share(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err)
{
    Table table;
    WfRebuild r;
    bool done;

    *changed = false;
    if (!open_table(&table, graph, err))
        return false;
    done = wf_rebuild_start(&r, graph, err);
    if (done) {
        done = wf_rebuild_end(&r, roots, root_count, share_nodes(&r, &table, err));
        *changed = done && r.changed;
    }
    wf_free(table.slots);
    return done;
}

bool wf_share_numbers(const WfGraph *graph, WeftNode *numbers, WeftErr *err)
{
    Table table;

    if (!open_table(&table, graph, err))
        return false;
    table.numbers = numbers;
    for (WeftNode n = 0; n < graph->count; n++) {
        WeftNode *slot = find_slot(&table, graph, &graph->nodes[n]);

        if (*slot == WEFT_NONE)
            *slot = n;
        numbers[n] = *slot;
    }
    wf_free(table.slots);
    return true;
}
