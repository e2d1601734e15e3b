/*
 * groups.c - records found by one or two numbers.
 */
#include "groups.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BITS = 8, CHUNK_BYTES = 32768 };

static int shift_of(size_t bytes)
{
    int shift = 0;

    while (bytes << (shift + 1) <= CHUNK_BYTES)
        shift++;
    return shift;
}

bool wf_groups_open(WfGroups *groups, WeftRoom *room, int key_count, size_t bytes)
{
    size_t record = bytes + (size_t)key_count * sizeof(double);

    *groups = (WfGroups) { .room = room,
                           .key_count = key_count,
                           .bytes = record,
                           .bits = FIRST_BITS,
                           .shift = shift_of(record) };
    groups->slots = wf_room_new(room, sizeof *groups->slots << FIRST_BITS);
    return groups->slots != NULL;
}

void wf_groups_close(WfGroups *groups)
{
    for (int64_t i = 0; i < groups->chunk_count; i++)
        wf_room_free(groups->room, groups->chunks[i]);
    wf_room_free(groups->room, groups->chunks);
    wf_room_free(groups->room, groups->slots);
    *groups = (WfGroups) { .room = groups->room };
}

void wf_groups_bytes(int key_count, size_t bytes, int64_t records, int64_t *least, int64_t *most)
{
    size_t record = bytes + (size_t)key_count * sizeof(double);
    int64_t chunk = (int64_t)(record << shift_of(record));

    *least = (int64_t)(sizeof(uint32_t) << FIRST_BITS) + chunk + (int64_t)sizeof(char *);
    /* Slots: up to 8/3 a record, and while they double half as many again. Two places a chunk. */
    *most = wf_reduce_bytes(*least + chunk, records, (int64_t)record + 16);
    *most = wf_reduce_bytes(*most, records >> shift_of(record), 3 * (int64_t)sizeof(char *));
}

void *wf_groups_at(const WfGroups *groups, int64_t i)
{
    int64_t mask = ((int64_t)1 << groups->shift) - 1;

    return groups->chunks[i >> groups->shift] + (size_t)(i & mask) * groups->bytes;
}

static uint64_t hash(const WfGroups *groups, const double *key)
{
    uint64_t a, b = 0;

    memcpy(&a, key, sizeof a);
    if (groups->key_count == 2)
        memcpy(&b, key + 1, sizeof b);
    a = (a ^ a >> 32) * 0x9e3779b97f4a7c15;
    a = (a ^ b ^ b >> 29) * 0xbf58476d1ce4e5b9;
    a = (a ^ a >> 32) * 0x94d049bb133111eb;
    return a >> (64 - groups->bits);
}

/* The slot with that key, or the free one where it belongs. */
static uint32_t *find_slot(const WfGroups *groups, const double *key)
{
    size_t mask = ((size_t)1 << groups->bits) - 1, i = hash(groups, key);

    while (groups->slots[i]) {
        const double *other = wf_groups_at(groups, (int64_t)groups->slots[i] - 1);

        if (other[0] == key[0] && (groups->key_count == 1 || other[1] == key[1]))
            break;
        i = (i + 1) & mask;
    }
    return &groups->slots[i];
}

/* Twice as many slots. */
static bool spread(WfGroups *groups)
{
    uint32_t *old = groups->slots;

    groups->slots = wf_room_new(groups->room, sizeof *old << (groups->bits + 1));
    if (!groups->slots) {
        groups->slots = old;
        return false;
    }
    groups->bits++;
    wf_room_free(groups->room, old);
    for (int64_t i = 0; i < groups->count; i++)
        *find_slot(groups, wf_groups_at(groups, i)) = (uint32_t)i + 1;
    return true;
}

static bool add_chunk(WfGroups *groups)
{
    if (groups->chunk_count == groups->chunk_places) {
        int64_t places = groups->chunk_places ? 2 * groups->chunk_places : 1;
        char **chunks = wf_room_grow(groups->room, groups->chunks, (size_t)places * sizeof *chunks);

        if (!chunks)
            return false;
        groups->chunks = chunks;
        groups->chunk_places = places;
    }
    groups->chunks[groups->chunk_count] = wf_room_new(groups->room, groups->bytes << groups->shift);
    if (!groups->chunks[groups->chunk_count])
        return false;
    groups->chunk_count++;
    return true;
}

static void *make(WfGroups *groups, const double *key)
{
    double *record;

    if (groups->count == UINT32_MAX - 1 ||
        (groups->count >= ((int64_t)3 << groups->bits) / 4 && !spread(groups)) ||
        (groups->count == groups->chunk_count << groups->shift && !add_chunk(groups)))
        return NULL;
    record = wf_groups_at(groups, groups->count);
    record[0] = key[0];
    if (groups->key_count == 2)
        record[1] = key[1];
    groups->count++;
    *find_slot(groups, record) = (uint32_t)groups->count;
    return record;
}

void *wf_groups_find(WfGroups *groups, const double *key)
{
    /* No negative zero. */
    double plain[2] = { key[0] + 0.0, groups->key_count == 2 ? key[1] + 0.0 : 0 };
    uint32_t slot = *find_slot(groups, plain);

    return slot ? wf_groups_at(groups, (int64_t)slot - 1) : make(groups, plain);
}

static int compare_one(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return (a[0] > b[0]) - (a[0] < b[0]);
}

static int compare_two(const void *left, const void *right)
{
    const double *a = left, *b = right;
    int first = compare_one(a, b);

    return first ? first : compare_one(a + 1, b + 1);
}

void wf_groups_sort(double *cells, int64_t rows, int columns, int key_count)
{
    qsort(cells, (size_t)rows, (size_t)columns * sizeof *cells,
          key_count == 1 ? compare_one : compare_two);
}
