/*
 * topo.c - hwloc to WfMachine: the real machine as affinity, cpuset and CPU quota leave it, or a
 * pretended one; and binding threads and memory.
 *
 * Needs: limits. Writes only its own WfTopo, which is read only once made. The system's and hwloc's
 * numbers of nodes and PUs differ: `os` and `cpu` are the system's, everything else is our index.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "run/topo_own.h"

enum {
    NEAR = 10,
    FAR = 20,
    HUGE_BYTES = 4 << 20, /* from here on huge pages save more faults than they cost */
    PRETENDED_L1 = 32 << 10,
    PRETENDED_L2 = 512 << 10,
    PRETENDED_L3 = 16 << 20
};

static bool load(WfTopo *topo, const char *pretend, WeftErr *err)
{
    hwloc_topology_t hwloc;

    if (hwloc_topology_init(&hwloc) != 0)
        return wf_fail(err, WEFT_EMEM, "no memory for the machine's topology");
    topo->hwloc = hwloc;
    if (pretend && hwloc_topology_set_synthetic(hwloc, pretend) != 0) {
        wf_fail(err, WEFT_EARG, "\"%s\" does not describe a machine", pretend);
        return wf_hint(err, "for example \"numa:4 core:2 pu:1\"");
    }
    if (hwloc_topology_load(hwloc) != 0)
        return wf_fail(err, WEFT_EHOST, "the machine's topology cannot be read");
    topo->bind = hwloc_topology_is_thissystem(hwloc) != 0;
    topo->machine.pretended = !topo->bind;
    return true;
}

/* PUs that the process may use: hwloc has left out what the cpuset forbids. */
static hwloc_bitmap_t allowed_set(const WfTopo *topo)
{
    hwloc_bitmap_t set = hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(topo->hwloc));
    hwloc_bitmap_t own = hwloc_bitmap_alloc();

    if (set && own && topo->bind &&
        hwloc_get_cpubind(topo->hwloc, own, HWLOC_CPUBIND_THREAD) == 0 &&
        hwloc_bitmap_intersects(set, own))
        hwloc_bitmap_and(set, set, own);
    hwloc_bitmap_free(own);
    return set;
}

/* ------------------------------------------------------------------------------- nodes */

/* The system says that CPUs belong to the node: hwloc gives a node of memory only those of its
 * nearest node. */
static bool has_own_cpus(const WfTopo *topo, hwloc_obj_t node)
{
    char path[96];
    bool own = false;
    FILE *file;
    int c;

    if (!topo->bind)
        return !hwloc_bitmap_iszero(node->cpuset);
    snprintf(path, sizeof path, "/sys/devices/system/node/node%u/cpulist", node->os_index);
    file = fopen(path, "re");
    if (!file)
        return !hwloc_bitmap_iszero(node->cpuset);
    c = fgetc(file);
    own = c != EOF && c != '\n';
    fclose(file);
    return own;
}

static bool list_nodes(WfTopo *topo, WeftErr *err)
{
    WfMachine *m = &topo->machine;
    int count = hwloc_get_nbobjs_by_type(topo->hwloc, HWLOC_OBJ_NUMANODE);

    if (count > WF_NODES_MAX - 1)
        count = WF_NODES_MAX - 1;
    if (count < 0)
        count = 0;
    /* One more for CPUs whose node has no memory: it vanishes from the topology. */
    m->nodes = wf_calloc((size_t)count + 1, sizeof *m->nodes, err);
    topo->nodes = wf_calloc((size_t)count + 1, sizeof *topo->nodes, err);
    if (!m->nodes || !topo->nodes)
        return false;
    for (int i = 0; i < count; i++) {
        hwloc_obj_t node = hwloc_get_obj_by_type(topo->hwloc, HWLOC_OBJ_NUMANODE, (unsigned)i);

        topo->nodes[i] = (WfTopoNode) { .object = node, .own_cpus = has_own_cpus(topo, node) };
        m->nodes[i] = (WfMachineNode) {
            .os = (int)node->os_index,
            .memory = (int64_t)node->attr->numanode.local_memory,
        };
    }
    m->node_count = count;
    return true;
}

/* The node whose memory is a PU's own; where there is none, the node of such CPUs, made now. */
static int node_of(WfTopo *topo, hwloc_obj_t pu)
{
    WfMachine *m = &topo->machine;
    int i;

    for (i = 0; i < m->node_count; i++) {
        if (topo->nodes[i].own_cpus &&
            hwloc_bitmap_isset(topo->nodes[i].object->cpuset, pu->os_index))
            return i;
    }
    for (i = 0; i < m->node_count && m->nodes[i].os != -1; i++)
        continue;
    if (i == m->node_count) {
        m->nodes[i] = (WfMachineNode) { .os = -1 };
        topo->nodes[i] = (WfTopoNode) { .object = NULL };
        m->node_count++;
    }
    return i;
}

static bool find_distances(WfTopo *topo, WeftErr *err)
{
    WfMachine *m = &topo->machine;
    int n = m->node_count;
    unsigned found = 1;
    struct hwloc_distances_s *d = NULL;

    m->distances = wf_calloc((size_t)n * (size_t)n, sizeof *m->distances, err);
    if (!m->distances)
        return false;
    for (int i = 0; i < n * n; i++)
        m->distances[i] = i / n == i % n ? NEAR : FAR;
    if (m->pretended)
        return true;
    if (hwloc_distances_get_by_type(topo->hwloc, HWLOC_OBJ_NUMANODE, &found, &d,
                                    HWLOC_DISTANCES_KIND_MEANS_LATENCY, 0) != 0 ||
        found == 0)
        return true;
    for (unsigned i = 0; i < d->nbobjs * d->nbobjs; i++) {
        unsigned a = d->objs[i / d->nbobjs] ? d->objs[i / d->nbobjs]->logical_index : ~0u;
        unsigned b = d->objs[i % d->nbobjs] ? d->objs[i % d->nbobjs]->logical_index : ~0u;

        if (a < (unsigned)n && b < (unsigned)n && topo->nodes[a].object && topo->nodes[b].object)
            m->distances[a * (unsigned)n + b] = (float)d->values[i];
    }
    hwloc_distances_release(topo->hwloc, d);
    return true;
}

/* ------------------------------------------------------------------------------- workers */

static int by_node_and_core(const void *a, const void *b)
{
    const WfSeat *x = a, *y = b;

    if (x->node != y->node)
        return x->node - y->node;
    if (x->core != y->core)
        return x->core - y->core;
    return x->rank - y->rank;
}

/* List the allowed PUs, ordered by node and core; count the cores they lie in. */
static bool list_seats(WfTopo *topo, WeftErr *err)
{
    hwloc_bitmap_t allowed = allowed_set(topo);
    int count = hwloc_get_nbobjs_by_type(topo->hwloc, HWLOC_OBJ_PU);
    int present = hwloc_get_nbobjs_by_type(topo->hwloc, HWLOC_OBJ_CORE);

    topo->seats = wf_calloc((size_t)(count > 0 ? count : 1), sizeof *topo->seats, err);
    if (!topo->seats || !allowed) {
        hwloc_bitmap_free(allowed);
        return wf_fail(err, WEFT_EMEM, "no memory for the machine's topology");
    }
    for (int i = 0; i < count; i++) {
        hwloc_obj_t pu = hwloc_get_obj_by_type(topo->hwloc, HWLOC_OBJ_PU, (unsigned)i);
        hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(topo->hwloc, HWLOC_OBJ_CORE, pu);

        if (hwloc_bitmap_isset(allowed, pu->os_index))
            topo->seats[topo->seat_count++] = (WfSeat) {
                .pu = pu,
                .node = node_of(topo, pu),
                .core = (int)(core ? core : pu)->logical_index,
                .rank = i, /* for the order; numbered within the core below */
            };
    }
    hwloc_bitmap_free(allowed);
    topo->cores_present = present > 0 ? present : count;
    if (topo->seat_count == 0)
        return wf_fail(err, WEFT_EHOST, "this machine shows no CPU that may be used");
    qsort(topo->seats, (size_t)topo->seat_count, sizeof *topo->seats, by_node_and_core);
    for (int i = 0; i < topo->seat_count; i++) {
        bool same = i > 0 && topo->seats[i].core == topo->seats[i - 1].core;

        topo->seats[i].rank = same ? topo->seats[i - 1].rank + 1 : 0;
        topo->machine.cores_allowed += !same;
    }
    return true;
}

/* Seat up to `wanted` more workers on the PUs of a rank, evenly spread. Gives how many. */
static int take_rank(WfTopo *topo, int rank, int wanted)
{
    int there = 0, seen = 0, taken = 0;

    for (int i = 0; i < topo->seat_count; i++)
        there += topo->seats[i].rank == rank;
    if (wanted > there)
        wanted = there;
    for (int i = 0; i < topo->seat_count; i++) {
        if (topo->seats[i].rank != rank)
            continue;
        if ((int64_t)seen++ * wanted % there < wanted) {
            topo->seats[i].taken++;
            taken++;
        }
    }
    return taken;
}

static int count_workers(const WfTopo *topo)
{
    int count = topo->machine.cores_allowed;

    if (topo->threads > 0)
        return topo->threads;
    if (topo->machine.quota > 0 && topo->machine.quota < count) {
        count = (int)topo->machine.quota;
        count += (double)count < topo->machine.quota;
    }
    return count < 1 ? 1 : count;
}

static bool seat_workers(WfTopo *topo, WeftErr *err)
{
    WfMachine *m = &topo->machine;
    int count = count_workers(topo), w = 0;

    m->workers = wf_calloc((size_t)count, sizeof *m->workers, err);
    topo->places = wf_calloc((size_t)count, sizeof *topo->places, err);
    if (!m->workers || !topo->places)
        return false;
    m->worker_count = count;
    for (int rank = 0, left = count; left > 0; rank++) {
        int taken = take_rank(topo, rank, left);

        left -= taken;
        if (taken == 0)
            rank = -1; /* more workers than PUs: round again */
    }
    for (int i = 0; i < topo->seat_count; i++) {
        const WfSeat *seat = &topo->seats[i];

        m->nodes[seat->node].worker_count += seat->taken;
        for (int k = 0; k < seat->taken; k++, w++) {
            topo->places[w] = seat->pu;
            m->workers[w] = (WfMachineWorker) {
                .cpu = topo->bind ? (int)seat->pu->os_index : -1,
                .node = seat->node,
                .core = seat->core,
            };
        }
    }
    return true;
}

/* ------------------------------------------------------------------------------- caches, memory */

/* The smallest cache of a type that a worker has, and the most workers that share one. */
static int64_t find_cache(const WfTopo *topo, hwloc_obj_type_t type, int *sharers)
{
    int64_t least = 0;

    *sharers = 1;
    for (int w = 0; w < topo->machine.worker_count; w++) {
        hwloc_obj_t cache = hwloc_get_ancestor_obj_by_type(topo->hwloc, type, topo->places[w]);
        int64_t size = cache ? (int64_t)cache->attr->cache.size : 0;
        int count = 0;

        if (size <= 0)
            continue;
        if (least == 0 || size < least)
            least = size;
        for (int v = 0; v < topo->machine.worker_count; v++)
            count += hwloc_bitmap_isset(cache->cpuset, topo->places[v]->os_index) != 0;
        if (count > *sharers)
            *sharers = count;
    }
    return least;
}

static int workers_of_largest_node(const WfMachine *m)
{
    int most = 1;

    for (int i = 0; i < m->node_count; i++) {
        if (m->nodes[i].worker_count > most)
            most = m->nodes[i].worker_count;
    }
    return most;
}

static void find_caches(WfTopo *topo)
{
    WfMachine *m = &topo->machine;
    int ignored;

    if (m->pretended) {
        m->l1 = PRETENDED_L1;
        m->l2 = PRETENDED_L2;
        m->l3 = PRETENDED_L3;
        m->l2_sharers = 1;
        m->l3_sharers = workers_of_largest_node(m);
        return;
    }
    m->l1 = find_cache(topo, HWLOC_OBJ_L1CACHE, &ignored);
    m->l2 = find_cache(topo, HWLOC_OBJ_L2CACHE, &m->l2_sharers);
    m->l3 = find_cache(topo, HWLOC_OBJ_L3CACHE, &m->l3_sharers);
}

/* Half of what is allowed. A pretended machine has the memory that its description says. */
static void find_memory(WfTopo *topo)
{
    WfMachine *m = &topo->machine;
    int64_t nodes = 0;

    for (int i = 0; i < m->node_count; i++)
        nodes += m->nodes[i].memory;
    if (m->pretended || (nodes > 0 && nodes < topo->limits.memory)) {
        topo->limits.memory = nodes;
        topo->limits.memory_by = m->pretended ? "the pretended memory" : "the nodes' memory";
    }
    m->memory = topo->limits.memory / 2;
}

/* ------------------------------------------------------------------------------- shared */

WfTopo *wf_topo_new(const char *pretend, int threads, WeftErr *err)
{
    WfTopo *topo = wf_zalloc(sizeof *topo, err);

    if (!topo)
        return NULL;
    topo->threads = threads;
    if (!load(topo, pretend, err))
        goto fail;
    topo->limits = wf_limits_read("");
    topo->machine.quota = topo->machine.pretended ? 0 : topo->limits.quota;
    if (!list_nodes(topo, err) || !list_seats(topo, err) || !seat_workers(topo, err) ||
        !find_distances(topo, err))
        goto fail;
    find_caches(topo);
    find_memory(topo);
    return topo;
fail:
    wf_topo_free(topo);
    return NULL;
}

void wf_topo_free(WfTopo *topo)
{
    if (!topo)
        return;
    if (topo->hwloc)
        hwloc_topology_destroy(topo->hwloc);
    wf_free(topo->machine.nodes);
    wf_free(topo->machine.workers);
    wf_free(topo->machine.distances);
    wf_free(topo->nodes);
    wf_free(topo->places);
    wf_free(topo->seats);
    wf_free(topo);
}

const WfMachine *wf_topo_machine(const WfTopo *topo)
{
    return &topo->machine;
}

bool wf_topo_pin(const WfTopo *topo, int worker)
{
    if (!topo->bind)
        return true;
    return hwloc_set_cpubind(topo->hwloc, topo->places[worker]->cpuset, HWLOC_CPUBIND_THREAD) == 0;
}

static size_t whole_pages(size_t bytes)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    return (bytes + page - 1) / page * page;
}

void *wf_topo_alloc(const WfTopo *topo, int node, size_t bytes)
{
    size_t length = whole_pages(bytes ? bytes : 1);
    void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        return NULL;
    /* With one node there is nothing to choose. Where the system refuses to bind (some containers
     * do), the first touch still places the pages near the worker. */
    if (topo->bind && topo->machine.node_count > 1 && topo->nodes[node].object)
        (void)hwloc_set_area_membind(topo->hwloc, memory, length, topo->nodes[node].object->nodeset,
                                     HWLOC_MEMBIND_BIND,
                                     HWLOC_MEMBIND_BYNODESET | HWLOC_MEMBIND_STRICT);
    if (length >= HUGE_BYTES)
        (void)madvise(memory, length, MADV_HUGEPAGE);
    return memory;
}

void wf_topo_release(const WfTopo *topo, void *memory, size_t bytes)
{
    (void)topo;
    if (memory)
        munmap(memory, whole_pages(bytes ? bytes : 1));
}
