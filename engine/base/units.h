/*
 * units.h - units of length by their names.
 */
#ifndef WF_UNITS_H
#define WF_UNITS_H

#include "base/err.h"

/* Metres in a unit of length, whose name is written as GDAL, PROJ, UDUNITS or people write it:
 * "ft", "Feet", "US survey foot", "US_survey_foot". 0: that is no length, or not known. */
double wf_unit_metres(const char *name);

/* Two names say the same: the same text, or equal lengths. */
bool wf_unit_same(const char *a, const char *b);

/* The error for a name that is none, with the nearest one. Gives false. */
bool wf_unit_refuse(const char *name, WeftErr *err);

#endif
