/*
 * err.h - saying what went wrong, once.
 */
#ifndef WF_ERR_H
#define WF_ERR_H

#include "weft.h"

/* Where in a script a thing was made; empty file: unknown. */
typedef struct WfPlaceOf {
    const char *file;
    int line;
    const char *calls;
    const char *by; /* what the script called, where that is not the operator: "save"; or NULL */
} WfPlaceOf;

/* Fill err unless it already holds an error; always gives false. err may be NULL. */
bool wf_fail(WeftErr *err, WeftCode code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Add to an error just made, where the field is still empty. All give false. */
bool wf_hint(WeftErr *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool wf_err_at(WeftErr *err, const WfPlaceOf *place, const char *op);
bool wf_err_path(WeftErr *err, const char *path, int64_t block);
bool wf_err_pixel(WeftErr *err, int64_t col, int64_t row);

#endif
