/* check_moments.c - variances of a window keep their digits. */
#include "harness.h"

#include "shapes.h"

static void check_variance_at(double offset, WeftType type, double bound)
{
    Windows *w = windows_new(type, 20, 20, false);
    WfFocal f;
    Shape s;
    double worst = 0;
    WeftNode node;

    for (int i = 0; i < 20 * 20; i++)
        w->pixel[i] = offset + floor((w->pixel[i] + 9) * 7) / 128;
    shapes_make(&s, 5);
    f = shapes_focal(&s, WF_STAT_VAR);
    node = shapes_apply(w, &f);
    for (int i = 0; i < 20 * 20; i++) {
        double size, wanted = windows_direct(w, &f, i % 20, i / 20, &size);

        worst = fmax(worst, fabs(windows_at(w, node, i % 20, i / 20, 10) - wanted) / wanted);
    }
    ck_assert_msg(worst < bound, "off by %g", worst);
    windows_free(w);
}

START_TEST(a_variance_far_from_zero_keeps_its_digits)
{
    check_variance_at(0, WEFT_F32, 1e-6);
    check_variance_at(1e6, WEFT_F64, 1e-9);
    check_variance_at(1e9, WEFT_F64, 1e-6);
}
END_TEST

START_TEST(a_variance_of_equal_cells_is_zero)
{
    Windows *w = windows_new(WEFT_F64, 9, 7, false);
    WfFocal f;
    Shape s;
    WeftNode node;

    for (int i = 0; i < 9 * 7; i++)
        w->pixel[i] = 1000003;
    shapes_make(&s, 5);
    f = shapes_focal(&s, WF_STAT_STD);
    node = shapes_apply(w, &f);
    for (int i = 0; i < 9 * 7; i++)
        ck_assert_double_eq(windows_at(w, node, i % 9, i / 9, 10), 0);
    windows_free(w);
}
END_TEST

CHECK_MAIN("moments", a_variance_far_from_zero_keeps_its_digits, a_variance_of_equal_cells_is_zero)
