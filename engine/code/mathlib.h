/*
 * mathlib.h - the functions of math.def: scalar for native code, vectors for compiled loops.
 */
#ifndef WF_MATHLIB_H
#define WF_MATHLIB_H

#include "base/err.h"

/* A vector form of a function, for the vectoriser: `symbol` on `lanes` pixels. */
typedef struct WfMathForm {
    const char *symbol;
    void (*address)(void);
    int lanes;
    char isa; /* of the vector ABI's names: b 128, d 256, e 512 bits */
} WfMathForm;

enum { WF_MATH_FORMS = 3 };

typedef struct WfMath {
    const char *symbol; /* "weft_m_exp_f32" */
    void (*address)(void);
    int arguments;
    bool wide;                      /* f64 */
    WfMathForm form[WF_MATH_FORMS]; /* for 128, 256 and 512 bits */
} WfMath;

extern const WfMath wf_math[];
extern const int wf_math_count;

/* The text of a call's attribute "vector-function-abi-variant" that offers all forms of at most
 * `bits` bits. The buffer holds 512 characters. */
void wf_math_variants(const WfMath *math, int bits, char *buffer);

/* WEFT_EHOST unless the processor has what these functions are made of. */
bool wf_math_needs(bool avx2, bool fma, WeftErr *err);

#endif
