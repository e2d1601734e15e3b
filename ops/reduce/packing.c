/*
 * packing.c - the byte form of a state.
 */
#include "packing.h"

#include <string.h>

enum { HEAD_BYTES = 16, CHECK_BYTES = 8 };

static void put(unsigned char *bytes, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(value >> 8 * i);
}

static uint64_t get(const unsigned char *bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < 8; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

/* Of a multiple of eight bytes. Every step can be undone, so one damaged word is always noticed. */
static uint64_t checksum(const unsigned char *bytes, size_t size)
{
    uint64_t sum = size;

    for (size_t i = 0; i < size; i += 8) {
        sum = (sum ^ get(bytes + i)) * 0x9e3779b97f4a7c15;
        sum ^= sum >> 32;
    }
    return sum;
}

void wf_pack_u64(WfPack *pack, uint64_t value)
{
    if (pack->bytes)
        put(pack->bytes + pack->size, value);
    pack->size += 8;
}

void wf_pack_f64(WfPack *pack, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    wf_pack_u64(pack, bits);
}

WfPack wf_pack_begin(uint32_t version, unsigned char *bytes)
{
    WfPack pack = { .bytes = bytes };

    wf_pack_u64(&pack, version);
    wf_pack_u64(&pack, 0);
    return pack;
}

size_t wf_pack_end(WfPack *pack)
{
    size_t size = pack->size + CHECK_BYTES;

    if (pack->bytes) {
        put(pack->bytes + 8, size);
        put(pack->bytes + pack->size, checksum(pack->bytes, pack->size));
    }
    return size;
}

WfUnpack wf_unpack_begin(uint32_t version, const unsigned char *bytes, size_t size)
{
    if (size < HEAD_BYTES + CHECK_BYTES || size % 8 || get(bytes) != version ||
        get(bytes + 8) != size ||
        get(bytes + size - CHECK_BYTES) != checksum(bytes, size - CHECK_BYTES))
        return (WfUnpack) { .bad = true };
    return (WfUnpack) { .bytes = bytes + HEAD_BYTES, .left = size - HEAD_BYTES - CHECK_BYTES };
}

uint64_t wf_unpack_u64(WfUnpack *pack)
{
    uint64_t value;

    if (pack->left < 8) {
        pack->bad = true;
        return 0;
    }
    value = get(pack->bytes);
    pack->bytes += 8;
    pack->left -= 8;
    return value;
}

double wf_unpack_f64(WfUnpack *pack)
{
    uint64_t bits = wf_unpack_u64(pack);
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

uint64_t wf_unpack_count(WfUnpack *pack, size_t each)
{
    uint64_t count = wf_unpack_u64(pack);

    if (count > pack->left / each) {
        pack->bad = true;
        return 0;
    }
    return count;
}

bool wf_unpack_end(const WfUnpack *pack)
{
    return !pack->bad && pack->left == 0;
}
