"""How exact windows of f32 rasters are: against sums in extended precision, and on flat ground.

accuracy.py BUILD. The last line is "accuracy: N passed, N failed". The bounds are those of docs/neighbourhoods.md: HALF is
half a unit in the last place of f32, U the greatest relative error of rounding to f32, SPAN the greatest difference
between the pixel and its neighbours.
"""
import numpy as np
from jobs import Jobs, differ

jobs = Jobs("accuracy")
LONG = np.longdouble
U = LONG(2) ** -24
NAN = np.nan
CELL = 10
RNG = np.random.default_rng(5)


def half(exact):
    return np.spacing(np.abs(exact).astype(np.float32)).astype(LONG) / 2


# ------------------------------------------------------------------------------- rasters

def rolling(h, w):
    """Hills of some hundred units with a little noise."""
    row, col = np.mgrid[0:h, 0:w]
    return 900 + 300 * np.sin(row / 9) * np.cos(col / 7) + RNG.normal(0, 2, (h, w))


HEIGHTS = {"noise at 1e6": 1e6 + RNG.normal(0, 0.1, (26, 33)), "hills": rolling(26, 33), "around 0": RNG.normal(0, 1, (26, 33)),
           "spikes": np.where(RNG.random((26, 33)) < 0.02, 1e7, RNG.normal(50, 1, (26, 33)))}
RASTERS = {name: x.astype(np.float32) for name, x in HEIGHTS.items()}


def cells(x, height, width):
    """The cells of each window, reflected at the edges: (cells, rows, columns), extended."""
    padded = np.pad(x.astype(LONG), ((height // 2,) * 2, (width // 2,) * 2), "symmetric")
    return np.array([padded[r:r + x.shape[0], c:c + x.shape[1]] for r in range(height) for c in range(width)])


def lua(rows):
    return "{" + ", ".join("{" + ", ".join(repr(float(v)) for v in row) + "}" for row in rows) + "}"


def check(title, got, exact, bound):
    why = got if isinstance(got, str) else differ(got.astype(LONG), exact, bound)
    jobs.expect(title, why is None, why)


def batch(title, path, wanted):
    """wanted: expression -> (exact, bound)."""
    for (call, (exact, bound)), got in zip(wanted.items(), jobs.compute([path], list(wanted))):
        check(f"{title}: {call}", got, exact, bound)


# ------------------------------------------------------------------------------- sums

BELL = np.exp(-0.5 * np.arange(-8, 9).astype(LONG) ** 2 / 4)
BELL /= BELL.sum()
SHIFTED = np.array([[0.5, 0.25, -0.1], [1.25, 2, 0.7], [-3, 0.3, 0.15]])
ACROSS, DOWN = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]), np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])
VANISHING = {
    "ring": -np.ones((3, 3)) + np.diag([0, 9, 0]),
    "decimals": np.array([[0.1, 0.2, -0.3]]),
    "any": np.array([[0.1, -0.7, 0.2], [0.3, 0, 0.1], [0.1, -0.2, 0.1]]),
    "mixed derivative": np.array([[1, 0, -1], [0, 0, 0], [-1, 0, 1]]),
    "derivative of a bell": np.outer(BELL, -np.arange(-8, 9) * BELL).astype(float),
    "the same, down": np.outer(-np.arange(-8, 9) * BELL, BELL).astype(float),
    "without a centre": np.array([[0, 0, 0.3], [0, 0, -0.2], [-0.1, 0, 0]]),
}
ROUNDING = LONG(2) ** -44  # of sums in f64


def weighed(x, weights, compared=False):
    """The exact sum, and the bound of one that was rounded once."""
    w = np.asarray(weights, LONG)
    c = cells(x, *w.shape)
    c = c - x if compared else c
    exact = np.tensordot(w.ravel(), c, 1)
    size = np.tensordot(np.abs(w).ravel(), np.abs(c), 1)
    return exact, half(exact) + ROUNDING * size


def sums():
    for name, x in RASTERS.items():
        path, wanted = jobs.write("x.tif", x, "f32"), {}
        for n in (3, 7, 15):
            exact, bound = weighed(x, np.full((n, n), LONG(1) / (n * n)))
            wanted[f'r:focal{{stat = "mean", size = {n}, edges = "reflect"}}'] = exact, bound
            wanted[f'r:focal{{stat = "sum", size = {n}, edges = "reflect"}}'] = weighed(x, np.ones((n, n)))
        wanted['r:gaussian(2, {edges = "reflect"})'] = weighed(x, np.outer(BELL, BELL))
        wanted[f"r:convolve({lua(SHIFTED)})"] = weighed(x, SHIFTED)
        wanted[f'r:focal{{stat = "mean", kernel = {lua(SHIFTED)}, edges = "reflect"}}'] = weighed(x, SHIFTED / LONG(SHIFTED.sum()))
        for kernel in VANISHING.values():
            wanted[f"r:convolve({lua(kernel)})"] = weighed(x, kernel, True)
        wanted["r:laplace()"] = weighed(x, [[0, 1, 0], [1, -4, 1], [0, 1, 0]], True)
        p, q = weighed(x, ACROSS, True), weighed(x, DOWN, True)
        wanted["r:sobel()"] = np.hypot(p[0], q[0]), 4 * half(np.hypot(p[0], q[0]))
        batch(name, path, wanted)


def with_gaps():
    """Means of valid cells alone are as exact."""
    for name, x in RASTERS.items():
        x = x.copy()
        x[RNG.random(x.shape) < 0.1] = NAN
        path, wanted = jobs.write("gaps.tif", x, "f32", -9999), {}
        for n in (3, 15):
            c = cells(x, n, n)
            exact = np.nanmean(c, 0)
            wanted[f'r:focal{{stat = "mean", size = {n}, edges = "reflect", invalid = "skip"}}'] = exact, half(exact) + ROUNDING * np.nanmax(np.abs(c), 0)
        w = np.outer(BELL, BELL).reshape(-1, 1, 1)
        c = cells(x, 17, 17)
        exact = np.nansum(w * c, 0) / np.sum(w * ~np.isnan(c), 0)
        wanted['r:gaussian(2, {edges = "reflect", invalid = "skip"})'] = exact, half(exact) + ROUNDING * np.nanmax(np.abs(c), 0)
        batch(f"{name} with gaps", path, wanted)


def spreads():
    for name, x in RASTERS.items():
        path, wanted = jobs.write("x.tif", x, "f32"), {}
        for n in (3, 7, 15):
            c = cells(x, n, n)
            var, o = np.var(c, 0), 'edges = "reflect"'
            room = LONG(2) ** -48 * np.abs(c).max(0)  # of the mean, as far as squares of differences from it show it
            wanted[f'r:focal{{stat = "var", size = {n}, {o}}}'] = var, half(var) * 1.01 + room ** 2
            wanted[f'r:focal{{stat = "std", size = {n}, {o}}}'] = np.sqrt(var), half(np.sqrt(var)) * 1.01 + room
            wanted[f'r:focal{{stat = "median", size = {n}, {o}}}'] = np.median(c, 0), LONG(0)
            wanted[f'r:focal{{stat = "range", size = {n}, {o}}}'] = np.ptp(c, 0), half(np.ptp(c, 0))
            for p in (10, 33.3):
                exact = np.percentile(c, p, 0)
                wanted[f'r:focal{{stat = "p{p}", size = {n}, {o}}}'] = exact, 2 * half(np.abs(c).max(0)) + 0 * exact
        batch(name, path, wanted)


# ------------------------------------------------------------------------------- terrain

def terrain():
    for name, x in RASTERS.items():
        path = jobs.write("x.tif", x, "f32")
        z = cells(x, 3, 3)
        z = np.where(cells(np.pad(np.zeros(np.array(x.shape) - 2), 1, constant_values=1), 3, 3)[4] > 0, NAN, z)  # the border is invalid
        d = z - z[4]
        span = np.abs(d).max(0)
        p = -((d[2] - d[0]) + 2 * (d[5] - d[3]) + (d[8] - d[6])) / 8 / CELL
        q = -((d[6] - d[0]) + 2 * (d[7] - d[1]) + (d[8] - d[2])) / 8 / CELL
        g = np.hypot(p, q)
        rise = 8 * U * span / CELL  # the error of a gradient
        degrees = 180 / np.pi
        tri, wilson, rough = np.sqrt((d ** 2).sum(0)), np.abs(d).sum(0) / 8, np.ptp(z, 0)
        slope = np.arctan(g) * degrees
        aspect = np.degrees(np.arctan2(-p, q).astype(float))
        got = jobs.compute([path], ["r:slope()", 'r:slope{units = "percent"}', "r:tpi()", "r:tri()", 'r:tri{variant = "wilson"}', "r:roughness()",
                                    "r:aspect()", "r:hillshade()", "r:curvature()"])
        check(f"{name}: slope", got[0], slope, degrees * rise + 4 * half(slope))
        check(f"{name}: slope in percent", got[1], 100 * g, 100 * rise + 4 * half(100 * g))
        check(f"{name}: tpi", got[2], z[4] - (z.sum(0) - z[4]) / 8, 8 * U * span)
        check(f"{name}: tri", got[3], tri, 8 * U * tri)
        check(f"{name}: tri, wilson", got[4], wilson, 8 * U * wilson)
        check(f"{name}: roughness", got[5], rough, 4 * U * rough)
        turn = np.abs((got[6] - np.degrees(np.arctan2(p, -q).astype(float)) + 180) % 360 - 180)
        jobs.expect(f"{name}: aspect", (turn <= degrees * rise / g + 1e-4)[g > 0].all(), np.nanmax(turn))
        light = np.sin(np.pi / 4) - np.cos(np.pi / 4) * (q * np.cos(np.radians(315)) - p * np.sin(np.radians(315)))
        shade = 1 + 254 * np.maximum(light / np.sqrt(1 + g ** 2), 0)
        xx, xy, yy = (((d[0] + d[2] + d[6] + d[8]) + 4 * (d[a] + d[b]) - 2 * (d[c] + d[e])) / 6 / CELL ** 2 if a else
                      ((d[2] - d[0]) - (d[8] - d[6])) / 4 / CELL ** 2 for a, b, c, e in ((3, 5, 1, 7), (0,) * 4, (1, 7, 3, 5)))
        second, size = xx * p * p - 2 * xy * p * q + yy * q * q, np.abs([xx, xy, yy]).max(0)
        bend = np.where(g < 0.001, 0, -second / (g ** 2 * (1 + g ** 2) ** 1.5))
        sure = ~(np.abs(g - 0.001) <= rise)
        check(f"{name}: curvature", np.where(sure, got[8], NAN), np.where(sure, bend, NAN),
              64 * U * span / CELL ** 2 + 16 * size * rise / np.maximum(g, 0.001) + 32 * U * np.abs(bend))
        far = np.abs(got[7] - shade)[1:-1, 1:-1] - (0.5 + 254 * (rise + 16 * U))[1:-1, 1:-1]
        jobs.expect(f"{name}: hillshade", (far <= 0).all(), far.max())


# ------------------------------------------------------------------------------- flat ground

FLAT = ('r:focal{stat = "mean", size = 3, RULES}', 'r:focal{stat = "mean", size = 15, RULES}', 'r:focal{stat = "mean", size = 101, RULES}',
        'r:focal{stat = "mean", radius = 4, shape = "circle", RULES}', "r:gaussian(1, {RULES})", "r:gaussian(6, {RULES})",
        "r:focal{stat = \"mean\", kernel = {{0.1, 0.2, 0.3}, {0.7, 0, 0.9}, {-0.1, 0.5, 0.05}}, RULES}")
NOTHING = ('r:focal{stat = "std", size = 3, RULES}', 'r:focal{stat = "std", size = 101, RULES}', 'r:focal{stat = "range", size = 5, RULES}')
DIFFERENCES = ("r:sobel{RULES}", "r:laplace{RULES}") + tuple(f"r:convolve({lua(k)}, {{RULES}})" for k in VANISHING.values())
TERRAIN = ("r:tpi()", "r:tri()", "r:roughness()", "r:slope()", "r:curvature()")


def flat():
    for height in (3000.1234, 70000.7, 1000000.1, 9999999, 12345679, -0.1):
        x = np.full((21, 19), height, np.float32)
        for holes in (False, True):
            y = np.where(RNG.random(x.shape) < 0.06, NAN, x) if holes else x
            path, wanted, zero, level = jobs.write("flat.tif", y, "f32", -9999), {}, LONG(0) * x, x.astype(LONG)
            for edges, invalid in (("shrink", "center"), ("reflect", "skip"), ("reflect", "propagate"), ("reflect", "fill_center")):
                o = f'edges = "{edges}", invalid = "{invalid}"'
                whole = edges == "reflect" and invalid == "propagate" or not holes and edges == "reflect"
                for calls, value in ((FLAT, level), (NOTHING, zero), (DIFFERENCES if whole else (), zero)):
                    wanted.update({c.replace("RULES", o): value for c in calls})
            if not holes:
                wanted.update({c: zero for c in TERRAIN})
            for (call, value), got in zip(wanted.items(), jobs.compute([path], list(wanted))):
                right = not isinstance(got, str) and ((got == value) | np.isnan(got)).all()
                jobs.expect(f"flat at {height}{' with holes' if holes else ''}: {call}", right, got if isinstance(got, str) else got[~(got == value)][:3])


def across():
    """Statistics of equal scenes."""
    x = np.full((3, 4), 1000000.1, np.float32)
    path = jobs.write("scene.tif", x, "f32")
    wanted = {f'weft.series({{r, r, r, r, r, r, r}}, "{s}")': v for s, v in (("mean", x), ("std", 0 * x), ("p30", x))}
    wanted.update({f'weft.series({{r, r, r, r}}, "{s}", {{x = {{0.1, 2, 3, 7}}}})': v for s, v in (("slope", 0 * x), ("intercept", x))})
    wanted["weft.nmean(r, r, r)"] = x
    wanted["weft.nsum(r, r, r, r, r)"] = (x.astype(LONG) * 5).astype(np.float32)
    for (call, value), got in zip(wanted.items(), jobs.compute([path], list(wanted))):
        jobs.expect(f"equal scenes: {call}", not isinstance(got, str) and (got == value).all(), got)


jobs.all(sums, with_gaps, spreads, terrain, flat, across)
