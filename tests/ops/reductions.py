#!/usr/bin/python3
"""Makes reductions.txt: pixels, and statistics of them by exact rational arithmetic and by numpy.

Of rasters one pixel wide sums are exact, and the one told is the last bit's.

A case is `case NAME WIDTH HEIGHT WIDE`, pixels as hexadecimal floats, and lines `OP [NUMBERS] : TABLE`;
check_reductions.c runs the operators on the pixels and compares. Sums, means and spreads come from
fractions, percentiles and histograms from numpy.
"""
import math, random, struct
from fractions import Fraction
import numpy as np

random.seed(4)
COLUMNS = "count pixels sum mean min max range var0 var1 std0 std1 first last argmin argmax".split()


def root(v):
    """The square root of a Fraction, to the last bit or so."""
    if v == 0:
        return 0.0
    shift = 2 * (200 - int(math.log2(v.numerator) - math.log2(v.denominator)) // 2)
    scaled = v * Fraction(2) ** shift
    return float(Fraction(math.isqrt(scaled.numerator // scaled.denominator)) / Fraction(2) ** (shift // 2))


def rounded(v):
    try:
        return float(v)
    except OverflowError:
        return math.inf


def summary(pixels):
    valid = [v for v in pixels if not math.isnan(v)]
    n = len(valid)
    if not n:
        return [0, len(pixels)] + [math.nan] * 13
    exact = [Fraction(v) for v in valid]
    mean = sum(exact) / n
    squares = sum((v - mean) ** 2 for v in exact)
    low, high = min(valid), max(valid)
    spread = [rounded(squares / n), rounded(squares / (n - 1)) if n > 1 else math.nan,
              root(squares / n), root(squares / (n - 1)) if n > 1 else math.nan]
    return [n, len(pixels), math.fsum(valid), float(mean), low, high, high - low, *spread, valid[0], valid[-1],
            pixels.index(low) + 1, pixels.index(high) + 1]


def text(v):
    if not math.isfinite(v):
        return str(float(v))
    return float(v).hex() if v != int(v) or abs(v) > 2 ** 52 else str(int(v))


def line(op, table):
    print(op, ":", *map(text, table))


def case(name, width, height, pixels, wide=True):
    if not wide:
        pixels = [struct.unpack("f", struct.pack("f", v))[0] for v in pixels]
    valid = np.array([v for v in pixels if not math.isnan(v)])
    print("case", name, width, height, int(wide))
    print(*map(text, pixels))
    line("summary", summary(pixels))
    if valid.size:
        for bins, low, high in ((10, valid.min(), valid.max()), (7, np.quantile(valid, 0.1), np.quantile(valid, 0.8))):
            counts, edges = np.histogram(valid, bins, (low, high))
            rows = [v for i in range(bins) for v in (edges[i], edges[i + 1], counts[i])]
            if low < high:
                rows += [math.nan, math.nan, (valid < low).sum(), math.nan, math.nan, (valid > high).sum()]
                line(f"histogram {bins} {float(low).hex()} {float(high).hex()}", rows)
        values, counts = np.unique(valid, return_counts=True)
        if len(values) < 100:
            line("classes", [x for v, c in zip(values, counts) for x in (v, c, math.nan)])
    ps = [0, 1.5, 25, 37.3, 50, 75, 90, 99.9, 100]
    line("ranks " + " ".join(map(str, ps)),
         np.percentile(valid, ps) if valid.size else [math.nan] * len(ps))


def noisy(n, make, invalid=0.1):
    return [math.nan if random.random() < invalid else make() for _ in range(n)]


case("far_from_zero", 75, 4, noisy(300, lambda: 1e8 + random.gauss(0, 1e-3)))
case("far_from_zero_valid", 64, 4, noisy(256, lambda: 1e8 + random.gauss(0, 1e-3), 0))
case("floats", 100, 3, noisy(300, lambda: random.gauss(300, 40)), wide=False)
case("integers", 130, 2, noisy(260, lambda: float(random.randint(-20, 20))), wide=False)
case("cancelling", 70, 3, noisy(210, lambda: random.choice((1e16, -1e16, 1.0, 1e-8, -1e16))))
case("any_size", 70, 3, noisy(210, lambda: random.choice((1, -1)) * 10 ** random.uniform(-140, 140)))
case("alone_any_size", 1, 400, noisy(400, lambda: random.choice((1, -1)) * 10 ** random.uniform(-320, 300)))
case("alone_cancelling", 1, 300, noisy(300, lambda: random.choice((1e16, -1e16, 1.0, 1e-8, -1e16, 3e-300))))
case("huge", 70, 2, noisy(140, lambda: random.uniform(-1e153, 1e153)))
case("tiny", 70, 2, noisy(140, lambda: random.uniform(0, 1e-150)))
case("near_each_other", 66, 2, noisy(132, lambda: 1 + random.randint(0, 8) * 2.0 ** -52))
case("outlier_first", 66, 2, [1e12] + noisy(131, lambda: random.uniform(0, 1e-3)))
case("constant", 66, 2, noisy(132, lambda: 0.1))
case("one", 3, 1, [math.nan, 42.5, math.nan])
case("none", 3, 2, [math.nan] * 6)
