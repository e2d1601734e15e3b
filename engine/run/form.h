/*
 * form.h - a kernel's rows in a turn: its plain form where it reads nothing odd.
 */
#ifndef WF_FORM_H
#define WF_FORM_H

#include "run/rows.h"

typedef struct WfForm {
    const WfPlan *plan;
    const WfKernel *kernel;
    const WfCompiled *compiled;
    WfRows *const *rows;      /* of each input */
    WfRingRows *const *rings; /* that it fills */
    int64_t piece;            /* pixels of a row for which a form is chosen */
    uint64_t *odd;            /* room for one number for each row of the turn */
} WfForm;

/* Make the frame's rows, whose inputs frame->in has room for, all NULL, and note which pixels of
 * the rings are odd. Gives the pixels for which the plain form stood. But for its inputs the frame
 * is as it was after that. */
int64_t wf_form_run(const WfForm *form, WfFrame *frame);

#endif
