/*
 * check_topo.c - pretended machines, the real one under affinity, binding, bound memory.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "run/topo.h"

static WfTopo *topo_of(const char *pretend, int threads)
{
    WeftErr err = { .code = WEFT_OK };
    WfTopo *topo = wf_topo_new(pretend, threads, &err);

    ck_assert_msg(topo != NULL, "%s", err.message);
    return topo;
}

START_TEST(a_pretended_machine_has_the_nodes_and_cores_it_says)
{
    WfTopo *topo = topo_of("numa:4 core:2 pu:2", 0);
    const WfMachine *m = wf_topo_machine(topo);

    ck_assert_int_eq(m->node_count, 4);
    ck_assert_int_eq(m->cores_allowed, 8);
    ck_assert_int_eq(m->worker_count, 8); /* one for each core, not for each PU */
    ck_assert(m->pretended);
    for (int w = 0; w < 8; w++) {
        ck_assert_int_eq(m->workers[w].node, w / 2);
        ck_assert_int_eq(m->workers[w].core, w);
        ck_assert_int_eq(m->workers[w].cpu, -1);
    }
    for (int n = 0; n < 4; n++)
        ck_assert_int_eq(m->nodes[n].worker_count, 2);
    wf_topo_free(topo);
}
END_TEST

START_TEST(a_pretended_machine_has_fixed_caches_and_distances)
{
    WfTopo *topo = topo_of("numa:2 core:3 pu:1", 0);
    const WfMachine *m = wf_topo_machine(topo);

    ck_assert_int_eq(m->l1, 32 << 10);
    ck_assert_int_eq(m->l2, 512 << 10);
    ck_assert_int_eq(m->l3, 16 << 20);
    ck_assert_int_eq(m->l2_sharers, 1);
    ck_assert_int_eq(m->l3_sharers, 3);
    for (int i = 0; i < 4; i++)
        ck_assert(m->distances[i] == (i % 3 ? 20 : 10));
    ck_assert(m->quota == 0);
    ck_assert_int_eq(m->memory, (int64_t)1 << 30); /* half of two nodes of one GiB each */
    wf_topo_free(topo);
}
END_TEST

START_TEST(a_machine_without_a_numa_level_has_one_node)
{
    WfTopo *topo = topo_of("core:3 pu:1", 0);

    ck_assert_int_eq(wf_topo_machine(topo)->node_count, 1);
    ck_assert_int_eq(wf_topo_machine(topo)->worker_count, 3);
    wf_topo_free(topo);
}
END_TEST

START_TEST(fewer_threads_spread_over_the_nodes)
{
    for (int threads = 1; threads <= 16; threads++) {
        WfTopo *topo = topo_of("numa:4 core:4 pu:1", threads);
        const WfMachine *m = wf_topo_machine(topo);

        ck_assert_int_eq(m->worker_count, threads);
        for (int n = 0; n < 4; n++) {
            ck_assert_int_ge(m->nodes[n].worker_count, threads / 4);
            ck_assert_int_le(m->nodes[n].worker_count, (threads + 3) / 4);
        }
        wf_topo_free(topo);
    }
}
END_TEST

START_TEST(more_threads_than_cores_fill_second_pus_then_go_round)
{
    WfTopo *topo = topo_of("numa:2 core:2 pu:2", 8);
    const WfMachine *m = wf_topo_machine(topo);

    for (int w = 0; w < 8; w++)
        ck_assert_int_eq(m->workers[w].core, w / 2);
    wf_topo_free(topo);
    topo = topo_of("numa:2 core:2 pu:1", 11);
    m = wf_topo_machine(topo);
    ck_assert_int_eq(m->worker_count, 11);
    for (int w = 1; w < 11; w++)
        ck_assert_int_ge(m->workers[w].node, m->workers[w - 1].node);
    ck_assert_int_ge(m->nodes[0].worker_count, 5);
    ck_assert_int_ge(m->nodes[1].worker_count, 5);
    wf_topo_free(topo);
}
END_TEST

START_TEST(a_description_that_is_none_is_an_error_with_an_example)
{
    WeftErr err = { .code = WEFT_OK };

    ck_assert_ptr_null(wf_topo_new("a big one", 0, &err));
    ck_assert_int_eq(err.code, WEFT_EARG);
    ck_assert_str_eq(err.message, "\"a big one\" does not describe a machine");
    ck_assert_str_eq(err.hint, "for example \"numa:4 core:2 pu:1\"");
}
END_TEST

START_TEST(the_real_machine_has_workers_on_cpus_we_may_use)
{
    WfTopo *topo = topo_of(NULL, 0);
    const WfMachine *m = wf_topo_machine(topo);
    int on_nodes = 0;
    cpu_set_t allowed;

    ck_assert_int_eq(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    ck_assert_int_ge(m->worker_count, 1);
    ck_assert_int_le(m->worker_count, m->cores_allowed);
    ck_assert_int_gt(m->memory, 1 << 20);
    for (int w = 0; w < m->worker_count; w++) {
        ck_assert(CPU_ISSET(m->workers[w].cpu, &allowed));
        for (int v = 0; v < w; v++)
            ck_assert_int_ne(m->workers[v].cpu, m->workers[w].cpu);
    }
    for (int n = 0; n < m->node_count; n++)
        on_nodes += m->nodes[n].worker_count;
    ck_assert_int_eq(on_nodes, m->worker_count);
    wf_topo_free(topo);
}
END_TEST

START_TEST(affinity_leaves_only_its_cores)
{
    cpu_set_t allowed, one;
    WfTopo *topo;
    int cpu = 0;

    ck_assert_int_eq(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    for (int i = 0; i < CPU_SETSIZE; i++)
        cpu = CPU_ISSET(i, &allowed) ? i : cpu; /* the last */
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
    topo = topo_of(NULL, 0);
    ck_assert_int_eq(wf_topo_machine(topo)->worker_count, 1);
    ck_assert_int_eq(wf_topo_machine(topo)->cores_allowed, 1);
    ck_assert_int_eq(wf_topo_machine(topo)->workers[0].cpu, cpu);
    wf_topo_free(topo);
}
END_TEST

START_TEST(pinning_puts_the_thread_on_its_workers_cpu)
{
    WfTopo *topo = topo_of(NULL, 0);
    int last = wf_topo_machine(topo)->worker_count - 1;
    cpu_set_t now;

    ck_assert(wf_topo_pin(topo, last));
    ck_assert_int_eq(sched_getaffinity(0, sizeof now, &now), 0);
    ck_assert_int_eq(CPU_COUNT(&now), 1);
    ck_assert(CPU_ISSET(wf_topo_machine(topo)->workers[last].cpu, &now));
    wf_topo_free(topo);
}
END_TEST

START_TEST(memory_is_zero_aligned_to_pages_and_writable)
{
    static const char *const machines[] = { NULL, "numa:2 core:1 pu:1" };

    for (int m = 0; m < 2; m++) {
        WfTopo *topo = topo_of(machines[m], 0);

        for (size_t bytes = 1; bytes < 20000000; bytes = bytes * 7 + 3) {
            int node = wf_topo_machine(topo)->node_count - 1;
            char *memory = wf_topo_alloc(topo, node, bytes);

            ck_assert_ptr_nonnull(memory);
            ck_assert_uint_eq((uintptr_t)memory % (uintptr_t)sysconf(_SC_PAGESIZE), 0);
            ck_assert_int_eq(memory[0] | memory[bytes / 2] | memory[bytes - 1], 0);
            memset(memory, 1, bytes);
            wf_topo_release(topo, memory, bytes);
        }
        wf_topo_free(topo);
    }
}
END_TEST

START_TEST(a_machine_is_shown_in_words)
{
    WfTopo *topo = topo_of("numa:2 core:2 pu:1", 3);
    WfText text = { .text = NULL };

    char expected[1024], gib[32], l1[32], l2[32], l3[32];

    wf_bytes(1 << 30, gib);
    snprintf(expected, sizeof expected,
             "machine  2 nodes, pretended: nothing is bound\n"
             "cores    4\n"
             "workers  3, set by --threads\n"
             "memory   %s for a run: half of the pretended memory\n"
             "caches   L1 %s  L2 %s  L3 %s for 2 workers\n"
             "node 0   %s\n"
             "  worker 0   CPU 0   core 0\n"
             "node 1   %s\n"
             "  worker 1   CPU 2   core 2\n"
             "  worker 2   CPU 3   core 3\n"
             "distance  10 20\n"
             "          20 10\n",
             gib, wf_bytes(32 << 10, l1), wf_bytes(512 << 10, l2), wf_bytes(16 << 20, l3), gib,
             gib);
    wf_topo_show(topo, &text);
    ck_assert_str_eq(text.text, expected);
    wf_text_free(&text);
    wf_topo_free(topo);
}
END_TEST

CHECK_MAIN("topo", a_pretended_machine_has_the_nodes_and_cores_it_says,
           a_pretended_machine_has_fixed_caches_and_distances,
           a_machine_without_a_numa_level_has_one_node, fewer_threads_spread_over_the_nodes,
           more_threads_than_cores_fill_second_pus_then_go_round,
           a_description_that_is_none_is_an_error_with_an_example,
           the_real_machine_has_workers_on_cpus_we_may_use, affinity_leaves_only_its_cores,
           pinning_puts_the_thread_on_its_workers_cpu, memory_is_zero_aligned_to_pages_and_writable,
           a_machine_is_shown_in_words)
