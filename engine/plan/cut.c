/*
 * cut.c - where a loop that is too long for one kernel is cut into parts.
 *
 * The time to compile a kernel grows faster than its length. The nodes of a long one are taken
 * depth first, so that what belongs together stays together, and every so many of them are a part.
 * What a part needs of another comes through a ring, and one kernel fills all rings of one part;
 * but what is made of pixels in a step or two is made again. Needs: the class marked and its rings
 * told. Writes ringed, rank and part.
 *
 * The rank of a node is how many rings lie one behind another below it. A part has nodes of one
 * rank, so that parts never wait for each other: kernels go by rank, then by part.
 */
#include "plan/cut.h"

enum {
    LOOP_NODES = 1024, /* computed nodes of a kernel that is not cut */
    PART_NODES = 512,  /* and of a part */
    CHEAP_NODES = 3    /* computed nodes below, and it, that cost no more than a ring does */
};

typedef struct Cut {
    WfFuse *f;
    const WfEnds *ends;
    WeftNode *order; /* nodes of the loop, inputs before users */
    WeftNode *path;  /* from an end down to the node at hand */
    int *next;       /* of each node on the path: its input that is next */
    int count;
} Cut;

static const WfNode *node_of(const WfFuse *f, WeftNode n)
{
    return &f->plan->graph->nodes[n];
}

/* A neighbour is a load at an offset, which any part may do for itself. */
static bool is_computed(const WfNode *node)
{
    return node->op->shape == WEFT_POINT && node->grid;
}

/* Computed nodes below one and it, those that are there twice counted twice; no more than asked. */
static int weight(const WfFuse *f, WeftNode n, int most)
{
    const WfNode *node = node_of(f, n);
    int sum = 1;

    if (!is_computed(node))
        return 0;
    for (int i = 0; i < node->input_count && sum <= most; i++)
        sum += weight(f, node->inputs[i], most - sum);
    return sum;
}

/* Nodes that a kernel of these ends computes. */
static int computed_nodes(WfFuse *f, const WfEnds *ends)
{
    int count = 0;

    wf_fuse_mark(f, ends);
    for (WeftNode n = f->low; n <= f->high; n++)
        count += f->wanted[n] && is_computed(node_of(f, n)) && !wf_fuse_handed_over(f, n, ends);
    return count;
}

bool wf_cut_fits(WfFuse *f, const WfEnds *ends)
{
    return computed_nodes(f, ends) <= LOOP_NODES;
}

/* ------------------------------------------------------------------ order */

/* The node belongs to the loop, and to no part yet. */
static bool is_new(const Cut *c, WeftNode n)
{
    return is_computed(node_of(c->f, n)) && !c->f->part[n] && c->next[n] < 0 &&
           !wf_fuse_handed_over(c->f, n, c->ends);
}

/* List all that hangs below an end. */
static void walk(Cut *c, WeftNode end)
{
    int depth = 0;

    if (!is_new(c, end))
        return;
    c->path[depth++] = end;
    c->next[end] = 0;
    while (depth > 0) {
        WeftNode n = c->path[depth - 1];
        const WfNode *node = node_of(c->f, n);

        if (c->next[n] == node->input_count) {
            c->order[c->count++] = n;
            depth--;
            continue;
        }
        n = node->inputs[c->next[n]++];
        if (!is_new(c, n))
            continue;
        c->path[depth++] = n;
        c->next[n] = 0;
    }
}

static void walk_all(Cut *c)
{
    for (int i = 0; i < c->ends->ring_count; i++)
        walk(c, c->ends->rings[i]);
    for (int i = 0; i < c->ends->target_count; i++)
        walk(c, c->f->plan->targets[c->ends->targets[i]].node);
}

/* ------------------------------------------------------------------ parts */

/* Each rank's nodes in their order, so many to a part. */
static void make_parts(Cut *c)
{
    WfFuse *f = c->f;
    int rank_high = 0;

    for (int i = 0; i < c->count; i++)
        rank_high = f->rank[c->order[i]] > rank_high ? f->rank[c->order[i]] : rank_high;
    for (int rank = 0; rank <= rank_high; rank++) {
        int count = 0;

        for (int i = 0; i < c->count; i++)
            if (f->rank[c->order[i]] == rank)
                f->part[c->order[i]] = f->part_count + 1 + count++ / PART_NODES;
        f->part_count += (count + PART_NODES - 1) / PART_NODES;
    }
}

/* What other parts need of a node's part comes through rings. */
static void hand_over(Cut *c, bool *open)
{
    WfFuse *f = c->f;

    for (int i = 0; i < c->count; i++) {
        const WfNode *node = node_of(f, c->order[i]);

        for (int k = 0; k < node->input_count; k++) {
            WeftNode input = node->inputs[k];

            if (f->part[input] && f->part[input] != f->part[c->order[i]] &&
                weight(f, input, CHEAP_NODES) > CHEAP_NODES) {
                f->ringed[input] = true;
                open[f->part[input]] = true;
            }
        }
    }
}

/* A target of a part that has rings is computed with them. */
static void hand_over_targets(const Cut *c, const bool *open)
{
    for (int i = 0; i < c->ends->target_count; i++) {
        WeftNode node = c->f->plan->targets[c->ends->targets[i]].node;

        if (c->f->part[node] && open[c->f->part[node]])
            c->f->ringed[node] = true;
    }
}

bool wf_cut(WfFuse *f, const WfEnds *ends, WeftErr *err)
{
    size_t nodes = (size_t)f->plan->graph->count;
    Cut c = { .f = f, .ends = ends };
    bool *open = NULL, done;

    if (wf_cut_fits(f, ends))
        return true;
    c.order = wf_calloc(nodes, sizeof *c.order, err);
    c.path = wf_calloc(nodes, sizeof *c.path, err);
    c.next = wf_calloc(nodes, sizeof *c.next, err);
    open = wf_calloc((size_t)f->part_count + nodes + 1, sizeof *open, err);
    done = c.order && c.path && c.next && open;
    if (done) {
        for (size_t n = 0; n < nodes; n++)
            c.next[n] = -1;
        walk_all(&c);
        make_parts(&c);
        hand_over(&c, open);
        hand_over_targets(&c, open);
    }
    wf_free(c.order);
    wf_free(c.path);
    wf_free(c.next);
    wf_free(open);
    return done;
}

void wf_cut_ranks(WfFuse *f)
{
    f->part_count = 0;
    for (WeftNode n = f->low; n <= f->high; n++) {
        const WfNode *node = node_of(f, n);

        f->rank[n] = f->part[n] = 0;
        for (int i = 0; i < node->input_count && f->wanted[n]; i++) {
            WeftNode input = node->inputs[i];
            bool file = node_of(f, input)->op->shape == WEFT_LOAD && !wf_fuse_has_window(node);
            int rank = f->rank[input] + (f->ringed[input] && !file);

            f->rank[n] = rank > f->rank[n] ? rank : f->rank[n];
        }
    }
}
