/*
 * acc.h - the counter of a watch within one row: what loop.c keeps and emit.c writes.
 */
#ifndef WF_ACC_H
#define WF_ACC_H

#include <stdint.h>

typedef struct WfAcc {
    int32_t count;
    int32_t first; /* pixel of the row; INT32_MAX: none */
} WfAcc;

enum { WF_ACC_MAX = 4096 }; /* watches of one kernel */

#endif
