/*
 * stay.h - which decoded blocks remain in memory from one of several plans to a later one.
 */
#ifndef WF_STAY_H
#define WF_STAY_H

#include "plan/plan.h"

/* What all plans together need of a stock of blocks. */
typedef struct WfStay {
    int64_t slots; /* places for blocks; 0: none remains */
    int64_t bytes; /* the most that the blocks of any plan take */
} WfStay;

/* Of plans that run one after another, let blocks that are costly to decode and that later plans
 * read again remain, as many as fit within `budget` beside what each plan predicts. Changes the
 * plans: stays, memory, blocks and bytes planned. */
bool wf_stay(WfPlan *const *plans, int count, int64_t budget, WfStay *stay, WeftErr *err);

#endif
