/*
 * result.c - what a run did, as JSON and as a Lua table.
 *
 * One tree is built from the statistics; the Lua table and the file of --stats are both read from
 * it, so their shapes cannot differ. All runs of the language go through here. Writes script->runs
 * and one file.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "dsl.h"

typedef struct Number {
    const char *name;
    double value;
} Number;

static bool add_numbers(cJSON *object, const Number *numbers, int count)
{
    for (int i = 0; i < count; i++)
        if (!cJSON_AddNumberToObject(object, numbers[i].name, numbers[i].value))
            return false;
    return true;
}

#define NUMBERS(object, ...)                              \
    add_numbers(object, (const Number[]) { __VA_ARGS__ }, \
                (int)(sizeof((const Number[]) { __VA_ARGS__ }) / sizeof(Number)))

static cJSON *add_item(cJSON *list)
{
    cJSON *item = cJSON_CreateObject();

    if (item && !cJSON_AddItemToArray(list, item)) {
        cJSON_Delete(item);
        return NULL;
    }
    return item;
}

/* "sub,add, div" as a list of texts. */
static bool add_words(cJSON *object, const char *name, const char *text)
{
    cJSON *list = cJSON_AddArrayToObject(object, name);

    while (list && text && *text) {
        size_t length = strcspn(text, ",");
        char word[512];
        cJSON *item;

        snprintf(word, sizeof word, "%.*s", (int)length, text);
        item = cJSON_CreateString(word);
        if (!item || !cJSON_AddItemToArray(list, item)) {
            cJSON_Delete(item);
            return false;
        }
        text += length;
        text += strspn(text, ", ");
    }
    return list != NULL;
}

static bool add_kernel(cJSON *kernels, const WeftKernelStats *kernel)
{
    cJSON *item = add_item(kernels);

    return item && add_words(item, "nodes", kernel->nodes) &&
           add_words(item, "lines", kernel->lines) &&
           NUMBERS(item, { "pixels_planned", (double)kernel->pixels_planned },
                   { "pixels_computed", (double)kernel->pixels_computed },
                   { "pixels_plain", (double)kernel->pixels_plain },
                   { "seconds", kernel->seconds });
}

static bool add_stages(cJSON *run, const WeftStats *stats)
{
    cJSON *stages = cJSON_AddArrayToObject(run, "stages");

    for (int s = 0; stages && s < stats->stages; s++) {
        cJSON *stage = add_item(stages);
        cJSON *kernels = stage ? cJSON_AddArrayToObject(stage, "kernels") : NULL;
        if (!kernels)
            return false;
        for (int k = 0; k < stats->kernel_count; k++)
            if (stats->kernel[k].stage == s && !add_kernel(kernels, &stats->kernel[k]))
                return false;
    }
    return stages != NULL;
}

static bool add_workers(cJSON *run, const WeftStats *stats)
{
    cJSON *workers = cJSON_AddArrayToObject(run, "workers");

    for (int i = 0; workers && i < stats->worker_count; i++) {
        const WeftWorkerStats *w = &stats->worker[i];
        cJSON *item = add_item(workers), *seconds;
        if (!item ||
            !NUMBERS(item, { "cpu", w->cpu }, { "node", w->node }, { "tiles", (double)w->tiles }))
            return false;
        seconds = cJSON_AddObjectToObject(item, "seconds");
        if (!seconds || !NUMBERS(seconds, { "decode", w->decode }, { "compute", w->compute },
                                 { "write", w->write }, { "wait", w->wait }))
            return false;
    }
    return workers != NULL;
}

static bool add_outputs(cJSON *run, const WeftStats *stats)
{
    cJSON *outputs = cJSON_AddArrayToObject(run, "outputs");

    for (int i = 0; outputs && i < stats->output_count; i++) {
        const WeftOutputStats *out = &stats->output[i];
        cJSON *item = add_item(outputs);
        if (!item || !cJSON_AddStringToObject(item, "path", out->path) ||
            !cJSON_AddStringToObject(item, "type", weft_type_name(out->type)) ||
            !cJSON_AddStringToObject(item, "nodata", out->nodata) ||
            !NUMBERS(item, { "invalid", (double)out->invalid }, { "clipped", (double)out->clipped },
                     { "collisions", (double)out->collisions }, { "lost", (double)out->lost }))
            return false;
    }
    return outputs != NULL;
}

static bool add_group(cJSON *run, const char *name, const Number *numbers, int count)
{
    cJSON *group = cJSON_AddObjectToObject(run, name);

    return group && add_numbers(group, numbers, count);
}

#define GROUP(run, name, ...)                              \
    add_group(run, name, (const Number[]) { __VA_ARGS__ }, \
              (int)(sizeof((const Number[]) { __VA_ARGS__ }) / sizeof(Number)))

static bool fill_run(cJSON *run, const WeftStats *s)
{
    cJSON *machine;

    if (!NUMBERS(run, { "seconds", s->seconds }, { "plan_seconds", s->plan_seconds },
                 { "compile_seconds", s->compile_seconds }) ||
        !cJSON_AddStringToObject(run, "engine", s->reference ? "reference" : "jit"))
        return false;
    machine = cJSON_AddObjectToObject(run, "machine");
    return machine && NUMBERS(machine, { "nodes", s->nodes }, { "workers", s->workers }) &&
           cJSON_AddBoolToObject(machine, "pretended", s->pretended) &&
           GROUP(run, "pixels", { "planned", (double)s->pixels_planned },
                 { "computed", (double)s->pixels_computed }) &&
           GROUP(run, "tiles", { "planned", (double)s->tiles_planned },
                 { "run", (double)s->tiles_run }, { "stolen_near", (double)s->stolen_near },
                 { "stolen_far", (double)s->stolen_far }) &&
           GROUP(run, "blocks", { "in_files", (double)s->blocks_in_files },
                 { "planned", (double)s->blocks_planned }, { "decoded", (double)s->blocks_decoded },
                 { "kept", (double)s->blocks_kept }) &&
           GROUP(run, "bytes", { "read", (double)s->bytes_read },
                 { "written", (double)s->bytes_written }, { "near", (double)s->bytes_near },
                 { "far", (double)s->bytes_far }) &&
           GROUP(run, "memory", { "predicted", (double)s->memory_predicted },
                 { "peak", (double)s->memory_peak }) &&
           add_stages(run, s) && add_workers(run, s) && add_outputs(run, s);
}

static void push_tree(lua_State *L, const cJSON *tree)
{
    luaL_checkstack(L, 4, NULL);
    if (cJSON_IsArray(tree) || cJSON_IsObject(tree)) {
        int i = 1;
        lua_newtable(L);
        for (const cJSON *item = tree->child; item; item = item->next) {
            push_tree(L, item);
            if (cJSON_IsArray(tree))
                lua_rawseti(L, -2, i++);
            else
                lua_setfield(L, -2, item->string);
        }
    } else if (cJSON_IsString(tree))
        lua_pushstring(L, tree->valuestring);
    else if (cJSON_IsBool(tree))
        lua_pushboolean(L, cJSON_IsTrue(tree));
    else if (tree->valuedouble == floor(tree->valuedouble) && fabs(tree->valuedouble) < 9e15)
        lua_pushinteger(L, (lua_Integer)tree->valuedouble);
    else
        lua_pushnumber(L, tree->valuedouble);
}

static void free_tree(void *tree)
{
    cJSON_Delete(tree);
}

/* The tree is its own while it is pushed: a __gc that comes then may run something, too. */
static void push_run(lua_State *L, const WeftStats *stats)
{
    WfBox *box = wf_box(L, free_tree);
    WfScript *script;
    cJSON *run;

    run = box->p = cJSON_CreateObject();
    if (!run || !fill_run(run, stats))
        wf_raisef(L, WEFT_EMEM, NULL, NULL, "not enough memory");
    push_tree(L, run);
    script = wf_script(L);
    while (!*script->settings.stats && cJSON_GetArraySize(script->runs))
        cJSON_DeleteItemFromArray(script->runs, 0);
    if (!cJSON_AddItemToArray(script->runs, run))
        wf_raisef(L, WEFT_EMEM, NULL, NULL, "not enough memory");
    box->p = NULL;
    lua_remove(L, -2);
}

static void free_stats(void *stats)
{
    weft_stats_free(stats);
}

/* What the runs did would take the place of an output. */
static void refuse_stats(lua_State *L, const WeftWork *work, const char *op)
{
    const char *path = wf_script(L)->settings.stats;

    for (int i = 0; i < work->save_count && *path; i++)
        if (weft_same_file(work->saves[i].path, path))
            wf_raisef(L, WEFT_EARG, op, "choose another file for --stats",
                      "the output %s is the file of --stats", work->saves[i].path);
}

const WeftStats *wf_result_run(lua_State *L, const WeftWork *work, const char *op)
{
    WeftErr err = WF_NO_ERR;
    WfBox *box = wf_box(L, free_stats);
    WeftStats *stats = NULL;
    bool done;

    refuse_stats(L, work, op);
    done = weft_run(wf_script_engine(L), wf_script_graph(L), work, &stats, &err);
    box->p = stats;
    if (!done) {
        if (!*err.op)
            snprintf(err.op, sizeof err.op, "%s", op);
        wf_raise(L, &err);
    }
    push_run(L, stats);
    return stats;
}

static bool to_output(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool put_text(const WfScript *script, const char *path, const char *text, WeftErr *err)
{
    WeftTextFile *file;
    bool done;

    if (to_output(path)) {
        fprintf(stdout, "%s\n", text); /* a failure shows when the process ends */
        return true;
    }
    file = weft_textfile_new(script->graph, path, err);
    if (!file)
        return false;
    fprintf(weft_textfile_stream(file), "%s\n", text);
    done = weft_textfile_finish(file, err);
    weft_textfile_free(file);
    return done;
}

bool wf_result_check(const char *path, WeftErr *err)
{
    return !*path || to_output(path) || weft_textfile_check(path, err);
}

bool wf_result_write(const WfScript *script, const char *path, WeftErr *err)
{
    cJSON *all = cJSON_CreateObject();
    bool whole = all && cJSON_AddStringToObject(all, "version", WEFT_VERSION) &&
                 cJSON_AddItemReferenceToObject(all, "runs", script->runs);
    char *text = whole ? cJSON_Print(all) : NULL;
    bool done = text && put_text(script, path, text, err);

    if (!text) {
        *err = (WeftErr) { .code = WEFT_EMEM, .block = -1, .col = -1, .row = -1 };
        snprintf(err->message, sizeof err->message, "cannot write %.400s: not enough memory", path);
    }
    cJSON_free(text);
    cJSON_Delete(all);
    return done;
}

void wf_result_free(WfScript *script)
{
    cJSON_Delete(script->runs);
    script->runs = NULL;
}
