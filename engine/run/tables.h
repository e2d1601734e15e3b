/*
 * tables.h - a copy of the plan's tables on one memory node.
 */
#ifndef WF_TABLES_H
#define WF_TABLES_H

#include "plan/plan.h"
#include "run/topo.h"

typedef struct WfTables WfTables;

WfTables *wf_tables_new(const WfPlan *plan, const WfTopo *topo, int node, WeftErr *err);
void wf_tables_free(WfTables *tables);                                /* takes NULL */
const WfFrameTable *wf_tables_of(const WfTables *tables, int kernel); /* for its frames */
int64_t wf_tables_bytes(const WfTables *tables);                      /* takes NULL */

#endif
