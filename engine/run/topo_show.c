/*
 * topo_show.c - the machine in words: nodes, cores, caches, where workers go, what limits them.
 *
 * Reads the WfTopo; writes the text only.
 */
#include "run/topo_own.h"

static void show_cache(WfText *text, const char *name, int64_t bytes, int sharers)
{
    char number[32];

    if (bytes == 0)
        return;
    wf_text_add(text, "  %s %s", name, wf_bytes((double)bytes, number));
    if (sharers > 1)
        wf_text_add(text, " for %d workers", sharers);
}

/* What leaves fewer workers than the machine has cores. */
static void show_limits(const WfTopo *topo, WfText *text)
{
    const WfMachine *m = &topo->machine;
    char number[32];

    wf_text_add(text, "cores    %d", topo->cores_present);
    if (m->cores_allowed < topo->cores_present)
        wf_text_add(text, ", %d allowed by affinity and cpuset", m->cores_allowed);
    if (m->quota > 0)
        wf_text_add(text, ", CPU quota %s", wf_number(m->quota, number));
    wf_text_add(text, "\nworkers  %d", m->worker_count);
    if (topo->threads > 0)
        wf_text_add(text, ", set by --threads");
    else if (m->worker_count < m->cores_allowed)
        wf_text_add(text, ", by the CPU quota");
    wf_text_add(text, "\nmemory   %s for a run: half of %s\n", wf_bytes((double)m->memory, number),
                topo->limits.memory_by);
}

static void show_node(const WfTopo *topo, int node, WfText *text)
{
    const WfMachine *m = &topo->machine;
    char number[32];

    wf_text_add(text, "node %d", node);
    if (m->nodes[node].os < 0)
        wf_text_add(text, "   CPUs without memory of their own");
    else
        wf_text_add(text, "   %s", wf_bytes((double)m->nodes[node].memory, number));
    if (m->nodes[node].os >= 0 && m->nodes[node].os != node)
        wf_text_add(text, ", the system's node %d", m->nodes[node].os);
    if (m->nodes[node].worker_count == 0)
        wf_text_add(text, ", no worker");
    wf_text_add(text, "\n");
    for (int w = 0; w < m->worker_count; w++) {
        if (m->workers[w].node == node)
            wf_text_add(text, "  worker %-3d CPU %-3u core %d\n", w, topo->places[w]->os_index,
                        m->workers[w].core);
    }
}

void wf_topo_show(const WfTopo *topo, WfText *text)
{
    const WfMachine *m = &topo->machine;

    wf_text_add(text, "machine  %d node%s%s\n", m->node_count, m->node_count == 1 ? "" : "s",
                m->pretended ? ", pretended: nothing is bound" : "");
    show_limits(topo, text);
    wf_text_add(text, "caches ");
    show_cache(text, "L1", m->l1, 1);
    show_cache(text, "L2", m->l2, m->l2_sharers);
    show_cache(text, "L3", m->l3, m->l3_sharers);
    wf_text_add(text, "\n");
    for (int i = 0; i < m->node_count; i++)
        show_node(topo, i, text);
    if (m->node_count == 1)
        return;
    for (int a = 0; a < m->node_count; a++) {
        wf_text_add(text, a == 0 ? "distance " : "         ");
        for (int b = 0; b < m->node_count; b++)
            wf_text_add(text, " %g", (double)m->distances[a * m->node_count + b]);
        wf_text_add(text, "\n");
    }
}
