/*
 * faults.c - the n-th allocation of a job fails, n = 1, 2, 3 ..., until a run succeeds.
 *
 * faults FOLDER. Each attempt must end in success or in a sane error, leave no file behind when it
 * failed, and an equal file when it did not. With the reference engine: LLVM ends the process when
 * memory fails it. Leaks are the address sanitizer's to find. Last line "fault: N passed, N failed".
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "weft.h"

enum { STEP_BY_STEP = 200 };

static int passed, failed;

static WeftNode draw(WeftGraph *graph, const char *in, WeftErr *err)
{
    const WeftFile *file = weft_open(graph, in, NULL, err);
    WeftNode a = file ? weft_band(graph, file, 1, err) : WEFT_NONE;
    WeftNode one = a == WEFT_NONE ? WEFT_NONE : weft_constant(graph, 1.5, false, NULL, err);
    WeftNode sum =
        one == WEFT_NONE ? WEFT_NONE : weft_apply(graph, "add", (WeftNode[]) { a, one }, 2, NULL, 0, err);

    return sum == WEFT_NONE ?
               WEFT_NONE :
               weft_apply(graph, "nmedian", (WeftNode[]) { a, sum, one }, 3, NULL, 0, err);
}

static bool job(const char *in, const char *out, WeftErr *err)
{
    WeftConfig config = { .threads = 2, .reference = true };
    WeftEngine *engine = weft_engine_new(&config, err);
    WeftGraph *graph = engine ? weft_graph_new(err) : NULL;
    WeftNode node = graph ? draw(graph, in, err) : WEFT_NONE;
    WeftSave save = { .path = out, .bands = &node, .band_count = 1, .type = WEFT_F32 };
    WeftStats *stats = NULL;
    bool done = node != WEFT_NONE && weft_run(engine, graph, &save, 1, NULL, 0, &stats, err);

    weft_stats_free(done ? stats : NULL);
    weft_graph_free(graph);
    weft_engine_free(engine);
    return done;
}

static int files_in(const char *folder)
{
    DIR *d = opendir(folder);
    int count = 0;

    for (struct dirent *e; d && (e = readdir(d));)
        count += e->d_name[0] != '.' || strstr(e->d_name, ".part") != NULL;
    if (d)
        closedir(d);
    return count;
}

static bool make_input(const char *path)
{
    WeftErr err = { 0 };
    WeftConfig config = { .threads = 1, .reference = true };
    WeftEngine *engine = weft_engine_new(&config, &err);
    WeftGraph *graph = weft_graph_new(&err);
    WeftGrid grid = { .width = 100, .height = 40, .transform = { 0, 1, 0, 0, 0, -1 } };
    WeftNode node = weft_generate(graph, "random", &grid, NULL, 0, &err);
    WeftSave save = { .path = path, .bands = &node, .band_count = 1, .blocksize = 16 };
    bool done = weft_run(engine, graph, &save, 1, NULL, 0, NULL, &err);

    weft_graph_free(graph);
    weft_engine_free(engine);
    return done;
}

static void attempt(const char *folder, const char *in, const char *out, int64_t n, bool *again)
{
    WeftErr err = { 0 };
    bool done, sane;
    int64_t counted;

    unlink(out);
    wf_mem_fail_at(n);
    done = job(in, out, &err);
    counted = wf_mem_fail_at(0);
    sane = done ? files_in(folder) == 2 :
                  err.code != WEFT_OK && err.message[0] && files_in(folder) == 1;
    passed += sane;
    failed += !sane;
    if (!sane)
        printf("fault: allocation %lld: %s, %d files, code %d \"%s\"\n", (long long)n,
               done ? "done" : "failed", files_in(folder), (int)err.code, err.message);
    *again = !done || counted >= n;
}

int main(int argc, char **argv)
{
    char in[512], out[512];
    bool again = true;

    if (argc < 2)
        return 2;
    snprintf(in, sizeof in, "%s/in.tif", argv[1]);
    snprintf(out, sizeof out, "%s/out.tif", argv[1]);
    if (!make_input(in))
        return 1;
    for (int64_t n = 1; again && failed < 10; n += n < STEP_BY_STEP ? 1 : 1 + n / 50)
        attempt(argv[1], in, out, n, &again);
    printf("fault: %d passed, %d failed\n", passed, failed);
    return failed ? 1 : 0;
}
