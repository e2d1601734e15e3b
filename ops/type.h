/*
 * type.h - the ends of integer types as pixels, for cast and collide.
 *
 * A type reaches a kernel as a number that is constant once the kernel is inlined, so that these
 * chains fold. Where the pixel cannot hold the end, the nearest pixel inside stands for it.
 */
#ifndef WEFT_TYPE_H
#define WEFT_TYPE_H

#include "rounding.h"

/* 2^bits - 1, or the last pixel below 2^bits where that has more bits than the mantissa. */
FOLDS px ones(int bits)
{
    int lost = bits > PX_MANTISSA ? bits - PX_MANTISSA : 0;

    return px_two_to((px)bits) - px_two_to((px)lost);
}

/* Bits of an integer type, without the sign; 0 for a float type. */
FOLDS int type_bits(px type)
{
    return type == WEFT_U8    ? 8
           : type == WEFT_I8  ? 7
           : type == WEFT_U16 ? 16
           : type == WEFT_I16 ? 15
           : type == WEFT_U32 ? 32
           : type == WEFT_I32 ? 31
           : type == WEFT_U64 ? 64
           : type == WEFT_I64 ? 63
                              : type == WEFT_BOOL;
}
FOLDS int type_signed(px type)
{
    return type == WEFT_I8 || type == WEFT_I16 || type == WEFT_I32 || type == WEFT_I64;
}

FOLDS px type_high(px type)
{
    return ones(type_bits(type));
}
FOLDS px type_low(px type)
{
    return type_signed(type) ? -px_two_to((px)type_bits(type)) : 0;
}

#endif
