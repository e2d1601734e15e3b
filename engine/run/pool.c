/*
 * pool.c - memory bound to a node, as credits of the budget.
 *
 * Needs: topo. Buffers that came back wait in buckets by size and node. Before the credit would be
 * exceeded, waiting ones of other sizes and nodes go back to the system. The lock is held for the
 * lists only, never while the system maps or unmaps memory.
 */
#include "run/pool.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "base/err.h"

enum {
    BUCKETS = 256,
    SMALL = 16384, /* below this, whole pages would waste too much: the heap serves */
    ALIGNMENT = 64
};

struct WfPool {
    const WfTopo *topo;
    int64_t credit;
    pthread_mutex_t lock;
    int64_t bytes, used, peak; /* held; of these in use; the most ever held */
    WfBuffer *kept[BUCKETS];
};

static unsigned bucket_of(int node, size_t bytes)
{
    return (unsigned)(((bytes >> 6) * 31 + (size_t)node) % BUCKETS);
}

static void *map_memory(const WfTopo *topo, int node, size_t bytes, WeftErr *err)
{
    char number[32];
    void *memory;

    if (bytes < SMALL) {
        memory = wf_aligned(bytes, ALIGNMENT, err);
        return memory ? memset(memory, 0, bytes) : NULL;
    }
    memory = wf_topo_alloc(topo, node, bytes);
    if (!memory) {
        wf_fail(err, WEFT_EMEM, "no memory for a block of %s", wf_bytes((double)bytes, number));
        wf_hint(err, "give less with --memory");
    }
    return memory;
}

static void release_list(const WfTopo *topo, WfBuffer *list)
{
    while (list) {
        WfBuffer *next = list->next;

        if (list->bytes < SMALL)
            wf_free(list->memory);
        else if (list->memory)
            wf_topo_release(topo, list->memory, list->bytes);
        wf_free(list);
        list = next;
    }
}

/* With the lock held: a kept buffer of this size and node, or NULL. */
static WfBuffer *find_kept(WfPool *pool, int node, size_t bytes)
{
    for (WfBuffer **p = &pool->kept[bucket_of(node, bytes)]; *p; p = &(*p)->next) {
        WfBuffer *found = *p;

        if (found->bytes == bytes && found->node == node) {
            *p = found->next;
            return found;
        }
    }
    return NULL;
}

/* With the lock held: take kept buffers out until `bytes` more fit. Gives those taken out. */
static WfBuffer *evict(WfPool *pool, size_t bytes)
{
    WfBuffer *gone = NULL;

    for (int i = 0; i < BUCKETS; i++) {
        while (pool->kept[i] && pool->bytes + (int64_t)bytes > pool->credit) {
            WfBuffer *buffer = pool->kept[i];

            pool->kept[i] = buffer->next;
            pool->bytes -= (int64_t)buffer->bytes;
            buffer->next = gone;
            gone = buffer;
        }
    }
    return gone;
}

/* Fresh memory whose bytes are already counted. */
static WfBuffer *make_buffer(WfPool *pool, int node, size_t bytes, WeftErr *err)
{
    WfBuffer *buffer = wf_zalloc(sizeof *buffer, err);

    if (!buffer)
        return NULL;
    buffer->bytes = bytes;
    buffer->node = node;
    buffer->memory = map_memory(pool->topo, node, bytes, err);
    if (!buffer->memory) {
        wf_free(buffer);
        return NULL;
    }
    return buffer;
}

WfBuffer *wf_pool_take(WfPool *pool, int node, size_t bytes, WeftErr *err)
{
    WfBuffer *buffer, *gone = NULL;
    bool fits;

    pthread_mutex_lock(&pool->lock);
    fits = pool->used + (int64_t)bytes <= pool->credit;
    buffer = fits ? find_kept(pool, node, bytes) : NULL;
    if (fits && !buffer) {
        gone = evict(pool, bytes);
        pool->bytes += (int64_t)bytes;
        if (pool->bytes > pool->peak)
            pool->peak = pool->bytes;
    }
    if (fits)
        pool->used += (int64_t)bytes;
    pthread_mutex_unlock(&pool->lock);
    release_list(pool->topo, gone);
    if (!fits) {
        wf_fail(err, WEFT_EBUG, "blocks in use would exceed their credit of %lld bytes",
                (long long)pool->credit);
        return NULL;
    }
    if (buffer)
        return buffer;
    buffer = make_buffer(pool, node, bytes, err);
    if (!buffer) {
        pthread_mutex_lock(&pool->lock);
        pool->bytes -= (int64_t)bytes;
        pool->used -= (int64_t)bytes;
        pthread_mutex_unlock(&pool->lock);
    }
    return buffer;
}

void wf_pool_give(WfPool *pool, WfBuffer *buffer)
{
    WfBuffer **bucket;

    if (!buffer)
        return;
    bucket = &pool->kept[bucket_of(buffer->node, buffer->bytes)];
    pthread_mutex_lock(&pool->lock);
    pool->used -= (int64_t)buffer->bytes;
    buffer->next = *bucket;
    *bucket = buffer;
    pthread_mutex_unlock(&pool->lock);
}

void wf_pool_trim(WfPool *pool)
{
    WfBuffer *gone;

    pthread_mutex_lock(&pool->lock);
    gone = evict(pool, (size_t)pool->credit);
    pthread_mutex_unlock(&pool->lock);
    release_list(pool->topo, gone);
}

int64_t wf_pool_bytes(WfPool *pool)
{
    int64_t bytes;

    pthread_mutex_lock(&pool->lock);
    bytes = pool->bytes;
    pthread_mutex_unlock(&pool->lock);
    return bytes;
}

int64_t wf_pool_peak(WfPool *pool)
{
    int64_t peak;

    pthread_mutex_lock(&pool->lock);
    peak = pool->peak;
    pthread_mutex_unlock(&pool->lock);
    return peak;
}

WfPool *wf_pool_new(const WfTopo *topo, int64_t credit, WeftErr *err)
{
    WfPool *pool = wf_zalloc(sizeof *pool, err);

    if (!pool)
        return NULL;
    pool->topo = topo;
    pool->credit = credit;
    pthread_mutex_init(&pool->lock, NULL);
    return pool;
}

void wf_pool_free(WfPool *pool)
{
    if (!pool)
        return;
    assert(pool->used == 0);
    for (int i = 0; i < BUCKETS; i++)
        release_list(pool->topo, pool->kept[i]);
    pthread_mutex_destroy(&pool->lock);
    wf_free(pool);
}
