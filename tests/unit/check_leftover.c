/*
 * check_leftover.c - temporaries of killed runs are told of and removed; all else is left alone.
 */
#include "rasters.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/leftover.h"
#include "io/temporary.h"

static char told[4096];
static int told_count;

static void tell(void *context, const char *text)
{
    (void)context;
    told_count++;
    snprintf(told, sizeof told, "%s", text);
}

static int clear(const char *final)
{
    told_count = 0;
    wf_leftover_clear(final, tell, NULL);
    return told_count;
}

static void touch(const char *path)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fclose(file);
}

/* A process that makes a file and a folder for the output, and is killed. */
static void leave_behind(const char *final, const char *extension)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        WfTemporary file, apart;
        bool lost;

        if (!wf_temporary_new(&file, final, extension, NULL))
            _exit(1);
        touch(file.path);
        strcat(file.path, ".aux.xml");
        touch(file.path);
        file.path[strlen(file.path) - 8] = '\0';
        if (!wf_temporary_hold(&file, &lost, NULL) || !wf_temporary_apart(&apart, final, NULL))
            _exit(1);
        touch(apart.path);
        raise(SIGKILL);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status));
}

START_TEST(what_a_killed_process_left_is_told_and_removed)
{
    const char *folder = harness_folder(), *final = in_folder(folder, "a.png");
    char wanted[600];

    leave_behind(final, ".tif");
    ck_assert_int_eq(count_files(folder, ".part"), 3);
    ck_assert_int_eq(clear(final), 2);
    snprintf(wanted, sizeof wanted, "%s/.a.", folder);
    ck_assert_int_eq(strncmp(told, wanted, strlen(wanted)), 0);
    ck_assert_ptr_nonnull(strstr(told, " was left by a run that was killed, and is removed"));
    ck_assert_int_eq(count_files(folder, ".part"), 0);
    ck_assert_int_eq(clear(final), 0);
}
END_TEST

START_TEST(what_a_living_process_holds_is_left_alone)
{
    const char *folder = harness_folder(), *final = in_folder(folder, "a.tif");
    WfTemporary file, apart;

    ck_assert(wf_temporary_create(&file, final, NULL));
    ck_assert(wf_temporary_apart(&apart, final, NULL));
    ck_assert_int_eq(clear(final), 0);
    ck_assert_int_eq(count_files(folder, ".part"), 2);
    wf_temporary_drop(&file);
    wf_temporary_drop(&apart);
    ck_assert_int_eq(count_files(folder, ".part"), 0);
}
END_TEST

START_TEST(only_temporaries_of_the_output_are_touched)
{
    static const char *const names[] = {
        ".b.abcdef.part.tif",  ".a.abcde.part.tif",     ".a.abcdefg.part.tif", ".a.ABCDEF.part.tif",
        ".a.abcdef.part.png",  ".a.abcdef.part.tif.x",  "a.abcdef.part.tif",   ".a.abcdef.tif",
        ".aa.abcdef.part.tif", ".a.abcdef.partial.tif", ".a.abc.ef.part.tif",  ".a.tif"
    };
    enum { COUNT = sizeof names / sizeof *names };
    const char *folder = harness_folder();
    char final[128];

    snprintf(final, sizeof final, "%s/a.tif", folder);
    for (int i = 0; i < COUNT; i++)
        touch(in_folder(folder, names[i]));
    touch(in_folder(folder, "kept"));
    ck_assert_int_eq(symlink("kept", in_folder(folder, ".a.abcdef.part.tif")), 0);
    ck_assert_int_eq(mkfifo(in_folder(folder, ".a.abcdee.part.tif"), 0600), 0);
    ck_assert_int_eq(clear(final), 0);
    ck_assert_int_eq(count_files(folder, ""), COUNT + 3 + 2); /* and . and .. */
    touch(in_folder(folder, ".a.abcdeg.part.tif"));
    ck_assert_int_eq(clear(final), 1);
}
END_TEST

START_TEST(an_output_in_the_current_folder_is_cleared_too)
{
    const char *folder = harness_folder();

    ck_assert_int_eq(chdir(folder), 0);
    touch(".a.abcdef.part");
    ck_assert_int_eq(clear("a"), 1);
    ck_assert_str_eq(told, ".a.abcdef.part was left by a run that was killed, and is removed");
}
END_TEST

/* Removed between making and locking: the maker sees it. */
START_TEST(who_lost_a_file_to_clearing_is_told)
{
    const char *final = in_folder(harness_folder(), "a.tif");
    WeftErr err = { 0 };
    WfTemporary t;
    bool lost;

    ck_assert(wf_temporary_new(&t, final, NULL, &err));
    touch(t.path);
    ck_assert_int_eq(clear(final), 1);
    ck_assert(!wf_temporary_hold(&t, &lost, &err));
    ck_assert(lost && err.code == WEFT_OK);
    touch(t.path);
    ck_assert(wf_temporary_hold(&t, &lost, &err));
    ck_assert_int_eq(clear(final), 0);
    wf_temporary_drop(&t);
}
END_TEST

CHECK_MAIN("leftover", what_a_killed_process_left_is_told_and_removed,
           what_a_living_process_holds_is_left_alone, only_temporaries_of_the_output_are_touched,
           an_output_in_the_current_folder_is_cleared_too, who_lost_a_file_to_clearing_is_told)
