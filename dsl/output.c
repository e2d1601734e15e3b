/*
 * output.c - standard output: what could not be written there is an error of the program.
 *
 * Asked when the process ends, whatever ends it: the script, os.exit, a command. Writes standard
 * error and the exit status. What it remembers is the process's, as standard output is.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dsl.h"

static int first; /* the reason of the first failure that was seen; 0: none */

/* What refuses everything still does, and a pipe knows that its reader has gone. Lua's print
 * flushes and forgets, so other reasons may be lost. */
static int find_reason(void)
{
    struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

    if (first)
        return first;
    if (poll(&output, 1, 0) == 1 && output.revents & POLLERR)
        return EPIPE;
    errno = 0;
    return write(STDOUT_FILENO, "", 0) < 0 ? errno : 0;
}

void wf_output_flush(void)
{
    if (fflush(stdout) != 0 && !first)
        first = errno;
}

static void check(int status, void *unused)
{
    int reason;

    (void)unused;
    wf_output_flush();
    if (!first && !ferror(stdout))
        return;
    reason = find_reason();
    fprintf(stderr, "weft: cannot write to standard output%s%s\n", reason ? ": " : "",
            reason ? strerror(reason) : "");
    fflush(NULL);
    if (status == 0)
        _exit(1);
}

/* Where one of the three was closed, a file that is opened later would take its place, and be
 * written into by print. What is put here instead refuses it. */
static void fill_gaps(void)
{
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
        if (fcntl(file, F_GETFD) < 0 && errno == EBADF)
            (void)!open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void wf_output_start(void)
{
    fill_gaps();
    on_exit(check, NULL);
}
