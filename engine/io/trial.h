/*
 * trial.h - a few pixels made as a file will be, and read back: what the format does to them.
 */
#ifndef WF_TRIAL_H
#define WF_TRIAL_H

#include "io/sink_kind.h"

typedef struct WfTrial {
    WfCall call;         /* what GDAL said where nothing was made */
    bool made;           /* the file was made and opened again */
    bool placed;         /* it lies where it should */
    bool valid;          /* what is invalid is so again, and nothing else */
    bool same;           /* valid pixels have their values again */
    double wrote, found; /* same is false: one of them */
    char lost[400];      /* what of the bands' meanings is not there any more; or "" */
} WfTrial;

/* Make a file of the same kind in memory, or where its driver writes real files alone in a folder
 * that goes again, with values that the bands may have. False: no memory, or no such folder. */
bool wf_trial_run(const WfMake *make, const WfSinkFile *file, WfTrial *trial, WeftErr *err);

#endif
