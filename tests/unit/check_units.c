/* check_units.c - units of length by their names. */
#include "harness.h"

#include <string.h>

#include "base/units.h"

#define US_FOOT (1200.0 / 3937)

START_TEST(names_of_units_are_lengths)
{
    static const struct {
        const char *name;
        double metres;
    } cases[] = {
        { "m", 1 },
        { "metre", 1 },
        { "Meters", 1 },
        { "ft", 0.3048 },
        { "foot", 0.3048 },
        { "FEET", 0.3048 },
        { "Foot (International)", 0.3048 },
        { "international_feet", 0.3048 },
        { "US survey foot", US_FOOT },
        { "US_survey_feet", US_FOOT },
        { "U.S. Survey Feet", US_FOOT },
        { "us-ft", US_FOOT },
        { "us_ft", US_FOOT },
        { "ftUS", US_FOOT },
        { "Foot_US", US_FOOT },
        { "sft", US_FOOT },
        { "km", 1000 },
        { "decimeter", 0.1 },
        { "dm", 0.1 },
        { "cm", 0.01 },
        { "millimetres", 0.001 },
        { "inch", 0.0254 },
        { "yd", 0.9144 },
        { "Statute_Mile_International", 1609.344 },
        { "US survey mile", 5280 * US_FOOT },
        { "nautical_mile", 1852 },
        { "fathoms", 1.8288 },
        { "Clarke's foot", 0.3047972654 },
        { "British chain (Sears 1922)", 20.1167651215526 },
        { "Gold Coast foot", 0.304799710181509 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(wf_unit_metres(cases[i].name) > cases[i].metres * (1 - 1e-12) &&
                          wf_unit_metres(cases[i].name) < cases[i].metres * (1 + 1e-12),
                      "%s: %.15g", cases[i].name, wf_unit_metres(cases[i].name));
}
END_TEST

START_TEST(blanks_around_a_name_and_between_its_words_do_not_matter)
{
    ck_assert_double_eq(wf_unit_metres("  ft "), 0.3048);
    ck_assert_double_eq(wf_unit_metres("[m]"), 1);
    ck_assert_double_eq(wf_unit_metres("us  survey_foot"), US_FOOT);
}
END_TEST

START_TEST(what_is_no_length_has_none)
{
    static const char *const names[] = { "",     "-",    "K",   "dB",      "class", "degree",
                                         "m2",   "m/s",  "m^2", "1",       "m s-1", "m-1",
                                         "ft/s", "10 m", "nm",  "unknown", "feetx" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_msg(wf_unit_metres(names[i]) == 0, "%s", names[i]);
    ck_assert_double_eq(wf_unit_metres(NULL), 0);
}
END_TEST

START_TEST(two_names_of_a_unit_are_the_same)
{
    ck_assert(wf_unit_same("ft", "feet"));
    ck_assert(wf_unit_same("K", "K"));
    ck_assert(!wf_unit_same("ft", "US survey foot"));
    ck_assert(!wf_unit_same("K", "dB"));
    ck_assert(!wf_unit_same("m", "K"));
}
END_TEST

START_TEST(an_unknown_name_is_told_the_nearest_and_some)
{
    WeftErr err = { 0 };

    ck_assert(!wf_unit_refuse("fathon", &err));
    ck_assert_int_eq(err.code, WEFT_ENAME);
    ck_assert_str_eq(err.message, "there is no unit of length \"fathon\"");
    ck_assert_str_eq(err.hint,
                     "did you mean \"fathom\"? m, ft, US survey foot, km, cm, yd, nmi ..., "
                     "or metres: 0.3048");
}
END_TEST

CHECK_MAIN("units", names_of_units_are_lengths,
           blanks_around_a_name_and_between_its_words_do_not_matter, what_is_no_length_has_none,
           two_names_of_a_unit_are_the_same, an_unknown_name_is_told_the_nearest_and_some)
