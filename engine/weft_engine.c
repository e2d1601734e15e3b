/*
 * weft_engine.c - what runs share: machine, workers, and whether they are to stop.
 */
#include "conductor.h"

static void find_topology(void *context)
{
    WeftEngine *engine = context;

    engine->topo = wf_topo_new(engine->config.machine, engine->config.threads, &engine->topo_err);
}

WeftEngine *weft_engine_new(const WeftConfig *config, WeftErr *err)
{
    WeftEngine *engine = wf_zalloc(sizeof *engine, err);

    if (!engine)
        return NULL;
    engine->config = *config;
    engine->config.machine = config->machine ? wf_strdup(config->machine, err) : NULL;
    engine->config.cache = config->cache ? wf_strdup(config->cache, err) : NULL;
    if ((config->machine && !engine->config.machine) || (config->cache && !engine->config.cache)) {
        weft_engine_free(engine);
        return NULL;
    }
    atomic_init(&engine->cancel, false);
    engine->finding = wf_aside_start(find_topology, engine);
    return engine;
}

void weft_engine_free(WeftEngine *engine)
{
    if (!engine)
        return;
    wf_aside_wait(engine->finding);
    wf_workers_free(engine->workers);
    wf_topo_free(engine->topo);
    wf_free((char *)engine->config.machine);
    wf_free((char *)engine->config.cache);
    wf_free(engine);
}

bool weft_machine_check(const char *machine, WeftErr *err)
{
    WfTopo *topo = wf_topo_new(machine, 1, err);

    wf_topo_free(topo);
    return topo != NULL;
}

const WfMachine *wf_engine_machine(WeftEngine *engine, WeftErr *err)
{
    wf_aside_wait(engine->finding);
    engine->finding = NULL;
    if (engine->topo)
        return wf_topo_machine(engine->topo);
    if (err && !err->code)
        *err = engine->topo_err;
    return NULL;
}

int64_t weft_engine_memory(WeftEngine *engine)
{
    const WfMachine *machine = wf_engine_machine(engine, NULL);

    return engine->config.memory ? engine->config.memory : machine ? machine->memory : 0;
}

void weft_engine_cancel(WeftEngine *engine)
{
    atomic_store(&engine->cancel, true);
}

bool weft_engine_cancelled(const WeftEngine *engine)
{
    return atomic_load(&engine->cancel);
}

void weft_engine_resume(WeftEngine *engine)
{
    atomic_store(&engine->cancel, false);
}
