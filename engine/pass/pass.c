/*
 * pass.c - the list of passes in order; each is checked, and shown where it changed the graph.
 */
#include "graph/sound.h"
#include "pass/pass.h"

#include <assert.h>

#include "graph/show.h"

typedef bool Pass(WfGraph *graph, WeftNode *roots, int root_count, bool *changed, WeftErr *err);

static const struct {
    const char *name;
    Pass *run;
} passes[] = {
    { .name = "infer", .run = wf_pass_infer }, { .name = "lower", .run = wf_pass_lower },
    { .name = "wrap", .run = wf_pass_wrap },   { .name = "fold", .run = wf_pass_fold },
    { .name = "share", .run = wf_pass_share }, { .name = "trim", .run = wf_pass_trim },
};

bool wf_pass_run(WfGraph *graph, WeftNode *roots, int root_count, WfText *text, WeftErr *err)
{
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
        bool changed = false;

        if (!passes[i].run(graph, roots, root_count, &changed, err))
            return false;
        assert(wf_graph_sound(graph, NULL));
        if (text && changed) {
            wf_text_add(text, "after %s\n", passes[i].name);
            wf_graph_show(graph, roots, root_count, text);
        }
    }
    return true;
}
