/*
 * catalog.h - operators by name; the nearest name for a misspelt one; the words of help.
 */
#ifndef WF_CATALOG_H
#define WF_CATALOG_H

#include "base/text.h"

const WeftOp *wf_catalog_find(const char *name, WeftErr *err); /* hidden ones too; NULL, err */
int wf_catalog_param_count(const WeftOp *op);
int wf_catalog_number_count(const WeftOp *op);       /* parameters that are NUMBERs */
int wf_catalog_setting_count(const WeftOp *op);      /* the others, but for a TABLE */
const WeftParam *wf_catalog_table(const WeftOp *op); /* its TABLE; NULL: it has none */
/* Index of a parameter by name; -1 with the nearest name in err. */
int wf_catalog_param(const WeftOp *op, const char *name, WeftErr *err);
/* "clamp(a, low, high)", "cast(a, type, {round=, overflow=})". */
void wf_catalog_signature(const WeftOp *op, WfText *text);
void wf_catalog_help(const WeftOp *op, WfText *text);

/* Of a CHOICE: the number of a name, from 0 (-1: no such choice); all names, "a, b, c". */
int wf_catalog_choice(const WeftParam *param, const char *name);
void wf_catalog_choices(const WeftParam *param, WfText *text);
/* A setting as it is written: 3, true, half_even, u8. */
void wf_catalog_value(const WeftParam *param, double value, WfText *text);

#endif
