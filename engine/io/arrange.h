/*
 * arrange.h - spans of many zones in their order, and features of one zone made one.
 */
#ifndef WF_ARRANGE_H
#define WF_ARRANGE_H

#include "io/polygon.h"

/* Sort by row, column and zone. unite: spans of one zone may overlap; where they do, they become
 * one with the sum of their weights, at most 1. Takes as much memory again as the spans have. */
bool wf_spans_arrange(WfSpans *spans, bool unite, WeftErr *err);

#endif
