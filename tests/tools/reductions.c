/*
 * reductions.c - speed of reductions by themselves, on one core: Mpx/s of the best of some sweeps,
 * and bytes of a state.
 *
 * reductions [OP [ZONE [INVALID [WIDE]]]]: values are f32, or f64 (WIDE 1), one in INVALID of them
 * invalid (0: none); zones are squares of ZONE pixels. Without an OP all of them, with few
 * settings.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "graph/catalog.h"
#include "weft.h"

enum { WIDTH = 2048, TURN = 16, HEIGHT = 1024 };

typedef struct Counted {
    WeftRoom room;
    int64_t used;
} Counted;

static void *resize(WeftRoom *room, void *old, size_t bytes)
{
    Counted *counted = (Counted *)room;
    size_t *head = old ? (size_t *)old - 2 : NULL;

    counted->used += (int64_t)bytes - (head ? (int64_t)*head : 0);
    if (!bytes) {
        free(head);
        return NULL;
    }
    head = realloc(head, bytes + 2 * sizeof *head);
    if (!head)
        abort();
    *head = bytes;
    return head + 2;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct Bench {
    const char *op;
    int inputs;
    bool zonal;         /* its first input is zones */
    double low, high;   /* of its values */
    bool whole;         /* they are integers */
    double settings[3]; /* the others are not given */
} Bench;

enum { ZONAL = WEFT_WANT_SPREAD + WEFT_WANT_MIN + WEFT_WANT_MAX };

static const Bench benches[] = {
    { "summary", 1, false, 200, 900, false, { NAN } },
    { "histogram", 1, false, 200, 900, false, { 256 } },
    { "classes", 1, false, 0, 20, true, { NAN } },
    { "crosstab", 2, false, 0, 20, true, { NAN } },
    { "ranks", 1, false, 200, 900, false, { 2, 50, 98 } },
    { "sketch", 1, false, 200, 900, false, { 0.001, 2, 98 } },
    { "zones", 2, true, 200, 900, false, { ZONAL } },
    { "zoneranks", 2, true, 200, 900, false, { 16, 50, NAN } },
    { "zoneclasses", 2, true, 0, 20, true, { NAN } },
};

/* A surface with noise, as pixels are. */
static double value_at(const Bench *bench, int col, int row, int invalid)
{
    static uint32_t seed = 1;
    double smooth = 0.5 + 0.4 * sin(col * 0.01) * cos(row * 0.013), v;

    seed = seed * 1664525 + 1013904223;
    if (invalid && (seed >> 8) % (unsigned)invalid == 0)
        return (double)NAN;
    v = bench->low + (bench->high - bench->low) * (smooth + 0.1 * (seed >> 8) * 0x1p-24);
    return bench->whole ? floor(v) : v;
}

static void *make(const Bench *bench, int input, int zone, int invalid, bool wide)
{
    char *pixels = malloc((size_t)WIDTH * HEIGHT * 8);

    for (int row = 0; row < HEIGHT; row++)
        for (int col = 0; col < WIDTH; col++) {
            double v = bench->zonal && input == 0 ? col / zone + 10000 * (row / zone)
                                                  : value_at(bench, col, row, invalid);
            size_t i = (size_t)row * WIDTH + (size_t)col;

            if (wide)
                ((double *)pixels)[i] = v;
            else
                ((float *)pixels)[i] = (float)v;
        }
    return pixels;
}

static void run(const Bench *bench, int zone, int invalid, bool wide)
{
    const WeftReduce *reduce = wf_catalog_find(bench->op, NULL)->reduce;
    Counted room = { .room = { resize } };
    double settings[24], numbers[2] = { bench->low, bench->high }, begun, best;
    const void *pixels[4], *lines[4][TURN];
    const void *const *in[4];
    bool wides[4] = { bench->zonal ? false : wide, wide, wide, wide };
    WeftRange ranges[4] = { { -INFINITY, INFINITY, bench->zonal || bench->whole, false, false } };
    WeftReduceSetup setup = { .input_count = bench->inputs,
                              .ranges = ranges,
                              .wide = wides,
                              .numbers = numbers,
                              .settings = settings,
                              .width = WIDTH,
                              .height = 1 << 20 };
    void *before = NULL;

    for (int i = 0; i < 24; i++)
        settings[i] = i < 3 && bench->settings[i] != 0 ? bench->settings[i] : (double)NAN;
    for (int i = 1; i < 4; i++)
        ranges[i] = (WeftRange) { -INFINITY, INFINITY, bench->whole, false, false };
    for (int i = bench->zonal; bench->whole && i < bench->inputs; i++)
        ranges[i] = (WeftRange) { 0, 255, true, false, false };
    for (int k = 0; k < bench->inputs; k++) {
        pixels[k] = make(bench, k, zone, invalid, wides[k]);
        in[k] = lines[k];
    }
    for (int pass = 0; pass < (reduce->passes ? reduce->passes(&setup) : 1); pass++) {
        void *state;
        int64_t done = 0;

        setup.pass = pass;
        setup.before = before;
        state = reduce->open(&setup, &room.room);
        begun = now();
        best = INFINITY;
        while (now() < begun + 0.7) {
            double start = now();

            for (int row = 0; row < HEIGHT; row += TURN, done += TURN) {
                for (int k = 0; k < bench->inputs; k++)
                    for (int r = 0; r < TURN; r++)
                        lines[k][r] = (const char *)pixels[k] +
                                      (size_t)(row + r) * WIDTH * (wides[k] ? 8 : 4);
                if (!reduce->take(state, &(WeftReduceRows) { in, 0, done, WIDTH, TURN }))
                    abort();
            }
            best = fmin(best, now() - start);
        }
        printf("%-14s pass %d  %7.0f Mpx/s  %10lld bytes  %lld rows\n", bench->op, pass,
               1e-6 * WIDTH * HEIGHT / best, (long long)room.used, (long long)reduce->rows(state));
        before = state;
    }
    for (int k = 0; k < bench->inputs; k++)
        free((void *)pixels[k]);
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof benches / sizeof *benches; i++)
        if (argc < 2 || strcmp(argv[1], benches[i].op) == 0)
            run(&benches[i], argc > 2 ? atoi(argv[2]) : 64, argc > 3 ? atoi(argv[3]) : 0,
                argc > 4 && atoi(argv[4]));
    return 0;
}
