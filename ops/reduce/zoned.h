/*
 * zoned.h - zones with counts of their values: what percentiles and modes of zones have in common.
 *
 * A zone has lists of parts; a part has the counts of one value, or of some neighbouring ones, and
 * is found by its zone and its place. What is counted are pixels, or units of weight (zoneruns.h):
 * only integers are added, so that states merge in any order. A state begins with a WfZoned.
 */
#ifndef WEFT_ZONED_H
#define WEFT_ZONED_H

#include "groups.h"
#include "packing.h"
#include "zoneruns.h"

typedef struct WfZonedForm {
    uint32_t version; /* of the byte form */
    int pass;         /* after pass 0 all zones are known */
    int lists;        /* of a zone */
    int64_t places;   /* list i has places from i * places up, whole numbers; 0: one list has any */
    int counts;       /* of a part, at most ZONED_COUNTS */
    size_t own;       /* bytes that the reduction keeps with each zone */
} WfZonedForm;

enum { ZONED_COUNTS = 64, ZONED_RECENT = 16 };

/* A record of a zone: this, then what is the reduction's own. */
typedef struct WfZone {
    double id;
    uint64_t pixels, weight; /* of the valid ones */
    uint64_t first[];        /* of each list: the number of a part + 1; 0: none */
} WfZone;

typedef struct WfPart {
    double zone, place;
    uint64_t next; /* of the list: number + 1 */
    uint64_t counts[];
} WfPart;

typedef struct WfZoned {
    WeftRoom *room;
    WfZonedForm form;
    WfZoneRuns runs;
    WfGroups zones, parts;
    WfZone *zone;                 /* found last; NULL: none yet */
    WfPart *recent[ZONED_RECENT]; /* parts by a few bits of their places; or NULL */
} WfZoned;

/* Memory of a state of `size` bytes with at most so many parts. */
void wf_zoned_bytes(const WfZonedForm *form, const WeftReduceSetup *setup, size_t size,
                    int64_t parts, int64_t *least, int64_t *most);
/* A state of `size` bytes, zeroed behind its WfZoned. NULL: there is no room. */
void *wf_zoned_open(const WfZonedForm *form, const WeftReduceSetup *setup, size_t size,
                    WeftRoom *room);
void wf_zoned_close(void *state);

/* False or NULL: there is no room. */
bool wf_zoned_find(WfZoned *state, double id);          /* sets state->zone */
WfPart *wf_zoned_part(WfZoned *state, double place);    /* of that zone */
void *wf_zoned_own(const WfZoned *state, WfZone *zone); /* what is the reduction's own */
const void *wf_zoned_own_in(const WfZoned *state, const WfZone *zone);

const WfZone *wf_zoned_at(const WfZoned *state, int64_t i);
/* The part of that number + 1. */
const WfPart *wf_zoned_listed(const WfZoned *state, uint64_t number);

/* Functions of WeftReduce. */
bool wf_zoned_merge(void *into, const void *from);
size_t wf_zoned_pack(const void *state, unsigned char *bytes);
int64_t wf_zoned_rows(const void *state);
/* Add what bytes say to a state that was just opened; closes it, and gives NULL, if they are bad.
 * state: also NULL. */
void *wf_zoned_unpack(void *state, const unsigned char *bytes, size_t size);

#endif
