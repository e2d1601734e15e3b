/*
 * random.h - numbers that follow from a seed.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdint.h>

typedef struct Random {
    uint64_t state;
} Random;

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t draw(Random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline int below(Random *r, int n)
{
    return (int)(draw(r) % (uint64_t)n);
}

#endif
