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

/* Rows of a table, ascending by their first one or two columns. */
void wf_groups_sort(double *cells, int64_t rows, int columns, int key_count);

#endif
