/*
 * desk.h - what a worker computes with.
 */
#ifndef WF_DESK_H
#define WF_DESK_H

#include "run/rows.h"
#include "run/stats.h"
#include "run/tables.h"

/* What a worker computes with: memory on its own node for the outputs and the scratch of one tile,
 * and its counts. Made before the first tile. */
typedef struct WfDesk {
    const WfTopo *topo;
    int worker, node;
    char *memory;
    size_t bytes;
    WfTally *tally;
    const WfTables *tables; /* of its node; not the desk's own */
    /* of the tile at hand, beside the lists of its stage: */
    WfRows *rows; /* of each input */
    WfRingRows *rings;
    WfRect *domains; /* of each kernel */
    int64_t *held;   /* of all inputs' own rows, one after another */
    WfSeen *seen;    /* of all inputs, likewise */
    uint64_t *odd;   /* of all rings' rows; from ring_room on of the rows of a turn */
    size_t ring_room;
    const void *const **taken; /* rows of each input of a reduction */
    int64_t piece;             /* pixels of a row for which a form is chosen */
} WfDesk;

WfDesk *wf_desk_new(const WfPlan *plan, const WfTopo *topo, const WfTables *tables, int worker,
                    WeftErr *err);
void wf_desk_free(WfDesk *desk); /* takes NULL */

#endif
