"""Statistics of rasters and zones against numpy: statistics.py BUILD.

Counts, extremes and percentiles must be exact, means and deviations within 1e-12 of sums without rounding
(math.fsum). Every number is printed by weft in full, so that runs by other tiles, threads and engines can be
compared to the bit. The last line is "statistics: N passed, N failed".
"""
import csv, json, math, os, subprocess
import numpy as np
from osgeo import gdal, ogr, osr
from jobs import Jobs

jobs = Jobs("statistics")
expect = jobs.expect
SHOW = """
local function show(v)
    if type(v) == "table" then
        local parts = {}
        for k, w in pairs(v) do
            parts[#parts + 1] = ("%q: %s"):format(tostring(k), show(w))
        end
        table.sort(parts)
        return "{" .. table.concat(parts, ", ") .. "}"
    end
    if v == nil or v == weft.invalid then return "null" end
    return math.type(v) == "integer" and tostring(v) or ("\\"%a\\""):format(v)
end
""".replace("local function show", "local show\nfunction show", 1)
RUNS = [(), ("--threads", "1", "--tile", "64"), ("--threads", "2", "--tile", "192"),
        ("--machine", "numa:2 core:2 pu:1", "--tile", "128"), ("--engine", "reference")]


def plain(v):
    if isinstance(v, dict):
        return {k: plain(w) for k, w in v.items()}
    return float.fromhex(v) if isinstance(v, str) else v


def results(name, script, *args, runs=RUNS):
    """What the script gives to show(), the same by every run."""
    with open(jobs.path("job.lua"), "w") as f:
        f.write(SHOW + script)
    texts = []
    for options in runs:
        p = subprocess.run([jobs.weft, "run", "--quiet", *options, jobs.path("job.lua"), *args], capture_output=True, text=True)
        texts.append(p.stdout if p.returncode == 0 else p.stderr)
    for options, text in zip(runs[1:], texts[1:]):
        expect(f"{name} {' '.join(options)}", text == texts[0], f"{text[:300]!r} for {texts[0][:300]!r}")
    try:
        return plain(json.loads(texts[0]))
    except ValueError:
        expect(name, False, texts[0][:400])
        return None


def near(a, b, bound=1e-12):
    if a is None or b is None or (isinstance(b, float) and math.isnan(b)):
        return a is None and (b is None or math.isnan(b))
    return a == b or abs(a - b) <= bound * max(abs(a), abs(b))


def wanted(values, weights=None):
    """All statistics of the values in row-major order, NaN where invalid."""
    flat = values.ravel()
    at = np.flatnonzero(~np.isnan(flat))
    v = flat[at]
    if len(v) == 0:
        return {"count": 0, "pixels": len(flat)}
    mean = math.fsum(v) / len(v)
    near_mean = v - np.round(mean)  # exact for what is summed here
    var = math.fsum(near_mean ** 2) / len(v) - (math.fsum(near_mean) / len(v)) ** 2
    kinds, counts = np.unique(v, return_counts=True)
    return {"count": len(v), "pixels": len(flat), "sum": math.fsum(v), "mean": mean, "min": v.min(), "max": v.max(),
            "range": v.max() - v.min(), "var": var, "std": math.sqrt(var), "first": v[0], "last": v[-1],
            "argmin": int(at[np.argmin(v)]) + 1, "argmax": int(at[np.argmax(v)]) + 1, "median": np.median(v),
            "p2.5": np.percentile(v, 2.5), "p90": np.percentile(v, 90), "mode": kinds[np.argmax(counts)],
            "minority": kinds[np.argmin(counts)], "variety": len(kinds)}


NAMES = list(wanted(np.zeros(1)))
LIST = "{" + ", ".join(f'"{n}"' for n in NAMES) + "}"
ROUNDED = {"sum": 1e-12, "mean": 1e-12, "var": 2e-12, "std": 1e-12, "median": 1e-15, "p2.5": 1e-15, "p90": 1e-15}


def compare(name, got, want):
    for stat in NAMES:
        expect(f"{name} {stat}", near(got.get(stat), want.get(stat), ROUNDED.get(stat, 0)),
               f"{got.get(stat)!r} for {want.get(stat)!r}")


def pixels(path):
    ds = gdal.Open(path)
    bands = [ds.GetRasterBand(i + 1) for i in range(ds.RasterCount)]
    return [np.where(b.GetMaskBand().ReadAsArray() == 0, np.nan, b.ReadAsArray().astype(np.float64)) for b in bands]


def real(file):
    path = os.path.join(jobs.data, file)
    return path if os.path.exists(path) else None


# ------------------------------------------------------------------------------- rasters


def scenes():
    path = real("landsat7_olinda.tif")
    if not path:
        print("skipped: no landsat7_olinda.tif")
        return
    got = results("landsat", f"local s = weft.open(arg[1]):stats({LIST}) print(show(s))", path)
    for b, band in enumerate(pixels(path)):
        compare(f"landsat band {b + 1}", got[str(b + 1)], wanted(band))


def heights():
    path = real("dem_mthood_utm.tif")
    if not path:
        print("skipped: no dem_mthood_utm.tif")
        return
    x = pixels(path)[0]
    got = results("dem", f"local r = weft.open(arg[1]) print(show{{s = r:stats({LIST}), v = r:stats({{'var', 'std'}}, {{ddof = 1}})}})", path)
    compare("dem", got["s"], wanted(x))
    v = x[~np.isnan(x)]
    expect("dem ddof", near(got["v"]["std"], np.std(v, ddof=1)) and near(got["v"]["var"], np.var(v, ddof=1), 2e-12))
    slope = results("slope", f"local r = weft.open(arg[1]):slope() r:save(arg[2]) print(show(r:stats({LIST})))", path, jobs.path("slope.tif"))
    compare("slope", slope, wanted(jobs.read(jobs.path("slope.tif"))))


def far_from_zero():
    """What a sum of squares would lose: a small spread about a large mean, in f32 and f64."""
    rng = np.random.default_rng(4)
    for kind, base in ("f32", 2.0 ** 23), ("f64", 1e9), ("f64", -3e14):
        x = base + rng.integers(-3, 4, (150, 333)).astype(np.float64)
        x[rng.random(x.shape) < 0.1] = np.nan
        path = jobs.write("far.tif", x, kind, nodata=0 if kind == "f32" else -1)
        compare(f"far {kind} {base}", results("far", f"print(show(weft.open(arg[1]):stats({LIST})))", path), wanted(x))


def nothing():
    path = jobs.write("none.tif", np.full((70, 130), np.nan), "f32", nodata=-1)
    got = results("nothing", f"print(show(weft.open(arg[1]):stats({LIST})))", path)
    compare("nothing", got, {"count": 0, "pixels": 9100, "variety": 0})
    got = results("nothing else", """local r = weft.open(arg[1])
        print(show{h = r:histogram{bins = 2}.counts, v = r:scalar("mean"):value(), m = (r - r:scalar("mean")):stats("count"),
            p = r:percentile{50}, f = next((r:freq()).zones or {})})""", path)
    expect("nothing else", got == {"h": {"1": 0, "2": 0}, "m": 0, "p": {"1": None}}, repr(got))


# ------------------------------------------------------------------------------- distributions


def histograms():
    rng = np.random.default_rng(5)
    x = rng.normal(3, 2, (200, 311)).astype(np.float32).astype(np.float64)
    path = jobs.write("normal.tif", x, "f32")
    got = results("histogram", """local r = weft.open(arg[1]) local h = r:histogram{bins = 50}
        local g = r:histogram{bins = 7, range = {0, 5}} print(show{h = h.counts, e = h.edges, g = g.counts, b = g.below, a = g.above})""", path)
    counts, edges = np.histogram(x, 50)
    expect("histogram counts", [got["h"][str(i + 1)] for i in range(50)] == list(counts), f"{got['h']} for {counts}")
    expect("histogram edges", np.allclose([got["e"][str(i + 1)] for i in range(51)], edges, rtol=1e-15, atol=1e-15))
    counts, _ = np.histogram(x, 7, (0, 5))
    expect("histogram range", [got["g"][str(i + 1)] for i in range(7)] == list(counts), f"{got['g']} for {counts}")
    expect("histogram beyond", (got["b"], got["a"]) == (int((x < 0).sum()), int((x > 5).sum())))


def percentiles():
    rng = np.random.default_rng(6)
    asked = [0, 2, 12.5, 50, 75, 97.5, 100]
    for kind, x in (("u16", rng.integers(0, 60000, (90, 200))), ("f32", rng.normal(0, 9, (90, 200)).astype(np.float32)),
                    ("f64", rng.normal(0, 9, (90, 200))), ("i32", rng.integers(-2 ** 30, 2 ** 30, (90, 200)))):
        path = jobs.write("p.tif", x.astype(np.float64), kind)
        got = results(f"percentile {kind}", f"""local r = weft.open(arg[1])
            print(show{{e = r:percentile{{{', '.join(map(str, asked))}}}}})""", path)
        want = np.percentile(x.astype(np.float64), asked)
        for i, p in enumerate(asked):
            expect(f"percentile {kind} {p}", near(got["e"][str(i + 1)], want[i], 1e-15), f"{got['e'][str(i + 1)]!r} for {want[i]!r}")
        for method in ("lower", "higher", "nearest", "midpoint", "median_unbiased"):
            got = results(f"percentile {kind} {method}", f"""local r = weft.open(arg[1])
                print(show{{e = r:percentile{{{', '.join(map(str, asked))}, method = "{method}"}}}})""", path)
            want = np.percentile(x.astype(np.float64), asked, method=method)
            for i, p in enumerate(asked):
                expect(f"percentile {kind} {method} {p}", near(got["e"][str(i + 1)], want[i], 1e-15),
                       f"{got['e'][str(i + 1)]!r} for {want[i]!r}")


def sketches():
    rng = np.random.default_rng(6)
    for kind, x in (("u16", rng.integers(0, 60000, (90, 200))), ("f64", rng.normal(0, 9, (90, 200)))):
        got = results(f"sketch {kind}", """local r = weft.open(arg[1])
            print(show{a = r:percentile{2, 50, approximate = 0.001}})""", jobs.write("p.tif", x.astype(np.float64), kind))
        for i, p in enumerate((2, 50)):
            low, high = np.percentile(x, p, method="lower"), np.percentile(x, p, method="higher")
            bound = 0.001 * max(abs(low), abs(high))
            expect(f"sketch {kind} {p}", low - bound <= got["a"][str(i + 1)] <= high + bound, f"{got['a']} for {low} {high}")


def classes():
    path, zones = real("dem_mthood_utm.tif"), real("fuelmodel_mthood_utm.tif")
    if not zones:
        print("skipped: no fuelmodel_mthood_utm.tif")
        return
    z, x = pixels(zones)[0], pixels(path)[0]
    got = results("freq", "print(show(weft.open(arg[1]):freq()))", zones)
    kinds, counts = np.unique(z[~np.isnan(z)], return_counts=True)
    expect("freq", got == {str(int(k)): {"count": int(c), "area": c * 900.0} for k, c in zip(kinds, counts)})
    script = """local z, x = weft.open(arg[1]), weft.open(arg[2]) local t = weft.crosstab(z, (x // 500):rename{"step"})
        t:to_csv(arg[3]) print(show(t))"""
    got = results("crosstab", script, zones, path, jobs.path("cross.csv"))
    both = ~np.isnan(z) & ~np.isnan(x)
    pairs, counts = np.unique(np.stack([z[both], x[both] // 500]), axis=1, return_counts=True)
    right = all(got[str(int(a))][str(int(b))] == {"count": int(c), "area": c * 900.0} for (a, b), c in zip(pairs.T, counts))
    expect("crosstab", right and sum(map(len, got.values())) == len(counts))
    with open(jobs.path("cross.csv")) as f:
        rows = list(csv.reader(f))
    expect("crosstab csv", rows[0] == ["from", "to", "count", "area"] and len(rows) == len(counts) + 1)


# ------------------------------------------------------------------------------- scalars


def standardized():
    path = real("dem_mthood_utm.tif")
    if not path:
        return
    x = pixels(path)[0]
    script = """local r = weft.open(arg[1]) local mean, std = r:scalar("mean"), r:scalar("std")
        local z = (r - mean) / std z:save(arg[2])
        local c = r:clamp(r:scalar("p2"), r:scalar("p98")) c:save(arg[3])
        print(show{m = mean:value(), t = (mean * 2 + 1):value(), mode = r:scalar("mode"):value(), z = z:stats{"mean", "std"}})"""
    got = results("scalars", script, path, jobs.path("z.tif"), jobs.path("c.tif"))
    want = wanted(x)
    expect("scalar value", near(got["m"], want["mean"]) and near(got["t"], want["mean"] * 2 + 1) and got["mode"] == want["mode"], repr(got))
    z = jobs.read(jobs.path("z.tif"))
    expect("standardized", np.nanmax(np.abs(z - (x - want["mean"]) / want["std"])) < 1e-5 and (np.isnan(z) == np.isnan(x)).all())
    expect("standardized again", abs(got["z"]["mean"]) < 1e-6 and abs(got["z"]["std"] - 1) < 1e-6, repr(got["z"]))
    low, high = np.nanpercentile(x, [2, 98])
    expect("clamp by scalars", np.nanmax(np.abs(jobs.read(jobs.path("c.tif")) - np.clip(x, low, high))) < 1e-3)


# ------------------------------------------------------------------------------- zones


def by_classes():
    path, zones = real("dem_mthood_utm.tif"), real("fuelmodel_mthood_utm.tif")
    if not zones:
        return
    z, x = pixels(zones)[0], pixels(path)[0]
    got = results("zonal", f"""local t = weft.zonal(weft.open(arg[1]), weft.open(arg[2]), {{stats = {LIST}}})
        t:to_csv(arg[3]) print(show(t))""", path, zones, jobs.path("zones.csv"))
    kinds = np.unique(z[~np.isnan(z)])
    expect("zonal zones", sorted(map(int, got)) == list(kinds))
    for k in kinds:
        inside = np.where(z == k, x, np.nan)
        want = dict(wanted(inside), pixels=int((z == k).sum()))
        compare(f"zone {int(k)}", got[str(int(k))], want)
    with open(jobs.path("zones.csv")) as f:
        rows = list(csv.reader(f))
    expect("zonal csv head", rows[0] == ["zone", *NAMES])
    right = all((None if c == "" else float(c)) == got[r[0]].get(n) for r in rows[1:] for n, c in zip(NAMES, r[1:]))
    expect("zonal csv", right and len(rows) == len(kinds) + 1)


def sparse_zones():
    """Negative and far ids, several bands, pixels without a zone and zones without a value."""
    rng = np.random.default_rng(7)
    ids = np.array([-2147483647, -5, 0, 3, 70000, 2147483646])
    z = ids[rng.integers(0, 6, (130, 260))].astype(np.float64)
    z[rng.random(z.shape) < 0.1] = np.nan
    x, y = rng.normal(0, 1, z.shape), rng.integers(0, 50, z.shape).astype(np.float64)
    x[z == 3] = np.nan
    files = [jobs.write("x.tif", x, "f64", nodata=-9999), jobs.write("y.tif", y, "u8"), jobs.write("z.tif", z, "i32", nodata=-1)]
    got = results("sparse", f"""local v = weft.stack({{weft.open(arg[1]), weft.open(arg[2])}}, {{names = {{"x", "y"}}}})
        local t, out = weft.zonal(v, weft.open(arg[3]), {{stats = {LIST}}}), {{}}
        for _, zone in ipairs(t.zones) do out[zone] = {{x = t[zone].x, y = t[zone].y}} end print(show(out))""", *files)
    expect("sparse zones", sorted(map(int, got)) == list(ids))
    for k in ids:
        for name, values in ("x", x), ("y", y):
            want = dict(wanted(np.where(z == k, values, np.nan)), pixels=int((z == k).sum()))
            want.setdefault("variety", 0)
            compare(f"sparse {k} {name}", got[str(k)][name], want)


GRID = (500000, 30, 0, 4100000, 0, -30)


def make_polygons():
    """A file of polygons that overlap, hold no centre or lie outside, and its shapes by name."""
    rng = np.random.default_rng(8)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32633)
    file = jobs.path("zones.gpkg")
    ds = ogr.GetDriverByName("GPKG").CreateDataSource(file)
    layer = ds.CreateLayer("zones", srs, ogr.wkbUnknown)
    layer.CreateField(ogr.FieldDefn("NAME", ogr.OFTString))
    shapes = {"tiny": ogr.CreateGeometryFromWkt("POLYGON ((500001 4099999, 500004 4099999, 500004 4099995, 500001 4099999))"),
              "far": ogr.CreateGeometryFromWkt("POLYGON ((0 0, 9 0, 9 9, 0 0))")}
    for i in range(12):
        turn = np.sort(rng.random(15)) * 2 * np.pi
        r = rng.uniform(100, 900, 15)
        cx, cy = rng.uniform(499800, 505000), rng.uniform(4097500, 4100200)
        ring = ", ".join(f"{cx + a * np.cos(t):.9f} {cy + a * np.sin(t):.9f}" for t, a in zip(turn, r))
        shapes[f"s{i:02}"] = ogr.CreateGeometryFromWkt(f"POLYGON (({ring}, {ring.split(', ')[0]}))")
    for name, shape in shapes.items():
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetField("NAME", name)
        feature.SetGeometry(shape)
        layer.CreateFeature(feature)
    return file, shapes, srs


def polygons():
    """By GDAL's own pixels."""
    x = np.random.default_rng(9).integers(0, 200, (90, 170)).astype(np.float64)
    raster = jobs.write("values.tif", x, "u8", transform=GRID, crs="EPSG:32633")
    file, shapes, srs = make_polygons()
    got = results("polygons", f"""local r = weft.open(arg[1])
        print(show(weft.zonal(r, arg[2], {{id = "NAME", stats = {LIST}}})))""", raster, file)
    expect("polygons zones", sorted(got) == sorted(shapes))
    for name, shape in shapes.items():
        burnt = gdal.GetDriverByName("MEM").Create("", x.shape[1], x.shape[0], 1, gdal.GDT_Byte)
        burnt.SetGeoTransform(GRID)
        burnt.SetProjection(srs.ExportToWkt())
        source = ogr.GetDriverByName("Memory").CreateDataSource("")
        one = source.CreateLayer("one", srs)
        feature = ogr.Feature(one.GetLayerDefn())
        feature.SetGeometry(shape)
        one.CreateFeature(feature)
        gdal.RasterizeLayer(burnt, [1], one, burn_values=[1])
        inside = burnt.ReadAsArray() == 1
        want = dict(wanted(np.where(inside, x, np.nan)), pixels=int(inside.sum()))
        want.setdefault("variety", 0)
        compare(f"polygon {name}", got[name], want)


def coverage(shape, rows, cols):
    """The covered part of each pixel, by overlays of GEOS."""
    w = np.zeros((rows, cols))
    c0, c1, r1, r0 = shape.GetEnvelope()
    for r in range(max(0, int((4100000 - r0) / 30)), min(rows, int((4100000 - r1) / 30) + 1)):
        for c in range(max(0, int((c0 - 500000) / 30)), min(cols, int((c1 - 500000) / 30) + 1)):
            l, t = 500000 + 30 * c, 4100000 - 30 * r
            cell = ogr.CreateGeometryFromWkt(f"POLYGON (({l} {t}, {l + 30} {t}, {l + 30} {t - 30}, {l} {t - 30}, {l} {t}))")
            w[r, c] = shape.Intersection(cell).Area() / 900
    return np.where(w > 1 - 1e-9, 1, w)  # what the overlay misses must not decide between equal sums


def weighted(values, weights):
    """All statistics of pixels with weights; those of weight 0 do not belong to the zone."""
    at = np.flatnonzero((weights.ravel() > 0) & ~np.isnan(values.ravel()))
    pixels = int((weights > 0).sum())
    if len(at) == 0:
        return {"count": 0, "pixels": pixels, "variety": 0}
    v, w = values.ravel()[at], weights.ravel()[at]
    want = dict(wanted(np.where(weights > 0, values, np.nan)), pixels=pixels)
    want["sum"], total = math.fsum(w * v), math.fsum(w)
    want["mean"] = want["sum"] / total
    want["var"] = math.fsum(w * (v - want["mean"]) ** 2) / total
    want["std"] = math.sqrt(want["var"])
    kinds, which, counts = np.unique(v, return_inverse=True, return_counts=True)
    sums = np.bincount(which, np.round(w * 1e10))
    want["mode"], want["minority"] = kinds[np.argmax(sums)], kinds[np.argmin(sums)]
    n, w = len(v), np.repeat(sums / 1e10 / counts, counts)
    places = np.arange(n) * w + (n - 1) * (np.cumsum(w) - w)
    for p, name in ((2.5, "p2.5"), (50, "median"), (90, "p90")):
        want[name] = np.interp(p / 100 * (n - 1) * w.sum(), places, np.sort(v))
    return want


def fractions():
    """Weights by overlays: classes, and real values with invalid pixels."""
    rng = np.random.default_rng(10)
    classes = rng.integers(0, 9, (90, 170)).astype(np.float64)
    heights = np.float32(rng.normal(400, 50, classes.shape)).astype(np.float64)
    heights[rng.random(classes.shape) < 0.1] = np.nan
    values = {"classes": classes, "heights": heights}
    paths = [jobs.write("classes.tif", classes, "u8", transform=GRID, crs="EPSG:32633"),
             jobs.write("heights.tif", heights, "f32", nodata=-9999, transform=GRID, crs="EPSG:32633")]
    file, shapes, _ = make_polygons()
    names = ("tiny", "far", "s00", "s01", "s05", "s07")
    covered = {name: coverage(shapes[name], *classes.shape) for name in names}
    bounds = dict.fromkeys(ROUNDED, 1e-7)
    parts = {"touched": lambda w: (w > 0).astype(float), "fraction": lambda w: w,
             "fraction8": lambda w: np.minimum(np.floor(w * 256), 255) / 255}
    for rule in parts:
        got = results(rule, f"""local v = weft.stack({{weft.open(arg[1]), weft.open(arg[2])}}, {{names = {{"classes", "heights"}}}})
            local t, out = weft.zonal(v, arg[3], {{id = "NAME", rule = "{rule}", stats = {LIST}}}), {{}}
            for _, zone in ipairs(t.zones) do out[zone] = {{classes = t[zone].classes, heights = t[zone].heights}} end
            print(show(out))""", *paths, file)
        for name in names:
            w = parts[rule](covered[name])
            for kind, x in values.items():
                want = weighted(x, w)
                for stat in NAMES:
                    expect(f"{rule} {name} {kind} {stat}", near(got[name][kind].get(stat), want.get(stat), bounds.get(stat, 0)),
                           f"{got[name][kind].get(stat)!r} for {want.get(stat)!r}")


def together():
    """Three statistics and a file: one run, each block read once."""
    path = real("dem_mthood_utm.tif")
    if not path:
        return
    jobs.run("local r = weft.open(arg[1]) weft.compute(r:stats(), r:histogram{range = {0, 4000}}, r:freq(), {r + 1, arg[2]})",
             path, jobs.path("one.tif"))
    runs = jobs.stats()
    expect("one run", len(runs) == 1 and runs[0]["blocks"]["decoded"] == runs[0]["blocks"]["in_files"], repr(runs[0]["blocks"]))


jobs.all(scenes, heights, far_from_zero, nothing, histograms, percentiles, sketches, classes, standardized, by_classes, sparse_zones,
         polygons, fractions, together)
