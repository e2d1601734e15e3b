/*
 * noise.c - nonsense as scripts, as calc expressions and as files: an answer or an error, always.
 *
 * noise KIND FIRST-SEED COUNT, with KIND script, calc or file; noise KIND SEED prints that case.
 * Cases run in child processes, many in one; the parent sees a signal, or a case that takes longer
 * than PATIENCE, and goes on behind it. Scripts get no os, io, debug and load, little memory and
 * few steps. The last line is "noise: N passed, N failed".
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lualib.h>

#include "nonsense.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { PATIENCE = 100 }; /* seconds */
#else
enum { PATIENCE = 10 };
#endif

enum {
    FILE_MAX = 1 << 17,
    FILES = 7,
    MEMORY = 64 << 20,
    STEPS = 200000,
};

/* ------------------------------------------------------------------------------- inputs */

static char folder[64];

static const char *in_folder(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const char inputs_script[] =
    "local g = weft.grid{ crs = 'EPSG:32633', bounds = { 0, 0, 600, 400 }, resolution = 10 }\n"
    "local function noise(seed) return weft.random{ like = g, seed = seed } end\n"
    "local function whole(seed) return (noise(seed) * 250):round():cast('u8') end\n"
    "local gaps = noise(9):gt(0.1)\n"
    "weft.save_all{\n"
    "  { noise(1):mask(gaps), 'f0.tif', { blocksize = 32 } },\n"
    "  { whole(2), 'f1.tif', { compress = 'deflate', predictor = 2, blocksize = 16 } },\n"
    "  { weft.stack{ whole(3), whole(4), whole(5) }, 'f2.tif',\n"
    "    { compress = 'lzw', options = { INTERLEAVE = 'PIXEL' } } },\n"
    "  { whole(6):mask(gaps), 'f3.tif', { nodata = 'mask', compress = 'packbits' } },\n"
    "  { noise(7) * 1e9, 'f4.tif', { type = 'f64', options = { TILED = 'NO', BLOCKYSIZE = 3 } } "
    "},\n"
    "  { (whole(8) * 100):cast('i16'), 'f5.tif', { nodata = -9, blocksize = 64 } },\n"
    "  { whole(1), 'f6.png', { format = 'PNG' } },\n"
    "}\n";

static void close_libraries(lua_State *L)
{
    static const char *const names[] = {
        "os",   "io",     "debug",    "package",    "require",
        "load", "dofile", "loadfile", "loadstring", "collectgarbage"
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        lua_pushnil(L);
        lua_setglobal(L, names[i]);
    }
}

/* Memory that Lua has, bounded. */
static void *limited(void *context, void *old, size_t old_bytes, size_t bytes)
{
    size_t *used = context;
    void *memory;

    old_bytes = old ? old_bytes : 0;
    if (bytes == 0) {
        free(old);
        *used -= old_bytes;
        return NULL;
    }
    if (bytes > old_bytes && *used + bytes - old_bytes > MEMORY)
        return NULL;
    memory = realloc(old, bytes);
    if (memory)
        *used += bytes - old_bytes;
    return memory;
}

static void too_long(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    luaL_error(L, "too many steps");
}

typedef struct Case {
    const char *text;
    int length;
    bool calc, reference;
} Case;

/* Protected: a Case. */
static int run_text(lua_State *L)
{
    const Case *one = lua_touserdata(L, 1);
    WfSettings *settings;

    luaL_openlibs(L);
    luaL_requiref(L, "weft", wf_script_open, 1);
    close_libraries(L);
    settings = &wf_script(L)->settings;
    settings->threads = 2;
    settings->quiet = true;
    settings->memory = MEMORY;
    settings->reference = one->reference;
    luaL_dostring(L, "a, b, c = weft.open 'f0.tif', weft.open 'f1.tif', weft.open 'f2.tif'");
    lua_sethook(L, too_long, LUA_MASKCOUNT, STEPS);
    if (!one->calc) {
        if (luaL_loadbufferx(L, one->text, (size_t)one->length, "@noise.lua", "t") != LUA_OK)
            lua_error(L);
        lua_call(L, 0, 0);
        return 0;
    }
    lua_pushlstring(L, one->text, (size_t)one->length);
    lua_setglobal(L, "text");
    if (luaL_dostring(L, "weft.save(weft.calc(text, {A = a, B = b, C = c}), 'calc.tif')"))
        lua_error(L);
    return 0;
}

/* Protected: whether the error value has words. */
static int has_words(lua_State *L)
{
    lua_pushboolean(L, *wf_fault_text(L, 1) != '\0');
    return 1;
}

/* An answer, or an error with words; a script's own __tostring may raise another one. */
static bool try_text(const Case *one)
{
    size_t used = 0;
    lua_State *L = lua_newstate(limited, &used);
    bool good = true;

    lua_pushcfunction(L, run_text);
    lua_pushlightuserdata(L, (void *)one);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
        lua_sethook(L, NULL, 0, 0);
        lua_pushcfunction(L, has_words);
        lua_insert(L, -2);
        good = lua_pcall(L, 1, 1, 0) != LUA_OK || lua_toboolean(L, -1);
    }
    lua_sethook(L, NULL, 0, 0);
    lua_close(L);
    return good && used == 0;
}

/* In a child, so that no library has threads or locks when the next one is made. */
static bool make_inputs(void)
{
    Case one = { .text = inputs_script, .length = (int)strlen(inputs_script), .reference = true };
    int status = 1;
    pid_t pid = fork();

    if (pid == 0)
        exit(!try_text(&one));
    waitpid(pid, &status, 0);
    return status == 0 && access("f6.png", R_OK) == 0;
}

/* ------------------------------------------------------------------------------- files */

static const char *const file_names[FILES] = { "f0.tif", "f1.tif", "f2.tif", "f3.tif",
                                               "f4.tif", "f5.tif", "f6.png" };

static void make_file(Random *r, char *path, size_t size)
{
    static char bytes[FILE_MAX];
    const char *name = file_names[below(r, FILES)];
    FILE *from = fopen(in_folder(name), "rb"), *to;
    int length = from ? (int)fread(bytes, 1, sizeof bytes, from) : 0;

    if (from)
        fclose(from);
    damage(r, bytes, &length);
    snprintf(path, size, "%s", in_folder(strchr(name, 'p') ? "bad.png" : "bad.tif"));
    to = fopen(path, "wb");
    if (to) {
        fwrite(bytes, 1, (size_t)length, to);
        fclose(to);
    }
}

/* Sum of all bands' first pixels, read by the engine. */
static bool read_some(WeftEngine *engine, WeftGraph *graph, const WeftFile *file, WeftErr *err)
{
    int64_t cols = file->grid.width < 200 ? file->grid.width : 200;
    int64_t rows = file->grid.height < 200 ? file->grid.height : 200;
    int bands = file->band_count < 5 ? file->band_count : 5;
    WeftNode sum = weft_band(graph, file, 1, err);
    WeftRead read = { .bands = &sum, .band_count = 1, .cols = cols, .rows = rows };
    bool done;

    for (int b = 2; sum != WEFT_NONE && b <= bands; b++) {
        WeftNode next = weft_band(graph, file, b, err);

        sum = next == WEFT_NONE
                  ? next
                  : weft_apply(graph, "add", (WeftNode[]) { sum, next }, 2, NULL, 0, err);
    }
    if (sum == WEFT_NONE)
        return false;
    read.out = calloc((size_t)(cols * rows), sizeof *read.out);
    done = weft_run(engine, graph, &(WeftWork) { .reads = &read, .read_count = 1 }, NULL, err);
    free(read.out);
    return done;
}

static void ignore(void *context, const char *text)
{
    (void)context;
    (void)text;
}

static bool try_file(const char *path)
{
    static WeftEngine *engine;
    static const WeftConfig config = { .threads = 2, .memory = MEMORY, .reference = true };
    WeftErr told = { 0 }, err = { 0 };
    char *text = weft_info(path, &told);
    WeftGraph *graph = weft_graph_new(&err);
    const WeftFile *file;
    bool done;

    engine = engine ? engine : weft_engine_new(&config, &err);
    weft_graph_warn(graph, ignore, NULL);
    file = weft_open(graph, path, NULL, &err);
    done = file && read_some(engine, graph, file, &err);
    weft_graph_free(graph);
    free(text);
    return (text || told.message[0]) && (done || err.message[0]);
}

/* ------------------------------------------------------------------------------- cases */

static bool run_case(const char *kind, uint64_t seed)
{
    Random r = { seed };
    static Text text;
    char path[160];
    Case one = { .text = text.bytes, .calc = strcmp(kind, "calc") == 0, .reference = seed % 8 };

    if (strcmp(kind, "file") == 0) {
        make_file(&r, path, sizeof path);
        return try_file(path);
    }
    (one.calc ? make_expression : make_script)(&text, &r);
    one.length = text.length;
    return try_text(&one);
}

static void print_case(const char *kind, uint64_t seed)
{
    Random r = { seed };
    static Text text;
    char path[160], bytes[4096];
    FILE *file;

    if (strcmp(kind, "file") != 0) {
        (strcmp(kind, "calc") == 0 ? make_expression : make_script)(&text, &r);
        fwrite(text.bytes, 1, (size_t)text.length, stdout);
        return;
    }
    make_file(&r, path, sizeof path);
    file = fopen(path, "rb");
    for (size_t got; file && (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        fwrite(bytes, 1, got, stdout);
    if (file)
        fclose(file);
}

/* What the child tells: the case it is at, and those that gave neither answer nor error. */
typedef struct Told {
    volatile uint64_t at;
    volatile int wrong;
} Told;

static _Noreturn void child(const char *kind, uint64_t first, uint64_t end, Told *told)
{
    struct rlimit largest = { 64 << 20, 64 << 20 };

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &largest);
    if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
        _exit(3);
    for (told->at = first; told->at < end; told->at++) {
        alarm(PATIENCE);
        told->wrong += !run_case(kind, told->at);
    }
    alarm(0);
    exit(0); /* not _exit: leaks are told at the end */
}

/* Gives the number of cases from first up to end that failed. */
static int run_cases(const char *kind, uint64_t first, uint64_t end)
{
    Told *told =
        mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int failed = 0;

    while (first < end) {
        int status = 0;
        pid_t pid;

        told->at = first;
        told->wrong = 0;
        pid = fork();
        if (pid == 0)
            child(kind, first, end, told);
        waitpid(pid, &status, 0);
        failed += told->wrong;
        if (told->wrong)
            printf("noise: %s: %d from %llu to %llu gave neither answer nor error\n", kind,
                   told->wrong, (unsigned long long)first, (unsigned long long)told->at);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            break;
        printf("noise: %s %llu: %s %d\n", kind, (unsigned long long)told->at,
               WIFSIGNALED(status) ? "signal" : "status",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        failed++;
        first = told->at + 1;
    }
    munmap(told, sizeof *told);
    return failed;
}

int main(int argc, char **argv)
{
    enum { TOGETHER = 100 };
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1, end;
    int failed = 0, count = argc > 3 ? atoi(argv[3]) : 0;
    char command[128];

    if (argc < 3)
        return 2;
    snprintf(folder, sizeof folder, "/tmp/weft-noise-XXXXXX");
    if (!mkdtemp(folder) || chdir(folder) != 0 || !make_inputs())
        return 1;
    end = first + (uint64_t)count;
    for (uint64_t i = first; i < end; i += TOGETHER)
        failed += run_cases(argv[1], i, i + TOGETHER < end ? i + TOGETHER : end);
    if (count == 0)
        print_case(argv[1], first);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (chdir("/") != 0 || system(command) != 0)
        return 1;
    if (count > 0)
        printf("noise: %d passed, %d failed\n", count - failed, failed);
    return failed ? 1 : 0;
}
