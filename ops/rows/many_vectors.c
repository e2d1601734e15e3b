/*
 * many_vectors.c - medoid and geometric median of each pixel's vectors of bands across rasters.
 *
 * Hidden functions on rows, put in by pass/across. Inputs are all bands of the first raster, then
 * those of the second; the first parameter says how many bands there are. A vector is valid only
 * if all its bands are. In f64.
 */
#include "turn.h"

enum { STEPS_MAX = 1000 };

/* A pixel's valid vectors in the order of the rasters, one after another. */
typedef struct Vectors {
    int64_t bands, count;
    double *value;
    int64_t *place; /* the raster of each, from 0 */
    double *at, *next, *pull;
} Vectors;

static Vectors take_vectors(const WeftRows *turn, Scratch *scratch)
{
    Vectors v = { .bands = (int64_t)turn->settings[0] };
    size_t bands = (size_t)v.bands, inputs = (size_t)turn->input_count;

    v.value = scratch_take(scratch, inputs, sizeof *v.value);
    v.place = scratch_take(scratch, inputs / bands, sizeof *v.place);
    v.at = scratch_take(scratch, bands, sizeof *v.at);
    v.next = scratch_take(scratch, bands, sizeof *v.next);
    v.pull = scratch_take(scratch, bands, sizeof *v.pull);
    return v;
}

static inline size_t vectors_room(const WeftRows *turn)
{
    Scratch scratch = { .at = NULL };

    take_vectors(turn, &scratch);
    return scratch.bytes;
}

static void gather(Vectors *v, const WeftRows *turn, int64_t r, int64_t i)
{
    int64_t rasters = turn->input_count / v->bands;

    v->count = 0;
    for (int64_t k = 0; k < rasters; k++) {
        double *to = v->value + v->count * v->bands;
        bool valid = true;

        for (int64_t b = 0; b < v->bands; b++) {
            to[b] = (double)((const px *)turn->in[k * v->bands + b][r])[i];
            valid = valid && !isinvalid(to[b]);
        }
        v->place[v->count] = k;
        v->count += valid;
    }
}

static double distance(const double *a, const double *b, int64_t bands)
{
    double sum = 0;

    for (int64_t i = 0; i < bands; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return __builtin_sqrt(sum);
}

/* ------------------------------------------------------------------ medoid */

/* The raster, from 1, whose vector is nearest to all others in sum; the first of several. */
static double medoid(const Vectors *v)
{
    double least = __builtin_inf(), best = __builtin_nan("");

    for (int64_t k = 0; k < v->count; k++) {
        double sum = 0;

        for (int64_t j = 0; j < v->count; j++)
            sum += distance(v->value + k * v->bands, v->value + j * v->bands, v->bands);
        if (sum < least || isinvalid(best)) {
            least = sum;
            best = (double)(v->place[k] + 1);
        }
    }
    return best;
}

ROWS(many_medoid)(const WeftRows *turn)
{
    Scratch scratch = { .at = turn->scratch };
    Vectors v = take_vectors(turn, &scratch);

    for (int64_t r = 0; r < turn->rows; r++)
        for (int64_t i = 0; i < turn->width; i++) {
            gather(&v, turn, r, i);
            ((px *)turn->out[0][r])[i] = (px)medoid(&v);
        }
}

ROOM(many_medoid)(const WeftRows *turn)
{
    return vectors_room(turn);
}

RANGE(many_medoid)(const WeftRange *in, int count)
{
    return (WeftRange) { .lo = 1, .hi = count - 1, .whole = true };
}

#define BANDS                     \
    { .name = "bands",            \
      .help = "of a raster",      \
      .kind = WEFT_PARAM_INTEGER, \
      .low = 1,                   \
      .high = 1 << 20 }

ROWS_OP(many_medoid, .brief = "number of the raster nearest to all others", .family = "lowered",
        .inputs = 1, .more = true, .hidden = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_INTEGER, .range = range_many_medoid, PARAMS(BANDS));

/* ------------------------------------------------------------------ geometric median */

static void start_at_mean(Vectors *v)
{
    for (int64_t b = 0; b < v->bands; b++) {
        double sum = 0;

        for (int64_t k = 0; k < v->count; k++)
            sum += v->value[k * v->bands + b];
        v->at[b] = sum / (double)v->count;
    }
}

/* One of Weiszfeld's steps, from v->at to v->next; a vector that it lies on holds it back as far
 * as Vardi and Zhang say. */
static void step(Vectors *v)
{
    double weights = 0, here = 0, pulled = 0, stay;

    for (int64_t b = 0; b < v->bands; b++)
        v->next[b] = v->pull[b] = 0;
    for (int64_t k = 0; k < v->count; k++) {
        const double *value = v->value + k * v->bands;
        double far = distance(value, v->at, v->bands);

        if (!(far > 0)) {
            here += 1;
            continue;
        }
        weights += 1 / far;
        for (int64_t b = 0; b < v->bands; b++) {
            v->next[b] += value[b] / far;
            v->pull[b] += (value[b] - v->at[b]) / far;
        }
    }
    for (int64_t b = 0; b < v->bands; b++)
        pulled += v->pull[b] * v->pull[b];
    pulled = __builtin_sqrt(pulled);
    stay = !(weights > 0) || here >= pulled ? 1 : here / pulled;
    for (int64_t b = 0; b < v->bands; b++)
        v->next[b] = stay == 1 ? v->at[b] : (1 - stay) * v->next[b] / weights + stay * v->at[b];
}

static double size_of(const double *v, int64_t bands)
{
    double sum = 0;

    for (int64_t b = 0; b < bands; b++)
        sum += v[b] * v[b];
    return __builtin_sqrt(sum);
}

/* At v->at; NaN in all bands without a valid vector. */
static void geomedian(Vectors *v)
{
    start_at_mean(v);
    for (int n = 0; n < STEPS_MAX && v->count; n++) {
        double moved, *at = v->at;

        step(v);
        moved = distance(v->at, v->next, v->bands);
        v->at = v->next;
        v->next = at;
        if (!(moved > 1e-7 * size_of(v->at, v->bands)))
            break;
    }
}

ROWS(many_geomedian)(const WeftRows *turn)
{
    Scratch scratch = { .at = turn->scratch };
    Vectors v = take_vectors(turn, &scratch);

    for (int64_t r = 0; r < turn->rows; r++)
        for (int64_t i = 0; i < turn->width; i++) {
            gather(&v, turn, r, i);
            geomedian(&v);
            for (int j = 0; j < turn->result_count; j++)
                ((px *)turn->out[j][r])[i] = (px)v.at[turn->results[j]];
        }
}

ROOM(many_geomedian)(const WeftRows *turn)
{
    return vectors_room(turn);
}

ROWS_OP(many_geomedian, .brief = "a band of the geometric median across rasters",
        .family = "lowered",
        .source = "Weiszfeld 1937; Y. Vardi, C.-H. Zhang, The multivariate L1-median and "
                  "associated data depth, PNAS 97 (2000)",
        .inputs = 1, .more = true, .hidden = true, .several = true, .invalid = WEFT_DECIDES,
        .gives = WEFT_GIVES_REAL,
        PARAMS(BANDS,
               { .name = "band", .help = "from 0", .kind = WEFT_PARAM_INTEGER, .high = 1 << 20 }));
