/*
 * harness.h - a unit test's main function: CHECK_MAIN("rect", test_a, test_b) after the tests.
 * Each test runs in a process of its own; the last line printed is "rect: N passed, N failed".
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <check.h>

int harness_run(const char *name, const TTest *const *tests, int count);
/* Path of a file of the shared test data (WEFT_DATA, else ../shared/data); NULL where it is not
 * there: the test then calls harness_skip and returns. Static buffer. */
const char *harness_data(const char *file);
void harness_skip(const char *why);
/* A new empty folder, removed when the test ends well. Static buffer. */
const char *harness_folder(void);

#define CHECK_MAIN(name, ...)                                                 \
    int main(void)                                                            \
    {                                                                         \
        const TTest *const tests[] = { __VA_ARGS__ };                         \
        return harness_run(name, tests, (int)(sizeof tests / sizeof *tests)); \
    }

#endif
