/*
 * check_textfile.c - texts that appear whole, or are written to a device as they are.
 */
#include "rasters.h"

#include <sys/stat.h>
#include <unistd.h>

#include "io/textfile.h"

static WeftErr err;

static WeftTextFile *open_text(const char *path)
{
    err = (WeftErr) { 0 };
    return wf_textfile_new(path, NULL, NULL, &err);
}

static bool write_text(const char *path, const char *text)
{
    WeftTextFile *file = open_text(path);
    bool done;

    if (!file)
        return false;
    fputs(text, wf_textfile_stream(file));
    done = wf_textfile_finish(file, &err);
    wf_textfile_free(file);
    return done;
}

static const char *read_text(const char *path)
{
    static char text[64];
    FILE *file = fopen(path, "r");

    ck_assert_ptr_nonnull(file);
    if (!fgets(text, sizeof text, file))
        text[0] = '\0';
    fclose(file);
    return text;
}

START_TEST(a_text_appears_when_it_is_finished)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "a.csv");
    WeftTextFile *file;

    ck_assert(write_text(path, "old"));
    file = open_text(path);
    ck_assert_ptr_nonnull(file);
    fputs("new", wf_textfile_stream(file));
    fflush(wf_textfile_stream(file));
    ck_assert_str_eq(read_text(path), "old");
    ck_assert_int_eq(count_files(folder, ".part.csv"), 1);
    ck_assert(wf_textfile_finish(file, &err));
    wf_textfile_free(file);
    ck_assert_str_eq(read_text(path), "new");
    ck_assert_int_eq(count_files(folder, ".part"), 0);
}
END_TEST

START_TEST(a_text_that_is_not_finished_goes)
{
    const char *folder = harness_folder(), *path = in_folder(folder, "a.csv");

    wf_textfile_free(open_text(path));
    ck_assert_int_eq(count_files(folder, "a"), 0);
}
END_TEST

START_TEST(the_mode_of_the_old_file_stays)
{
    const char *path = in_folder(harness_folder(), "a.csv");
    struct stat found;

    ck_assert(write_text(path, "old"));
    chmod(path, 0640);
    ck_assert(write_text(path, "new"));
    ck_assert_int_eq(stat(path, &found), 0);
    ck_assert_int_eq(found.st_mode & 0777, 0640);
}
END_TEST

START_TEST(a_protected_file_is_refused_beforehand)
{
    const char *path = in_folder(harness_folder(), "a.csv");

    ck_assert(write_text(path, "old"));
    chmod(path, 0444);
    ck_assert(!wf_textfile_check(path, &err));
    ck_assert(!write_text(path, "new"));
    ck_assert_ptr_nonnull(strstr(err.message, "it is write-protected"));
    ck_assert_str_eq(read_text(path), "old");
}
END_TEST

START_TEST(a_link_is_written_through)
{
    const char *folder = harness_folder(), *link = in_folder(folder, "link.csv");

    ck_assert_int_eq(symlink("a.csv", link), 0);
    ck_assert(write_text(link, "new"));
    ck_assert_str_eq(read_text(in_folder(folder, "a.csv")), "new");
    ck_assert_int_eq(readlink(link, (char[8]) { 0 }, 8), 5);
}
END_TEST

START_TEST(a_device_is_written_as_it_is)
{
    struct stat found;

    ck_assert(wf_textfile_check("/dev/null", &err));
    ck_assert(write_text("/dev/null", "new"));
    ck_assert_int_eq(stat("/dev/null", &found), 0);
    ck_assert(S_ISCHR(found.st_mode));
    if (access("/dev/full", W_OK) != 0)
        return;
    ck_assert(!write_text("/dev/full", "new"));
    ck_assert_str_eq(err.message, "cannot write /dev/full: No space left on device");
}
END_TEST

CHECK_MAIN("textfile", a_text_appears_when_it_is_finished, a_text_that_is_not_finished_goes,
           the_mode_of_the_old_file_stays, a_protected_file_is_refused_beforehand,
           a_link_is_written_through, a_device_is_written_as_it_is)
