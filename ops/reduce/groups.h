/*
 * groups.h - records found by one or two numbers: zones, classes, pairs of classes.
 *
 * Records lie in chunks and never move. A hash table has their numbers, each beside 32 bits of its
 * hash, so that other records are not looked at on the way.
 */
#ifndef WEFT_GROUPS_H
#define WEFT_GROUPS_H

#include "reduce.h"

typedef struct WfGroups {
    WeftRoom *room;
    int key_count;   /* doubles at the head of each record: 1 or 2 */
    size_t bytes;    /* of a record; a multiple of 8 */
    int64_t count;   /* records */
    int64_t next;    /* the one after the last that was found: in rows alike it comes next */
    uint64_t *slots; /* upper half: hash; lower: the record's number + 1, or 0: free */
    int bits;        /* there are 2^bits slots */
    char **chunks;
    int64_t chunk_count, chunk_places;
    int shift; /* 2^shift records in a chunk */
} WfGroups;

/* False: there is no room; closing is allowed then, too. bytes: of a record without its key. */
bool wf_groups_open(WfGroups *groups, WeftRoom *room, int key_count, size_t bytes);
void wf_groups_close(WfGroups *groups);
/* What groups of at most so many records take, and what they begin with. */
void wf_groups_bytes(int key_count, size_t bytes, int64_t records, int64_t *least, int64_t *most);

/* The record with that key, which is no NaN; a new one is zeroed behind its key. NULL: there is no
 * room. key[1] is read where there are two. */
void *wf_groups_find(WfGroups *groups, const double *key);
/* Record i, in the order in which they were made. */
void *wf_groups_at(const WfGroups *groups, int64_t i);

/* The records' numbers, ascending by key, for a table with a row for each and more columns than
 * keys. They lie at the end of its cells: rows that are filled one after another, each once its
 * number is taken, never reach those that are still to come. */
typedef struct WfGroupsOrder {
    const double *entries; /* a key and its number */
    int width;
} WfGroupsOrder;
WfGroupsOrder wf_groups_order(const WfGroups *groups, double *cells, int columns);
static inline int64_t wf_groups_ordered(const WfGroupsOrder *order, int64_t row)
{
    return (int64_t)order->entries[(row + 1) * order->width - 1];
}

#endif
