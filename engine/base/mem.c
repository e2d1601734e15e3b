/*
 * mem.c - memory that is checked, counted for fault tests, and arenas that die all at once.
 *
 * The two counters below are the only state: they let a test make the n-th allocation of a
 * process fail. They cost one relaxed atomic addition an allocation.
 */
#include "base/mem.h"

#include "base/err.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 16 * 1024 };

typedef struct Chunk {
    struct Chunk *next;
    size_t used, room; /* bytes of data */
    max_align_t data[];
} Chunk;

struct WfArena {
    Chunk *chunk; /* the newest is the one that is filled */
};

static atomic_llong counted;
static atomic_llong fail_at;

static bool refused(void)
{
    long long n = 1 + atomic_fetch_add_explicit(&counted, 1, memory_order_relaxed);

    return n == atomic_load_explicit(&fail_at, memory_order_relaxed);
}

static void *no_memory(size_t bytes, WeftErr *err)
{
    wf_fail(err, WEFT_EMEM, "out of memory: %zu bytes were not given", bytes);
    return NULL;
}

int64_t wf_mem_fail_at(int64_t n)
{
    atomic_store(&fail_at, n > 0 ? n : 0);
    return atomic_exchange(&counted, 0);
}

void *wf_zalloc(size_t bytes, WeftErr *err)
{
    void *memory = refused() ? NULL : calloc(1, bytes ? bytes : 1);

    return memory ? memory : no_memory(bytes, err);
}

void *wf_calloc(size_t count, size_t size, WeftErr *err)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes))
        return no_memory(SIZE_MAX, err);
    return wf_zalloc(bytes, err);
}

void *wf_realloc(void *old, size_t count, size_t size, WeftErr *err)
{
    size_t bytes;
    void *memory;

    if (__builtin_mul_overflow(count, size, &bytes))
        return no_memory(SIZE_MAX, err);
    memory = refused() ? NULL : realloc(old, bytes ? bytes : 1);
    return memory ? memory : no_memory(bytes, err);
}

void *wf_aligned(size_t bytes, size_t alignment, WeftErr *err)
{
    void *memory;

    if (alignment < sizeof(void *))
        alignment = sizeof(void *);
    if (refused() || posix_memalign(&memory, alignment, bytes ? bytes : 1) != 0)
        return no_memory(bytes, err);
    return memory;
}

char *wf_strdup(const char *text, WeftErr *err)
{
    size_t bytes = strlen(text) + 1;
    char *copy = wf_zalloc(bytes, err);

    return copy ? memcpy(copy, text, bytes) : NULL;
}

void wf_free(void *memory)
{
    free(memory);
}

bool wf_grow(void *array_pointer, int count, int *room, size_t size, WeftErr *err)
{
    int wanted;
    char *array;

    if (count < *room)
        return true;
    if (count > INT32_MAX / 2) {
        no_memory(SIZE_MAX, err);
        return false;
    }
    wanted = *room < 8 ? 8 : 2 * *room;
    memcpy(&array, array_pointer, sizeof array); /* it may be an array of anything */
    array = wf_realloc(array, (size_t)wanted, size, err);
    if (!array)
        return false;
    memset(array + (size_t)*room * size, 0, (size_t)(wanted - *room) * size);
    memcpy(array_pointer, &array, sizeof array);
    *room = wanted;
    return true;
}

WfArena *wf_arena_new(WeftErr *err)
{
    return wf_zalloc(sizeof(WfArena), err);
}

void wf_arena_free(WfArena *arena)
{
    if (!arena)
        return;
    for (Chunk *chunk = arena->chunk, *next; chunk; chunk = next) {
        next = chunk->next;
        wf_free(chunk);
    }
    wf_free(arena);
}

void *wf_arena_zalloc(WfArena *arena, size_t bytes, WeftErr *err)
{
    Chunk *chunk = arena->chunk;
    size_t step = sizeof(max_align_t);
    size_t whole, room;
    void *memory;

    if (bytes > SIZE_MAX / 2)
        return no_memory(bytes, err);
    whole = (bytes + step - 1) / step * step;
    if (!chunk || chunk->room - chunk->used < whole) {
        room = whole > CHUNK_BYTES ? whole : CHUNK_BYTES;
        chunk = wf_zalloc(sizeof *chunk + room, err);
        if (!chunk)
            return NULL;
        chunk->room = room;
        chunk->next = arena->chunk;
        arena->chunk = chunk;
    }
    memory = (char *)chunk->data + chunk->used;
    chunk->used += whole;
    return memory;
}

char *wf_arena_strdup(WfArena *arena, const char *text, WeftErr *err)
{
    size_t bytes = strlen(text) + 1;
    char *copy = wf_arena_zalloc(arena, bytes, err);

    return copy ? memcpy(copy, text, bytes) : NULL;
}
