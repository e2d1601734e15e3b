/*
 * progress.c - how far a run is, on standard error: a bar on a terminal, lines elsewhere.
 *
 * Writes standard error and the time when it was last shown.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dsl.h"

enum { BAR = 30 };
static const double bar_every = 0.1, bar_after = 0.5, line_every = 10; /* seconds */

static void left_text(double seconds, char *buffer, size_t size)
{
    long s = (long)(seconds + 0.5);

    if (seconds < 0)
        *buffer = '\0';
    else if (s < 3600)
        snprintf(buffer, size, ", %ld:%02ld left", s / 60, s % 60);
    else
        snprintf(buffer, size, ", %ld:%02ld:%02ld left", s / 3600, s / 60 % 60, s % 60);
}

static void show_bar(const WeftProgress *p)
{
    char bar[BAR + 1], left[40];
    int filled = (int)(p->done * BAR);

    memset(bar, '.', BAR);
    memset(bar, '#', (size_t)(filled < 0 ? 0 : filled > BAR ? BAR : filled));
    bar[BAR] = '\0';
    left_text(p->left, left, sizeof left);
    fprintf(stderr, "\r[%s] %3.0f %%, %.4g Mpx/s%s\033[K", bar, 100 * p->done,
            p->pixels_per_second * 1e-6, left);
    fflush(stderr);
}

static void show_line(const WeftProgress *p)
{
    char left[40];

    left_text(p->left, left, sizeof left);
    fprintf(stderr, "%.0f %%, %.4g Mpx/s%s\n", 100 * p->done, p->pixels_per_second * 1e-6, left);
}

void wf_progress_show(void *context, const WeftProgress *p)
{
    WfScript *script = context;
    double *told = &script->settings.told;
    WfProgressWhen when = script->settings.progress;
    bool terminal = isatty(STDERR_FILENO);

    if (when == WF_PROGRESS_NEVER)
        return;
    if (p->seconds < *told)
        *told = 0; /* another run */
    if (p->finished) {
        if (terminal && *told > 0)
            fputs("\r\033[K", stderr);
        *told = 0;
        return;
    }
    if (terminal ? p->seconds < bar_after || p->seconds - *told < bar_every
                 : p->seconds - *told < line_every)
        return;
    *told = p->seconds;
    if (terminal)
        show_bar(p);
    else
        show_line(p);
}
