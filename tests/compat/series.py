"""Statistics across rasters against numpy and SciPy, pixel by pixel.

series.py BUILD. The last line is "series: N passed, N failed". Invalid is NaN here.
"""
import functools, os
import numpy as np
from scipy import optimize, stats
from osgeo import gdal
from jobs import Jobs, differ

jobs = Jobs("series")
expect = jobs.expect
NAN = np.nan


def distinct(v, pick):
    values, counts = np.unique(v, return_counts=True)
    return {"mode": values[np.argmax(counts)], "minority": values[np.argmin(counts)], "variety": len(values)}[pick]


@functools.lru_cache(maxsize=None)
def fit(v, x):
    return stats.linregress(np.frombuffer(x), np.frombuffer(v))


def line(v, x, pick):
    if len(v) < 2 or np.ptp(x) == 0:
        return NAN
    return getattr(fit(v.tobytes(), x.tobytes()), {"r": "rvalue", "p": "pvalue"}.get(pick, pick))


def one(stat, v, x, places, ddof):
    """Of the valid values v of one pixel, at x, in the rasters numbered places from 1."""
    if stat == "count":
        return len(v)
    if stat == "variety" and len(v) == 0:
        return 0
    if len(v) == 0:
        return NAN
    if stat in ("sum", "mean", "min", "max", "median"):
        return getattr(np, stat)(v)
    if stat in ("std", "var"):
        return getattr(np, stat)(v, ddof=ddof) if len(v) > ddof else NAN
    if stat == "range":
        return v.max() - v.min()
    if stat in ("mode", "minority", "variety"):
        return distinct(v, stat)
    if stat in ("first", "last"):
        return v[0 if stat == "first" else -1]
    if stat in ("argmin", "argmax"):
        return places[getattr(np, stat)(v)]
    if stat == "mad":
        return np.median(abs(v - np.median(v)))
    if stat in ("slope", "intercept", "r", "p"):
        return line(v, x, stat)
    return np.percentile(v, float(stat[1:]))


def series(cube, stat, x=None, ddof=0):
    n = len(cube)
    x = np.arange(1.0, n + 1) if x is None else np.asarray(x, float)
    if stat == "pixels":
        return np.full(cube.shape[1:], float(n))
    out = np.empty(cube.shape[1:])
    for at in np.ndindex(out.shape):
        v = cube[(slice(None),) + at].astype(float)
        ok = ~np.isnan(v)
        out[at] = one(stat, v[ok], x[ok], np.arange(1, n + 1)[ok], ddof)
    return out


EXACT = ("count", "pixels", "min", "max", "mode", "minority", "variety", "first", "last", "argmin", "argmax")
STATS = EXACT + ("sum", "mean", "range", "std", "var", "median", "mad", "p0", "p2.5", "p10", "p50", "p90", "p100",
                 "slope", "intercept", "r", "p")


def compare(name, cube, opened, kind, names=STATS, options="", **more):
    """All statistics of a cube that the Lua expression `opened` makes, saved in f64 and together."""
    saves = ", ".join(f'{{s["{s}"], arg[1] .. "/{s}.tif", {{type = "f64"}}}}' for s in names)
    listed = ", ".join(f'"{s}"' for s in names)
    jobs.run(f"local s = weft.series({opened}, {{{listed}}}{options})\nweft.save_all{{{saves}}}", jobs.tmp)
    for stat in names:
        want = series(cube, stat, **more)
        path = jobs.path(stat + ".tif")
        if not os.path.exists(path):
            expect(f"{name} {stat}", False, "no file")
            continue
        got = jobs.read(path)
        os.remove(path)
        if stat in EXACT:
            tolerance = 0
        elif kind == "f64":
            tolerance = 1e-12
        else:
            tolerance = 2e-7  # results are f32, computed in f64
        bad = differ(got, want, tolerance * (abs(want) + 0.01 * np.nanmax(abs(want), initial=0)))
        expect(f"{name} {stat}", bad is None, bad)


def grown(rng, n, shape, holes):
    cube = rng.normal(100, 10, (n,) + shape)
    cube[rng.random(cube.shape) < holes] = NAN
    return cube


def cubes():
    rng = np.random.default_rng(6)
    for n, holes in ((2, 0.3), (7, 0.5), (30, 0.1), (64, 0.3)):
        yield f"f64 x{n}", grown(rng, n, (7, 9), holes), "f64", None
    for n, holes in ((5, 0.3), (30, 0.2)):
        cube = np.round(grown(rng, n, (8, 8), 0) / 10)
        cube[rng.random(cube.shape) < holes] = NAN
        yield f"u16 x{n}", cube, "u16", 0
    yield "f32 x9", grown(rng, 9, (6, 6), 0.4).astype(np.float32), "f32", NAN
    yield "u8 x6, all valid", np.round(grown(rng, 6, (6, 6), 0) / 8), "u8", None
    many = np.round(grown(rng, 80, (5, 20), 0.2))
    yield "u16 x80", many, "u16", 0
    yield "f64 x70", grown(rng, 70, (5, 20), 0.2), "f64", None
    empty = grown(rng, 4, (4, 4), 0.2)
    empty[:, 1:3] = NAN
    yield "f64 x4, mostly invalid", empty, "f64", None


def made():
    for name, cube, kind, nodata in cubes():
        for i, layer in enumerate(cube):
            jobs.write(f"in{i:03d}.tif", layer, kind, nodata if nodata is not None else (NAN if kind[0] == "f" else None))
        opened = "weft.glob(arg[1] .. '/in*.tif')"
        compare(name, cube.astype(np.float32) if kind == "f32" else cube, opened, kind)
        compare(name + " ddof 1", cube.astype(np.float32) if kind == "f32" else cube, opened, kind, ("std", "var"),
                ", {ddof = 1}", ddof=1)
        for i in range(len(cube)):
            os.remove(jobs.path(f"in{i:03d}.tif"))


def real():
    path, clouds = (os.path.join(jobs.data, f"{k}_series_2017.tif") for k in ("ndvi", "cloud"))
    if not os.path.exists(path):
        print("series: no", path)
        return
    cube = gdal.Open(path).ReadAsArray().astype(float)
    cube[gdal.Open(clouds).ReadAsArray() == 1] = NAN
    opened = f'weft.open("{path}"):mask(weft.open("{clouds}"):eq(0))'
    compare("ndvi", cube, opened, "f32")
    x = np.linspace(0, 3, len(cube)) ** 2
    compare("ndvi over x", cube, opened, "f32", ("slope", "intercept", "r", "p"),
            ", {x = {" + ", ".join(map(repr, map(float, x))) + "}}", x=x)


def vectors():
    rng = np.random.default_rng(7)
    cube = np.cumsum(rng.normal(3, 1, (7, 3, 6, 11)), 1)
    cube[rng.random(cube.shape) < 0.1] = NAN
    cube[:, 1, 2:4, 5] = NAN
    for i, raster in enumerate(cube):
        for b, layer in enumerate(raster):
            jobs.write(f"v{i}{b}.tif", layer, "f64", NAN)
    script = ["local list = {}", "for i = 0, 6 do list[i + 1] = weft.stack(weft.glob(arg[1] .. '/v' .. i .. '*.tif')) end"]
    script += [f'weft.series(list, "{s}"):save(arg[1] .. "/{s}.tif")' for s in ("medoid", "geomedian")]
    jobs.run("\n".join(script), jobs.tmp)
    medoid, geomedian = (gdal.Open(jobs.path(s + ".tif")).ReadAsArray() for s in ("medoid", "geomedian"))
    wrong, far = 0, 0
    for r, c in np.ndindex(cube.shape[2:]):
        v = cube[:, :, r, c]
        v = v[~np.isnan(v).any(1)]
        if len(v) == 0:
            wrong += not (np.isnan(medoid[:, r, c]).all() and np.isnan(geomedian[:, r, c]).all())
            continue
        sums = np.linalg.norm(v[:, None] - v[None], axis=2).sum(1)
        wrong += not np.array_equal(v[sums.argmin()], medoid[:, r, c])
        total = lambda y: np.linalg.norm(v - y, axis=1).sum()
        best = min(optimize.minimize(total, v.mean(0), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}).fun, sums.min())
        far = max(far, total(geomedian[:, r, c]) - best * (1 + 1e-6) - 1e-6)
    expect("medoid", wrong == 0, f"{wrong} differ")
    expect("geomedian", far <= 0, f"farther by {far:.3g}")


def weiszfeld(v):
    at = v.mean(0)
    for _ in range(1000):
        far = np.linalg.norm(v - at, axis=1)
        if (far == 0).any():
            return at  # random vectors: only where there is just one
        before, at = at, (v / far[:, None]).sum(0) / (1 / far).sum()
        if np.linalg.norm(at - before) <= 1e-7 * np.linalg.norm(at):
            break
    return at


def bands(kind):
    """Some bands of both, in another order, and one through a window."""
    rng = np.random.default_rng(11)
    cube = np.cumsum(rng.normal(3, 1, (9, 6, 40, 70)), 1).astype(kind)
    cube[rng.random(cube.shape) < 0.02] = NAN
    for i, raster in enumerate(cube):
        for b, layer in enumerate(raster):
            jobs.write(f"{kind}{i}{b}.tif", layer, {"f4": "f32", "f8": "f64"}[kind], NAN)
    jobs.run(f"""
local list = {{}}
for i = 0, 8 do list[i + 1] = weft.stack(weft.glob(arg[1] .. '/{kind}' .. i .. '?.tif')) end
local g, m = weft.series(list, "geomedian"), weft.series(list, "medoid")
local mean = g[2]:focal{{stat = "mean", size = 3}}
weft.save_all{{{{weft.stack{{g[5], g[1], mean}}, arg[1] .. "/g.tif"}}, {{weft.stack{{m[6], m[3]}}, arg[1] .. "/m.tif"}}}}
""", jobs.tmp)
    g, m = (gdal.Open(jobs.path(f)).ReadAsArray().astype(float) for f in ("g.tif", "m.tif"))
    middle, nearest = np.full(cube.shape[1:], NAN), np.full(cube.shape[1:], NAN)
    for r, c in np.ndindex(cube.shape[2:]):
        v = cube[:, :, r, c].astype(float)
        v = v[~np.isnan(v).any(1)]
        if len(v):
            middle[:, r, c] = weiszfeld(v)
            nearest[:, r, c] = v[np.linalg.norm(v[:, None] - v[None], axis=2).sum(1).argmin()]
    near = lambda a, b: bool(np.allclose(a, b, 2e-6, 1e-6, equal_nan=True))
    expect(f"bands of a geomedian, {kind}", near(g[0], middle[4]) and near(g[1], middle[0]), "differ")
    inner = sum(middle[1, 1 + y:39 + y, 1 + x:69 + x] for y in (-1, 0, 1) for x in (-1, 0, 1)) / 9
    there = ~np.isnan(inner)
    expect(f"a window of a band, {kind}", near(g[2][1:39, 1:69][there], inner[there]), "differ")
    expect(f"bands of a medoid, {kind}", np.array_equal(m, nearest[[5, 2]], equal_nan=True), "differ")


jobs.all(made, real, vectors, lambda: bands("f4"), lambda: bands("f8"))
