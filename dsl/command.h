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

/* A line of a command's help: an option and what it does; left empty: a line as it is. */
typedef struct WfNote {
    const char *left, *right;
} WfNote;

typedef struct WfCommand {
    const char *name, *usage, *brief;
    int least, most;                     /* arguments */
    const char *shorts;                  /* for getopt */
    bool (*plain)(const char *argument); /* begins with a dash, is no option; or NULL */
    const struct option *options;        /* or NULL */
    bool (*option)(WfAsked *asked, int option, const char *value); /* false: wrong, and said so */
    int (*run)(lua_State *L, const WfAsked *asked);                /* exit status; may raise */
    const WfNote *notes; /* for --help, the last without left; or NULL */
} WfCommand;

extern const WfCommand wf_commands[]; /* ends with a NULL name */

/* The help of the program, or of one command. */
void wf_usage(const WfCommand *command);
/* An argument such as -of, which getopt would read as -o f: true, and said so. */
bool wf_usage_foreign(const WfCommand *command, const char *argument);
/* What getopt refused: the argument, or a letter of it; missing: its value. */
void wf_usage_unknown(const WfCommand *command, const struct option *options, const char *argument,
                      int letter, bool missing);

#endif
