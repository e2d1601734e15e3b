/*
 * trim.c - nodes nobody reads disappear.
 *
 * Needs: a sound graph. Marks from the roots and writes the marked nodes anew, in order.
 */
#include "pass/pass.h"
#include "pass/rebuild.h"

static bool *mark_needed(const WfGraph *graph, const WeftNode *roots, int root_count, WeftErr *err)
{
    bool *needed = wf_calloc((size_t)graph->count + 1, sizeof *needed, err);

    if (!needed)
        return NULL;
    for (int i = 0; i < root_count; i++)
        needed[roots[i]] = true;
    for (int i = graph->count - 1; i >= 0; i--)
        for (int j = 0; needed[i] && j < graph->nodes[i].input_count; j++)
            needed[graph->nodes[i].inputs[j]] = true;
    return needed;
}

static bool keep_needed(WfRebuild *r, const bool *needed, WeftErr *err)
{
    for (int i = 0; i < r->old_count; i++) {
        if (!needed[i])
            r->changed = true;
        else if (wf_rebuild_keep(r, i, err) == WEFT_NONE)
            return false;
    }
    return true;
}

bool wf_pass_trim(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err)
{
    bool *needed = mark_needed(graph, roots, root_count, err), done;
    WfRebuild r;

    *changed = false;
    if (!needed)
        return false;
    done = wf_rebuild_start(&r, graph, err);
    if (done) {
        done = wf_rebuild_end(&r, roots, root_count, keep_needed(&r, needed, err));
        *changed = done && r.changed;
    }
    wf_free(needed);
    return done;
}
