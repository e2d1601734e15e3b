"""Terrain against gdaldem, against formulas in f64, and against surfaces whose slope is known.

terrain.py BUILD. The last line is "terrain: N passed, N failed". The formulas and their source are those of
docs/neighbourhoods.md; gdaldem of GDAL 3.6.2 sums in f32, so each comparison with it has the bound of that sum.
"""
import os
import numpy as np
from osgeo import gdal
from jobs import Jobs, differ

jobs = Jobs("terrain")
expect = jobs.expect
NAN = np.nan

# ------------------------------------------------------------------------------- windows


def inner(z, dr, dc):
    """z shifted: at each pixel its neighbour dr rows down and dc columns right; NaN outside."""
    out = np.full(z.shape, NAN)
    h, w = z.shape
    r0, r1, c0, c1 = max(0, -dr), min(h, h - dr), max(0, -dc), min(w, w - dc)
    out[r0:r1, c0:c1] = z[r0 + dr:r1 + dr, c0 + dc:c1 + dc]
    return out


def grown(z):
    """z with a border of one cell, extrapolated linearly from the two cells next to it."""
    rows = np.vstack([2 * z[:1] - z[1:2], z, 2 * z[-1:] - z[-2:-1]])
    return np.hstack([2 * rows[:, :1] - rows[:, 1:2], rows, 2 * rows[:, -1:] - rows[:, -2:-1]])


def windows(z, edges):
    """The nine cells of each pixel's window, z0 ... z8 from north-west, by an edge rule."""
    offsets = [(dr, dc) for dr in (-1, 0, 1) for dc in (-1, 0, 1)]
    if edges in ("gdal-edges", "extrapolate"):
        wide = grown(z)
        h, w = z.shape
        cells = [wide[1 + dr:1 + dr + h, 1 + dc:1 + dc + w].copy() for dr, dc in offsets]
        for (dr, dc), cell in zip(offsets, cells):
            for r in (0, h - 1) if edges == "gdal-edges" and dc else ():  # in corners the missing column is a copy
                c = 0 if dc < 0 else w - 1
                cell[r, c] = wide[1 + r + dr, 1 + c]
    else:
        cells = [inner(z, dr, dc) for dr, dc in offsets]
    if edges in ("gdal-edges", "grass-e", "arcmap"):
        cells = [np.where(np.isnan(c), z, c) for c in cells]
    cells = [np.where(np.isnan(z), NAN, c) for c in cells]
    if edges not in ("gdal-edges", "grass-e", "arcmap"):
        bad = np.isnan(cells).any(axis=0)
        cells = [np.where(bad, NAN, c) for c in cells]
    return cells


def gradient(cells, ew, ns, method="horn"):
    z0, z1, z2, z3, _, z5, z6, z7, z8 = cells
    if method == "zt":
        return (z3 - z5) / (2 * ew), (z1 - z7) / (2 * ns)
    return (((z0 + 2 * z3 + z6) - (z2 + 2 * z5 + z8)) / (8 * ew), ((z0 + 2 * z1 + z2) - (z6 + 2 * z7 + z8)) / (8 * ns))


# ------------------------------------------------------------------------------- formulas


def slope(p, q, units="degrees"):
    g = np.hypot(p, q)
    return {"degrees": np.degrees(np.arctan(g)), "radians": np.arctan(g), "percent": 100 * g}[units]


def aspect(p, q, orientation="azimuth", flat=NAN):
    a = np.degrees(np.arctan2(-q, p))
    if orientation == "azimuth":
        a = np.where(a > 90, 450 - a, 90 - a)
        a = np.where(a == 360, 0, a)
    else:
        a = np.where(a < 0, a + 360, a)
    return np.where((p == 0) & (q == 0), flat, a)


def shade(p, q, azimuth=315, altitude=45, z=1, variant="single", cells=(1, 1)):
    """Before it is rounded; cells: igor's aspect is that of square cells."""
    E, A = np.radians(altitude), np.radians(azimuth)
    P, Q = z * p, z * q
    root = np.sqrt(1 + P * P + Q * Q)

    def lit(at):
        return np.sin(E) - np.cos(E) * (Q * np.cos(at) - P * np.sin(at))
    c = lit(A) / root
    if variant == "single":
        return np.where(np.isnan(c), NAN, np.where(c > 0, 1 + 254 * c, 1))
    if variant == "combined":
        c = 1 - np.arccos(np.clip(c, -1, 1)) * np.arctan(np.hypot(P, Q)) / (np.pi / 2) ** 2
        return np.where(np.isnan(c), NAN, np.where(c > 0, 1 + 254 * c, 1))
    if variant == "igor":
        s = np.degrees(np.arctan(np.hypot(P, Q)))
        t = np.arctan2(-q * cells[1], p * cells[0])
        d = np.abs(np.mod(t - (1.5 * np.pi - A) + np.pi, 2 * np.pi) - np.pi)
        return 255 * (1 - s / 90 * (1 - d / np.pi))
    g = p * p + q * q
    weights = {225: g / 2 - p * q, 270: p * p, 315: g / 2 + p * q, 360: q * q}
    total = sum(w * np.maximum(0, 127 * lit(np.radians(a))) for a, w in weights.items())
    return np.where(g == 0, 1 + 254 * np.sin(E), 1 + total / np.where(g == 0, 1, g) / root)


def tri(cells, variant="riley"):
    d = [c - cells[4] for i, c in enumerate(cells) if i != 4]
    return np.sqrt(sum(x * x for x in d)) if variant == "riley" else sum(np.abs(x) for x in d) / 8


def tpi(cells):
    return cells[4] - sum(c for i, c in enumerate(cells) if i != 4) / 8


def roughness(cells):
    return np.max(cells, axis=0) - np.min(cells, axis=0)


def curvature(cells, h, v, variant="profile"):
    """GRASS r.slope.aspect; plan is the curvature of contours."""
    z0, z1, z2, z3, z4, z5, z6, z7, z8 = cells
    p, q = gradient(cells, h, v)
    dx, dy = p, -q
    s4 = z0 + z2 + z6 + z8 - 8 * z4
    s5, s6, s3 = 4 * (z3 + z5) - 2 * (z7 + z1), 4 * (z7 + z1) - 2 * (z3 + z5), z6 - z8 + z2 - z0
    dxx, dyy, dxy = -(s4 + s5) / (6 * h * h), -(s4 + s6) / (6 * v * v), -s3 / (4 * h * v)
    g = dx * dx + dy * dy
    along = dxx * dx * dx + 2 * dxy * dx * dy + dyy * dy * dy
    across = dxx * dy * dy - 2 * dxy * dx * dy + dyy * dx * dx
    value = {"profile": along / (g * (1 + g) ** 1.5), "tangential": across / (g * (1 + g) ** 0.5), "plan": across / g ** 1.5}
    return np.where(g == 0, 0, value[variant])


# ------------------------------------------------------------------------------- all modes

# gdaldem's options, weft's call with EDGES for the edge option, what the formula is given
LIGHT = dict(azimuth=200, altitude=30, z=2)
MODES = {
    "slope": ("slope", {}), "slope percent": ("slope -p", dict(units="percent")),
    "slope zt": ("slope -alg ZevenbergenThorne", dict(method="zt")),
    "aspect": ("aspect", {}), "aspect zt": ("aspect -alg ZevenbergenThorne", dict(method="zt")),
    "aspect trig": ("aspect -trigonometric", dict(orientation="trig")), "aspect flat": ("aspect -zero_for_flat", dict(flat=0)),
    "hillshade": ("hillshade", {}),
    "hillshade zt": ("hillshade -alg ZevenbergenThorne -az 200 -alt 30 -z 2", dict(method="zt", **LIGHT)),
    "TRI riley": ("TRI", {}), "TRI wilson": ("TRI -alg Wilson", dict(variant="wilson")), "TPI": ("TPI", {}), "roughness": ("roughness", {}),
}
for v in ("combined", "multidirectional", "igor"):
    alone = {} if v == "igor" else dict(altitude=30)
    if v == "combined":
        alone["azimuth"] = 200
    MODES[f"hillshade {v}"] = (f"hillshade -{v}", dict(variant=v))
    MODES[f"hillshade {v} zt"] = (f"hillshade -{v} -alg ZevenbergenThorne -z 2" + "".join(
        f" -{o} {alone[k]}" for k, o in (("azimuth", "az"), ("altitude", "alt")) if k in alone), dict(variant=v, method="zt", z=2, **alone))
EDGES = {"invalid": "", "gdal-edges": " -compute_edges"}


def lua(mode, options, edges):
    given = dict(options)
    if edges != "invalid":
        given["edges"] = edges
    text = ", ".join(f'{k} = "{v}"' if isinstance(v, str) else f"{k} = {v}" for k, v in given.items())
    return f"r:{mode.lower()}" + (f"{{{text}}}" if text else "()")


def formula(mode, options, cells, ew, ns):
    options = dict(options)
    p, q = gradient(cells, ew, ns, options.pop("method", "horn"))
    if mode == "hillshade":
        return shade(p, q, cells=(ew, ns), **options)
    return {"slope": lambda: slope(p, q, **options), "aspect": lambda: aspect(p, q, **options), "TRI": lambda: tri(cells, **options),
            "TPI": lambda: tpi(cells), "roughness": lambda: roughness(cells)}[mode]()


def gdal_bound(mode, options, cells, ew, ns):
    """How far gdaldem's f32 arithmetic may be from the formula: ulp(z) * 8 / (8 * cell) in the gradient."""
    big = np.nanmax(np.abs(cells), axis=0)
    e = 8 * np.spacing(big.astype(np.float32)).astype(np.float64) / (8 * min(ew, ns))
    p, q = gradient(cells, ew, ns, options.get("method", "horn"))
    if mode == "slope":
        return 1e-4 + (100 * e if "units" in options else np.degrees(e))
    if mode == "aspect":
        return 1e-4 + np.degrees(e / np.hypot(p, q))
    return 1e-4 + 8 * e * min(ew, ns)


def ran(got):
    return not isinstance(got, str)


def around(got, want):
    """Angles: got moved by a full turn where that brings it nearer."""
    return got if isinstance(got, str) else got - 360 * np.round((got - want) / 360)


def rounded(got, unrounded, slack):
    """Hillshade: the byte, or its neighbour where the value lies within slack of a half."""
    if isinstance(got, str):
        return got
    validity = np.isnan(got) != np.isnan(unrounded)
    off = np.abs(got - unrounded) > 0.5 + slack
    if not validity.any() and not off.any():
        return None
    r, c = np.argwhere(validity | off)[0]
    return (f"{int(validity.sum())} differ in validity, {int(off.sum())} in value; first at column {c}, row {r}: "
            f"{got[r, c]:.9g} for {unrounded[r, c]:.9g}")


def all_modes(name, path, z, ew, ns, exact, scale=None, units=None):
    """exact: gdaldem sums these elevations without rounding. scale: gdaldem's -s; units: what says the same to weft; only what
    these matter to is compared then."""
    keys = [(m, e) for m in MODES for e in EDGES if not scale or m.split()[0] in ("slope", "aspect", "hillshade")]
    calls = [lua(MODES[m][0].split()[0], dict(MODES[m][1], **(units or {})), e) for m, e in keys]
    for (m, edges), call, got in zip(keys, calls, jobs.compute([path], calls)):
        command, options = MODES[m]
        mode = command.split()[0]
        cells = windows(z, edges)
        want = formula(mode, options, cells, ew, ns)
        out = jobs.path("gdaldem.tif")
        scaled = f" -s {scale!r}" if scale and mode != "aspect" else ""  # which gdaldem does not take there
        gdal.DEMProcessing(out, path, mode, options=(command[len(mode):] + EDGES[edges] + scaled).strip())
        theirs = jobs.read(out)
        title = f"{name}: {m}, edges {edges}"
        if m == "aspect flat":  # gdaldem declares no nodata here, and 0 is also due north
            theirs = np.where(np.isnan(want), NAN, theirs)
        if mode == "hillshade":
            expect(f"{title}, formula", (why := rounded(got, want, 1e-3)) is None, why)
            expect(f"{title}, gdaldem", (why := differ(got, theirs, np.where(np.abs(want % 1 - 0.5) < (1e-3 if exact else 1e-2), 1, 0))) is None, why)
            continue
        if mode == "aspect":
            got = around(got, want)
        expect(f"{title}, formula", (why := differ(got, want, 1e-4 + 3e-7 * np.abs(want))) is None, why)
        if mode == "aspect" and ew != ns:
            continue  # gdaldem leaves the cell sizes out of its aspect
        if mode == "aspect":
            got = around(got, theirs)
        bound = 1e-4 + 1e-6 * np.abs(want) if exact else gdal_bound(mode, options, cells, ew, ns)
        expect(f"{title}, gdaldem", (why := differ(got, theirs, bound)) is None, why)


def mount_hood():
    path = os.path.join(jobs.data, "dem_mthood_utm.tif")
    if not os.path.exists(path):
        print(f"skipped: {path} is not there")
        return
    all_modes("Mount Hood", path, jobs.read(path), 30, 30, True)


def random_dem(kind, cells):
    rng = np.random.default_rng(9)
    z = np.round(rng.uniform(100, 160, (9, 11)), 2).astype(np.float32).astype(np.float64)
    z[3, 4] = z[0, 7] = NAN
    z[6, 8] = z[6, 9]
    path = jobs.write(f"random_{cells[1]}.tif", z, kind, -9999, (500000, cells[0], 0, 4100000, 0, -cells[1]), "EPSG:32633")
    all_modes(f"random {kind} DEM {cells[0]} x {cells[1]}", path, z, *cells, False)
    got = jobs.compute([path], ["r:slope()", 'r:slope{edges = "gdal-edges"}'])
    count = [g if isinstance(g, str) else int((~np.isnan(g)).sum()) for g in got]
    expect("random DEM: 51 valid cells without edges, 97 with", count == [51, 97], count)


def random_square():
    random_dem("f32", (10, 10))


def random_oblong():
    random_dem("f32", (10, 20))


# ------------------------------------------------------------------------------- edges, other tools, curvature


def other_edges():
    rng = np.random.default_rng(3)
    z = np.round(rng.uniform(0, 40, (8, 9)), 1)
    z[4, 4] = z[0, 2] = NAN
    path = jobs.write("edges.tif", z, "f64", -9999, (0, 5, 0, 0, 0, -8), "EPSG:32633")
    same = {"invalid": "invalid", "gdal": "invalid", "grass": "invalid", "gdal-edges": "gdal-edges", "grass-e": "grass-e",
            "arcmap": "arcmap", "extrapolate": "extrapolate"}
    modes = ["slope", "aspect", "TRI", "TPI", "roughness"]
    keys = [(e, m) for e in same for m in modes]
    for (edges, mode), got in zip(keys, jobs.compute([path], [lua(m, {}, e if e != "invalid" else "invalid") for e, m in keys])):
        want = formula(mode, {}, windows(z, same[edges]), 5, 8)
        got = around(got, want) if mode == "aspect" else got
        expect(f"edges {edges}: {mode}", (why := differ(got, want, 1e-4)) is None, why)
    (got,) = jobs.compute([path], ['r:slope{edges = "arcgis"}'])
    cells = windows(z, "invalid")
    want = slope(*gradient(cells, 5, 8))
    valid = sum((~np.isnan(inner(z, dr, dc))).astype(int) for dr in (-1, 0, 1) for dc in (-1, 0, 1) if dr or dc)
    may = (valid >= 7) & ~np.isnan(z)
    expect("edges arcgis: seven of eight neighbours", ran(got) and bool((~np.isnan(got) == may).all()), f"{got}")
    expect("edges arcgis: whole windows", ran(got) and differ(np.where(np.isnan(want), NAN, got), want, 1e-4) is None, f"{got}")


def curvatures():
    row, col = np.mgrid[0:40, 0:50].astype(float)
    z = 30 * np.sin(col / 7) + 20 * np.cos(row / 5) + 0.4 * row + 500
    path = jobs.write("waves.tif", z, "f64", None, (0, 3, 0, 0, 0, -4), "EPSG:32633")
    variants = ["profile", "tangential", "plan"]
    for v, got in zip(variants, jobs.compute([path], [f'r:curvature{{variant = "{v}"}}' for v in variants])):
        want = curvature(windows(z, "invalid"), 3, 4, v)
        expect(f"curvature {v}", (why := differ(got, want, 1e-6 + 1e-5 * np.abs(want))) is None, why)
    flat = jobs.write("level.tif", np.full((5, 5), 7.0))
    for v, got in zip(variants, jobs.compute([flat], [f'r:curvature{{variant = "{v}"}}' for v in variants])):
        expect(f"curvature {v} of level ground", ran(got) and got[2, 2] == 0, f"{got}")


# ------------------------------------------------------------------------------- known surfaces


def plane(rows=9, cols=10):
    row, col = np.mgrid[0:rows, 0:cols].astype(float)
    return 10 * row + 3 * col


def planes():
    path = jobs.write("plane.tif", plane(), "f64", None, (0, 1, 0, 0, 0, -1))
    tall = jobs.write("tall.tif", plane(), "f64", None, (0, 1, 0, 0, 0, -2))
    calls = ["r:slope()", "r:aspect()", 'r:aspect{orientation = "trig"}', 'r2:aspect{orientation = "trig"}', 'r:slope{edges = "extrapolate"}',
             'r:slope{edges = "gdal-edges"}', 'r:slope{edges = "grass-e"}', 'r:slope{units = "percent"}', 'r:slope{units = "radians"}',
             'r:slope{z = 2}']
    got = dict(zip(calls, jobs.compute([path, tall], calls)))
    inside, true = (slice(1, -1), slice(1, -1)), np.degrees(np.arctan(np.hypot(3, 10)))

    def near(call, want, where=inside, bound=1e-4):
        a = got[call]
        expect(f"plane: {call}", ran(a) and bool((np.abs(a[where] - want) <= bound).all()), a)
    near("r:slope()", true)
    near("r:slope()", 84.529, bound=5e-4)
    near("r:aspect()", 343.301, bound=5e-4)
    near('r:aspect{orientation = "trig"}', 106.699, bound=5e-4)
    near('r2:aspect{orientation = "trig"}', 120.964, bound=5e-4)
    near('r:slope{edges = "extrapolate"}', true, where=(slice(None), slice(None)))
    near('r:slope{edges = "gdal-edges"}', true, where=(slice(None), slice(1, -1)))
    for corner in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
        near('r:slope{edges = "gdal-edges"}', 84.352, where=corner, bound=5e-4)
    near('r:slope{edges = "grass-e"}', 82.55, where=(slice(1, -1), 0), bound=5e-2)
    near('r:slope{edges = "grass-e"}', 79.66, where=(0, slice(1, -1)), bound=5e-3)
    near('r:slope{units = "percent"}', 100 * np.hypot(3, 10))
    near('r:slope{units = "radians"}', np.arctan(np.hypot(3, 10)))
    near('r:slope{z = 2}', np.degrees(np.arctan(2 * np.hypot(3, 10))))
    border = got["r:slope()"]
    expect("plane: the border is invalid", ran(border) and int(np.isnan(border).sum()) == 9 * 10 - 7 * 8, border)


def flat():
    path = jobs.write("flat.tif", np.full((5, 5), 7.0), "f32")
    calls = ["r:slope()", "r:aspect()", "r:aspect{flat = 0}", "r:aspect{flat = -1}", "r:hillshade()"] + [
        f'r:hillshade{{variant = "{v}"}}' for v in ("multidirectional", "combined", "igor")] + ["r:tri()", "r:tpi()", "r:roughness()"]
    want = [0, NAN, 0, -1, 181, 181, 255, 255, 0, 0, 0]
    for call, got, value in zip(calls, jobs.compute([path], calls), want):
        expect(f"flat: {call}", ran(got) and (got[2, 2] == value or np.isnan(got[2, 2]) and np.isnan(value)), got)


def orientations():
    rng = np.random.default_rng(5)
    z = rng.uniform(0, 50, (12, 14))
    north = jobs.write("north.tif", z, "f64", None, (100, 5, 0, 900, 0, -8), "EPSG:32633")
    south = jobs.write("south.tif", z[::-1], "f64", None, (100, 5, 0, 900 - 8 * 12, 0, 8), "EPSG:32633")
    west = jobs.write("west.tif", z[:, ::-1], "f64", None, (100 + 5 * 14, -5, 0, 900, 0, -8), "EPSG:32633")
    turned = jobs.write("turned.tif", z.T, "f64", None, (100, 0, 5, 900, -8, 0), "EPSG:32633")
    calls = ["slope()", "aspect()", "hillshade()", 'hillshade{variant = "multidirectional"}', "tri()", "tpi()", "roughness()",
             'curvature{variant = "profile"}', 'curvature{variant = "tangential"}', 'slope{method = "zt"}', 'slope{edges = "extrapolate"}']
    want = jobs.compute([north], [f"r:{c}" for c in calls])
    for name, path, back in (("south up", south, lambda a: a[::-1]), ("west first", west, lambda a: a[:, ::-1]), ("turned", turned, lambda a: a.T)):
        for call, got, right in zip(calls, jobs.compute([path], [f"r:{c}" for c in calls]), want):
            if isinstance(got, str) or isinstance(right, str):
                expect(f"{name}: {call}", False, got)
            elif call.startswith("hillshade"):
                expect(f"{name}: {call}", int((np.isnan(back(got)) != np.isnan(right)).sum()) == 0 and np.nanmax(np.abs(back(got) - right)) <= 1,
                       back(got) - right)
            else:
                got = around(back(got), right) if call.startswith("aspect") else back(got)
                expect(f"{name}: {call}", (why := differ(got, right, 1e-4)) is None, why)


def rotated():
    """A plane in ground coordinates on a grid turned by 30 degrees, and on a sheared one."""
    a, b = 0.3, -0.2  # rise toward east and north
    azimuth = np.degrees(np.arctan2(-a, -b)) % 360
    for name, t in (("rotated", (10, 8 * np.cos(0.5), 6 * np.sin(0.5), 20, 8 * np.sin(0.5), -6 * np.cos(0.5))), ("sheared", (10, 8, 3, 20, 1, -6))):
        row, col = np.mgrid[0:9, 0:11] + 0.5
        x, y = t[0] + col * t[1] + row * t[2], t[3] + col * t[4] + row * t[5]
        path = jobs.write(f"{name}.tif", a * x + b * y, "f64", None, t, "EPSG:32633")
        s, d, zt, h = jobs.compute([path], ["r:slope()", "r:aspect()", 'r:slope{method = "zt"}', "r:hillshade()"])
        for got, want, what in ((s, np.degrees(np.arctan(np.hypot(a, b))), "slope"), (zt, np.degrees(np.arctan(np.hypot(a, b))), "slope zt"),
                                (d, azimuth, "aspect")):
            expect(f"{name}: {what}", ran(got) and bool((np.abs(got[1:-1, 1:-1] - want) < 1e-4).all()), got)
        lit = float(shade(np.array(-a), np.array(b)))
        expect(f"{name}: hillshade", ran(h) and bool((np.abs(h[1:-1, 1:-1] - lit) < 0.501).all()), (h, lit))


def sphere():
    n, radius = 101, 1000.0
    row, col = np.mgrid[0:n, 0:n] - n // 2
    z = np.sqrt(radius ** 2 - row ** 2 - col ** 2)
    path = jobs.write("sphere.tif", z, "f64", None, (0, 1, 0, 0, 0, -1), "EPSG:32633")
    s, d, profile, tangential = jobs.compute([path], ["r:slope()", "r:aspect()", 'r:curvature{variant = "profile"}', 'r:curvature{variant = "tangential"}'])
    inside = np.zeros((n, n), bool)
    inside[1:-1, 1:-1] = True
    distance = np.hypot(row, col)
    want = np.degrees(np.arcsin(distance / radius))
    expect("sphere: slope", ran(s) and bool((np.abs(s - want)[inside] < 1e-4).all()), s)
    away = inside & (distance > 0)
    azimuth = np.degrees(np.arctan2(col, -row)) % 360
    expect("sphere: aspect", ran(d) and bool((np.abs(around(d, azimuth) - azimuth)[away] < 1e-2).all()), d)
    expect("sphere: the top has no aspect", ran(d) and np.isnan(d[n // 2, n // 2]), d)
    for name, got in (("profile", profile), ("tangential", tangential)):
        expect(f"sphere: {name} curvature", ran(got) and bool((np.abs(got - 1 / radius)[away] < 1e-6).all()), got)


def degrees():
    """Planes of column and row on a geographic grid: the lengths of a cell are those of the ellipsoid."""
    major, flattening = 6378137.0, 1 / 298.257223563
    e2 = flattening * (2 - flattening)
    cell = 0.01
    for name, top, step in (("north up", 60.0, -cell), ("south up", 59.7, cell), ("southern hemisphere", -20.0, -cell)):
        row, col = np.mgrid[0:30, 0:20].astype(float)
        phi = np.radians(top + (row + 0.5) * step)
        M = major * (1 - e2) / (1 - e2 * np.sin(phi) ** 2) ** 1.5
        N = major / np.sqrt(1 - e2 * np.sin(phi) ** 2)
        ns, ew = M * np.radians(cell), N * np.cos(phi) * np.radians(cell)
        north = -np.sign(step)  # rows go up or down
        z = 40 * row + 90 * col
        path = jobs.write("degrees.tif", z, "f64", None, (10, cell, 0, top, 0, step), "EPSG:4326")
        p, q = -90 / ew, -40 / ns * north
        calls = ["r:slope()", "r:aspect()", 'r:slope{method = "zt"}', "r:hillshade()"]
        s, d, zt, h = jobs.compute([path], calls)
        inside = (slice(1, -1), slice(1, -1))
        for got, want, what in ((s, slope(p, q), "slope"), (zt, slope(p, q), "slope zt"), (d, aspect(p, q), "aspect")):
            expect(f"degrees, {name}: {what}", ran(got) and differ(got[inside], want[inside], 1e-4) is None, got)
        expect(f"degrees, {name}: hillshade", ran(h) and rounded(h[inside], shade(p, q)[inside], 1e-3) is None, h)


def units():
    metre = jobs.write("metre.tif", plane(), "f64", None, (0, 10, 0, 0, 0, -10), "EPSG:32618")
    foot = jobs.write("foot.tif", plane(), "f64", None, (900000, 10, 0, 200000, 0, -10), "EPSG:2263")
    us = 1200 / 3937
    m, f, z = jobs.compute([metre, foot], ["r:slope()", "r2:slope()", f"r2:slope{{z = {us}}}"])
    expect("feet: the CRS's unit counts", ran(f) and abs(f[4, 4] - np.degrees(np.arctan(np.hypot(3, 10) / (10 * us)))) < 1e-4, f)
    expect("feet: z in the same unit", ran(z) and ran(m) and abs(z[4, 4] - m[4, 4]) < 1e-4, z)


def scales():
    """Heights and cells in different units are gdaldem's -s, the ratio of both."""
    z = np.random.default_rng(7).integers(100, 160, (9, 11)).astype(np.float64)
    degrees, metres = ((10, 0.001, 0, 45, 0, -0.001), "EPSG:4326"), ((500000, 10, 0, 5000000, 0, -10), "EPSG:32633")
    foot, us = 0.3048, 1200 / 3937
    cases = [("degrees", degrees, "", dict(xyunit=111120), 111120), ("degrees, band in feet", degrees, "ft", dict(xyunit=111120), 111120 / foot),
             ("degrees, feet given", degrees, "m", dict(xyunit=111120, zunit="foot"), 111120 / foot),
             ("band in feet", metres, "ft", {}, 1 / foot), ("band in US feet", metres, "US survey foot", {}, 1 / us),
             ("feet given", metres, "", dict(zunit="ft"), 1 / foot), ("metres given", metres, "ft", dict(zunit="m"), 1.0),
             ("cells in feet", metres, "", dict(xyunit="ft"), foot), ("both in feet", metres, "ft", dict(xyunit="ft"), 1.0)]
    for name, (transform, crs), unit, units, ratio in cases:
        path = jobs.write("scale.tif", z, "f32", None, transform, crs)
        ds = gdal.Open(path, gdal.GA_Update)
        ds.GetRasterBand(1).SetUnitType(unit)
        ds = None
        size = transform[1] * ratio
        all_modes(f"-s {ratio:.6g}: {name}", path, z, size, size, True, float(ratio), units)


def precision():
    row, col = np.mgrid[0:6, 0:7].astype(float)
    high = jobs.write("high.tif", 1e7 + 1.25 * row + 0.25 * col, "f64", None, (0, 1, 0, 0, 0, -1))
    wide = jobs.write("wide.tif", 100000001 + 5 * row + col, "i32", None, (0, 1, 0, 0, 0, -1))
    a, b, t, g = jobs.compute([high, wide], ['r:slope{units = "percent"}', 'r2:slope{units = "percent"}', "r:tpi()", "r2:roughness()"])
    expect("f64 elevations keep their steps", ran(a) and abs(a[2, 2] - 127.475) < 1e-2, a)
    expect("i32 elevations keep their steps", ran(b) and abs(b[2, 2] - 509.902) < 1e-2, b)
    expect("tpi of high ground", ran(t) and abs(t[2, 2]) < 1e-6, t)
    expect("roughness of high ground", ran(g) and g[2, 2] == 12, g)


def types():
    path = jobs.write("types.tif", plane(), "f64", None)
    p = jobs.run("local r = weft.open(arg[1])\nprint(r:slope().type, r:aspect().type, r:hillshade().type, r:tri().type, r:tpi().type, "
                 "r:roughness().type, r:curvature().type)\nr:hillshade():save(arg[2])", path, jobs.path("shade.tif"))
    expect("types", p.stdout.split() == ["f32", "f32", "u8", "f32", "f32", "f32", "f32"], p.stdout)
    ds = gdal.Open(jobs.path("shade.tif"))
    band = ds.GetRasterBand(1)
    expect("hillshade has nodata 0", band.GetNoDataValue() == 0 and band.DataType == gdal.GDT_Byte, band.GetNoDataValue())


jobs.all(mount_hood, random_square, random_oblong, other_edges, curvatures, planes, flat, orientations, rotated, sphere, degrees, units,
         scales, precision, types)
