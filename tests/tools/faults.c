/*
 * faults.c - the n-th allocation, block read, write, or allocation of Lua fails, n = 1, 2, 3 ...,
 * until a job succeeds.
 *
 * faults FOLDER SCRIPT. Each attempt must end in success or in a sane error, leave no file behind
 * when it failed, and a right one when it did not. With the reference engine: LLVM ends the process
 * when memory fails it. Leaks are the address sanitizer's to find. Last line "fault: N passed, N
 * failed".
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lualib.h>

#include "base/mem.h"
#include "dsl.h"
#include "io/refuse.h"

enum { STEP_BY_STEP = 200, OUTPUTS = 2, FAILED_MOST = 10 };

static int passed, failed, refused; /* refused: attempts that ended in an error */

/* ------------------------------------------------------------------------------- files */

static char folder[256], in[512], out[OUTPUTS][512], script[512];
static char *right; /* what the first output must hold */
static long right_bytes;

static int files_left(void)
{
    DIR *d = opendir(folder);
    int count = 0;

    for (struct dirent *e; d && (e = readdir(d));)
        count += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    if (d)
        closedir(d);
    return count - 1; /* the input */
}

static char *read_file(const char *path, long *bytes)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;

    *bytes = 0;
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    *bytes = ftell(file);
    rewind(file);
    text = malloc((size_t)*bytes + 1);
    if (!text || fread(text, 1, (size_t)*bytes, file) != (size_t)*bytes)
        *bytes = 0;
    fclose(file);
    return text;
}

static bool first_is_right(void)
{
    long bytes;
    char *text = read_file(out[0], &bytes);
    bool same = text && bytes == right_bytes && memcmp(text, right, (size_t)bytes) == 0;

    free(text);
    return same;
}

/* ------------------------------------------------------------------------------- jobs */

static const WeftConfig config = { .threads = 2, .reference = true };

static WeftNode draw(WeftGraph *graph, WeftErr *err)
{
    const WeftFile *file = weft_open(graph, in, NULL, err);
    WeftNode a = file ? weft_band(graph, file, 1, err) : WEFT_NONE;
    WeftNode one = a == WEFT_NONE ? WEFT_NONE : weft_constant(graph, 1.5, false, NULL, err);
    WeftNode sum = one == WEFT_NONE
                       ? WEFT_NONE
                       : weft_apply(graph, "add", (WeftNode[]) { a, one }, 2, NULL, 0, err);

    return sum == WEFT_NONE
               ? WEFT_NONE
               : weft_apply(graph, "nmedian", (WeftNode[]) { a, sum, one }, 3, NULL, 0, err);
}

static bool engine_job(WeftErr *err)
{
    WeftEngine *engine = weft_engine_new(&config, err);
    WeftGraph *graph = engine ? weft_graph_new(err) : NULL;
    WeftNode node = graph ? draw(graph, err) : WEFT_NONE;
    const WeftSave saves[OUTPUTS] = {
        { .path = out[0], .bands = &node, .band_count = 1, .type = WEFT_F32, .blocksize = 16 },
        { .path = out[1], .bands = &node, .band_count = 1, .compress = "deflate" },
    };
    WeftStats *stats = NULL;
    bool done =
        node != WEFT_NONE &&
        weft_run(engine, graph, &(WeftWork) { .saves = saves, .save_count = OUTPUTS }, &stats, err);

    weft_stats_free(stats);
    weft_graph_free(graph);
    weft_engine_free(engine);
    return done;
}

/* Lua tries a second time, after collecting its garbage: both attempts fail. */
static struct {
    int64_t counted, fail_at;
} lua;

static void *lua_memory(void *context, void *old, size_t old_bytes, size_t bytes)
{
    (void)context;
    if (bytes == 0) {
        free(old);
        return NULL;
    }
    if (!old || bytes > old_bytes) {
        int64_t n = ++lua.counted;

        if (lua.fail_at && (n == lua.fail_at || n == lua.fail_at + 1))
            return NULL;
    }
    return realloc(old, bytes);
}

/* As the program runs a script. */
static int work(lua_State *L)
{
    WfSettings *settings;

    luaL_openlibs(L);
    luaL_requiref(L, "weft", wf_script_open, 1);
    lua_settop(L, 0);
    settings = &wf_script(L)->settings;
    settings->threads = config.threads;
    settings->reference = settings->quiet = true;
    lua_createtable(L, 0, 0);
    lua_pushstring(L, in);
    lua_rawseti(L, -2, 1);
    for (int i = 0; i < OUTPUTS; i++) {
        lua_pushstring(L, out[i]);
        lua_rawseti(L, -2, 2 + i);
    }
    lua_pushvalue(L, -1);
    lua_setglobal(L, "arg");
    wf_script_file(L, script);
    return 0;
}

static bool script_job(WeftErr *err)
{
    lua_State *L = lua_newstate(lua_memory, NULL);
    bool done = false;

    *err = (WeftErr) { .code = WEFT_EMEM, .message = "no state" };
    if (!L)
        return false;
    lua_pushcfunction(L, work);
    done = lua_pcall(L, 0, 0, 0) == LUA_OK;
    if (!done)
        snprintf(err->message, sizeof err->message, "%s", wf_fault_text(L, -1));
    lua_close(L);
    return done;
}

/* ------------------------------------------------------------------------------- attempts */

static int64_t fail_memory(int64_t n)
{
    return wf_mem_fail_at(n);
}

static int64_t fail_read(int64_t n)
{
    return wf_io_fail_at(WF_REFUSE_READ, n);
}

static int64_t fail_write(int64_t n)
{
    return wf_io_fail_at(WF_REFUSE_WRITE, n);
}

static int64_t fail_lua(int64_t n)
{
    int64_t counted = lua.counted;

    lua.counted = 0;
    lua.fail_at = n;
    return counted;
}

typedef struct Kind {
    const char *name;
    int64_t (*fail_at)(int64_t n);
    bool (*job)(WeftErr *err);
    bool renames; /* the second rename may fail: the first output is there then, and whole */
} Kind;

static const Kind kinds[] = {
    { "allocation", fail_memory, engine_job, false },
    { "allocation under a script", fail_memory, script_job, false },
    { "read", fail_read, engine_job, false },
    { "write", fail_write, engine_job, true },
    { "allocation of Lua", fail_lua, script_job, false },
};

static bool sane(const Kind *kind, bool done, const WeftErr *err)
{
    int files = files_left();

    if (done)
        return files == OUTPUTS && first_is_right();
    if (err->code == WEFT_OK || !err->message[0])
        return false;
    /* A script whose outputs are there may fail after that. */
    return files == 0 || (kind->renames && files == 1 && first_is_right()) ||
           (kind->job == script_job && files == OUTPUTS && first_is_right());
}

/* False: n is beyond the last of them, and the job succeeded. */
static bool attempt(const Kind *kind, int64_t n)
{
    WeftErr err = { 0 };
    bool done, good;
    int64_t counted;

    for (int i = 0; i < OUTPUTS; i++)
        unlink(out[i]);
    kind->fail_at(n);
    done = kind->job(&err);
    counted = kind->fail_at(0);
    good = sane(kind, done, &err);
    passed += good;
    failed += !good;
    refused += !done;
    if (!good)
        printf("fault: %s %lld: %s, %d files, code %d \"%s\"\n", kind->name, (long long)n,
               done ? "done" : "failed", files_left(), (int)err.code, err.message);
    return counted >= n;
}

static bool make_input(void)
{
    WeftErr err = { 0 };
    WeftEngine *engine = weft_engine_new(&config, &err);
    WeftGraph *graph = weft_graph_new(&err);
    WeftGrid grid = {
        .width = 100, .height = 40, .transform = { 0, 1, 0, 0, 0, -1 }, .georeferenced = true
    };
    WeftNode node = weft_generate(graph, "random", &grid, NULL, 0, &err);
    WeftSave save = {
        .path = in, .bands = &node, .band_count = 1, .blocksize = 16, .compress = "deflate"
    };
    bool done =
        weft_run(engine, graph, &(WeftWork) { .saves = &save, .save_count = 1 }, NULL, &err);

    weft_graph_free(graph);
    weft_engine_free(engine);
    return done;
}

/* The job without a fault, for what it writes. */
static bool make_right(const Kind *kind)
{
    WeftErr err = { 0 };
    bool done;

    free(right);
    kind->fail_at(0);
    done = kind->job(&err);
    right = read_file(out[0], &right_bytes);
    if (!done || !right)
        printf("fault: %s: %s\n", kind->name, err.message);
    return done && right;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    snprintf(folder, sizeof folder, "%s", argv[1]);
    snprintf(in, sizeof in, "%s/in.tif", folder);
    snprintf(script, sizeof script, "%s", argv[2]);
    for (int i = 0; i < OUTPUTS; i++)
        snprintf(out[i], sizeof out[i], "%s/out%d.tif", folder, i);
    if (!make_input())
        return 1;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bool again = make_right(&kinds[k]);

        failed += !again;
        refused = 0;
        for (int64_t n = 1; again && failed < FAILED_MOST; n += n < STEP_BY_STEP ? 1 : 1 + n / 20)
            again = attempt(&kinds[k], n);
        if (refused == 0) {
            printf("fault: no %s failed\n", kinds[k].name);
            failed++;
        }
    }
    free(right);
    printf("fault: %d passed, %d failed\n", passed, failed);
    return failed ? 1 : 0;
}
