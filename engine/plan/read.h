/*
 * read.h - which of a kernel's inputs holds a node's pixels.
 */
#ifndef WF_READ_H
#define WF_READ_H

#include "plan/plan.h"

/* How a kernel comes by a node. */
typedef struct WfRead {
    int input;      /* of the kernel: frame->in[input]; -1: the node is computed from others */
    WeftNode node;  /* whose pixels lie in the input's rows */
    int dcol, drow; /* the pixel read is this far from the one computed */
    bool valid;     /* no pixel that is read so is invalid */
} WfRead;

/* For any node of the kernel's forms. A LOAD, a neighbour or the node of a ring among the inputs is
 * read, others are computed. An extended kernel reads a node that is not shifted under EXTEND, or
 * else NEAREST; so it does a neighbour at 0, 0 that has no input of its rule (it stands for the
 * node in plain forms). False: what must be read is no input. */
bool wf_read_find(const WfPlan *plan, const WfKernel *kernel, WeftNode node, WfRead *read,
                  WeftErr *err);

/* Which of the kernel's inputs holds the i-th input of its node of shape ROWS, in *input. */
bool wf_read_window(const WfPlan *plan, const WfKernel *kernel, WeftNode node, int i, int *input,
                    WeftErr *err);

#endif
