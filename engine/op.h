/*
 * op.h - how an operator describes itself.
 *
 * An operator is one constant WeftOp made by the OP macro of ops/kernel.h. Everything that is
 * said of it elsewhere (the Lua function, argument checks, help, documentation, tests) is read
 * from this description.
 */
#ifndef WEFT_OP_H
#define WEFT_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Types of pixels in files and in memory handed to the user. BOOL is u8 with 0 and 1 on disk. */
typedef enum WeftType {
    WEFT_AUTO, /* the raster's own type */
    WEFT_U8,
    WEFT_I8,
    WEFT_U16,
    WEFT_I16,
    WEFT_U32,
    WEFT_I32,
    WEFT_U64,
    WEFT_I64,
    WEFT_F32,
    WEFT_F64,
    WEFT_BOOL,
    WEFT_TYPE_COUNT
} WeftType;

/* What is known of all pixels of a node before any is computed. */
typedef struct WeftRange {
    double lo, hi; /* every valid value lies in [lo, hi]; infinite where nothing is known */
    bool whole;    /* every valid value is an integer */
    bool boolean;  /* 0 or 1, and meant as false or true */
    bool valid;    /* no pixel can be invalid */
} WeftRange;

/* What an operator sees of its inputs. */
typedef enum WeftShape {
    WEFT_POINT,    /* the same pixel of each input */
    WEFT_INDEX,    /* no input, only the pixel's column and row: a source without a file */
    WEFT_FOCAL,    /* a window of known reach */
    WEFT_ROWS,     /* whole rows of a window, as a native function */
    WEFT_REDUCE,   /* all pixels once, in parts that merge; ends a stage */
    WEFT_WHOLE,    /* a finished raster */
    WEFT_CONSTANT, /* one number: node->value; made by the graph itself */
    WEFT_LOAD      /* a band of a file: node->source; made by the graph itself */
} WeftShape;

/* Who deals with an invalid input pixel (semantics: invalid is NaN). */
typedef enum WeftInvalid {
    WEFT_SPREADS, /* any invalid input makes the result invalid; the emitter sees to it */
    WEFT_CARRIES, /* the same, and the kernel's own arithmetic already does it (+ - * / sqrt) */
    WEFT_DECIDES  /* the kernel is given NaN and answers for itself (where, coalesce, nmin) */
} WeftInvalid;

/* Kind of the result; pass/infer turns this and the range into a pixel type. */
typedef enum WeftGives {
    WEFT_GIVES_REAL,    /* real: f32 unless an operand is f64 or a wide integer */
    WEFT_GIVES_ARITH,   /* integer-valued where all operands are, otherwise as REAL */
    WEFT_GIVES_KEEP,    /* a value of one of the value inputs: their common type */
    WEFT_GIVES_INTEGER, /* integer-valued whatever the operands */
    WEFT_GIVES_BOOL,    /* false or true */
    WEFT_GIVES_DOUBLE,  /* real, always held in f64 */
    WEFT_GIVES_TYPE     /* the type named by the parameter of kind WEFT_PARAM_TYPE */
} WeftGives;

typedef enum WeftParamKind {
    WEFT_PARAM_NUMBER,  /* enters pixel arithmetic: becomes an input node without a grid */
    WEFT_PARAM_INTEGER, /* a whole literal within [low, high] */
    WEFT_PARAM_REAL,    /* a literal that is not pixel arithmetic (a seed, a factor) */
    WEFT_PARAM_FLAG,    /* true or false */
    WEFT_PARAM_CHOICE,  /* one of choices; reaches the kernel as its index from 0 */
    WEFT_PARAM_TYPE     /* a type's name; reaches the kernel as WeftType */
} WeftParamKind;

typedef struct WeftParam {
    const char *name;
    const char *help;
    WeftParamKind kind;
    bool optional; /* missing means fallback */
    bool option;   /* given by name in the options table, not by position */
    double fallback;
    double low, high;    /* allowed values, where low < high */
    const char *choices; /* "half_away|half_even|floor|trunc" */
} WeftParam;

enum { WEFT_ARGS_MAX = 24 }; /* value inputs + parameters of a kernel */

/* A kernel, called with the value inputs, then NUMBER parameters, then the other parameters, in
 * order of declaration, all of one pixel type. INDEX kernels are given (int64_t col, int64_t row)
 * before these. Kernels are total: any input gives a value, none fails. */
typedef void (*WeftKernel)(void);

typedef struct WeftOp {
    const char *name;      /* in Lua, in calc and in every text */
    const char *brief;     /* one line, starts in lower case, no full stop */
    const char *help;      /* more, or NULL */
    const char *family;    /* heading in help and documentation: "arithmetic", "trigonometry" ... */
    const char *formula;   /* or NULL */
    const char *source;    /* where the formula comes from, or NULL */
    const char *example;   /* "clamp({-2, 0.5, 9}, 0, 1) -> {0, 0.5, 1}"; null is invalid */
    const char *arguments; /* names of the value inputs for help, "a, b"; NULL: a, b, c ... */
    WeftShape shape;
    int inputs;  /* value inputs; with more, the least number */
    bool more;   /* takes any number of value inputs from `inputs` up */
    bool chain;  /* with more: f(a, b, c) is f(f(a, b), c) */
    bool hidden; /* made by passes only; no user may name it */
    WeftInvalid invalid;
    WeftGives gives;
    unsigned bools;    /* bit i: input i must be of type bool */
    unsigned wholes;   /* bit i: input i must be integer-valued */
    unsigned aside;    /* bit i: input i, a condition, has no part in the type of the result */
    const char *logic; /* the operator meant where all inputs are bool: "and" for bitand */
    /* The range of the result, given those of inputs and parameters in the kernel's order (a
     * parameter that is no number has lo == hi == its value). NULL: nothing is known but what
     * gives and the inputs say, and the result may be invalid. infer adds validity of the inputs
     * for SPREADS and CARRIES, so `valid` here speaks of valid inputs only. */
    WeftRange (*range)(const WeftRange *in, int count);
    const WeftParam *params; /* ends with a NULL name; or NULL */
    WeftKernel kernel[2];    /* the native functions on f32 and f64 */
    WeftKernel watch[2];     /* same arguments, gives 1 where the pixel is to be counted; or NULL */
    const char *counts;      /* what watch counts: "clipped", "invalid" ...; or NULL */
} WeftOp;

/* All operators, ordered by name; made by the build. */
extern const WeftOp *const weft_op_table[];
extern const int weft_op_count;

#endif
