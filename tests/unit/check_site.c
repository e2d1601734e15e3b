/*
 * check_site.c - where files may be written: folders, modes, owners, links, devices.
 */
#include "rasters.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/site.h"

enum { NOBODY = 65534 };

static WeftErr err;

static void touch(const char *path, mode_t mode)
{
    fclose(fopen(path, "w"));
    ck_assert_int_eq(chmod(path, mode), 0);
}

static bool refused(const char *path, const char *said)
{
    err = (WeftErr) { 0 };
    return !wf_site_check(path, false, &err) && strstr(err.message, said) &&
           strstr(err.message, path);
}

START_TEST(a_new_file_in_a_folder_is_good)
{
    ck_assert(wf_site_check(in_folder(harness_folder(), "a.tif"), true, &err));
}
END_TEST

/* Also where the user is root, whom the system would let. */
START_TEST(a_file_that_its_owner_may_not_write_is_refused)
{
    static const struct {
        mode_t mode;
        bool good;
    } cases[] = { { 0444, false }, { 0400, false }, { 0, false },  { 0466, false },
                  { 0644, true },  { 0600, true },  { 0200, true } };
    const char *path = in_folder(harness_folder(), "a.tif");

    touch(path, 0644);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        chmod(path, cases[i].mode);
        if (cases[i].good)
            ck_assert_msg(wf_site_check(path, false, &err), "%o: %s", cases[i].mode, err.message);
        else
            ck_assert_msg(refused(path, "it is write-protected"), "%o", cases[i].mode);
    }
    ck_assert_str_eq(err.hint, "chmod u+w permits it");
}
END_TEST

START_TEST(the_mode_of_a_link_s_target_counts)
{
    const char *folder = harness_folder(), *target = in_folder(folder, "target.tif");
    const char *link = in_folder(folder, "link.tif");

    touch(target, 0444);
    ck_assert_int_eq(symlink("target.tif", link), 0);
    ck_assert(refused(link, "it is write-protected"));
    chmod(target, 0644);
    ck_assert(wf_site_check(link, false, &err));
}
END_TEST

/* As another user: in a process of its own, which may become one. */
static bool refused_as_nobody(const char *path, const char *said)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
            _exit(2);
        _exit(refused(path, said) ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

START_TEST(a_file_of_another_user_is_refused)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "a.tif");

    if (geteuid() != 0) {
        harness_skip("files of another user: only root can make one");
        return;
    }
    touch(path, 0666);
    chmod(folder, 0777);
    ck_assert(refused_as_nobody(path, "it belongs to another user"));
    ck_assert_int_eq(chown(path, NOBODY, NOBODY), 0);
    ck_assert_msg(wf_site_check(path, false, &err), "root: %s", err.message);
}
END_TEST

START_TEST(a_folder_that_may_not_be_written_is_refused)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "a.tif");

    chmod(folder, 0555);
    if (geteuid() == 0)
        ck_assert(refused_as_nobody(path, "may not be written to"));
    else
        ck_assert(refused(path, "may not be written to"));
    chmod(folder, 0755);
}
END_TEST

START_TEST(a_link_to_nothing_stands_for_what_it_names)
{
    const char *folder = harness_folder(), *link = in_folder(folder, "link.tif");
    char final[WF_PATH_MAX];

    mkdir(in_folder(folder, "sub"), 0755);
    ck_assert_int_eq(symlink("sub/next", link), 0);
    ck_assert_int_eq(symlink("new.tif", in_folder(folder, "sub/next")), 0);
    ck_assert(wf_site_find(link, final, &err));
    ck_assert_str_eq(final, in_folder(folder, "sub/new.tif"));
    ck_assert(wf_site_check(link, false, &err));
    ck_assert_int_eq(symlink("none/new.tif", in_folder(folder, "astray.tif")), 0);
    ck_assert(refused(in_folder(folder, "astray.tif"), "No such file or directory"));
}
END_TEST

START_TEST(links_in_a_circle_are_refused)
{
    const char *link = in_folder(harness_folder(), "link.tif");

    ck_assert_int_eq(symlink("link.tif", link), 0);
    ck_assert(refused(link, "Too many levels"));
}
END_TEST

START_TEST(devices_are_streams_and_no_files)
{
    ck_assert(refused("/dev/null", "it is no ordinary file"));
    ck_assert(wf_site_streams("/dev/null"));
    ck_assert(!wf_site_streams("/nowhere"));
    ck_assert(!wf_site_streams("/"));
}
END_TEST

CHECK_MAIN("site", a_new_file_in_a_folder_is_good, a_file_that_its_owner_may_not_write_is_refused,
           the_mode_of_a_link_s_target_counts, a_file_of_another_user_is_refused,
           a_folder_that_may_not_be_written_is_refused, a_link_to_nothing_stands_for_what_it_names,
           links_in_a_circle_are_refused, devices_are_streams_and_no_files)
