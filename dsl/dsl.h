/*
 * dsl.h - what the files of the language share.
 *
 * Each Lua state has one WfScript: a graph, an engine made at the first run, and the settings. It
 * is a full userdata in the registry, so it dies with its state. Only this room raises in Lua, and
 * never while it holds memory that Lua does not own: use wf_box or a userdata buffer.
 */
#ifndef WF_DSL_H
#define WF_DSL_H

#include <signal.h>

#include <lua.h>
#include <lauxlib.h>

#include "weft.h"

struct cJSON;

/* ------------------------------------------------------------------------------- settings */

typedef enum WfProgressWhen {
    WF_PROGRESS_AUTO,
    WF_PROGRESS_ALWAYS,
    WF_PROGRESS_NEVER
} WfProgressWhen;

/* What the command line, WEFT_* and weft.config decide. */
typedef struct WfSettings {
    int threads, tile;
    int64_t memory;
    bool steal_none, reference, quiet, ieee, keep;
    WfProgressWhen progress;
    char machine[128], cache[512], stats[512]; /* "": not given */
    bool has_cache;
    double told; /* progress: seconds of the run when it was last shown */
} WfSettings;

/* One setting: the option --name of the program, WEFT_NAME, and a key of weft.config. */
typedef struct WfSetting {
    const char *name;
    const char *argument; /* NULL: a flag */
    const char *help;
    bool lua_only;
    /* NULL, or what is expected instead. */
    const char *(*set)(WfSettings *settings, const char *value);
} WfSetting;
extern const WfSetting wf_settings_table[]; /* ends with a NULL name */

/* Defaults and WEFT_* variables. False with err set where a variable is wrong. */
bool wf_settings_start(WfSettings *settings, WeftErr *err);
bool wf_settings_set(WfSettings *settings, const char *name, const char *value, WeftErr *err);
int wf_settings_config(lua_State *L); /* weft.config */

/* ------------------------------------------------------------------------------- scripts */

typedef struct WfScript {
    lua_State *L; /* the thread that called last: warnings look for their line there */
    lua_State *main;
    WeftGraph *graph;
    WeftEngine *engine; /* NULL until the first run */
    WfSettings settings;
    struct cJSON *runs;                /* an array, an entry for each run (the last one only,
                                          where no --stats file is wanted) */
    bool program;                      /* the state is the program's own: stats are written */
    bool closed;                       /* its state is being closed: nothing is left of it */
    bool explaining;                   /* weft explain: plans are printed, nothing runs */
    volatile sig_atomic_t interrupted; /* by a signal */
} WfScript;

/* lua_CFunction: makes the WfScript, gives the table weft; of one state always the same. */
int wf_script_open(lua_State *L);
/* The state's script; raises where it is closed already: a __gc of an older value is last. */
WfScript *wf_script(lua_State *L);
/* From now on no value of weft is known: what they point to is about to be freed. */
void wf_script_end(lua_State *L, WfScript *script);
/* The userdata at the top becomes the state's script, without tables yet; popped. */
void wf_script_begin(lua_State *L);
WeftGraph *wf_script_graph(lua_State *L);   /* its place set to the running line of the script */
WeftEngine *wf_script_engine(lua_State *L); /* raises where there can be none */
void wf_script_forget_engine(WfScript *script); /* settings changed: the next run makes a new one */
/* Loads and scans a script file and calls it with the strings of the list at the top of the stack
 * (popped). Raises as Lua does. */
void wf_script_file(lua_State *L, const char *path);
int wf_script_source(lua_State *L); /* lua_CFunction: from the path of a file to its text */
/* A table of the registry: "docs" (name -> {family, signature, brief, ...}), "methods" (name ->
 * function), "planned" (paths that explain would have written), "told" (files warned of); or the
 * value "invalid", or "scalars" (node of a lazy scalar -> {name, ...} of its statistic), or the
 * text "typed" (the newest lines at the prompt). Pushes it. */
void wf_script_table(lua_State *L, const char *name);
void wf_script_keep(lua_State *L, const char *name); /* the value at the top becomes that; popped */
/* A hook that ends the running Lua code with an error "interrupted". */
void wf_script_interrupt(lua_State *L, lua_Debug *ar);

/* Every function of weft that is written in C. */
typedef struct WfFunction {
    const char *name;
    lua_CFunction call;
    bool method; /* its first argument is a raster */
    const char *family, *signature, *brief;
    const char *accuracy; /* how far a result may be from the exact one; NULL: not said */
} WfFunction;
extern const WfFunction wf_opening_functions[], wf_grids_functions[], wf_saving_functions[],
    wf_reading_functions[], wf_calc_functions[], wf_neighbourhood_functions[],
    wf_series_functions[], wf_preview_functions[], wf_help_functions[];

/* ------------------------------------------------------------------------------- errors */

void wf_fault_open(lua_State *L);                       /* once for each state */
#define WF_NO_ERR { .block = -1, .col = -1, .row = -1 } /* a WeftErr before anything went wrong */
/* Raise what went wrong; where err names no line, the running line of the script is added. */
_Noreturn int wf_raise(lua_State *L, const WeftErr *err);
/* op: the function at fault, or NULL; hint: what to do instead, or NULL. */
__attribute__((format(printf, 5, 6))) _Noreturn int wf_raisef(lua_State *L, WeftCode code,
                                                              const char *op, const char *hint,
                                                              const char *format, ...);
/* "script.lua:4: warning: ..." on standard error, at the running line. */
__attribute__((format(printf, 2, 3))) void wf_warn(lua_State *L, const char *format, ...);
/* The running line of the script and its callers: frames of C and of the prelude are skipped. */
typedef struct WfPlaced {
    char file[256];
    int line; /* 0: no Lua code is running */
    char calls[256];
} WfPlaced;
void wf_place_now(lua_State *L, WfPlaced *place);
#define WF_PRELUDE_NAME "=[weft]"
/* The error value at index as text on the stack, for people. Raises memory errors, and whatever a
 * script's own __tostring raises. */
const char *wf_fault_text(lua_State *L, int index);
/* The error value at the top on standard error; popped. Raises nothing. */
void wf_fault_tell(lua_State *L);
/* Puts lines before the hint of the error at the top of the stack, if it is one of ours. */
void wf_fault_hint(lua_State *L, const char *lines);

/* Memory of the engine owned by Lua: pushes a box; free(p) is called when it dies. */
typedef struct WfBox {
    void *p;
    void (*free)(void *p);
} WfBox;
WfBox *wf_box(lua_State *L, void (*free)(void *p));
/* Push text that must be freed; raises err where text is NULL. */
int wf_push_text(lua_State *L, WfBox *box, char *text, const WeftErr *err);

/* ------------------------------------------------------------------------------- arguments */

/* The nearest of several names to a misspelt one. */
typedef struct WfNearest {
    const char *wanted;
    int distance;
    char best[64];
    char hint[128];
} WfNearest;
void wf_near_start(WfNearest *near, const char *wanted);
void wf_near_try(WfNearest *near, const char *name);
const char *wf_near_hint(WfNearest *near); /* "did you mean ...?" or NULL */
/* The variable on the running line that holds nil. */
typedef struct WfAbsent {
    char text[96];  /* " (global 'dem')"; "" where that is not known */
    WfNearest near; /* of the names that hold something */
} WfAbsent;
void wf_absent_find(lua_State *L, WfAbsent *absent);

/* Tables of a script are read raw, and from a copy wherever more is needed of them than one value
 * after another: any allocation may run a __gc of the script's, which can change every table that
 * the script reaches. The copy takes the place of the table at index; what is no table stays. */
void wf_table_own(lua_State *L, int index);
/* A text, number or boolean as text, pushed, by no metamethod; of others NULL, nothing pushed. */
const char *wf_plain_text(lua_State *L, int index);
/* Options: how the named values of a table are put into a struct. */
typedef enum WfKind {
    WF_TEXT,   /* const char *, anchored by the table, which is a copy by then */
    WF_NUMBER, /* double */
    WF_WHOLE,  /* int */
    WF_LONG,   /* int64_t */
    WF_FLAG,   /* bool */
    WF_OWN     /* known; the caller reads it */
} WfKind;
typedef struct WfOption {
    const char *name;
    WfKind kind;
    size_t at; /* offset in the struct */
} WfOption;
/* Fill `into` from the table at index (nil or none: nothing to do), whose place a copy takes.
 * `table` ends with a NULL name. */
void wf_options(lua_State *L, int index, const char *op, const WfOption *table, void *into);
/* Push field `name` of the options at index; false (nothing pushed) where it is nil or absent. */
bool wf_option_push(lua_State *L, int index, const char *name);
/* How many items the table at index has; raises where it is no list: a name or another key in it, a
 * gap. item: what one is, "raster"; form: how such a list is written, a hint, or NULL. */
int wf_list_count(lua_State *L, int index, const char *op, const char *item, const char *form);
/* Raises where two texts of a list are the same. */
void wf_list_once(lua_State *L, int index, const char *op);
/* What stands by name in the list at index is taken out of it and into the options, by new tables
 * in both places (from the bottom of the stack). A name in both is an error. */
void wf_list_apart(lua_State *L, int index, int options, const char *op);
/* A metatable of that name at the top of the stack: scripts get `false` for it, and its events
 * check what they are called with all the same. */
void wf_events(lua_State *L, const char *name);
/* "a number", "a raster", "nil", "the text \"x\"": for messages. Static or anchored text. */
const char *wf_what(lua_State *L, int index);
/* More arguments than these are an error; fewer become nil. */
void wf_args_most(lua_State *L, int most, const char *op);
/* A zeroed buffer that lives as long as the table at index anchors. */
void *wf_anchor(lua_State *L, int anchors, size_t size);
/* A text argument, or an error that names it. */
const char *wf_check_text(lua_State *L, int index, const char *op, const char *name);
/* The table at index as an argument for a TABLE; pushes the buffer that keeps its cells. */
void wf_numbers_read(lua_State *L, int index, const char *op, const WeftParam *param, WeftArg *arg);
double wf_check_number(lua_State *L, int index, const char *op, const char *name);
int64_t wf_check_whole(lua_State *L, int index, const char *op, const char *name);

/* ------------------------------------------------------------------------------- values */

typedef struct WfBand {
    WeftNode node;
    const WeftFile *file; /* the node is the plain band `number` of this file; or NULL */
    int number;
} WfBand;

/* Metatables. */
#define WF_RASTER_NAME "raster"
#define WF_GRID_NAME "grid"

/* A raster in Lua. Its user value 1 is the list of band names, or nil; 2 that of their times. */
typedef struct WfRaster {
    int band_count;
    WfBand bands[];
} WfRaster;

void wf_raster_start(lua_State *L); /* once for each state: the metatable of rasters */
WfRaster *wf_raster_new(lua_State *L, int band_count); /* pushes it; nodes are WEFT_NONE */
WfRaster *wf_raster_test(lua_State *L, int index);     /* NULL: something else */
/* All bands of a file, as a raster on the stack. */
void wf_raster_open(lua_State *L, const char *path);
/* Raises, with the hint about == for a Lua boolean, where the value is no raster. */
WfRaster *wf_raster_check(lua_State *L, int index, const char *op, const char *name);
/* Raise because the value at index is no raster; wanted: "a raster", "a raster or a number". */
_Noreturn int wf_raster_wrong(lua_State *L, int index, const char *op, const char *name,
                              const char *wanted);
const WeftGrid *wf_raster_grid(lua_State *L, const WfRaster *raster); /* NULL: a number */
/* The same, raising where the raster is a number. */
const WeftGrid *wf_raster_need_grid(lua_State *L, const WfRaster *raster, const char *op);
const char *wf_raster_name(lua_State *L, int index, int band); /* from 0; "" where none */
void wf_raster_set_name(lua_State *L, int index, int band, const char *name);
void wf_raster_copy_names(lua_State *L, int from, int to);
/* Warn where two bands have one name that the script has given them. */
void wf_raster_tell_twins(lua_State *L, int index, const char *op);
/* Index from 0 of the band named or numbered by the value at `key`; raises. */
int wf_raster_band_of(lua_State *L, int index, int key, const char *op);
void wf_raster_push_band(lua_State *L, int index, int band); /* band from 0, as a raster */
void wf_raster_summary(lua_State *L, int index);             /* pushes one line of text */
extern const char *const wf_raster_properties[];             /* ends with NULL */

/* Times of bands, in seconds since 1970-01-01 UTC; bands count from 0. */
bool wf_times_value(lua_State *L, int index, double *seconds); /* a date, or a number of seconds */
bool wf_times_get(lua_State *L, int index, int band, double *seconds); /* false: it has none */
void wf_times_set(lua_State *L, int index, int band, double seconds);
bool wf_times_push(lua_State *L, int index); /* the list of all bands; false: nothing is pushed */
/* Times that all bands of raster `from` have become those of bands `at` ... of the other. */
void wf_times_take(lua_State *L, int from, int to, int at);
/* The times of operands first ... last, where they agree, become those of the result. */
void wf_times_inherit(lua_State *L, int first, int last, int to);
/* times= at the top of the stack, popped: a list of dates, or a pattern for the names of the files
 * that the bands are of. of: what a message calls one of them, "band". */
void wf_times_read(lua_State *L, const char *op, const WfBand *const *bands, int count,
                   const char *of, double *seconds);
/* times= of the options at index 2, where it is given, for the raster at index `raster`. */
void wf_times_option(lua_State *L, const char *op, int raster);

/* Colours and names of classes that the options at index give for each of some bands; NULL: none.
 * They live as long as the table at index anchors. */
const WeftLegend *const *wf_legends_read(lua_State *L, int options, const char *op, int bands,
                                         int anchors);
bool wf_legend_option(const char *name); /* an option that this reads */

/* Grids in Lua. */
void wf_grids_open(lua_State *L);
const WeftGrid *wf_grid_value(lua_State *L, int index);
void wf_grid_push(lua_State *L, const WeftGrid *grid);
/* Push width height crs transform bounds resolution; false (nothing pushed): no such property. */
bool wf_grid_property(lua_State *L, const WeftGrid *grid, const char *name);
/* like= at options: a raster or a grid. Raises where it is absent and needed. */
const WeftGrid *wf_grid_like(lua_State *L, int options, const char *op, bool needed);
void wf_grid_bounds(const WeftGrid *grid, double box[4]); /* xmin ymin xmax ymax */
const char *wf_crs_name(const char *wkt, char *buffer, size_t size);
/* The size of a cell with its unit: "10 m", "0.5 x 1 degrees". */
void wf_grid_cell(const WeftGrid *grid, int digits, char *buffer, size_t size);

/* op(...) on the values from stack index first to the top; they are replaced by the result. */
int wf_operate(lua_State *L, const WeftOp *op, int first);
bool wf_operate_is(lua_State *L, int index); /* a function that does no more than that */
/* The name of a statistic: "r:stats(...) is that of all pixels" as a hint, pushed; else NULL. */
const char *wf_statistic_hint(lua_State *L, const char *name);
/* A Lua function for each operator, with the operator as upvalue, put into weft and methods. */
void wf_operate_open(lua_State *L, int weft, int methods);
int wf_generate(lua_State *L, const char *op, const WeftGrid *grid, int options);

/* ------------------------------------------------------------------------------- runs */

/* What statistics in Lua stand on: functions put into the table at index tools. */
void wf_reducing_open(lua_State *L, int tools);
const WeftTable *wf_cells_check(lua_State *L, int index); /* a table of results */
/* The row, from 0, whose first column is `value`, -1: none; the column ascends. */
int64_t wf_cells_find(const WeftTable *table, double value);
void wf_csv_open(lua_State *L, int tools); /* alike: results as files */
/* The outputs of the list { {raster, path, options}, ... } at index 1, kept by the table at index
 * 2, which becomes the top. */
WeftSave *wf_saves_read(lua_State *L, const char *op, int *count);
/* Run, or show the plan where `weft explain` asks for that; pushes what the run did. */
int wf_saves_run(lua_State *L, const WeftWork *work, const char *op);

/* Runs, raising what goes wrong. Pushes a box that keeps the stats, and what the run did as a
 * table, which is added to script->runs. op: who asked. */
const WeftStats *wf_result_run(lua_State *L, const WeftWork *work, const char *op);
/* Of all runs, as --stats wants it; "-": to standard output. */
bool wf_result_write(const WfScript *script, const char *path, WeftErr *err);
bool wf_result_check(const char *path, WeftErr *err); /* beforehand */
void wf_result_free(WfScript *script);
void wf_progress_show(void *context, const WeftProgress *progress); /* context: WfScript */
/* Run reads of one raster into a buffer that is pushed (a userdata). exact place in read. */
double *wf_read_pixels(lua_State *L, int index, WeftRead *read, const char *op);

/* ------------------------------------------------------------------------------- source text */

typedef enum WfLuaToken {
    WF_LUA_END,
    WF_LUA_NAME,
    WF_LUA_WORD, /* a reserved word */
    WF_LUA_NUMBER,
    WF_LUA_STRING,
    WF_LUA_SIGN, /* one operator or bracket */
    WF_LUA_BAD   /* not Lua, or not finished */
} WfLuaToken;
/* Reads Lua source token by token; comments and blanks are skipped. */
typedef struct WfLua {
    const char *at, *end;
    int line;      /* of the token */
    int next_line; /* after it */
    WfLuaToken token;
    const char *start; /* of the token */
    size_t length;
} WfLua;
void wf_lua_start(WfLua *lua, const char *text, size_t length);
void wf_lua_next(WfLua *lua);
bool wf_lua_is(const WfLua *lua, const char *text); /* the token reads exactly so */

/* Look for rasters where Lua makes booleans of them; tells each find. */
typedef struct WfScanTo {
    void (*tell)(void *context, int line, const char *text);
    bool (*holds)(void *context, const char *name, size_t length); /* a raster already; or NULL */
    void *context;
} WfScanTo;
void wf_scan(const char *text, size_t length, const WfScanTo *to);

bool wf_scan_gives_raster(const char *name); /* this function or method, as far as is known */

/* ------------------------------------------------------------------------------- the program */

int wf_repl(lua_State *L);      /* exit status */
void wf_page(const char *text); /* to standard output; through $PAGER where it is a terminal that
                                 * has fewer lines */
void wf_complete_start(lua_State *L);
/* Push the source with its top-level locals made global, so that later lines see them. */
void wf_repl_keep_locals(lua_State *L, const char *text, size_t length);

/* Colour maps: t in [0, 1] to red, green, blue. False: no such map. */
bool wf_colour(const char *map, double t, uint8_t rgb[3]);
const char *wf_colour_name(int i); /* the i-th map; NULL after the last */

/* Signals of the program. SIGINT, SIGTERM and SIGHUP: while a script is watched the first stops it,
 * the second, or any without one, ends the process with 128 and its number. */
void wf_signals_start(void);
void wf_signals_watch(WfScript *script);  /* NULL: nobody */
void wf_signals_prompt(bool waiting);     /* at the prompt a SIGINT only drops the line */
int wf_signals_seen(void);                /* the number of the first; 0: none */
void wf_signals_forget(WfScript *script); /* the interrupt is dealt with: go on */
/* Coroutines that run, one inside another, each told while it is resumed. */
typedef struct WfRunning {
    lua_State *L;
    const struct WfRunning *below;
} WfRunning;
void wf_signals_enter(WfRunning *here, lua_State *L);
void wf_signals_leave(const WfRunning *here);
void wf_coroutines_open(lua_State *L); /* the library's functions tell so from now on */

/* Once, first of all: when the process ends, a failure to write standard output is an error. */
void wf_output_start(void);
void wf_output_flush(void);

/* Help. */
int wf_help_operators(lua_State *L); /* lua_CFunction: a list of tables, one an operator */
void wf_help_list(lua_State *L);     /* pushes the list of operators and functions by family */
void wf_help_markdown(lua_State *L); /* pushes docs/operators.md */
int wf_help_of(lua_State *L, const char *name); /* pushes the help text; raises an error */

#endif
