/*
 * check_temporary.c - temporary names: beside the final one, with companions, never left over.
 */
#include "rasters.h"

#include <unistd.h>

#include "io/temporary.h"

static void touch(const char *path)
{
    fclose(fopen(path, "w"));
}

START_TEST(the_name_is_hidden_and_beside_the_final_one)
{
    const char *folder = harness_folder(), *final = in_folder(folder, "a.tif");
    char wanted[512];
    WfTemporary t;

    ck_assert(wf_temporary_new(&t, final, NULL, NULL));
    snprintf(wanted, sizeof wanted, "%s/.a.", folder);
    ck_assert_int_eq(strncmp(t.path, wanted, strlen(wanted)), 0);
    ck_assert_str_eq(t.path + strlen(t.path) - 9, ".part.tif");
    wf_temporary_drop(&t);
}
END_TEST

START_TEST(companions_move_along_and_are_dropped_along)
{
    const char *folder = harness_folder(), *final = in_folder(folder, "a.img");
    char path[WF_PATH_MAX + 16];

    for (int keep = 0; keep < 2; keep++) {
        WfTemporary t;

        ck_assert(wf_temporary_new(&t, final, NULL, NULL));
        touch(t.path);
        snprintf(path, sizeof path, "%s.aux.xml", t.path);
        touch(path);
        snprintf(path, sizeof path, "%.*s.hdr", (int)strlen(t.path) - 4, t.path);
        touch(path);
        if (keep)
            ck_assert(wf_temporary_place(&t, final, false, NULL));
        wf_temporary_drop(&t);
        ck_assert_int_eq(count_files(folder, "a."), keep ? 3 : 0);
    }
    ck_assert_int_eq(access(in_folder(folder, "a.hdr"), F_OK), 0);
    ck_assert_int_eq(access(in_folder(folder, "a.img.aux.xml"), F_OK), 0);
}
END_TEST

START_TEST(files_in_a_folder_of_their_own_have_final_names)
{
    const char *folder = harness_folder(), *final = in_folder(folder, "a.xml");
    char path[WF_PATH_MAX + 16];

    for (int keep = 0; keep < 2; keep++) {
        WfTemporary t;

        ck_assert(wf_temporary_apart(&t, final, NULL));
        ck_assert_str_eq(t.path + strlen(t.path) - 6, "/a.xml");
        touch(t.path);
        snprintf(path, sizeof path, "%s/a.img", t.stem);
        touch(path);
        if (keep)
            ck_assert(wf_temporary_place(&t, final, false, NULL));
        wf_temporary_drop(&t);
        ck_assert_int_eq(access(t.stem, F_OK), -1);
        ck_assert_int_eq(count_files(folder, "a."), keep ? 2 : 0);
    }
}
END_TEST

START_TEST(an_existing_file_is_not_replaced_where_it_is_kept)
{
    const char *folder = harness_folder(), *final = in_folder(folder, "a.tif");
    WeftErr err = { 0 };
    WfTemporary t;

    touch(final);
    ck_assert(wf_temporary_new(&t, final, NULL, NULL));
    touch(t.path);
    ck_assert(!wf_temporary_place(&t, final, true, &err));
    ck_assert_ptr_nonnull(strstr(err.message, "exists already"));
    wf_temporary_drop(&t);
    ck_assert_int_eq(count_files(folder, ".part"), 0);
}
END_TEST

START_TEST(hundreds_of_names_are_dropped)
{
    enum { COUNT = 300 };
    const char *folder = harness_folder(), *final = in_folder(folder, "a.tif");
    static WfTemporary t[COUNT];

    for (int i = 0; i < COUNT; i++) {
        ck_assert(wf_temporary_new(&t[i], final, NULL, NULL));
        touch(t[i].path);
    }
    ck_assert_int_eq(count_files(folder, ".part"), COUNT);
    for (int i = 0; i < COUNT; i++)
        wf_temporary_drop(&t[i]);
    ck_assert_int_eq(count_files(folder, ".part"), 0);
}
END_TEST

CHECK_MAIN("temporary", the_name_is_hidden_and_beside_the_final_one,
           companions_move_along_and_are_dropped_along,
           files_in_a_folder_of_their_own_have_final_names,
           an_existing_file_is_not_replaced_where_it_is_kept, hundreds_of_names_are_dropped)
