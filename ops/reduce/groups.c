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

    *least = (int64_t)(sizeof(uint64_t) << FIRST_BITS) + chunk + (int64_t)sizeof(char *);
    /* Slots: up to 8/3 a record, and while they double half as many again. Two places a chunk. */
    *most = wf_reduce_bytes(*least + chunk, records, (int64_t)record + 32);
    *most = wf_reduce_bytes(*most, records >> shift_of(record), 3 * (int64_t)sizeof(char *));
}

void *wf_groups_at(const WfGroups *groups, int64_t i)
{
    int64_t mask = ((int64_t)1 << groups->shift) - 1;

    return groups->chunks[i >> groups->shift] + (size_t)(i & mask) * groups->bytes;
}

/* Doubles that are integers have zeros below: the upper half of the bits is folded into them. */
static uint32_t hash(const WfGroups *groups, const double *key)
{
    uint64_t a, b;

    memcpy(&a, key, sizeof a);
    if (groups->key_count == 2) {
        memcpy(&b, key + 1, sizeof b);
        a ^= (b ^ b >> 32) * 0x94d049bb133111eb;
    }
    a = (a ^ a >> 32) * 0x9e3779b97f4a7c15;
    a = (a ^ a >> 32) * 0xbf58476d1ce4e5b9;
    return (uint32_t)(a >> 32);
}

static bool has_key(const WfGroups *groups, const double *record, const double *key)
{
    return record[0] == key[0] && (groups->key_count == 1 || record[1] == key[1]);
}

/* The slot with that key, or the free one where it belongs. */
static uint64_t *find_slot(const WfGroups *groups, const double *key, uint32_t hashed)
{
    size_t mask = ((size_t)1 << groups->bits) - 1, i = hashed >> (32 - groups->bits);

    for (; groups->slots[i]; i = (i + 1) & mask)
        if (groups->slots[i] >> 32 == hashed &&
            has_key(groups, wf_groups_at(groups, (int64_t)(groups->slots[i] & UINT32_MAX) - 1),
                    key))
            break;
    return &groups->slots[i];
}

/* Twice as many slots. */
static bool spread(WfGroups *groups)
{
    size_t count = (size_t)1 << groups->bits, mask = 2 * count - 1;
    uint64_t *slots = wf_room_new(groups->room, 2 * count * sizeof *slots);

    if (!slots)
        return false;
    groups->bits++;
    for (size_t i = 0; i < count; i++) {
        size_t place = groups->slots[i] >> (64 - groups->bits);

        if (!groups->slots[i])
            continue;
        while (slots[place])
            place = (place + 1) & mask;
        slots[place] = groups->slots[i];
    }
    wf_room_free(groups->room, groups->slots);
    groups->slots = slots;
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

/* slot: the free one where the key belongs. */
static void *make(WfGroups *groups, const double *key, uint32_t hashed, uint64_t *slot)
{
    double *record;

    if (groups->count == UINT32_MAX - 1 ||
        (groups->count == groups->chunk_count << groups->shift && !add_chunk(groups)))
        return NULL;
    if (groups->count >= ((int64_t)3 << groups->bits) / 4) {
        if (groups->bits == 32 || !spread(groups))
            return NULL;
        slot = find_slot(groups, key, hashed);
    }
    record = wf_groups_at(groups, groups->count);
    memcpy(record, key, (size_t)groups->key_count * sizeof *key);
    groups->count++;
    *slot = (uint64_t)hashed << 32 | (uint64_t)groups->count;
    return record;
}

void *wf_groups_find(WfGroups *groups, const double *key)
{
    /* No negative zero. */
    double plain[2] = { key[0] + 0.0, groups->key_count == 2 ? key[1] + 0.0 : 0 };
    uint32_t hashed;
    uint64_t *slot;
    int64_t number;

    if (groups->next < groups->count && has_key(groups, wf_groups_at(groups, groups->next), plain))
        return wf_groups_at(groups, groups->next++);
    hashed = hash(groups, plain);
    slot = find_slot(groups, plain, hashed);
    number = (int64_t)(*slot & UINT32_MAX);
    groups->next = number ? number : groups->count + 1;
    return number ? wf_groups_at(groups, number - 1) : make(groups, plain, hashed, slot);
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

WfGroupsOrder wf_groups_order(const WfGroups *groups, double *cells, int columns)
{
    int keys = groups->key_count, width = keys + 1;
    double *entries = cells + groups->count * (columns - width);

    for (int64_t i = 0; i < groups->count; i++) {
        const double *record = wf_groups_at(groups, i);

        for (int k = 0; k < keys; k++)
            entries[i * width + k] = record[k];
        entries[i * width + keys] = (double)i;
    }
    qsort(entries, (size_t)groups->count, (size_t)width * sizeof *entries,
          keys == 1 ? compare_one : compare_two);
    return (WfGroupsOrder) { .entries = entries, .width = width };
}
