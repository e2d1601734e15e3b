/*
 * form.c - a kernel's rows in a turn: its plain form where it reads nothing odd.
 *
 * Needs: the rows that it reads found and, where they are another kernel's, noted as odd or not.
 * Rows are cut into pieces; rows with the same odd pieces run together, and pieces side by side of
 * the same form. Which form ran can be seen in the time alone: both give the same bits.
 *
 * Where a plain form writes one number everywhere, rows that hold it from an earlier turn are left
 * as they are.
 */
#include "run/form.h"

#include "run/edges.h"
#include "run/odd.h"

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static uint64_t all_pieces(const WfForm *form, const WfFrame *frame)
{
    int64_t count = (frame->width + form->piece - 1) / form->piece;

    return count >= WF_PIECES ? ~(uint64_t)0 : ((uint64_t)1 << count) - 1;
}

static const WfRing *ring_of(const WfForm *form, int j)
{
    return &form->plan->rings[form->kernel->rings[j]];
}

static uint64_t *ring_odd(const WfForm *form, int j, int64_t row)
{
    return &form->rings[j]->odd[wf_edges_modulo(row, form->rings[j]->height)];
}

/* ------------------------------------------------------------------------------- reading */

/* Find the rows of inputs for a form, unless they are there. Rows of a file have to be looked
 * through, too; of a ring's it is known what is odd. */
static void find_rows(const WfForm *form, WfFrame *frame, bool plain)
{
    const void *const **in = (const void *const **)frame->in;

    for (int k = 0; k < form->kernel->input_count; k++) {
        const WfPlainInput *input = plain ? &form->kernel->plain_inputs[k] : NULL;

        if (!in[k] && (!plain || input->read || (input->asked && !form->rows[k]->ring)))
            in[k] = wf_rows_find(form->rows[k], frame->row, frame->rows);
    }
}

/* ------------------------------------------------------------------------------- choosing */

static void mark_rows(const WfForm *form, int64_t first, int64_t last, uint64_t odd)
{
    for (int64_t r = first > 0 ? first : 0; r <= last; r++)
        form->odd[r] |= odd;
}

/* Which pieces of each row of the turn read odd pixels. Gives whether any does. */
static bool find_odd(const WfForm *form, const WfFrame *frame)
{
    uint64_t all = all_pieces(form, frame), any = 0;

    for (int64_t r = 0; r < frame->rows; r++)
        form->odd[r] = 0;
    for (int k = 0; k < form->kernel->input_count; k++) {
        const WfReach *window = &form->rows[k]->input->window;

        if (!form->kernel->plain_inputs[k].asked)
            continue;
        for (int64_t y = -window->up; y < frame->rows + window->down; y++) {
            uint64_t odd = wf_rows_odd(form->rows[k], frame->row + y, form->piece) & all;

            any |= odd;
            if (odd)
                mark_rows(form, y - window->down, smaller(y + window->up, frame->rows - 1), odd);
        }
    }
    return any;
}

/* Row r of the turn, row y of the raster, is to hold one number in the one ring, and does. */
static bool is_filled(const WfForm *form, const WfFrame *frame, int64_t r, int64_t y)
{
    return form->kernel->ring_count == 1 && ring_of(form, 0)->same && form->odd[r] == 0 &&
           (*ring_odd(form, 0, y) & all_pieces(form, frame)) == 0;
}

/* ------------------------------------------------------------------------------- running */

static void shift_rows(const WfForm *form, WfFrame *frame, int64_t by)
{
    const void *const **in = (const void *const **)frame->in;
    void *const **out = (void *const **)frame->out;

    for (int k = 0; k < form->kernel->input_count; k++)
        if (in[k])
            in[k] += by;
    for (int j = 0; j < form->kernel->output_count + form->kernel->ring_count; j++)
        out[j] += by;
    frame->row += by;
    frame->watch_row_from -= by;
    frame->watch_row_to -= by;
}

/* Rows that have the same odd pieces. Gives the pixels made by the plain form. */
static int64_t run_pieces(const WfForm *form, WfFrame *frame, uint64_t odd)
{
    int64_t padded = frame->padded, plain = 0;
    uint64_t all = all_pieces(form, frame);

    if (odd == 0 || odd == all) {
        (odd ? form->compiled->run : form->compiled->plain)(frame);
        return odd ? 0 : frame->rows * frame->width;
    }
    for (int64_t p = 0, end; p * form->piece < frame->width; p = end) {
        bool is_odd = odd >> p & 1;

        for (end = p + 1; end * form->piece < frame->width && (odd >> end & 1) == is_odd;)
            end++;
        frame->first = p * form->piece;
        frame->padded = smaller(end * form->piece, padded);
        (is_odd ? form->compiled->run : form->compiled->plain)(frame);
        if (!is_odd)
            plain += frame->rows * (smaller(end * form->piece, frame->width) - frame->first);
    }
    frame->first = 0;
    frame->padded = padded;
    return plain;
}

static int64_t run_rows(const WfForm *form, WfFrame *frame)
{
    int64_t rows = frame->rows, y = frame->row, plain = 0, end;

    for (int64_t r = 0; r < rows; r = end) {
        bool filled = is_filled(form, frame, r, y + r);

        for (end = r + 1; end < rows && form->odd[end] == form->odd[r] &&
                          is_filled(form, frame, end, y + end) == filled;)
            end++;
        frame->rows = end - r;
        plain += filled ? frame->rows * frame->width : run_pieces(form, frame, form->odd[r]);
        shift_rows(form, frame, end - r);
    }
    shift_rows(form, frame, -rows);
    frame->rows = rows;
    return plain;
}

/* ------------------------------------------------------------------------------- the rings */

/* chosen: form->odd tells what the rows were made of. */
static void note_ring(const WfForm *form, int j, const WfFrame *frame, bool chosen)
{
    const WfRing *ring = ring_of(form, j);
    const WfRingRows *rows = form->rings[j];
    int64_t y = frame->row;

    for (int64_t r = 0; r < frame->rows; r++, y++) {
        const char *pixels = rows->first + (size_t)wf_edges_modulo(y, rows->height) * rows->stride;
        uint64_t odd = ring->same ? (chosen ? form->odd[r] : ~(uint64_t)0) : 0;

        if (!ring->never && !(ring->proven && chosen && form->odd[r] == 0))
            odd |= wf_odd_pieces(ring->type, NULL, pixels, frame->width, form->piece);
        *ring_odd(form, j, y) = odd;
    }
}

int64_t wf_form_run(const WfForm *form, WfFrame *frame)
{
    bool chosen = form->compiled->plain != NULL;
    int64_t plain = 0;

    find_rows(form, frame, chosen);
    if (chosen) {
        if (find_odd(form, frame))
            find_rows(form, frame, false);
        plain = run_rows(form, frame);
    } else {
        form->compiled->run(frame);
    }
    for (int j = 0; j < form->kernel->ring_count; j++)
        if (ring_of(form, j)->asked)
            note_ring(form, j, frame, chosen);
    return plain;
}
