/*
 * polygon.h - which pixels belong to a polygon, and how much of each.
 */
#ifndef WF_POLYGON_H
#define WF_POLYGON_H

#include "base/err.h"

typedef enum WfRule {
    WF_RULE_CENTER,    /* pixels whose centre lies inside: on the left or top edge is in */
    WF_RULE_TOUCHED,   /* pixels that share some area with it */
    WF_RULE_FRACTION,  /* the same; the weight is the covered part of the pixel's area */
    WF_RULE_FRACTION8, /* the same in 255 steps; less than 1/256 is dropped */
    WF_RULE_COUNT
} WfRule;
extern const char *const wf_rule_names[WF_RULE_COUNT];

/* Pixels of one row that belong to a zone with one weight. All are whole numbers but the weight: a
 * list of spans is a table of doubles with five columns. */
typedef struct WfSpan {
    double row, col, count, zone, weight;
} WfSpan;

/* While spans are sorted, and while they become a table, there are two of each. */
enum { WF_SPAN_BYTES = 2 * (int)sizeof(WfSpan) };

typedef struct WfSpans {
    WfSpan *list;
    int count, room;
    int64_t most; /* more are an error; 0: any number */
} WfSpans;
void wf_spans_free(WfSpans *spans);

/* Sides of all rings of a polygon, in pixels from the upper left corner of the raster, rows
 * downwards. It may have parts, which may overlap: what lies inside an odd number of rings of a
 * part is inside it, and what lies inside any part is inside the polygon. Zero it before use. */
typedef struct WfEdge {
    double x0, y0, x1, y1; /* y0 < y1 */
    int part;
} WfEdge;

typedef struct WfPolygon {
    WfEdge *edges;
    int count, room;
    int part; /* that sides belong to which are added now, from 0; never less than before */
} WfPolygon;
/* Coordinates are finite. A level side says nothing and is left out. */
bool wf_polygon_side(WfPolygon *polygon, double xa, double ya, double xb, double yb, WeftErr *err);
void wf_polygon_free(WfPolygon *polygon);

/* Adds the polygon's spans within a raster, by row and column. Sorts the sides. Takes memory for
 * one row of the polygon's box and for its sides. */
bool wf_polygon_spans(WfPolygon *polygon, WfRule rule, int64_t width, int64_t height, double zone,
                      WfSpans *spans, WeftErr *err);

#endif
