/*
 * command.h - the commands of the program, between main.c and command.c.
 */
#ifndef WF_COMMAND_H
#define WF_COMMAND_H

#include <getopt.h>

#include "dsl.h"

enum { WF_INPUTS_MAX = 64 };

/* What the command line asked for beyond settings. */
typedef struct WfAsked {
    const char *program; /* as it was called */
    int argc;            /* arguments without the options */
    char **argv;
    struct {
        char name[64];
        const char *source; /* path[:BAND] */
    } inputs[WF_INPUTS_MAX];
    int input_count;
    const char *out, *type, *nodata, *format;
    const char *overwrite; /* "yes", "no", or NULL */
    const char *co[WF_INPUTS_MAX];
    int co_count;
    bool markdown, stats;
    const char *plain; /* the argument that begins with a dash though it is none of the options */
} WfAsked;

typedef struct WfCommand {
    const char *name, *usage, *brief;
    int least, most;                     /* arguments */
    const char *shorts;                  /* for getopt */
    bool (*plain)(const char *argument); /* begins with a dash, is no option; or NULL */
    const struct option *options;        /* or NULL */
    bool (*option)(WfAsked *asked, int option, const char *value); /* false: wrong, and said so */
    int (*run)(lua_State *L, const WfAsked *asked);                /* exit status; may raise */
    const char *note;                                              /* for --help; or NULL */
} WfCommand;

extern const WfCommand wf_commands[]; /* ends with a NULL name */

#endif
