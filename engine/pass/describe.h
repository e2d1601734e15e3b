/*
 * describe.h - range, type and width of a result, from those of the operands (semantics 2.2).
 */
#ifndef WF_DESCRIBE_H
#define WF_DESCRIBE_H

#include "graph/graph.h"

/* What counts of an input, or of a result that is the next operand of a chain. */
typedef struct WfOperand {
    WeftRange range;
    WeftType type;
    bool wide;        /* held in f64 */
    bool wide_inside; /* of a result: its kernel computes in f64 */
    bool inexact;     /* of a result: integer-valued, but may be rounded */
    bool number;      /* without a grid: real ones never widen, and have no type to keep */
    bool null;        /* a constant without a value: takes part in nothing */
} WfOperand;

/* The first values operands are value inputs, the rest NUMBER parameters. table may be NULL;
 * ranges has room for count + setting_count elements and the table's columns. The result is a
 * number where all operands are; an operator without operands gives a raster. */
WfOperand wf_describe(const WeftOp *op, const WfOperand *operands, int values, int count,
                      const double *settings, int setting_count, const WfTable *table,
                      WeftRange *ranges);

/* A number, written as an integer or not. */
WfOperand wf_describe_constant(double value, bool integer, bool boolean, bool number);
/* Pixels of a file; never_invalid: none is nodata. */
WfOperand wf_describe_file(WeftType type, bool never_invalid, bool lossy);

/* The smallest type that holds the values of both. */
WeftType wf_describe_common(WeftType a, WeftType b);
/* Ends of what a type's pixels are once read: those of 64-bit integers may round to 2^63, 2^64. */
double wf_describe_lowest(WeftType type);
double wf_describe_highest(WeftType type);

#endif
