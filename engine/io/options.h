/*
 * options.h - creation options of GDAL's drivers: what there is, checked before anything is made.
 */
#ifndef WF_OPTIONS_H
#define WF_OPTIONS_H

#include <gdal.h>

#include "base/err.h"

bool wf_options_known(GDALDriverH driver, const char *name);

/* "KEY=VALUE" texts to a list for GDAL (CSLDestroy it). Unknown keys are errors. */
bool wf_options_read(GDALDriverH driver, const char *const *texts, char ***list, WeftErr *err);
/* Option `name` takes `value`: it is one of those listed, or the driver lists none. `what` is how
 * a script calls it. */
bool wf_options_value(GDALDriverH driver, const char *name, const char *value, const char *what,
                      WeftErr *err);
/* All values, as far as the driver's own description goes. */
bool wf_options_check(GDALDriverH driver, char **list, WeftErr *err);

#endif
