/*
 * weft_phases.c - a request divided into phases, each with a plan of its own.
 *
 * All phases share one graph: a phase is the targets and reductions whose turn it is. Needs: a
 * request. Reads nothing of any file; writes the request's phases.
 */
#include "conductor.h"

#include "pass/pass.h"

/* The last phase of any of a sink's bands is that of all of them. */
static int phase_of_sink(const WfRequest *request, int sink)
{
    int phase = 0;

    for (int t = 0; t < request->target_count; t++) {
        int depth = request->phasing.depth[request->targets[t].node];

        if (request->targets[t].sink == sink && depth > phase)
            phase = depth;
    }
    return phase;
}

/* The phase's target that gives a node's rows to reductions. */
static int taken_target(const WfRequest *request, WfPhase *phase, WeftNode number)
{
    const WfNode *node = &request->graph->nodes[number];

    for (int t = 0; t < phase->target_count; t++)
        if (phase->targets[t].sink < 0 && phase->targets[t].node == number)
            return t;
    phase->targets[phase->target_count] = (WfTarget) {
        .node = number,
        .sink = -1,
        .type = node->wide ? WEFT_F64 : WEFT_F32,
        .window = { 0, 0, node->grid->width, node->grid->height },
    };
    return phase->target_count++;
}

static bool add_reduction(WfRequest *request, WfPhase *phase, int pass, int number, WeftErr *err)
{
    const WfReducing *reducing = &request->phasing.reducings[number];
    const WfNode *node = &request->graph->nodes[reducing->node];
    size_t inputs = (size_t)reducing->setup.input_count;
    WeftReduceSetup *setup = &phase->setups[phase->reduction_count];
    int *targets = wf_arena_zalloc(request->graph->arena, inputs * sizeof *targets, err);

    if (!targets)
        return false;
    *setup = reducing->setup;
    setup->pass = pass;
    for (int i = 0; i < setup->input_count; i++)
        targets[i] = taken_target(request, phase, node->inputs[i]);
    phase->numbers[phase->reduction_count] = number;
    phase->reductions[phase->reduction_count++] =
        (WfReduction) { .node = reducing->node, .targets = targets, .setup = setup };
    return true;
}

/* The most targets that a phase can have. */
static size_t target_room(const WfRequest *request)
{
    size_t room = (size_t)(request->target_count + request->phasing.keeping_count) + 1;

    for (int r = 0; r < request->phasing.reducing_count; r++)
        room += (size_t)request->phasing.reducings[r].setup.input_count;
    return room;
}

static void add_kept(const WfRequest *request, WfPhase *phase, int number)
{
    WeftNode kept = request->phasing.keepings[number].node;
    const WfNode *node = &request->graph->nodes[kept];

    phase->targets[phase->target_count++] = (WfTarget) {
        .node = kept,
        .sink = request->file_count + request->read_count + number,
        .kept = true,
        .type = node->wide ? WEFT_F64 : WEFT_F32,
        .window = { 0, 0, node->grid->width, node->grid->height },
        .block_width = WF_KEPT_BLOCK,
        .block_height = WF_KEPT_BLOCK,
    };
}

static bool fill_phase(WfRequest *request, int number, WeftErr *err)
{
    WfPhase *phase = &request->phases[number];
    WfArena *arena = request->graph->arena;
    size_t reducings = (size_t)request->phasing.reducing_count + 1;

    phase->targets = wf_arena_zalloc(arena, target_room(request) * sizeof *phase->targets, err);
    phase->reductions = wf_arena_zalloc(arena, reducings * sizeof *phase->reductions, err);
    phase->setups = wf_arena_zalloc(arena, reducings * sizeof *phase->setups, err);
    phase->numbers = wf_arena_zalloc(arena, reducings * sizeof *phase->numbers, err);
    if (!phase->targets || !phase->reductions || !phase->setups || !phase->numbers)
        return false;
    for (int t = 0; t < request->target_count; t++)
        if (phase_of_sink(request, request->targets[t].sink) == number)
            phase->targets[phase->target_count++] = request->targets[t];
    for (int k = 0; k < request->phasing.keeping_count; k++)
        if (request->phasing.depth[request->phasing.keepings[k].node] == number)
            add_kept(request, phase, k);
    for (int r = 0; r < request->phasing.reducing_count; r++) {
        const WfReducing *reducing = &request->phasing.reducings[r];
        int pass = number - reducing->first;

        if (pass >= 0 && pass < reducing->passes && !add_reduction(request, phase, pass, r, err))
            return false;
    }
    return true;
}

/* Bytes of states of the phase before that its reductions still read. */
static int64_t bytes_before(const WfRequest *request, int number)
{
    const WfPhase *phase = &request->phases[number];
    int64_t bytes = 0;

    for (int r = 0; r < phase->reduction_count; r++) {
        const WeftReduceSetup *first = &request->phasing.reducings[phase->numbers[r]].setup;
        const WfNode *node = &request->graph->nodes[phase->reductions[r].node];
        int64_t least, most, granted;

        if (phase->setups[r].pass == 0)
            continue;
        node->op->reduce->bytes(first, &least, &most);
        granted = least;
        if (request->phases[number - 1].plan)
            granted = request->phases[number - 1].plan->memory.states;
        bytes += most < granted ? most : granted;
    }
    return bytes;
}

/* needs: the least budget, where the phase does not fit; else 0. */
static bool plan_phase(const WfRequest *request, int number, WeftEngine *engine,
                       const WfMachine *machine, int64_t *needs, WeftErr *err)
{
    WfPhase *phase = &request->phases[number];
    WfPlanOptions options = {
        .tile = engine->config.tile,
        .memory = weft_engine_memory(engine),
        .reserved = bytes_before(request, number) + request->table_bytes,
        .spans = request->table_bytes,
        .steal_none = engine->config.steal_none,
        .reductions = phase->reductions,
        .reduction_count = phase->reduction_count,
        .needs = needs,
    };

    *needs = 0;
    phase->plan =
        wf_plan_new(request->graph, phase->targets, phase->target_count, machine, &options, err);
    return phase->plan != NULL;
}

static bool make_room(WfRequest *request, WeftErr *err)
{
    size_t phases = (size_t)request->phasing.count;
    size_t tables = (size_t)request->phasing.reducing_count + 1;

    request->phases = wf_calloc(phases, sizeof *request->phases, err);
    request->tables = wf_calloc(tables, sizeof *request->tables, err);
    if (!request->phases || !request->tables)
        return false;
    request->phase_count = request->phasing.count;
    return true;
}

/* Where rasters are kept, described as sources of the graph; no file is made. */
static bool describe_kept(WfRequest *request, WfStores *stores, WeftErr *err)
{
    size_t count = (size_t)request->phasing.keeping_count + 1;

    request->kept = wf_calloc(count, sizeof *request->kept, err);
    for (int k = 0; request->kept && k < request->phasing.keeping_count; k++) {
        const WfKeeping *keeping = &request->phasing.keepings[k];
        WfSource *source = &request->graph->sources[keeping->source];
        const WfNode *node = &request->graph->nodes[keeping->node];
        int store;
        bool dropped;

        request->kept[k] = wf_kept_new(source->path, node->grid, source->type, err);
        store = request->kept[k] ? wf_kept_store(request->kept[k], stores, err) : -1;
        if (store < 0 || !wf_stores_source(stores, store, 1, false, source, &dropped, err))
            return false;
    }
    return request->kept != NULL;
}

/* A budget that is too small is told with what the phase that needs most of all needs. */
static bool plan_all(WfRequest *request, WeftEngine *engine, const WfMachine *machine, WeftErr *err)
{
    int64_t most = 0;

    for (int p = 0; p < request->phase_count; p++) {
        WeftErr one = { .code = WEFT_OK };
        int64_t needs;

        if (!fill_phase(request, p, err))
            return false;
        if (plan_phase(request, p, engine, machine, &needs, &one))
            continue;
        if (err && (needs > most || !needs))
            *err = one;
        if (!needs)
            return false;
        most = needs > most ? needs : most;
    }
    return most == 0;
}

/* Blocks remain within the budget that the user has given; half of one that is only assumed is left
 * to others. */
static bool plan_stay(WfRequest *request, const WeftEngine *engine, const WfMachine *machine,
                      WeftErr *err)
{
    int64_t budget = engine->config.memory ? engine->config.memory : machine->memory / 2;
    WfPlan **plans = wf_calloc((size_t)request->phase_count, sizeof(WfPlan *), err);
    bool done;

    for (int p = 0; plans && p < request->phase_count; p++)
        plans[p] = request->phases[p].plan;
    done = plans && wf_stay(plans, request->phase_count, budget, &request->stay, err);
    wf_free(plans);
    return done;
}

bool wf_phases_plan(WfRequest *request, WeftEngine *engine, WfStores *stores, WeftErr *err)
{
    const WfMachine *machine = wf_engine_machine(engine, err);

    if (!machine || !wf_pass_run(request->graph, request->roots,
                                 request->target_count + request->ask_count, NULL, err))
        return false;
    for (int i = 0; i < request->target_count; i++)
        request->targets[i].node = request->roots[i];
    if (!wf_phases_find(request->graph, &request->phasing, err) ||
        !describe_kept(request, stores, err) || !wf_plain(request->graph, err) ||
        !make_room(request, err))
        return false;
    return plan_all(request, engine, machine, err) && plan_stay(request, engine, machine, err);
}

void wf_phases_free(WfRequest *request)
{
    for (int p = 0; p < request->phase_count; p++) {
        wf_states_free(request->phases[p].states);
        wf_plan_free(request->phases[p].plan);
    }
    for (int r = 0; request->tables && r < request->phasing.reducing_count; r++)
        weft_table_free(&request->tables[r]);
    for (int k = 0; request->kept && k < request->phasing.keeping_count; k++)
        wf_kept_free(request->kept[k]);
    wf_free(request->kept);
    wf_free(request->phases);
    wf_free(request->tables);
}
