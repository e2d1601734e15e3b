/*
 * stock.h - decoded blocks that outlive the run that has decoded them: those that later runs of the
 * same job read again, as their plans say. A slot is wf_stock_slot's.
 */
#ifndef WF_STOCK_H
#define WF_STOCK_H

#include "plan/stay.h"
#include "run/pool.h"

typedef struct WfStock WfStock;

WfStock *wf_stock_new(const WfTopo *topo, const WfStay *stay, WeftErr *err);
void wf_stock_free(WfStock *stock); /* with all that is in it; takes NULL */

/* Memory for a block. Any thread. */
WfBuffer *wf_stock_take(WfStock *stock, int node, size_t bytes, WeftErr *err);
/* Memory of a block that was not decoded well. Takes NULL. */
void wf_stock_give(WfStock *stock, WfBuffer *buffer);

/* One thread at a time. What lies in a slot, or NULL; put a block there, or again. */
WfBuffer *wf_stock_find(const WfStock *stock, int64_t slot);
void wf_stock_put(WfStock *stock, int64_t slot, WfBuffer *buffer);

/* A plan has run: what no later one reads is freed. */
void wf_stock_leave(WfStock *stock, const WfPlan *plan);

int64_t wf_stock_bytes(const WfStock *stock); /* that its blocks take now */

#endif
