"""Numbers at the ends: infinities, and finite values whose difference is no double, against numpy.

ends.py BUILD. Infinite pixels are valid. Where numpy gives nan for what has a value (a percentile at an infinite
value, or between a finite and an infinite one; bins of a span that overflows) the value is the rule written here.
The last line is "ends: N passed, N failed".
"""
import math
import numpy as np
from jobs import Jobs

jobs = Jobs("ends")
expect = jobs.expect
INF, NAN = np.inf, np.nan
HUGE = {"f32": 3.2e38, "f64": 1.7e308}
PERCENTS = (0, 2, 25, 50, 60, 98, 100)


def near(a, b, bound):
    a, b = np.asarray(a, float), np.asarray(b, float)
    same = (np.isnan(a) & np.isnan(b)) | (a == b)
    size = np.maximum(np.abs(a), np.abs(b)) / 4
    return np.all(same | (np.abs(a / 4 - b / 4) <= bound * size))


def between(low, high, t):
    if t == 0 or low == high:
        return low
    step = high - low
    return low + step * t if math.isfinite(step) else low * (1 - t) + high * t


def percentile(values, p):
    v = np.sort(np.asarray(values, float)[~np.isnan(values)])
    if len(v) == 0:
        return NAN
    at = (len(v) - 1) * p / 100
    low = int(at)
    return between(v[low], v[min(low + 1, len(v) - 1)], at - low)


def total(v):
    """A sum as numpy has it, of finite values without an overflow on the way."""
    if not np.all(np.isfinite(v)):
        return np.sum(v)
    try:
        return math.fsum(v)
    except OverflowError:
        return math.copysign(INF, float(np.sum(v / 4)))


def mean(v):
    return total(v) / len(v) if np.isfinite(total(v)) or not np.all(np.isfinite(v)) else 4 * math.fsum(v / 4 / len(v))


def pictures(kind):
    """Rasters with what is hard, by name."""
    huge, rng = HUGE[kind], np.random.default_rng(7)
    plain = rng.normal(size=(40, 70)) * 10
    some = {"plain": plain, "huge": rng.uniform(-1, 1, (40, 70)) * huge, "two": np.where(plain > 0, huge, -huge)}
    for name, parts in ("above", (INF,)), ("below", (-INF,)), ("both", (INF, -INF)):
        x = plain.copy()
        for i, v in enumerate(parts):
            x[rng.random(x.shape) < 0.2] = v
        some[name] = x
    few = plain.copy()
    few[3, 5], few[20, 65] = INF, -INF
    some.update(few=few, infinite=np.where(plain > 0, INF, -INF), one=np.full((40, 70), INF),
                large=np.full((40, 70), 1e17), greatest=np.full((40, 70), float(np.finfo(kind.replace("f", "float")).max)))
    for x in some.values():
        x[rng.random(x.shape) < 0.1] = NAN
    return {name: x.astype(np.float32).astype(float) if kind == "f32" else x for name, x in some.items()}


SHOW = """
local function list(t, n)
    local parts = {}
    for i = 1, n do
        local v = t[i]
        parts[i] = (v == nil or v == weft.invalid) and "nan" or ("%.17g"):format(v)
    end
    print(table.concat(parts, " "))
end
"""


def numbers(script, *args):
    p = jobs.run(SHOW + script, *args)
    return [[float(v) for v in line.split()] for line in p.stdout.splitlines()] if p.returncode == 0 else None


def statistics(kind, name, x, path):
    names = ["count", "sum", "mean", "min", "max", "range", "std", "median", "p2", "p60"]
    got = numbers(f"""local r = weft.open(arg[1])
        local s, of = r:stats{{"{'", "'.join(names)}"}}, {{}}
        for i, name in ipairs{{"{'", "'.join(names)}"}} do of[i] = s[name] end
        list(of, {len(names)})
        list(r:percentile{{{', '.join(map(str, PERCENTS))}}}, {len(PERCENTS)})
        list(r:percentile{{{', '.join(map(str, PERCENTS))}, method = "midpoint"}}, {len(PERCENTS)})
        local z, t = weft.zonal(r, r:isvalid(), {{stats = {{"{'", "'.join(names)}"}}}})[1], {{}}
        for i, name in ipairs{{"{'", "'.join(names)}"}} do t[i] = z[name] end
        list(t, {len(names)})""", path)
    v = x[~np.isnan(x)]
    lo, hi = v.min(), v.max()
    finite = np.all(np.isfinite(v))
    spread = np.std(v / hi) * abs(hi) if finite and abs(hi) > 1e150 else np.std(v)
    want = [len(v), total(v), mean(v), lo, hi, hi - lo, spread, percentile(v, 50), percentile(v, 2), percentile(v, 60)]
    for what, row in ("stats", got[0]), ("zonal", got[3]):
        for i, stat in enumerate(names):
            if kind == "f64" and stat == "std" and name in ("huge", "two", "greatest"):
                continue  # squares leave the range of numpy's doubles
            expect(f"{what} {kind} {name} {stat}", near(row[i], want[i], 1e-12), f"{row[i]!r} for {want[i]!r}")
    for i, p in enumerate(PERCENTS):
        want = percentile(v, p)
        expect(f"percentile {kind} {name} {p}", near(got[1][i], want, 1e-14), f"{got[1][i]!r} for {want!r}")
    middle = [between(np.percentile(v, p, method="lower"), np.percentile(v, p, method="higher"), 0.5) for p in PERCENTS]
    expect(f"midpoint {kind} {name}", near(got[2], middle, 1e-14), f"{got[2]} for {middle}")


def bins(kind, name, x, path):
    got = numbers("""local h = weft.open(arg[1]):histogram{bins = 7}
        list(h.counts, 7) list(h.edges, 8) list({h.below, h.above}, 2)""", path)
    finite = x[np.isfinite(x)]
    outside = [np.sum(x == -INF), np.sum(x == INF)]
    expect(f"histogram {kind} {name} outside", got[2] == outside, f"{got[2]} for {outside}")
    expect(f"histogram {kind} {name} all", sum(got[0]) == len(finite), f"{got[0]} of {len(finite)}")
    if len(finite) == 0:
        expect(f"histogram {kind} {name} edges", np.all(np.isnan(got[1])), f"{got[1]}")
    elif np.ptp(finite) > 0:
        counts, edges = np.histogram(finite / 4, bins=7)
        expect(f"histogram {kind} {name} counts", got[0] == list(counts), f"{got[0]} for {counts}")
        expect(f"histogram {kind} {name} edges", near(got[1], edges * 4, 1e-14), f"{got[1]} for {edges * 4}")
    else:
        expect(f"histogram {kind} {name} point", got[1][0] <= finite[0] <= got[1][7] and np.all(np.isfinite(got[1])), f"{got[1]}")


def windows(kind, name, x, path):
    """Cells of 3 x 3 and of 9 x 9, which networks and functions on rows put in order."""
    for side in 3, 9:
        stats = ["median", "p30", "min", "max", "mean", "range"]
        got = jobs.compute([path], [f'r:focal{{stat = "{s}", size = {side}, invalid = "skip"}}' for s in stats])
        padded = np.pad(x, side // 2, constant_values=NAN)
        view = np.lib.stride_tricks.sliding_window_view(padded, (side, side)).reshape(x.shape + (side * side,))
        for s, image in zip(stats, got):
            for r, c in (0, 0), (3, 5), (17, 30), (20, 60), (39, 69), (8, 8), (25, 44):
                v = view[r, c][~np.isnan(view[r, c])]
                want = {"median": lambda: percentile(v, 50), "p30": lambda: percentile(v, 30), "min": lambda: v.min(),
                        "max": lambda: v.max(), "mean": lambda: mean(v), "range": lambda: v.max() - v.min()}[s]() if len(v) else NAN
                if s == "mean" and np.any(np.abs(v[np.isfinite(v)]) > HUGE[kind] / 100):
                    continue  # sums of windows are made in the type of the pixels
                want = np.float32(want) if kind == "f32" else want
                close = 1e-6 if kind == "f32" else 1e-12
                right = near(image[r, c], want, close) or abs(image[r, c] - want) < close * np.max(np.abs(v))
                expect(f"focal {kind} {name} {s} {side} at {c} {r}", right, f"{image[r, c]!r} for {want!r}")


def rasters(kind):
    some = pictures(kind)
    for name, x in some.items():
        path = jobs.write(f"{name}_{kind}.tif", x, kind)
        statistics(kind, name, x, path)
        bins(kind, name, x, path)
        windows(kind, name, x, path)
    across(kind, some)
    rescaled(kind)


def across(kind, some):
    """Few rasters, which networks put in order, and many."""
    paths = [jobs.path(f"{name}_{kind}.tif") for name in some]
    for times in 1, 9:
        stats = ["median", "p30", "min", "max"]
        of = "local all = {} for i = 1, %d do for k = 1, #arg - 1 do all[#all + 1] = arg[k] end end\n" % times
        saves = ", ".join(f'{{weft.series(all, "{s}"), arg[#arg] .. "/series_{s}.tif"}}' for s in stats)
        jobs.run(f"{of}weft.save_all{{{saves}}}", *paths, jobs.tmp)
        stack = np.concatenate([np.array(list(some.values()))] * times)
        for s in stats:
            image = jobs.read(jobs.path(f"series_{s}.tif"))
            for r, c in (0, 0), (3, 5), (17, 30), (39, 69), (20, 65), (11, 13):
                v = stack[:, r, c][~np.isnan(stack[:, r, c])]
                p = {"median": 50, "p30": 30, "min": 0, "max": 100}[s]
                want = np.float32(percentile(v, p)) if kind == "f32" else percentile(v, p)
                expect(f"series {kind} {s} of {len(stack)} at {c} {r}", near(image[r, c], want, 1e-6 if kind == "f32" else 1e-14),
                       f"{image[r, c]!r} for {want!r}")


def rescaled(kind):
    """The ends of a type become 0 and 1, whatever lies between them, and 0 and 1 become the ends."""
    huge = HUGE[kind]
    x = np.array([[-huge, -huge / 2, 0, huge / 4, huge, INF, -INF, NAN]])
    path = jobs.write("ends.tif", x, kind)
    got = jobs.compute([path], [f"r:rescale({-huge!r}, {huge!r}, 0, 1)", f"(r * 0 + 0.75):rescale(0, 1, {-huge!r}, {huge!r})",
                                "r:fill(0):mask(r:lt(math.huge) & r:gt(-math.huge)):rescale(r:mask(r:lt(math.huge)):scalar('p25'), "
                                "r:mask(r:lt(math.huge)):scalar('max'), 0, 1)"])
    bound = 1e-6 if kind == "f32" else 1e-14
    want = [[0, 0.25, 0.5, 0.625, 1, INF, -INF, NAN]]
    expect(f"rescale {kind} wide", near(got[0], want, bound), f"{got[0]} for {want}")
    expect(f"rescale {kind} to wide", near(got[1][0, :5], [huge / 2] * 5, bound), f"{got[1]}")
    expect(f"rescale {kind} by scalars", near(got[2][0, 4], 1, bound) and np.all(np.isfinite(got[2][0, :5])), f"{got[2]}")


def narrow():
    rasters("f32")


def wide():
    rasters("f64")


jobs.all(narrow, wide)
