/*
 * units.c - units of length by their names.
 *
 * Names and lengths are those of the EPSG registry, of GDAL's lists of linear units, of PROJ's
 * +units and of UDUNITS, with the plurals and short forms that are met in files. Where they differ
 * (a fathom by two millionths), EPSG's length counts. "nm" is missing: it is a nanometre to some
 * and a nautical mile to others.
 */
#include "base/units.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

#define US_FOOT (1200.0 / 3937)

enum { NAMES = 16 };

/* Case, blanks and the signs in `ignored` do not matter. */
static const struct {
    double metres;
    const char *names[NAMES];
} units[] = {
    { 1, { "m", "metre", "meter", "metres", "meters", "mtr", "mtrs" } },
    { 0.3048,
      { "ft", "foot", "feet", "international foot", "international feet", "foot international",
        "feet international", "ft international", "international ft", "intl ft", "ift",
        "ft intl" } },
    { US_FOOT,
      { "US survey foot", "US survey feet", "us-ft", "ftUS", "foot US", "feet US", "US foot",
        "US feet", "survey foot", "survey feet", "survey ft", "sft", "US survey ft",
        "foot US survey", "feet US survey", "ft US survey" } },
    { 1000, { "km", "kilometre", "kilometer", "kilometres", "kilometers" } },
    { 100, { "hm", "hectometre", "hectometer", "hectometres", "hectometers" } },
    { 10, { "dam", "decametre", "decametres", "dekameter", "dekameters", "decameter" } },
    { 0.1, { "dm", "decimetre", "decimeter", "decimetres", "decimeters" } },
    { 0.01, { "cm", "centimetre", "centimeter", "centimetres", "centimeters" } },
    { 0.001, { "mm", "millimetre", "millimeter", "millimetres", "millimeters" } },
    { 1e-6,
      { "um", "micrometre", "micrometer", "micrometres", "micrometers", "micron", "microns" } },
    { 1e-9, { "nanometre", "nanometer", "nanometres", "nanometers" } },
    { 0.0254,
      { "in", "inch", "inches", "international inch", "international inches",
        "inch international" } },
    { US_FOOT / 12, { "us-in", "US survey inch", "US survey inches", "inch US surveyor" } },
    { 0.9144,
      { "yd", "yard", "yards", "international yard", "international yards",
        "yard international" } },
    { 3 * US_FOOT, { "us-yd", "US survey yard", "US survey yards", "yard US surveyor" } },
    { 1609.344,
      { "mi", "mile", "miles", "statute mile", "statute miles", "international mile",
        "international miles", "statute mile international" } },
    { 5280 * US_FOOT,
      { "us-mi", "US survey mile", "US survey miles", "US statute mile", "US statute miles",
        "statute mile US surveyor" } },
    { 1852,
      { "nmi", "kmi", "nautical mile", "nautical miles", "nmile", "nmiles",
        "international nautical mile", "nautical mile international" } },
    { 1.8288, { "fathom", "fathoms", "fath", "ftm", "fathom international" } },
    { 20.1168, { "ch", "chain", "chains", "chain international" } },
    { 66 * US_FOOT, { "us-ch", "US survey chain", "US survey chains", "chain US surveyor" } },
    { 0.201168, { "link", "links", "link international" } },
    { 0.66 * US_FOOT, { "US survey link", "US survey links", "link US surveyor" } },
    { 16.5 * US_FOOT, { "rod", "rods", "pole", "poles", "perch", "perches" } },
    { 660 * US_FOOT, { "furlong", "furlongs" } },
    { 1.0000135965, { "German legal metre" } },
    { 0.3047972654, { "Clarke's foot", "foot Clarke" } },
    { 3 * 0.3047972654, { "Clarke's yard", "yard Clarke" } },
    { 66 * 0.3047972654, { "Clarke's chain", "chain Clarke" } },
    { 0.66 * 0.3047972654, { "Clarke's link", "link Clarke" } },
    { 0.3047994715386762, { "British foot (Sears 1922)", "foot Sears" } },
    { 3 * 0.3047994715386762, { "British yard (Sears 1922)", "yard Sears" } },
    { 66 * 0.3047994715386762, { "British chain (Sears 1922)", "chain Sears" } },
    { 0.66 * 0.3047994715386762, { "British link (Sears 1922)", "link Sears" } },
    { 0.914398 / 3, { "British foot (Sears 1922 truncated)" } },
    { 0.914398, { "British yard (Sears 1922 truncated)" } },
    { 20.116756, { "British chain (Sears 1922 truncated)" } },
    { 0.20116756, { "British link (Sears 1922 truncated)" } },
    { 0.9143992 / 3, { "British foot (Benoit 1895 A)", "foot Benoit 1895 A" } },
    { 0.9143992, { "British yard (Benoit 1895 A)", "yard Benoit 1895 A" } },
    { 20.1167824, { "British chain (Benoit 1895 A)", "chain Benoit 1895 A" } },
    { 0.201167824, { "British link (Benoit 1895 A)", "link Benoit 1895 A" } },
    { 12 / 39.370113, { "British foot (Benoit 1895 B)", "foot Benoit 1895 B" } },
    { 36 / 39.370113, { "British yard (Benoit 1895 B)", "yard Benoit 1895 B" } },
    { 792 / 39.370113, { "British chain (Benoit 1895 B)", "chain Benoit 1895 B" } },
    { 7.92 / 39.370113, { "British link (Benoit 1895 B)", "link Benoit 1895 B" } },
    { 0.9144025 / 3, { "British foot (1865)", "foot 1865" } },
    { 0.3048007491, { "British foot (1936)", "foot British 1936" } },
    { 12 / 39.370142, { "Indian foot" } },
    { 36 / 39.370142, { "Indian yard" } },
    { 0.30479841, { "ind-ft", "Indian foot (1937)", "foot Indian 1937", "foot Indian" } },
    { 0.91439523, { "ind-yd", "Indian yard (1937)", "yard Indian 1937", "yard Indian" } },
    { 20.11669506, { "ind-ch", "Indian chain", "chain Indian" } },
    { 0.3047996, { "Indian foot (1962)", "foot Indian 1962" } },
    { 0.9143988, { "Indian yard (1962)", "yard Indian 1962" } },
    { 0.3047995, { "Indian foot (1975)", "foot Indian 1975" } },
    { 0.9143985, { "Indian yard (1975)", "yard Indian 1975" } },
    { 6378300.0 / 20926201, { "Gold Coast foot", "foot Gold Coast" } },
};
enum { UNITS = sizeof units / sizeof *units };

static const char ignored[] = " \t_-.,'()[]";

static bool same_name(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strspn(a, ignored);
        b += strspn(b, ignored);
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
        if (!*a)
            return true;
    }
}

static const char *name_at(const void *list, int i)
{
    const char *name = units[i / NAMES].names[i % NAMES];

    (void)list;
    return name ? name : "";
}

double wf_unit_metres(const char *name)
{
    for (int i = 0; name && i < UNITS * NAMES; i++)
        if (*name_at(units, i) && same_name(name_at(units, i), name))
            return units[i / NAMES].metres;
    return 0;
}

bool wf_unit_same(const char *a, const char *b)
{
    return strcmp(a, b) == 0 || (wf_unit_metres(a) > 0 && wf_unit_metres(a) == wf_unit_metres(b));
}

bool wf_unit_refuse(const char *name, WeftErr *err)
{
    const char *near = wf_nearest(name, units, UNITS * NAMES, name_at);

    wf_fail(err, WEFT_ENAME, "there is no unit of length \"%.40s\"", name);
    return wf_hint(err, "%s%s%sm, ft, US survey foot, km, cm, yd, nmi ..., or metres: 0.3048",
                   near ? "did you mean \"" : "", near ? near : "", near ? "\"? " : "");
}
