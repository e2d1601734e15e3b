/* check_ranked.c - cells in order by a network, against the function on rows. */
#include "harness.h"

#include "shapes.h"

/* The whole raster of a statistic by one method. */
static void fill_by(Windows *w, const WfFocal *f, WfMethod method, double *to)
{
    WfFocal by = *f;
    WeftNode node;

    by.method = method;
    node = shapes_apply(w, &by);
    for (int i = 0; i < w->width * w->height; i++)
        to[i] = windows_at(w, node, i % w->width, i / w->width, 7);
    windows_forget(w);
}

static void check_methods(Windows *w, const WfFocal *f)
{
    double network[WINDOWS_SIDE * WINDOWS_SIDE], rows[WINDOWS_SIDE * WINDOWS_SIDE];
    int before = w->graph->count;

    fill_by(w, f, WF_METHOD_NETWORK, network);
    fill_by(w, f, WF_METHOD_ROWS, rows);
    for (int i = 0; i < w->width * w->height; i++)
        if (isnan(network[i]) ? !isnan(rows[i]) : memcmp(&network[i], &rows[i], sizeof rows[i]))
            ck_abort_msg("stat %d, edges %d, invalid %d, pixel %d: %.9g by network, %.9g by rows",
                         f->stat, f->beyond, f->missing, i, network[i], rows[i]);
    while (w->graph->count > before)
        wf_graph_drop(w->graph, w->graph->count - 1);
}

START_TEST(network_and_rows_give_the_same_bits)
{
    static const WeftType types[] = { WEFT_F32, WEFT_F64, WEFT_U8 };
    Shape s = { 0 };

    shapes_rectangle(&s, 7, 7);
    for (int type = 0; type < 3; type++)
        for (int stat = WF_STAT_MEDIAN; stat <= WF_STAT_VARIETY; stat++) {
            Windows *w = windows_new(types[type], 9, 8, true);

            for (int rule = 0; rule < WINDOWS_RULES; rule++)
                for (int missing = 0; missing <= WF_MISSING_FILL_CENTER; missing++) {
                    WfFocal f = shapes_focal(&s, (WfStat)stat);

                    f.beyond = windows_rules[rule];
                    f.missing = (WfMissing)missing;
                    f.constant = 3;
                    check_methods(w, &f);
                }
            windows_free(w);
        }
}
END_TEST

/* Every third pixel is infinite. */
static void make_infinite(Windows *w)
{
    for (int i = 0; i < w->width * w->height; i += 3)
        w->pixel[i] = i % 2 ? (double)INFINITY : -(double)INFINITY;
}

START_TEST(network_and_rows_agree_on_infinities)
{
    static const double percents[] = { 0, 25, 50, 90, 100 };
    Shape s = { 0 };
    Windows *w = windows_new(WEFT_F32, 9, 8, true);

    shapes_rectangle(&s, 3, 3);
    make_infinite(w);
    for (size_t p = 0; p < sizeof percents / sizeof *percents; p++)
        for (int missing = 0; missing <= WF_MISSING_FILL_CENTER; missing++) {
            WfFocal f = shapes_focal(&s, WF_STAT_PERCENTILE);

            f.percent = percents[p];
            f.missing = (WfMissing)missing;
            check_methods(w, &f);
            f.stat = WF_STAT_MEDIAN;
            check_methods(w, &f);
        }
    windows_free(w);
}
END_TEST

/* The value looked for goes with nearly every pixel. */
START_TEST(network_and_rows_agree_on_a_slope)
{
    Shape s = { 0 };
    Windows *w = windows_new(WEFT_F32, 20, 16, false);

    shapes_rectangle(&s, 7, 7);
    for (int i = 0; i < 20 * 16; i++)
        w->pixel[i] = i % 11 == 0 ? (double)NAN : floor(i % 20 * 0.8) + i / 20 * 0.5;
    for (int stat = WF_STAT_MODE; stat <= WF_STAT_MINORITY; stat++)
        for (int missing = 0; missing <= WF_MISSING_FILL_CENTER; missing++) {
            WfFocal f = shapes_focal(&s, (WfStat)stat);

            f.missing = (WfMissing)missing;
            check_methods(w, &f);
        }
    windows_free(w);
}
END_TEST

CHECK_MAIN("ranked", network_and_rows_agree_on_a_slope, network_and_rows_give_the_same_bits,
           network_and_rows_agree_on_infinities)
