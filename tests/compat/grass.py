"""Windows and terrain against GRASS GIS 8.2: r.neighbors and r.slope.aspect; skipped where it is not installed.

grass.py BUILD. The last line is "grass: N passed, N failed". GRASS works in f64 here; weft's terrain is stored in f32.
"""
import os, shutil, subprocess
import numpy as np
from osgeo import gdal
from jobs import Jobs, differ

jobs = Jobs("grass")
expect = jobs.expect
NAN = np.nan


def by_grass(path, commands, outputs):
    """Maps that the commands make of the map z, as arrays in f64 with NaN where null; z is held in f64."""
    place = jobs.path("grass")
    shutil.rmtree(place, ignore_errors=True)
    script = ["set -e", f"r.in.gdal -o --quiet input={path} output=given", "g.region raster=given",
              'r.mapcalc --quiet "z = double(given)"'] + commands
    for name in outputs:
        script.append(f"r.out.gdal -fc --quiet --overwrite input={name} output={jobs.path(name)}.tif format=GTiff type=Float64 nodata=nan")
    with open(jobs.path("job.sh"), "w") as f:
        f.write("\n".join(script) + "\n")
    subprocess.run(["grass", "-c", "EPSG:32633", place, "-e"], capture_output=True)
    p = subprocess.run(["grass", os.path.join(place, "PERMANENT"), "--exec", "bash", jobs.path("job.sh")],
                       capture_output=True, text=True)
    if p.returncode:
        raise RuntimeError(p.stderr.strip()[-400:])
    return [jobs.read(jobs.path(name) + ".tif") for name in outputs]


# ------------------------------------------------------------------------------- windows

# r.neighbors, weft's statistic, how far apart they may be, relative to the greatest value: sums differ in their order
STATISTICS = {"average": ("mean", 1e-6), "median": ("median", 1e-7), "minimum": ("min", 0), "maximum": ("max", 0), "range": ("range", 1e-7),
              "diversity": ("variety", 0), "count": ("count", 0), "sum": ("sum", 1e-6), "stddev": ("std", 1e-6), "mode": ("mode", 0)}


def modes_are_unique(z, reach):
    """Pixels whose window has one most frequent value: GRASS and weft choose differently among several."""
    h, w = z.shape
    unique = np.zeros(z.shape, bool)
    for r in range(h):
        for c in range(w):
            window = z[max(0, r - reach):r + reach + 1, max(0, c - reach):c + reach + 1]
            counts = np.unique(window[~np.isnan(window)], return_counts=True)[1]
            unique[r, c] = len(counts) > 0 and (counts == counts.max()).sum() == 1
    return unique


def neighbors(name, path, z, size, methods):
    maps = [f"m{i}" for i in range(len(methods))]
    commands = [f"r.neighbors --quiet input=z output={','.join(maps)} method={','.join(methods)} size={size}"]
    theirs = by_grass(path, commands, maps)
    calls = [f'r:focal{{stat = "{STATISTICS[m][0]}", size = {size}, edges = "shrink", invalid = "skip"}}' for m in methods]
    for method, want, got in zip(methods, theirs, jobs.compute([path], calls)):
        if method in ("count", "diversity") and not isinstance(got, str):
            got, want = np.nan_to_num(got), np.nan_to_num(want)  # of no cell at all
        if method == "mode" and not isinstance(got, str):
            got = np.where(modes_are_unique(z, size // 2), got, want)
        bound = STATISTICS[method][1] * np.nanmax(np.abs(z)) * (size * size if method == "sum" else 1)
        expect(f"{name}: {method} of {size} x {size}", (why := differ(got, want, bound)) is None, why)


# ------------------------------------------------------------------------------- terrain


def around(got, want):
    return got if isinstance(got, str) else got - 360 * np.round((got - want) / 360)


def terrain(name, path, floor):
    """floor: what f32 leaves of curvatures whose terms cancel."""
    commands = [f"r.slope.aspect --quiet elevation=z slope=s{e} aspect=a{e} precision=DCELL {'-e' if e else ''}" for e in ("", "e")]
    commands += ["r.slope.aspect --quiet elevation=z format=percent slope=percent pcurvature=p tcurvature=t dx=dx dy=dy precision=DCELL"]
    s, a, se, ae, percent, p, t, dx, dy = by_grass(path, commands, ["s", "a", "se", "ae", "percent", "p", "t", "dx", "dy"])
    angle = 'r:aspect{orientation = "trig", flat = 0, edges = "%s"}'
    calls = ['r:slope{edges = "grass"}', angle % "grass", 'r:slope{edges = "grass-e"}', angle % "grass-e", 'r:slope{units = "percent"}',
             "r:curvature()", 'r:curvature{variant = "tangential"}']
    steep = np.hypot(dx, dy) > 0.001  # GRASS says 0 for the curvature of what is flatter
    for title, got, want in zip(("slope", "aspect", "slope -e", "aspect -e", "slope in percent", "profile curvature", "tangential curvature"),
                                jobs.compute([path], calls), (s, a, se, ae, percent, p, t)):
        if title.startswith("aspect"):
            got = around(got, want)
        if "curvature" in title and not isinstance(got, str):
            got, want = np.where(steep, got, NAN), np.where(steep, want, NAN)
        bound = 1e-4 if "curvature" not in title else floor + 1e-5 * np.abs(want)
        expect(f"{name}: {title}", (why := differ(got, want, bound + 1e-6 * np.abs(want))) is None, why)


# ------------------------------------------------------------------------------- parts


def small():
    row, col = np.mgrid[0:24, 0:31].astype(float)
    z = 30 * np.sin(col / 7) + 20 * np.cos(row / 5) + 0.4 * row + np.random.default_rng(5).uniform(0, 2, row.shape)
    whole = np.round(z / 8)
    z[7, 9] = z[0, 20] = z[23, 30] = NAN
    whole[7, 9] = whole[0, 20] = whole[12:17, 3:8] = NAN
    terrain("small", jobs.write("small.tif", z, "f64", -9999, (500000, 10, 0, 4100000, 0, -15), "EPSG:32633"), 1e-9)
    path = jobs.write("whole.tif", whole, "f64", -9999, (500000, 10, 0, 4100000, 0, -15), "EPSG:32633")
    neighbors("small", path, whole, 3, list(STATISTICS))
    neighbors("small", path, whole, 7, list(STATISTICS))


def mount_hood():
    path = os.path.join(jobs.data, "dem_mthood_utm.tif")
    if not os.path.exists(path):
        print(f"skipped: {path} is not there")
        return
    part = jobs.path("hood.tif")
    gdal.Translate(part, path, srcWin=[300, 200, 500, 400])
    path = part
    terrain("Mount Hood", path, 1e-8)
    neighbors("Mount Hood", path, jobs.read(path), 5, [m for m in STATISTICS if m != "mode"])


if shutil.which("grass"):
    jobs.all(small, mount_hood)
else:
    print("skipped: GRASS is not installed")
    jobs.all()
