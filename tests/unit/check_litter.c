/*
 * check_litter.c - files that must not outlive the process: removed by a handler, with all in them.
 */
#include "rasters.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/litter.h"

static void touch(const char *folder, const char *name)
{
    FILE *file = fopen(in_folder(folder, name), "w");

    ck_assert_ptr_nonnull(file);
    fclose(file);
}

START_TEST(a_file_goes_with_what_lies_beside_it)
{
    static const char *const names[] = { "a.tif", "a.tif.aux.xml", "a.tif.msk", "a.tif.ovr" };
    const char *folder = harness_folder();

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        touch(folder, names[i]);
    touch(folder, "a.tiff");
    ck_assert(wf_litter_remove(in_folder(folder, "a.tif")));
    ck_assert_int_eq(count_files(folder, "a.tif"), 1);
}
END_TEST

START_TEST(what_is_not_there_is_gone)
{
    ck_assert(wf_litter_remove("/nowhere/a.tif"));
}
END_TEST

/* More names than one call of the system lists, and folders in it. */
START_TEST(a_folder_goes_with_all_that_is_in_it)
{
    char apart[128], name[64];

    snprintf(apart, sizeof apart, "%s/apart", harness_folder());
    mkdir(apart, 0700);
    mkdir(in_folder(apart, "deep"), 0700);
    mkdir(in_folder(apart, "deep/deeper"), 0700);
    touch(apart, "deep/deeper/x");
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "a name that is a good deal longer than most %d", i);
        touch(apart, name);
    }
    ck_assert(wf_litter_remove(apart));
    ck_assert_int_eq(access(apart, F_OK), -1);
}
END_TEST

START_TEST(links_are_removed_and_not_followed)
{
    const char *folder = harness_folder();
    char apart[128];

    snprintf(apart, sizeof apart, "%s/apart", folder);
    mkdir(apart, 0700);
    mkdir(in_folder(folder, "kept"), 0700);
    touch(folder, "kept/x");
    ck_assert_int_eq(symlink(in_folder(folder, "kept"), in_folder(apart, "link")), 0);
    ck_assert(wf_litter_remove(apart));
    ck_assert_int_eq(access(in_folder(folder, "kept/x"), F_OK), 0);
}
END_TEST

static void end(int number)
{
    wf_litter_remove_all();
    _exit(100 + number);
}

/* In a process of its own, which a signal ends. */
START_TEST(a_handler_clears_the_whole_list)
{
    enum { COUNT = 300 };
    const char *folder = harness_folder();
    char name[32];
    int status;
    pid_t child;

    touch(folder, "kept");
    child = fork();
    if (child == 0) {
        for (int i = 0; i < COUNT; i++) {
            snprintf(name, sizeof name, "part %d", i);
            if (i % 2)
                touch(folder, name);
            else
                mkdir(in_folder(folder, name), 0700);
            if (!wf_litter_add(in_folder(folder, name), NULL))
                _exit(1);
        }
        wf_litter_forget(wf_litter_add(in_folder(folder, "kept"), NULL));
        signal(SIGTERM, end);
        raise(SIGTERM);
        _exit(2);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 100 + SIGTERM);
    ck_assert_int_eq(count_files(folder, "part"), 0);
    ck_assert_int_eq(count_files(folder, "kept"), 1);
}
END_TEST

START_TEST(a_path_may_be_forgotten_and_its_room_used_again)
{
    const char *folder = harness_folder();
    WfLitter *first = wf_litter_add(in_folder(folder, "a"), NULL);

    touch(folder, "a");
    touch(folder, "b");
    wf_litter_forget(first);
    ck_assert_ptr_eq(wf_litter_add(in_folder(folder, "b"), NULL), first);
    wf_litter_remove_all();
    ck_assert_int_eq(count_files(folder, "a"), 1);
    ck_assert_int_eq(count_files(folder, "b"), 0);
}
END_TEST

CHECK_MAIN("litter", a_file_goes_with_what_lies_beside_it, what_is_not_there_is_gone,
           a_folder_goes_with_all_that_is_in_it, links_are_removed_and_not_followed,
           a_handler_clears_the_whole_list, a_path_may_be_forgotten_and_its_room_used_again)
