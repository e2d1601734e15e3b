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
    WEFT_POINT,  /* the same pixel of each input */
    WEFT_INDEX,  /* no input, only the pixel's column and row: a source without a file */
    WEFT_FOCAL,  /* a window of known reach */
    WEFT_ROWS,   /* whole rows of a window, as a native function */
    WEFT_REDUCE, /* all pixels once, in parts that merge; ends a stage: gives a table */
    WEFT_WHOLE,  /* a finished raster */
    WEFT_SCALAR, /* a number that is known after an earlier stage: a cell of a reduction's table */
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
    WEFT_PARAM_TYPE,    /* a type's name; reaches the kernel as WeftType */
    WEFT_PARAM_UNIT,    /* a length: a unit's name, or metres in it; reaches the kernel as metres */
    WEFT_PARAM_TABLE    /* rows of numbers, of any length; the last parameter, and the only one */
} WeftParamKind;

typedef struct WeftParam {
    const char *name;
    const char *help;
    WeftParamKind kind;
    bool optional; /* missing means fallback */
    bool option;   /* given by name in the options table, not by position */
    double fallback;
    double low, high; /* allowed values, where low < high; TABLE: least and most columns */
    bool finite;      /* NUMBER: a literal may not be infinite */
    const char *over; /* NUMBER: the parameter before it that, as a literal, it may not lie below */
    bool keyed;       /* TABLE: {[key] = value} stands for rows of two */
    const char
        *choices; /* "half_away|half_even|floor|trunc"; REAL: the name of a FLAG, which may be
                   * written instead of the number; TABLE: how one is written, for hints */
} WeftParam;

/* ---- reductions: what an operator of shape WEFT_REDUCE is made of
 *
 * Each worker has a state of its own; rows of pixels go into it as tiles are computed, in any
 * order; at the end the states are merged, in any order. The table must not depend on either
 * (semantics 6.3): sums go leaf by leaf into order-free accumulators. A state has a byte form that
 * is the same on every machine, so that it can travel and be kept. */

/* What a reduction knows before the first pixel. Arrays live as long as the state. */
typedef struct WeftReduceSetup {
    int input_count;
    const WeftRange *ranges; /* of each input */
    const bool *wide;        /* its rows are f64, otherwise f32 */
    const double *numbers;   /* NUMBER parameters; NaN where a lazy one does not exist */
    const double *settings;  /* the other parameters, in order */
    const double *table;     /* the TABLE, its columns one after another; or NULL */
    int64_t table_count;     /* how many */
    int64_t width, height;   /* of the raster */
    int pass;                /* from 0; a reduction may want to see all pixels several times */
    const void *before;      /* the merged state of the pass before; NULL in pass 0 */
} WeftReduceSetup;

/* Memory of a state: what it takes counts in the budget of the run. */
typedef struct WeftRoom {
    void *(*resize)(struct WeftRoom *room, void *old,
                    size_t bytes); /* as realloc, zeroing nothing;
                                    * 0 bytes: frees; NULL: none */
} WeftRoom;

/* Some rows of all inputs. Row r of input k begins at in[k][r], f32 or f64 as setup->wide[k] says;
 * invalid is NaN. The first pixel is at (col, row) of the raster and col is a multiple of 64;
 * pixels from `cols` up to the next multiple of 64 may be read, and mean nothing. */
typedef struct WeftReduceRows {
    const void *const *const *in;
    int64_t col, row, cols, rows;
} WeftReduceRows;

/* Setting `flags` of zones and spanzones: what is wanted of each value, as a sum of these. Only
 * that is kept, which decides the bytes that a zone takes; the columns of the rest are NaN. `count`
 * and `pixels` are always there; range needs MIN and MAX. */
enum {
    WEFT_WANT_SUM = 1,    /* sum, mean */
    WEFT_WANT_SPREAD = 2, /* var0 var1 std0 std1, and what SUM gives */
    WEFT_WANT_MIN = 4,
    WEFT_WANT_MAX = 8,
    WEFT_WANT_FIRST = 16,
    WEFT_WANT_LAST = 32,
    WEFT_WANT_ARGMIN = 64,  /* and what MIN gives */
    WEFT_WANT_ARGMAX = 128, /* and what MAX gives */
    WEFT_WANT_ALL = 255
};

/* Functions that give bool or a pointer fail only for want of room: false or NULL. */
typedef struct WeftReduce {
    uint32_t version; /* of the byte form; the first four bytes of it, little end first */
    int (*passes)(const WeftReduceSetup *setup); /* NULL: one */
    /* Memory of one state: what it needs to begin with, and the most that it can come to need. */
    void (*bytes)(const WeftReduceSetup *setup, int64_t *least, int64_t *most);
    void *(*open)(const WeftReduceSetup *setup, WeftRoom *room);
    bool (*take)(void *state, const WeftReduceRows *rows);
    bool (*merge)(void *state, const void *other); /* of the same setup; other stays as it is */
    void (*close)(void *state);                    /* takes NULL */
    size_t (*pack)(const void *state, unsigned char *bytes); /* gives the size; NULL: only that */
    /* NULL also where the bytes are of another version or damaged. */
    void *(*unpack)(const WeftReduceSetup *setup, WeftRoom *room, const unsigned char *bytes,
                    size_t size);
    /* The table, once all is merged: row_count x column_count, row by row; NaN: there is none. */
    int64_t (*rows)(const void *state);
    int (*columns)(const WeftReduceSetup *setup);
    void (*fill)(const void *state, double *cells);
} WeftReduce;

/* ---- rows: what an operator of shape WEFT_ROWS is made of
 *
 * Its function is called turn by turn with whole rows of all its value inputs, each with a window
 * beyond the pixel, and makes whole rows of results. It is a kernel of its own whose results lie in
 * a ring; what it reads are rings, or files whose pixels are just so. Both engines call it. The
 * results must depend on no turn before, nor on where a turn or its rows begin and end. */

/* How far one input is read beyond the pixel, and what stands for pixels beyond the raster. */
typedef struct WeftWindow {
    int left, up, right, down; /* pixels to each side, none negative */
    int edges;                 /* a choice of the operator neighbour, but not extend */
    double constant;           /* of edges constant */
} WeftWindow;

/* One turn. Rows are f32 or f64, as the form of the function that is called; invalid is NaN. */
typedef struct WeftRows {
    /* in[k][r]: pixel `col` of row `row + r` of value input k; r goes from -up to rows + down - 1,
     * pixels from -left to width + right - 1. out[j][r]: likewise of the j-th result that is
     * wanted; never overlaps. */
    const void *const *const *in;
    void *const *const *out;
    int result_count;   /* 1, unless the operator gives several */
    const int *results; /* which they are, as their nodes say, in any order */
    int64_t rows, width;
    int64_t col, row; /* in the raster; may lie outside it */
    int64_t raster_width, raster_height;
    int input_count;
    const WeftWindow *windows; /* of each input */
    const double *settings;    /* the operator's parameters, in order */
    const double *table;       /* numbers that go with the node, as its maker has it */
    int table_count;
    void *scratch; /* aligned to 64 bytes; what lies there means nothing */
} WeftRows;

/* Cannot fail. */
typedef void WeftRowsFn(const WeftRows *turn);
/* Bytes of scratch for a turn of at most so many rows and pixels; in, out and places are not set.
 */
typedef size_t WeftRowsRoom(const WeftRows *turn);

enum { WEFT_ARGS_MAX = 24 }; /* value inputs + parameters of a kernel */

/* A kernel, called with the value inputs, then NUMBER parameters, then the other parameters, in
 * order of declaration, all of one pixel type. INDEX kernels are given (int64_t col, int64_t row)
 * before these; kernels with a TABLE (const px *table, int64_t rows) after them, its columns one
 * after another. Kernels are total: any input gives a value, none fails. */
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
    unsigned bools;   /* bit i: input i must be of type bool */
    unsigned wholes;  /* bit i: input i must be integer-valued */
    unsigned aside;   /* bit i: input i, a condition, has no part in the type of the result */
    unsigned filters; /* bit i: the result is invalid where input i, a condition, is not true; with
                       * these, otherwise just where another input is */
    bool same_unit;   /* the result is in the unit that the value inputs agree on, where they have
                       * one; as it always is of KEEP. Otherwise it has none */
    bool classes;     /* the result's values are classes that the call may give colours and names */
    const char *logic; /* the operator meant where all inputs are bool: "and" for bitand */
    /* The range of the result, given those of inputs and parameters in the kernel's order (a
     * parameter that is no number has lo == hi == its value; a TABLE has a range for each of its
     * columns, valid where no cell is NaN). NULL: nothing is known but what
     * gives and the inputs say, and the result may be invalid. infer adds validity of the inputs
     * for SPREADS and CARRIES, so `valid` here speaks of valid inputs only. */
    WeftRange (*range)(const WeftRange *in, int count);
    const WeftParam *params; /* ends with a NULL name; or NULL */
    WeftKernel kernel[2];    /* the native functions on f32 and f64 */
    WeftKernel watch[2];     /* same arguments, gives 1 where the pixel is to be counted; or NULL */
    const char *counts;      /* what watch counts: "clipped", "invalid" ...; or NULL */
    const WeftReduce *reduce; /* of a REDUCE operator; else NULL */
    WeftRowsFn *rows[2];      /* of a ROWS operator, on f32 and f64; its kernel is NULL. It has no
                               * NUMBER parameters */
    WeftRowsRoom *room[2];    /* NULL: none is needed */
    bool several; /* of a ROWS operator: it gives several results, and its last parameter says which
                   * of them a node is. Nodes that differ in this alone are made by one call;
                   * results that no node is are not asked for */
} WeftOp;

/* All operators, ordered by name; made by the build. */
extern const WeftOp *const weft_op_table[];
extern const int weft_op_count;

#endif
