/*
 * odd.h - whether rows hold pixels for which a kernel's plain form was not made: invalid ones, and
 * those further from 0 than WF_PLAIN_LIMIT.
 */
#ifndef WF_ODD_H
#define WF_ODD_H

#include "graph/graph.h"

enum { WF_PIECES = 64 }; /* of a row, at most */

/* Bit p: piece p of a row of `count` pixels, `piece` pixels each, has an odd one. source: what the
 * pixels of a file mean; NULL for rows of a ring, in f32 or f64. */
uint64_t wf_odd_pieces(WeftType type, const WfSource *source, const void *pixels, int64_t count,
                       int64_t piece);

bool wf_odd_possible(WeftType type, const WfSource *source); /* any pixel of the file can be odd */
bool wf_odd_number(double v);

#endif
