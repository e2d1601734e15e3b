/*
 * packing.h - the byte form of a state: numbers, little end first, between a head and a checksum.
 *
 * Head: version (4 bytes), four bytes that stay 0, length of the whole (8 bytes).
 */
#ifndef WEFT_PACKING_H
#define WEFT_PACKING_H

#include "op.h"

/* Writing: to `bytes`, or nowhere (NULL), which only counts. */
typedef struct WfPack {
    unsigned char *bytes;
    size_t size;
} WfPack;

WfPack wf_pack_begin(uint32_t version, unsigned char *bytes);
void wf_pack_u64(WfPack *pack, uint64_t value);
void wf_pack_f64(WfPack *pack, double value);
size_t wf_pack_end(WfPack *pack); /* the size */

/* Reading: beyond the end all is 0, and `bad` says so. */
typedef struct WfUnpack {
    const unsigned char *bytes;
    size_t left;
    bool bad;
} WfUnpack;

/* bad where the head, the length or the checksum is not as it should be. */
WfUnpack wf_unpack_begin(uint32_t version, const unsigned char *bytes, size_t size);
uint64_t wf_unpack_u64(WfUnpack *pack);
double wf_unpack_f64(WfUnpack *pack);
/* A count of things that take at least so many bytes each: bad where they cannot be there. */
uint64_t wf_unpack_count(WfUnpack *pack, size_t each);
bool wf_unpack_end(const WfUnpack *pack); /* all was read and nothing was bad */

#endif
