/*
 * grouped.h - tallies of pixels by the value of one or two rasters: what zones, classes and
 * crosstab have in common.
 *
 * The first inputs are keys, the others values. A record is its key, the number of its pixels
 * (uint64_t), and a tally of each value.
 */
#ifndef WEFT_GROUPED_H
#define WEFT_GROUPED_H

#include "groups.h"
#include "tally.h"

typedef struct WfGrouped {
    WeftRoom *room;
    WfGroups groups;
    WfLimbs limbs;
    WfTallyForm form;
    int value_count;
    const bool *wide; /* of keys and values */
    int64_t width;
    char *record;    /* the last one; NULL: none yet */
    char **direct;   /* records by their keys, where these are few integers; else NULL */
    double low[2];   /* of each key */
    int64_t span[2]; /* of each key, with direct */
    WfLeaf *leaves;  /* of keys and values */
    void *leaf_room; /* where they lie, at a multiple of 64 */
} WfGrouped;

void wf_grouped_bytes(const WeftReduceSetup *setup, int key_count, unsigned want, int64_t *least,
                      int64_t *most);
void *wf_grouped_open(const WeftReduceSetup *setup, WeftRoom *room, int key_count, unsigned want);
bool wf_grouped_take(void *state, const WeftReduceRows *rows);
bool wf_grouped_merge(void *state, const void *other);
void wf_grouped_close(void *state);
size_t wf_grouped_pack(const void *state, unsigned char *bytes);
void *wf_grouped_unpack(const WeftReduceSetup *setup, WeftRoom *room, int key_count, unsigned want,
                        const unsigned char *bytes, size_t size);
int64_t wf_grouped_rows(const void *state);

enum { GROUPED_VERSION = 1 };

/* Parts of a record. */
uint64_t wf_grouped_pixels(const WfGrouped *state, const void *record);
const void *wf_grouped_tally(const WfGrouped *state, const void *record, int value);

#endif
