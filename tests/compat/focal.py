"""Neighbourhoods against SciPy's filters, and against windows gathered one by one in numpy.

focal.py BUILD. The last line is "focal: N passed, N failed". The rules for cells outside and for invalid cells are
those of docs/neighbourhoods.md; invalid is NaN here.
"""
import numpy as np
from scipy import ndimage
from jobs import Jobs, differ

jobs = Jobs("focal")
expect = jobs.expect
NAN = np.nan
MODES = ("reflect", "nearest", "mirror", "constant", "wrap")

# ------------------------------------------------------------------------------- windows in numpy


def beyond(i, n, edges):
    """Index inside for an index anywhere; -1: none."""
    if 0 <= i < n:
        return i
    if edges == "nearest":
        return min(max(i, 0), n - 1)
    if edges == "reflect":
        i %= 2 * n
        return i if i < n else 2 * n - 1 - i
    if edges == "mirror":
        i = i % (2 * n - 2) if n > 1 else 0
        return i if i < n else 2 * n - 2 - i
    if edges == "wrap":
        return i % n
    return -1


def gather(x, height, width, edges, constant):
    """All cells of all windows and whether they are part of it: two arrays (cells of a window, rows, columns)."""
    h, w = x.shape
    cells, member = [], []
    for dr in range(-(height // 2), height // 2 + 1):
        rows = np.array([beyond(r + dr, h, edges) for r in range(h)])
        for dc in range(-(width // 2), width // 2 + 1):
            cols = np.array([beyond(c + dc, w, edges) for c in range(w)])
            outside = (rows < 0)[:, None] | (cols < 0)[None]
            v = x[np.maximum(rows, 0)][:, np.maximum(cols, 0)]
            cells.append(np.where(outside, constant if edges == "constant" else NAN, v))
            member.append(~outside if edges == "shrink" else np.ones_like(outside))
    return np.array(cells), np.array(member)


def distinct(v, pick):
    """mode, minority, variety of a list of valid values."""
    values, counts = np.unique(v, return_counts=True)
    return {"mode": lambda: values[np.argmax(counts)], "minority": lambda: values[np.argmin(counts)], "variety": lambda: len(values)}[pick]()


ONE = {"median": np.median, "first": lambda v: v[0], "last": lambda v: v[-1], "range": np.ptp, "count": len}


def statistic(stat, v, weights, ddof):
    """Of the valid values of one window, in order."""
    if stat == "convolve" or stat == "sum":
        return np.sum(v * weights)
    if stat == "mean":
        return np.sum(v * weights) / np.sum(weights) if np.sum(weights) else NAN
    if stat in ("min", "max"):
        return getattr(np, stat)(v)
    if stat in ("std", "var"):
        return getattr(np, stat)(v, ddof=ddof) if len(v) > ddof else NAN
    if stat.startswith("p"):
        return np.percentile(v, float(stat[1:]))
    return ONE[stat](v) if stat in ONE else distinct(v, stat)


def focal(x, stat, weights, edges="shrink", constant=0.0, invalid="center", min_valid=1, ddof=0):
    weights = np.asarray(weights, float)
    cells, member = gather(x, *weights.shape, edges, constant)
    flat = weights.ravel()
    middle = len(flat) // 2
    member &= (flat != 0)[:, None, None]
    out = np.full(x.shape, NAN)
    for r in range(x.shape[0]):
        for c in range(x.shape[1]):
            v, m = cells[:, r, c], member[:, r, c]
            centre = v[middle]
            if invalid == "fill_center":
                v = np.where(np.isnan(v), centre, v)
            valid = m & ~np.isnan(v)
            if invalid == "propagate" and (m & np.isnan(v)).any():
                continue
            if invalid in ("center", "fill_center") and np.isnan(centre):
                continue
            if valid.sum() < max(1, min_valid):
                continue
            if stat in ("argmin", "argmax"):  # cells outside and invalid ones keep their numbers
                out[r, c] = np.cumsum(flat != 0)[valid][getattr(np, stat)(v[valid])]
            else:
                out[r, c] = m.sum() if stat == "pixels" else statistic(stat, v[valid], flat[valid], ddof)
    return out


def near(got, want, bound=1e-9):
    return differ(got, want, bound * (1 + np.abs(want)))


def check(title, got, want, bound=1e-9):
    why = near(got, want, bound)
    expect(title, why is None, why)


def batch(title, path, jobs_of, bound=1e-9):
    """jobs_of: expression -> what it must give; all in one run."""
    for (call, want), got in zip(jobs_of.items(), jobs.compute([path], list(jobs_of))):
        check(f"{title}: {call}", got, want, bound)


# ------------------------------------------------------------------------------- SciPy

RNG = np.random.default_rng(11)
SMOOTH = RNG.normal(0, 10, (23, 31))


SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)  # in one go: edges of its two passes would differ


def scipy_options(mode):
    return f'edges = "{mode}"' + (", constant = 2.5" if mode == "constant" else "")


def filters():
    path = jobs.write("smooth.tif", SMOOTH)
    wanted = {}
    disc = np.hypot(*np.mgrid[-2:3, -2:3]) <= 2
    kernel = [[1, 2, -3], [4, 0, 6], [-1, 5, 2]]
    wide = [[1, 0, 2, -1, 1], [2, 4, -2, 3, 0], [0, 1, 1, 5, 2]]
    column = [[1], [2], [4], [2], [0.5]]

    def lua(rows):
        return "{" + ", ".join("{" + ", ".join(map(str, r)) + "}" for r in rows) + "}"
    for mode in MODES:
        o, s = scipy_options(mode), dict(mode=mode, cval=2.5)
        for n in (3, 5, 15):
            wanted[f'r:focal{{stat = "mean", size = {n}, {o}}}'] = ndimage.uniform_filter(SMOOTH, n, **s)
            wanted[f'r:focal{{stat = "min", size = {n}, {o}}}'] = ndimage.minimum_filter(SMOOTH, n, **s)
            wanted[f'r:focal{{stat = "max", size = {n}, {o}}}'] = ndimage.maximum_filter(SMOOTH, n, **s)
        wanted[f'r:focal{{stat = "mean", size = {{7, 3}}, {o}}}'] = ndimage.uniform_filter(SMOOTH, (3, 7), **s)
        for n in (3, 5, 7):
            wanted[f'r:focal{{stat = "median", size = {n}, {o}}}'] = ndimage.median_filter(SMOOTH, n, **s)
        for sigma, truncate in ((1, 4), (2.5, 4), (3, 2), (0.4, 4)):
            wanted[f"r:gaussian({sigma}, {{truncate = {truncate}, {o}}})"] = ndimage.gaussian_filter(SMOOTH, sigma, truncate=truncate, **s)
        for k in (kernel, wide, column):
            wanted[f"r:convolve({lua(k)}, {{{o}}})"] = ndimage.correlate(SMOOTH, np.array(k, float), **s)
            wanted[f"r:convolve({lua(k)}, {{flip = true, {o}}})"] = ndimage.convolve(SMOOTH, np.array(k, float), **s)
        wanted[f"r:laplace{{{o}}}"] = ndimage.laplace(SMOOTH, **s)
        wanted[f"r:sobel{{{o}}}"] = np.hypot(ndimage.correlate(SMOOTH, SOBEL, **s), ndimage.correlate(SMOOTH, SOBEL.T, **s))
        wanted[f"r:dilate(5, {{{o}}})"] = ndimage.maximum_filter(SMOOTH, 5, **s)
        wanted[f'r:dilate(5, {{shape = "circle", {o}}})'] = ndimage.maximum_filter(SMOOTH, footprint=disc, **s)
        wanted[f'r:erode(5, {{shape = "circle", {o}}})'] = ndimage.minimum_filter(SMOOTH, footprint=disc, **s)
        wanted[f'r:focal{{stat = "median", radius = 2, shape = "circle", {o}}}'] = ndimage.median_filter(SMOOTH, footprint=disc, **s)
        wanted[f'r:focal{{stat = "mean", size = 3, {o}}}:gaussian(1, {{{o}}})'] = ndimage.gaussian_filter(
            ndimage.uniform_filter(SMOOTH, 3, **s), 1, **s)
        wanted[f'((r:focal{{stat = "max", size = 5, {o}}} - r:focal{{stat = "min", size = 3, {o}}}) * 0.5):convolve({lua(kernel)}, {{{o}}})'] = (
            ndimage.correlate((ndimage.maximum_filter(SMOOTH, 5, **s) - ndimage.minimum_filter(SMOOTH, 3, **s)) * 0.5, np.array(kernel, float), **s))
    wanted["r:laplace()"] = ndimage.laplace(SMOOTH)
    wanted["r:sobel()"] = np.hypot(ndimage.sobel(SMOOTH, 0), ndimage.sobel(SMOOTH, 1))
    wanted["r:convolve({{0, 1, 0}, {1, 2, 1}, {0, 1, 0}})"] = ndimage.correlate(SMOOTH, np.array([[0, 1, 0], [1, 2, 1], [0, 1, 0]], float))
    wanted["r:gaussian(1.5)"] = ndimage.gaussian_filter(SMOOTH, 1.5, mode="constant") / ndimage.gaussian_filter(np.ones_like(SMOOTH), 1.5, mode="constant")
    batch("scipy", path, wanted)


def large_windows():
    """Windows larger than the raster, and rasters of one row, column or cell."""
    for h, w in ((1, 1), (1, 9), (8, 1), (2, 3), (5, 7)):
        x = RNG.normal(0, 5, (h, w))
        path = jobs.write(f"small_{h}_{w}.tif", x)
        wanted = {}
        for edges in ("shrink", "invalid", "nearest", "reflect", "mirror", "constant", "wrap"):
            o = f'edges = "{edges}"' + (", constant = -1.5" if edges == "constant" else "")
            for stat, n in (("mean", 3), ("mean", 15), ("max", 15), ("min", 3), ("median", 5), ("std", 9), ("sum", 7)):
                wanted[f'r:focal{{stat = "{stat}", size = {n}, {o}}}'] = focal(x, stat, np.ones((n, n)), edges, -1.5)
        wanted['r:neighbour(-2, 1, {edges = "wrap"})'] = gather(x, 3, 5, "wrap", 0)[0][10]
        wanted['(r * 2 + 1):neighbour(2, 0, {edges = "wrap"})'] = gather(2 * x + 1, 3, 5, "wrap", 0)[0][9]
        twice = focal(focal(x, "mean", np.ones((3, 3)), "wrap"), "max", np.ones((5, 5)), "wrap")
        wanted['r:focal{stat = "mean", size = 3, edges = "wrap"}:focal{stat = "max", size = 5, edges = "wrap"}'] = twice
        kept = focal(ndimage.gaussian_filter(x, 1.5, mode="reflect"), "mean", np.ones((3, 3)), "wrap")
        wanted['r:gaussian(1.5, {edges = "reflect"}):focal{stat = "mean", size = 3, edges = "wrap"}'] = kept
        wanted['r:neighbour(1, 0)'] = gather(x, 1, 3, "invalid", 0)[0][2]
        wanted['r:neighbour(-2, 1, {edges = "mirror"})'] = gather(x, 3, 5, "mirror", 0)[0][10]
        batch(f"{w} x {h}", path, wanted)
    n = 101
    path = jobs.write("smooth.tif", SMOOTH)
    batch("101 x 101", path, {f'r:focal{{stat = "mean", size = {n}, edges = "reflect"}}': ndimage.uniform_filter(SMOOTH, n),
                              f'r:focal{{stat = "max", size = {n}}}': np.full_like(SMOOTH, SMOOTH.max()),
                              f'r:focal{{stat = "mean", size = {n}}}': np.full_like(SMOOTH, SMOOTH.mean())})


# ------------------------------------------------------------------------------- statistics, edges, invalid cells


def gaps(h, w, share, classes=False):
    x = RNG.integers(0, 6, (h, w)).astype(float) if classes else np.round(RNG.normal(0, 20, (h, w)), 2)
    x[RNG.random((h, w)) < share] = NAN
    return x


STATS = ("count", "pixels", "sum", "mean", "min", "max", "range", "std", "var", "median", "first", "last", "p90", "p2.5",
         "mode", "minority", "variety", "argmin", "argmax")
ORDERED = ("median", "p90", "p12.5", "mode", "minority", "variety", "argmin", "argmax", "first", "last")
RULES = [(e, i) for e in ("invalid", "reflect", "constant", "shrink", "nearest", "mirror") for i in ("propagate", "skip", "center", "fill_center")]


def rules(edges, invalid):
    return f'edges = "{edges}", invalid = "{invalid}"' + (", constant = 3" if edges == "constant" else "")


def statistics():
    for classes in (False, True):
        x = gaps(14, 17, 0.15, classes)
        path = jobs.write("gaps.tif", x, "u8" if classes else "f64", 255 if classes else -9999)
        wanted = {}
        for stat in STATS:
            wanted[f'r:focal{{stat = "{stat}", size = 3}}'] = focal(x, stat, np.ones((3, 3)))
            for edges in ("invalid", "reflect", "constant", "shrink", "nearest", "mirror", "wrap"):
                for invalid in ("propagate", "skip", "center", "fill_center"):
                    o = f'edges = "{edges}", invalid = "{invalid}"' + (", constant = 3" if edges == "constant" else "")
                    if edges in ("invalid", "reflect", "constant", "wrap") or stat in ("mean", "max", "median"):
                        wanted[f'r:focal{{stat = "{stat}", size = 3, {o}}}'] = focal(x, stat, np.ones((3, 3)), edges, 3, invalid)
        batch("classes" if classes else "values", path, wanted, 1e-6 if classes else 1e-9)


def min_valid():
    x = gaps(12, 13, 0.5)
    path = jobs.write("half.tif", x, "f64", -9999)
    wanted = {}
    for invalid in ("skip", "center"):
        for k in (2, 5, 9):
            for stat in ("mean", "max", "count"):
                wanted[f'r:focal{{stat = "{stat}", size = 3, invalid = "{invalid}", min_valid = {k}}}'] = focal(
                    x, stat, np.ones((3, 3)), invalid=invalid, min_valid=k)
    for stat in ("std", "var"):
        wanted[f'r:focal{{stat = "{stat}", size = 3, ddof = 1}}'] = focal(x, stat, np.ones((3, 3)), ddof=1)
    batch("half of it invalid", path, wanted)


def windows():
    """Circles, annuli, kernels, oblong cells, large windows, with gaps."""
    x = gaps(20, 24, 0.1)
    path = jobs.write("shapes.tif", x, "f64", -9999, (0, 10, 0, 0, 0, -20), "EPSG:32633")
    row, col = np.mgrid[-9:10, -9:10]
    distance = np.hypot(row, col)

    def within(inner, outer, d=distance):
        reach = int(outer)
        return ((d >= inner) & (d <= outer))[9 - reach:10 + reach, 9 - reach:10 + reach].astype(float)
    metric = np.hypot(row * 20, col * 10)[8:11, 7:12] <= 25
    weights = [[0, 1.5, 0], [2, 4, 0.5], [0, 1, 0]]
    text = "{{0, 1.5, 0}, {2, 4, 0.5}, {0, 1, 0}}"
    wanted = {}
    for stat in ("mean", "max", "min", "sum", "std", "count", "pixels"):
        wanted[f'r:focal{{stat = "{stat}", radius = 3, shape = "circle"}}'] = focal(x, stat, within(0, 3))
        wanted[f'r:focal{{stat = "{stat}", radius = {{2, 4.5}}, shape = "annulus"}}'] = focal(x, stat, within(2, 4.5))
        wanted[f'r:focal{{stat = "{stat}", radius = 25, shape = "circle", units = "map"}}'] = focal(x, stat, metric)
        wanted[f'r:focal{{stat = "{stat}", radius = 2}}'] = focal(x, stat, np.ones((5, 5)))
        wanted[f'r:focal{{stat = "{stat}", radius = 21, units = "map"}}'] = focal(x, stat, np.ones((3, 5)))
        wanted[f'r:focal{{stat = "{stat}", size = {{9, 5}}}}'] = focal(x, stat, np.ones((5, 9)))
        if stat != "std":
            wanted[f'r:focal{{stat = "{stat}", kernel = {text}}}'] = focal(x, stat, weights)
            wanted[f'r:focal{{stat = "{stat}", size = 13, edges = "reflect", invalid = "skip"}}'] = focal(
                x, stat, np.ones((13, 13)), "reflect", invalid="skip")
    wanted['r:focal{stat = "std", size = 13, invalid = "skip"}'] = focal(x, "std", np.ones((13, 13)), invalid="skip")
    wanted[f'r:convolve({text}, {{invalid = "skip"}})'] = focal(x, "convolve", weights, "reflect", invalid="skip")
    wanted[f"r:convolve({text})"] = focal(x, "convolve", weights, "reflect", invalid="propagate")
    bell = np.exp(-0.5 * (np.arange(-4, 5) / 1.0) ** 2)
    bell /= bell.sum()
    wanted["r:gaussian(1)"] = focal(x, "mean", np.outer(bell, bell))
    wanted['r:gaussian(1, {invalid = "skip"})'] = focal(x, "mean", np.outer(bell, bell), invalid="skip")
    batch("windows", path, wanted)


def footprint(inner, outer):
    reach = int(outer)
    d = np.hypot(*np.mgrid[-reach:reach + 1, -reach:reach + 1])
    return ((d >= inner) & (d <= outer)).astype(float)


def large_ordered():
    """Statistics in order of size over windows that no network sorts: all rules, shapes, types."""
    shapes = {"size = 9": np.ones((9, 9)), 'radius = 5, shape = "circle"': footprint(0, 5),
              'radius = {3, 5.5}, shape = "annulus"': footprint(3, 5.5), "size = {13, 5}": np.ones((5, 13))}
    for kind, classes in (("f32", False), ("f64", False), ("u8", True)):
        x = gaps(13, 16, 0.15, classes).astype(np.float32).astype(float)
        path = jobs.write("ordered.tif", x, kind, 255 if classes else -9999)
        wanted = {}
        for at, (edges, invalid) in enumerate(RULES):
            shape = list(shapes)[(at + at // 4) % 4]
            for stat in ORDERED:
                wanted[f'r:focal{{stat = "{stat}", {shape}, {rules(edges, invalid)}}}'] = focal(x, stat, shapes[shape], edges, 3, invalid)
        for stat in ORDERED:
            for shape, cells in shapes.items():
                wanted[f'r:focal{{stat = "{stat}", {shape}}}'] = focal(x, stat, cells)
            wanted[f'r:focal{{stat = "{stat}", size = 9, invalid = "skip", min_valid = 50}}'] = focal(x, stat, np.ones((9, 9)), invalid="skip", min_valid=50)
        batch(f"ordered, {kind}", path, wanted, 1e-9 if kind == "f64" else 1e-6)


def large_scipy():
    """15 x 15 and 31 x 31, circles and annuli, beside SciPy's rank filters; several tiles and turns."""
    x = RNG.normal(0, 10, (150, 170)).astype(np.float32).astype(float)
    path = jobs.write("ranks.tif", x, "f32")
    disc, ring = footprint(0, 9) > 0, footprint(6, 10) > 0
    wanted = {}
    for mode in ("reflect", "mirror", "nearest", "constant"):
        o, s = scipy_options(mode), dict(mode=mode, cval=2.5)
        for n in (15, 31):
            wanted[f'r:focal{{stat = "median", size = {n}, {o}}}'] = ndimage.median_filter(x, n, **s)
        wanted[f'r:focal{{stat = "median", radius = 9, shape = "circle", {o}}}'] = ndimage.median_filter(x, footprint=disc, **s)
        wanted[f'r:focal{{stat = "p0", radius = {{6, 10}}, shape = "annulus", {o}}}'] = ndimage.minimum_filter(x, footprint=ring, **s)
        wanted[f'r:focal{{stat = "p25", size = 17, {o}}}'] = ndimage.percentile_filter(x, 25, 17, **s)  # 288 / 4: a rank
    wanted['r:focal{stat = "variety", size = 31, edges = "reflect"}'] = ndimage.generic_filter(x, lambda v: len(np.unique(v)), 31)
    jobs_of = f'r:focal{{stat = "median", size = 15, edges = "reflect"}}:focal{{stat = "argmax", size = 11, edges = "reflect"}}'
    wanted[jobs_of] = ndimage.generic_filter(ndimage.median_filter(x, 15), lambda v: np.argmax(v) + 1, 11)
    batch("ranks", path, wanted, 1e-6)


def large_on_small():
    """Windows larger than the raster: one cell, one row, one column."""
    for h, w in ((1, 1), (1, 9), (8, 1), (5, 7)):
        x = gaps(h, w, 0.2)
        path = jobs.write(f"tiny_{h}_{w}.tif", x, "f64", -9999)
        wanted = {}
        for stat in ORDERED:
            for edges, invalid in (("shrink", "center"), ("reflect", "skip"), ("mirror", "fill_center"), ("shrink", "fill_center")):
                wanted[f'r:focal{{stat = "{stat}", size = 15, {rules(edges, invalid)}}}'] = focal(x, stat, np.ones((15, 15)), edges, 3, invalid)
        batch(f"large windows on {w} x {h}", path, wanted)


def derived():
    """1 2 null 4 5: the row of the rules."""
    x = np.array([[1, 2, NAN, 4, 5]])
    path = jobs.write("row.tif", x, "f64", -9999)
    n = NAN
    batch("1 2 null 4 5", path, {
        'r:focal{stat = "mean", size = {3, 1}, invalid = "skip"}': np.array([[1.5, 1.5, 3, 4.5, 4.5]]),
        'r:focal{stat = "mean", size = {3, 1}, invalid = "center"}': np.array([[1.5, 1.5, n, 4.5, 4.5]]),
        'r:focal{stat = "mean", size = {3, 1}}': np.array([[1.5, 1.5, n, 4.5, 4.5]]),
        'r:focal{stat = "mean", size = {3, 1}, invalid = "propagate"}': np.array([[1.5, n, n, n, 4.5]]),
        'r:focal{stat = "mean", size = 3, invalid = "skip"}': np.array([[1.5, 1.5, 3, 4.5, 4.5]]),
    })


def stored():
    """Edges of integer files with and without nodata, f32, and values far from zero."""
    for kind, nodata in (("u8", None), ("u8", 7), ("i16", -5), ("u16", None), ("i32", None), ("f32", None)):
        x = RNG.integers(0, 200, (11, 13)).astype(float)
        if nodata is not None:
            x[RNG.random(x.shape) < 0.1] = NAN
            x[x == nodata] = NAN
        path = jobs.write("stored.tif", x, kind, nodata)
        wanted = {}
        for edges in ("invalid", "constant", "shrink", "mirror", "wrap"):
            o = f'edges = "{edges}"' + (", constant = 1000" if edges == "constant" else "")
            for stat in ("mean", "max", "sum"):
                wanted[f'r:focal{{stat = "{stat}", size = 3, {o}}}'] = focal(x, stat, np.ones((3, 3)), edges, 1000)
        wanted['r:neighbour(1, -1)'] = gather(x, 3, 3, "invalid", 0)[0][2]
        wanted['weft.calc("A[0, 1] - A[-1, 0]", {A = r})'] = gather(x, 3, 3, "invalid", 0)[0][7] - gather(x, 3, 3, "invalid", 0)[0][3]
        wanted['weft.calc("(A * 2 + 1)[0, 1]", {A = r})'] = 2 * gather(x, 3, 3, "invalid", 0)[0][7] + 1
        batch(f"{kind}, nodata {nodata}", path, wanted, 1e-6)
    far = 1e6 + RNG.normal(0, 1e-2, (20, 20))
    path = jobs.write("far.tif", far)
    batch("far from zero", path, {'r:focal{stat = "std", size = 5}': focal(far, "std", np.ones((5, 5)))}, 1e-8)
    batch("far from zero", path, {'r:focal{stat = "mean", size = 31}': focal(far, "mean", np.ones((31, 31)))}, 1e-12)


def bands():
    p = jobs.run('local r = weft.open(arg[1])\nlocal s = weft.stack({r, r * 2}, {names = {"a", "b"}})\n'
                 'local m = s:focal{stat = "max", size = 3}\nlocal l = s:focal{stat = {"min", "max"}, size = 3}\n'
                 'print(#m, m.names[2], #l, table.concat(l.names, " "))\n'
                 'print(m[2]:at(3, 3) == 2 * m[1]:at(3, 3), l.b_max:at(2, 2) == m.b:at(2, 2))', jobs.write("smooth.tif", SMOOTH))
    expect("bands", p.stdout.split("\n")[:2] == ["2\tb\t4\ta_min b_min a_max b_max", "true\ttrue"], p.stdout)


jobs.all(filters, large_windows, large_ordered, large_scipy, large_on_small, statistics, min_valid, windows, derived, stored, bands)
