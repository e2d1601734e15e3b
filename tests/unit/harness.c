#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int harness_run(const char *name, const TTest *const *tests, int count)
{
    Suite *suite = suite_create(name);
    TCase *cases = tcase_create(name);
    SRunner *runner;
    int failed, run;

    tcase_set_timeout(cases, 300);
    for (int i = 0; i < count; i++)
        tcase_add_test(cases, tests[i]);
    suite_add_tcase(suite, cases);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_SILENT);
    failed = srunner_ntests_failed(runner);
    run = srunner_ntests_run(runner);
    if (failed)
        srunner_print(runner, CK_NORMAL);
    srunner_free(runner);
    printf("%s: %d passed, %d failed\n", name, run - failed, failed);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

const char *harness_data(const char *file)
{
    static char path[4096];
    const char *folder = getenv("WEFT_DATA");

    snprintf(path, sizeof path, "%s/%s", folder ? folder : "../shared/data", file);
    return access(path, R_OK) == 0 ? path : NULL;
}

void harness_skip(const char *why)
{
    fprintf(stderr, "skipped: %s\n", why);
}

static char folder[64];

static void remove_folder(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        fprintf(stderr, "cannot remove %s\n", folder);
}

const char *harness_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/weft-check-XXXXXX");
    if (!mkdtemp(folder))
        abort();
    atexit(remove_folder);
    return folder;
}
