/*
 * placement.c - where threads and pages of a run really are, as the kernel tells it.
 *
 * Run on a machine with several NUMA nodes. Witnesses: Cpus_allowed_list of each thread
 * (/proc/self/task), and the pages of each bound mapping (/proc/self/numa_maps), looked at while a
 * job without stealing runs. The last line is "numa: N passed, N failed".
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "weft.h"

enum { NODES = 64, CPUS = 1024, SIDE = 2048 };

typedef struct Seen {
    int looks;
    long right[NODES], wrong[NODES]; /* pages of mappings bound to a node: on it, and elsewhere */
    bool pinned[CPUS];               /* a thread may run on this CPU only */
} Seen;

static int passed, failed;

static void expect(bool right, const char *what)
{
    passed += right;
    failed += !right;
    if (!right)
        printf("numa: not so: %s\n", what);
}

static void look_at_pages(Seen *seen)
{
    FILE *maps = fopen("/proc/self/numa_maps", "r");
    char line[4096];

    while (maps && fgets(line, sizeof line, maps)) {
        char *policy = strstr(line, "bind");
        char *colon = policy ? strchr(policy, ':') : NULL;
        int bound = colon ? atoi(colon + 1) : -1;

        if (bound < 0 || bound >= NODES)
            continue;
        for (char *n = strstr(line, " N"); n; n = strstr(n + 1, " N")) {
            int node;
            long pages;

            if (sscanf(n, " N%d=%ld", &node, &pages) == 2)
                *(node == bound ? &seen->right[bound] : &seen->wrong[bound]) += pages;
        }
    }
    if (maps)
        fclose(maps);
}

static void look_at_threads(Seen *seen)
{
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *entry;

    while (tasks && (entry = readdir(tasks))) {
        char path[512], line[512];
        FILE *status;

        snprintf(path, sizeof path, "/proc/self/task/%s/status", entry->d_name);
        status = fopen(path, "r");
        while (status && fgets(line, sizeof line, status)) {
            int cpu;
            char rest;

            if (sscanf(line, "Cpus_allowed_list: %d%c", &cpu, &rest) == 2 && rest == '\n' &&
                cpu < CPUS)
                seen->pinned[cpu] = true;
        }
        if (status)
            fclose(status);
    }
    if (tasks)
        closedir(tasks);
}

static void look(void *context, const WeftProgress *progress)
{
    Seen *seen = context;

    (void)progress;
    seen->looks++;
    look_at_pages(seen);
    look_at_threads(seen);
}

static void die(const WeftErr *err)
{
    char text[2048];

    printf("%s\nnuma: 0 passed, 1 failed\n", weft_err_text(err, text, sizeof text));
    exit(1);
}

static WeftNode band(WeftGraph *graph, const char *folder, const char *name, WeftErr *err)
{
    char path[512];
    const WeftFile *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = weft_open(graph, path, NULL, err);
    if (!file)
        die(err);
    return weft_band(graph, file, 1, err);
}

static void make(WeftEngine *engine, const char *folder, const char *name, int seed)
{
    WeftErr err = { 0 };
    WeftGraph *graph = weft_graph_new(&err);
    WeftGrid grid = { .width = SIDE, .height = SIDE, .transform = { 0, 1, 0, 0, 0, -1 } };
    WeftArg arg = { .name = "seed", .node = WEFT_NONE, .number = seed, .integer = true };
    WeftNode random = weft_generate(graph, "random", &grid, &arg, 1, &err);
    WeftNode value = weft_apply(
        graph, "mul", (WeftNode[]) { random, weft_constant(graph, 10000, true, NULL, &err) }, 2,
        NULL, 0, &err);
    char path[512];
    WeftSave save = {
        .path = path, .bands = &value, .band_count = 1, .type = WEFT_U16, .blocksize = 256
    };

    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!weft_run(engine, graph, &(WeftWork) { .saves = &save, .save_count = 1 }, NULL, &err))
        die(&err);
    weft_graph_free(graph);
}

static WeftStats *job(WeftEngine *engine, const char *folder)
{
    WeftErr err = { 0 };
    WeftGraph *graph = weft_graph_new(&err);
    WeftNode pair[2] = { band(graph, folder, "a.tif", &err), band(graph, folder, "b.tif", &err) };
    WeftNode parts[2] = { weft_apply(graph, "sub", pair, 2, NULL, 0, &err),
                          weft_apply(graph, "add", pair, 2, NULL, 0, &err) };
    WeftNode ratio = weft_apply(graph, "div", parts, 2, NULL, 0, &err);
    char path[512];
    WeftSave save = { .path = path, .bands = &ratio, .band_count = 1, .blocksize = 256 };
    WeftStats *stats = NULL;

    snprintf(path, sizeof path, "%s/out.tif", folder);
    if (!weft_run(engine, graph, &(WeftWork) { .saves = &save, .save_count = 1 }, &stats, &err))
        die(&err);
    weft_graph_free(graph);
    return stats;
}

static void judge(const WeftStats *stats, const Seen *seen, int nodes)
{
    long right = 0, wrong = 0;
    bool all_pinned = true, all_bound = true;

    for (int i = 0; i < stats->worker_count; i++)
        all_pinned = all_pinned && stats->worker[i].cpu >= 0 && seen->pinned[stats->worker[i].cpu];
    for (int i = 0; i < NODES; i++) {
        right += seen->right[i];
        wrong += seen->wrong[i];
        all_bound = all_bound && (i >= nodes || seen->right[i] > 0);
    }
    printf(
        "nodes %d, workers %d, looks %d, pages on their node %ld, elsewhere %ld, bytes near %lld, "
        "far %lld\n",
        stats->nodes, stats->worker_count, seen->looks, right, wrong, (long long)stats->bytes_near,
        (long long)stats->bytes_far);
    expect(stats->nodes == nodes, "the engine sees all nodes");
    expect(all_pinned, "each worker is pinned to its CPU");
    expect(all_bound, "every node has pages bound to it");
    expect(right > 0 && wrong == 0, "bound pages lie on their node");
    expect(stats->bytes_far * 50 < stats->bytes_near, "far bytes are under 2 % of near bytes");
    expect(stats->tiles_run == stats->tiles_planned, "all tiles ran");
}

int main(int argc, char **argv)
{
    static Seen seen;
    WeftErr err = { 0 };
    WeftConfig config = { .steal_none = true,
                          .progress = look,
                          .progress_context = &seen,
                          .memory = 200 << 20,
                          .cache = "" };
    WeftEngine *engine = weft_engine_new(&config, &err);
    char *topo = engine ? weft_topo(engine, &err) : NULL;
    WeftStats *stats;

    if (!topo)
        die(&err);
    puts(topo);
    make(engine, argv[1], "a.tif", 1);
    make(engine, argv[1], "b.tif", 2);
    memset(&seen, 0, sizeof seen);
    stats = job(engine, argv[1]);
    judge(stats, &seen, argc > 2 ? atoi(argv[2]) : 4);
    printf("numa: %d passed, %d failed\n", passed, failed);
    weft_stats_free(stats);
    weft_engine_free(engine);
    free(topo);
    return failed != 0;
}
