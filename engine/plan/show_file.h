/*
 * show_file.h - a file of a plan for people.
 */
#ifndef WF_SHOW_FILE_H
#define WF_SHOW_FILE_H

#include "base/text.h"
#include "plan/plan.h"

/* A line: what the file is, how often its blocks are decoded, and which of them are kept. */
void wf_show_file(const WfPlan *plan, int file, WfText *text);

#endif
