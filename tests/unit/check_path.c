/* check_path.c - paths that name one file, and those that name two. */
#include "harness.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "weft.h"

static const char *folder;

static const char *in(const char *name, char path[200])
{
    snprintf(path, 200, "%s/%s", folder, name);
    return path;
}

static bool same(const char *a, const char *b)
{
    char x[200], y[200];
    bool one = weft_same_file(in(a, x), in(b, y));

    ck_assert_int_eq(one, weft_same_file(y, x));
    return one;
}

static void make(const char *name)
{
    char path[200];
    FILE *file = fopen(in(name, path), "w");

    ck_assert_ptr_nonnull(file);
    fclose(file);
}

static void point(const char *to, const char *name)
{
    char path[200];

    ck_assert_int_eq(symlink(to, in(name, path)), 0);
}

/* sub, way -> sub, link.tif -> way/new.tif, which is not there, second.tif -> link.tif, and a link
 * to itself. */
static void begin(void)
{
    char path[200];

    folder = harness_folder();
    ck_assert_int_eq(mkdir(in("sub", path), 0700), 0);
    point("sub", "way");
    point("way/new.tif", "link.tif");
    point("link.tif", "second.tif");
    point("loop.tif", "loop.tif");
}

START_TEST(a_file_that_is_not_there_yet_is_one_by_any_spelling)
{
    begin();
    ck_assert(same("a.tif", "a.tif"));
    ck_assert(same("a.tif", "./a.tif"));
    ck_assert(same("a.tif", "sub/.././a.tif"));
    ck_assert(!same("a.tif", "b.tif"));
    ck_assert(!same("a.tif", "sub/a.tif"));
}
END_TEST

START_TEST(links_lead_to_their_file_whether_it_is_there_or_not)
{
    begin();
    ck_assert(same("sub/a.tif", "way/a.tif"));
    ck_assert(same("link.tif", "sub/new.tif"));
    ck_assert(same("second.tif", "sub/new.tif"));
    make("sub/new.tif");
    ck_assert(same("link.tif", "sub/new.tif"));
    ck_assert(same("second.tif", "link.tif"));
    ck_assert(!same("link.tif", "sub/other.tif"));
}
END_TEST

START_TEST(names_of_one_file_are_one)
{
    char from[200], to[200];

    begin();
    make("first.tif");
    ck_assert_int_eq(link(in("first.tif", from), in("twin.tif", to)), 0);
    ck_assert(same("first.tif", "twin.tif"));
}
END_TEST

START_TEST(what_cannot_be_looked_up_stands_for_itself)
{
    begin();
    ck_assert(same("none/a.tif", "none/a.tif"));
    ck_assert(!same("none/a.tif", "none/./a.tif"));
    ck_assert(!same("loop.tif", "a.tif"));
    ck_assert(same("loop.tif", "loop.tif"));
    ck_assert(weft_same_file("/vsimem/a.tif", "/vsimem/a.tif"));
    ck_assert(!weft_same_file("/vsimem/a.tif", "/vsimem/b.tif"));
}
END_TEST

CHECK_MAIN("path", a_file_that_is_not_there_yet_is_one_by_any_spelling,
           links_lead_to_their_file_whether_it_is_there_or_not, names_of_one_file_are_one,
           what_cannot_be_looked_up_stands_for_itself)
