/*
 * rules.h - the tables of reclass and interpolate: are they sound, and what do they say.
 */
#ifndef WF_RULES_H
#define WF_RULES_H

#include "graph/graph.h"

/* Settings of reclass, in order. */
enum { WF_RULES_DEFAULT, WF_RULES_KEEP, WF_RULES_CLOSED, WF_RULES_LAST, WF_RULES_INVALID };

/* Values from low to high become `value`; NaN: invalid. */
typedef struct WfRule {
    double low, high, value;
    bool has_low, has_high; /* it holds its ends */
    int64_t number;         /* in the script, from 1 */
} WfRule;

/* The rules of a reclass, ordered by their lower ends; wf_free it. */
WfRule *wf_rules_read(const WfTable *table, const double *settings, WeftErr *err);

/* Every value in the range is named by a rule of a reclass, and becomes no invalid one. False for
 * other operators, and for want of memory. */
bool wf_rules_cover(const WeftOp *op, const WfTable *table, const double *settings,
                    WeftRange range);

/* The table makes sense to its operator: no rule is empty or overlaps another, points do not go
 * back. Operators that are neither reclass nor interpolate take any. */
bool wf_rules_check(const WeftOp *op, const WfTable *table, const double *settings, WeftErr *err);

#endif
