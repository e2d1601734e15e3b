/* check_mem.c - memory is zeroed, checked and counted; arenas hold what they are asked for. */
#include "harness.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

START_TEST(new_memory_is_zero)
{
    unsigned char *memory = wf_calloc(100, 10, NULL);

    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(memory[i], 0);
    wf_free(memory);
}
END_TEST

START_TEST(nothing_can_be_allocated)
{
    void *memory = wf_zalloc(0, NULL);

    ck_assert_ptr_nonnull(memory);
    wf_free(memory);
    wf_free(NULL);
}
END_TEST

START_TEST(a_product_that_overflows_is_refused)
{
    WeftErr err = { 0 };

    ck_assert_ptr_null(wf_calloc(SIZE_MAX / 2, 3, &err));
    ck_assert_int_eq(err.code, WEFT_EMEM);
    ck_assert_ptr_null(wf_realloc(NULL, SIZE_MAX / 2, 3, NULL));
}
END_TEST

START_TEST(aligned_memory_is_aligned)
{
    for (size_t alignment = 1; alignment <= 4096; alignment *= 2) {
        void *memory = wf_aligned(10, alignment, NULL);

        ck_assert_uint_eq((uintptr_t)memory % alignment, 0);
        wf_free(memory);
    }
}
END_TEST

START_TEST(the_chosen_allocation_fails_once)
{
    WeftErr err = { 0 };
    void *memory[3];

    wf_mem_fail_at(2);
    for (int i = 0; i < 3; i++)
        memory[i] = wf_zalloc(8, &err);
    wf_mem_fail_at(0);
    ck_assert_ptr_nonnull(memory[0]);
    ck_assert_ptr_null(memory[1]);
    ck_assert_ptr_nonnull(memory[2]);
    ck_assert_int_eq(err.code, WEFT_EMEM);
    wf_free(memory[0]);
    wf_free(memory[2]);
}
END_TEST

START_TEST(every_kind_of_allocation_is_counted)
{
    void *a, *b, *c;

    wf_mem_fail_at(0);
    a = wf_zalloc(1, NULL);
    b = wf_strdup("b", NULL);
    c = wf_aligned(1, 64, NULL);
    a = wf_realloc(a, 2, 1, NULL);
    ck_assert_int_eq(wf_mem_fail_at(0), 4);
    wf_free(a);
    wf_free(b);
    wf_free(c);
}
END_TEST

static void *allocate(void *failures)
{
    for (int i = 0; i < 1000; i++) {
        void *memory = wf_zalloc(8, NULL);

        *(int *)failures += memory == NULL;
        wf_free(memory);
    }
    return NULL;
}

START_TEST(of_many_threads_one_allocation_fails)
{
    pthread_t threads[4];
    int failures[4] = { 0 };

    wf_mem_fail_at(1500);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, allocate, &failures[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(wf_mem_fail_at(0), 4000);
    ck_assert_int_eq(failures[0] + failures[1] + failures[2] + failures[3], 1);
}
END_TEST

START_TEST(a_failed_realloc_leaves_the_old_memory)
{
    char *old = wf_strdup("kept", NULL);

    wf_mem_fail_at(1);
    ck_assert_ptr_null(wf_realloc(old, 100, 1, NULL));
    ck_assert_str_eq(old, "kept");
    wf_free(old);
}
END_TEST

START_TEST(a_grown_array_keeps_its_elements_and_zeroes_new_ones)
{
    int *array = NULL, room = 0;

    for (int i = 0; i < 100; i++) {
        ck_assert(wf_grow(&array, i, &room, sizeof *array, NULL));
        ck_assert_int_eq(array[i], 0);
        array[i] = i + 1;
    }
    ck_assert_int_eq(array[0], 1);
    ck_assert_int_eq(array[98], 99);
    wf_free(array);
}
END_TEST

START_TEST(a_failed_growth_changes_nothing)
{
    int *array = NULL, room = 0;

    wf_grow(&array, 0, &room, sizeof *array, NULL);
    wf_mem_fail_at(1);
    ck_assert(!wf_grow(&array, room, &room, sizeof *array, NULL));
    ck_assert_ptr_nonnull(array);
    ck_assert_int_eq(room, 8);
    wf_free(array);
}
END_TEST

START_TEST(arena_memory_is_zero_aligned_and_apart)
{
    WfArena *arena = wf_arena_new(NULL);
    unsigned char *last = NULL;

    for (size_t bytes = 1; bytes < 40000; bytes += 777) {
        unsigned char *memory = wf_arena_zalloc(arena, bytes, NULL);

        ck_assert_uint_eq((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < bytes; i++)
            ck_assert_int_eq(memory[i], 0);
        memset(memory, 0xff, bytes);
        ck_assert_ptr_ne(memory, last);
        last = memory;
    }
    wf_arena_free(arena);
}
END_TEST

START_TEST(an_arena_copies_text)
{
    WfArena *arena = wf_arena_new(NULL);
    char text[] = "abc";
    char *copy = wf_arena_strdup(arena, text, NULL);

    text[0] = 'x';
    ck_assert_str_eq(copy, "abc");
    wf_arena_free(arena);
    wf_arena_free(NULL);
}
END_TEST

START_TEST(an_arena_reports_a_failed_chunk)
{
    WfArena *arena = wf_arena_new(NULL);
    WeftErr err = { 0 };

    wf_mem_fail_at(1);
    ck_assert_ptr_null(wf_arena_zalloc(arena, 10, &err));
    ck_assert_int_eq(err.code, WEFT_EMEM);
    ck_assert_ptr_nonnull(wf_arena_zalloc(arena, 10, NULL));
    wf_arena_free(arena);
}
END_TEST

CHECK_MAIN("mem", new_memory_is_zero, nothing_can_be_allocated, a_product_that_overflows_is_refused,
           aligned_memory_is_aligned, the_chosen_allocation_fails_once,
           every_kind_of_allocation_is_counted, of_many_threads_one_allocation_fails,
           a_failed_realloc_leaves_the_old_memory,
           a_grown_array_keeps_its_elements_and_zeroes_new_ones, a_failed_growth_changes_nothing,
           arena_memory_is_zero_aligned_and_apart, an_arena_copies_text,
           an_arena_reports_a_failed_chunk)
