/*
 * random.c - uniform numbers that depend on nothing but seed, column, row and band.
 *
 * A source without a file: Philox 4x32-10, a keyed mixing of a counter, so that any pixel can be
 * had without those before it. The counter is (col, row, band - 1, 0), the key (seed, 0); the upper
 * 24 bits of the first word are the number.
 *
 * J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel Random Numbers: As Easy as 1, 2, 3,
 * SC11 (2011).
 */
#include "range.h"

enum { ROUNDS = 10 };

static uint32_t philox(uint32_t a, uint32_t b, uint32_t c, uint32_t key)
{
    uint32_t d = 0, second_key = 0;

    for (int round = 0; round < ROUNDS; round++) {
        uint64_t p = (uint64_t)0xD2511F53u * a, q = (uint64_t)0xCD9E8D57u * c;

        a = (uint32_t)(q >> 32) ^ b ^ key;
        b = (uint32_t)q;
        c = (uint32_t)(p >> 32) ^ d ^ second_key;
        d = (uint32_t)p;
        key += 0x9E3779B9u;
        second_key += 0xBB67AE85u;
    }
    return a;
}

KERNEL(random)(int64_t col, int64_t row, px seed, px band)
{
    uint32_t word =
        philox((uint32_t)col, (uint32_t)row, (uint32_t)(int32_t)band - 1, (uint32_t)(int32_t)seed);

    return (px)(int32_t)(word >> 8) * PX(0x1p-24);
}

RANGE(random)(const WeftRange *in, int count)
{
    return (WeftRange) { .lo = 0, .hi = 1 - 0x1p-24, .valid = true };
}

OP(random, .brief = "uniform random numbers in [0, 1)", .family = "coordinates",
   .help = "The same for a seed, column, row and band everywhere and always.", .shape = WEFT_INDEX,
   .source = "Philox 4x32-10; Salmon, Moraes, Dror, Shaw, Parallel Random Numbers: As Easy as 1, "
             "2, 3, SC11 (2011)",
   .gives = WEFT_GIVES_REAL, .range = range_random,
   .example = "random(seed=0) -> {0.39904642, 0.97224116, 0.019449413}",
   PARAMS({ .name = "seed",
            .help = "a whole number; each gives other numbers",
            .kind = WEFT_PARAM_INTEGER,
            .optional = true,
            .option = true,
            .high = 1 << 24 },
          { .name = "band",
            .help = "bands of one seed differ",
            .kind = WEFT_PARAM_INTEGER,
            .optional = true,
            .option = true,
            .fallback = 1,
            .low = 1,
            .high = 1 << 24 }));
