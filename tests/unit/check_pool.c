/*
 * check_pool.c - buffers are reused by size and node; what is held never exceeds the credit.
 */
#include <pthread.h>
#include <string.h>

#include "harness.h"
#include "run/pool.h"

static WfTopo *topo;

static WfPool *pool_of(int64_t credit)
{
    WeftErr err = { .code = WEFT_OK };
    WfPool *pool;

    topo = wf_topo_new("numa:2 core:1 pu:1", 0, &err);
    ck_assert_ptr_nonnull(topo);
    pool = wf_pool_new(topo, credit, &err);
    ck_assert_ptr_nonnull(pool);
    return pool;
}

static void end(WfPool *pool)
{
    wf_pool_free(pool);
    wf_topo_free(topo);
}

START_TEST(a_buffer_given_back_is_taken_again)
{
    WfPool *pool = pool_of(1 << 20);
    WfBuffer *a = wf_pool_take(pool, 0, 100000, NULL);
    void *memory = a->memory;

    wf_pool_give(pool, a);
    a = wf_pool_take(pool, 0, 100000, NULL);
    ck_assert_ptr_eq(a->memory, memory);
    ck_assert_int_eq(wf_pool_bytes(pool), 100000);
    wf_pool_give(pool, a);
    end(pool);
}
END_TEST

START_TEST(trimmed_it_holds_what_is_in_use)
{
    WfPool *pool = pool_of(1 << 20);
    WfBuffer *a = wf_pool_take(pool, 0, 100000, NULL), *b = wf_pool_take(pool, 1, 200000, NULL);

    wf_pool_give(pool, a);
    wf_pool_trim(pool);
    ck_assert_int_eq(wf_pool_bytes(pool), 200000);
    wf_pool_give(pool, b);
    wf_pool_trim(pool);
    ck_assert_int_eq(wf_pool_bytes(pool), 0);
    end(pool);
}
END_TEST

START_TEST(a_buffer_of_another_node_or_size_is_not_reused)
{
    WfPool *pool = pool_of(1 << 20);
    WfBuffer *a = wf_pool_take(pool, 0, 100000, NULL), *b, *c;

    wf_pool_give(pool, a);
    b = wf_pool_take(pool, 1, 100000, NULL);
    c = wf_pool_take(pool, 0, 100001, NULL);
    ck_assert_int_eq(b->node, 1);
    ck_assert_ptr_ne(b, a);
    ck_assert_ptr_ne(c, a);
    ck_assert_int_eq(wf_pool_bytes(pool), 300001);
    wf_pool_give(pool, b);
    wf_pool_give(pool, c);
    end(pool);
}
END_TEST

START_TEST(kept_buffers_make_room_before_the_credit_is_passed)
{
    WfPool *pool = pool_of(250000);
    WfBuffer *a = wf_pool_take(pool, 0, 100000, NULL), *b = wf_pool_take(pool, 1, 100000, NULL);

    wf_pool_give(pool, a);
    wf_pool_give(pool, b);
    ck_assert_int_eq(wf_pool_bytes(pool), 200000);
    a = wf_pool_take(pool, 0, 240000, NULL);
    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(wf_pool_bytes(pool), 240000);
    ck_assert_int_eq(wf_pool_peak(pool), 240000);
    wf_pool_give(pool, a);
    end(pool);
}
END_TEST

START_TEST(buffers_in_use_cannot_pass_the_credit)
{
    WfPool *pool = pool_of(150000);
    WfBuffer *a = wf_pool_take(pool, 0, 100000, NULL);
    WeftErr err = { .code = WEFT_OK };

    ck_assert_ptr_null(wf_pool_take(pool, 0, 50001, &err));
    ck_assert_int_eq(err.code, WEFT_EBUG);
    ck_assert_int_eq(wf_pool_bytes(pool), 100000);
    wf_pool_give(pool, a);
    end(pool);
}
END_TEST

START_TEST(fresh_buffers_are_zero_and_aligned)
{
    WfPool *pool = pool_of(1 << 24);

    for (size_t bytes = 1; bytes < 1 << 22; bytes = bytes * 5 + 1) {
        WfBuffer *a = wf_pool_take(pool, 1, bytes, NULL);
        const char *p = a->memory;

        ck_assert_uint_eq((uintptr_t)p % 64, 0);
        for (size_t i = 0; i < bytes; i += 1 + bytes / 50)
            ck_assert_int_eq(p[i], 0);
        memset(a->memory, 7, bytes);
        wf_pool_give(pool, a);
    }
    end(pool);
}
END_TEST

START_TEST(failing_memory_is_an_error_and_counts_nothing)
{
    WfPool *pool = pool_of(1 << 24);

    for (int n = 1; n <= 2; n++) {
        WeftErr err = { .code = WEFT_OK };

        wf_mem_fail_at(n);
        ck_assert_ptr_null(wf_pool_take(pool, 0, 1000, &err));
        ck_assert_int_eq(err.code, WEFT_EMEM);
        ck_assert_int_eq(wf_pool_bytes(pool), 0);
    }
    wf_mem_fail_at(0);
    end(pool);
}
END_TEST

static void *take_and_give(void *context)
{
    WfPool *pool = context;

    for (int i = 0; i < 2000; i++) {
        size_t bytes = 20000 + 1000 * (size_t)(i % 7);
        WfBuffer *a = wf_pool_take(pool, i % 2, bytes, NULL);

        if (!a)
            return NULL;
        memset(a->memory, i, bytes);
        wf_pool_give(pool, a);
    }
    return pool;
}

START_TEST(threads_share_a_pool_within_its_credit)
{
    WfPool *pool = pool_of(4 * 26000);
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, take_and_give, pool), 0);
    for (int i = 0; i < 4; i++) {
        void *done;

        pthread_join(threads[i], &done);
        ck_assert_ptr_nonnull(done);
    }
    ck_assert_int_le(wf_pool_peak(pool), 4 * 26000);
    end(pool);
}
END_TEST

CHECK_MAIN("pool", a_buffer_given_back_is_taken_again, trimmed_it_holds_what_is_in_use,
           a_buffer_of_another_node_or_size_is_not_reused,
           kept_buffers_make_room_before_the_credit_is_passed,
           buffers_in_use_cannot_pass_the_credit, fresh_buffers_are_zero_and_aligned,
           failing_memory_is_an_error_and_counts_nothing, threads_share_a_pool_within_its_credit)
