/*
 * mem.h - memory that is checked, counted for fault tests, and arenas that die all at once.
 */
#ifndef WF_MEM_H
#define WF_MEM_H

#include "weft.h"

/* Zeroed memory; NULL with err set. wf_free takes NULL. */
void *wf_zalloc(size_t bytes, WeftErr *err);
void *wf_calloc(size_t count, size_t size, WeftErr *err);
/* These two are not zeroed. On failure `old` stays valid. */
void *wf_realloc(void *old, size_t count, size_t size, WeftErr *err);
void *wf_aligned(size_t bytes, size_t alignment, WeftErr *err);
char *wf_strdup(const char *text, WeftErr *err);
void wf_free(void *memory);

/* Fault tests: the n-th allocation from now fails (1: the next), once; 0: none. Gives the number
 * of allocations counted since the last call. Threads may allocate meanwhile; the counters are the
 * process's. */
int64_t wf_mem_fail_at(int64_t n);

/* Grow an array that holds `count` of `*room` elements so that one more fits; new
 * elements are zero. */
bool wf_grow(void *array_pointer, int count, int *room, size_t size, WeftErr *err);

typedef struct WfArena WfArena;
WfArena *wf_arena_new(WeftErr *err);
void wf_arena_free(WfArena *arena);                                /* takes NULL */
void *wf_arena_zalloc(WfArena *arena, size_t bytes, WeftErr *err); /* aligned for any type */
char *wf_arena_strdup(WfArena *arena, const char *text, WeftErr *err);

#endif
