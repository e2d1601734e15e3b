"""reclass against numpy.digitize and plain comparisons, interpolate against numpy.interp: rasters of every type, f32 and
f64, pixels on the ends of ranges and next to them, few rules and ten thousand."""
import numpy as np
from jobs import Jobs, differ

jobs = Jobs("classes")
expect = jobs.expect
RNG = np.random.default_rng(11)
NAN = float("nan")
INTEGER = {"u8": np.iinfo("uint8"), "u16": np.iinfo("uint16"), "i16": np.iinfo("int16"), "i32": np.iinfo("int32")}
HELD = {"u8": np.float32, "u16": np.float32, "i16": np.float32, "i32": np.float64, "f32": np.float32, "f64": np.float64}


def pixels(kind, ends):
    """A raster with the ends, the numbers next to them, random ones between and some invalid."""
    held = np.float32 if kind == "f32" else np.float64
    finite = np.array([e for e in ends if np.isfinite(e)], dtype=held)
    if kind not in INTEGER:
        near = [finite, np.nextafter(finite, held(np.inf)), np.nextafter(finite, held(-np.inf))]
        wild = np.array([np.inf, -np.inf, 0.0, -0.0, 1e30, -1e30], dtype=held)
    else:
        low, high = INTEGER[kind].min, INTEGER[kind].max
        near = [np.clip(np.floor(finite) + d, low + 1, high) for d in (-1, 0, 1, 2)]
        wild = np.array([low + 1, high, 0, 1], dtype=held)
    spread = RNG.uniform(min(finite) - 3, max(finite) + 3, 3000)
    if kind in INTEGER:
        spread = np.clip(np.floor(spread), low + 1, high)
    all = np.concatenate(near + [wild, spread]).astype(np.float64)
    all = np.append(all, np.full(-len(all) % 50, 0.0)).reshape(-1, 50)
    all[RNG.random(all.shape) < 0.05] = NAN
    return all


def lua(rules):
    def number(v):
        return "math.huge" if v == np.inf else "-math.huge" if v == -np.inf else repr(float(v)) if v != int(v) else str(int(v))
    return "{" + ", ".join("{" + ", ".join(number(v) for v in rule) + "}" for rule in rules) + "}"


def classify(x, rules, kind, closed="left", include_last=True, default=NAN, keep=False, invalid=None):
    """By comparing with each rule."""
    held = HELD[kind]
    v = x.astype(held)
    out = v.astype(np.float64) if keep else np.full(x.shape, float(default))
    left, right = closed in ("left", "both"), closed in ("right", "both")
    for low, high, value in rules:
        has_low, has_high = left, right
        if include_last and closed == "left" and high == max(r[1] for r in rules):
            has_high = True
        if include_last and closed == "right" and low == min(r[0] for r in rules):
            has_low = True
        above = v >= held(low) if has_low else v > held(low)
        below = v <= held(high) if has_high else v < held(high)
        out[above & below] = value
    out[np.isnan(x)] = NAN if invalid is None else invalid
    whole = np.all(np.isnan(out) | (out == np.floor(out)))
    return out if whole else out.astype(held).astype(np.float64)


def nodata(kind):
    return int(INTEGER[kind].min) if kind in INTEGER else None


def ranges():
    """Breaks that touch, and gaps; every closed side; default, keep and invalid."""
    for kind in HELD:
        for count in (1, 2, 4, 7, 8, 15, 16, 40):
            real = kind not in INTEGER
            ends = np.sort(RNG.choice(np.arange(5, 120), count + 1, replace=False)) * (0.7 if real else 1)
            touching = [(ends[i], ends[i + 1], int(RNG.integers(0, 200))) for i in range(count)]
            gaps = [r for i, r in enumerate(touching) if i % 3 != 1]
            RNG.shuffle(gaps)
            open_ended = [(-np.inf, ends[0], 3)] + touching + [(ends[-1], np.inf, 4)]
            path = jobs.write("ranges.tif", pixels(kind, ends), kind, nodata(kind))
            x = jobs.read(path)
            cases = []
            for rules, name in ((touching, "touching"), (gaps, "gaps"), (open_ended, "open-ended")):
                for closed in ("left", "right", "both", "neither"):
                    if closed == "both" and name != "gaps":
                        continue
                    if closed == "both":
                        rules = touching[::2]
                    cases.append((rules, dict(closed=closed)))
                cases.append((rules, dict(include_last=False, default=7)))
                cases.append((rules, dict(keep=True)))
                cases.append((rules, dict(default=0.1, invalid=250)))
            words = []
            for rules, o in cases:
                options = ", ".join(f'{k} = "{v}"' if isinstance(v, str) else f"{k} = {str(v).lower()}" for k, v in o.items())
                words.append(f"r:reclass({lua(rules)}, {{{options}}})")
            for (rules, o), word, got in zip(cases, words, jobs.compute([path], words)):
                why = differ(got, classify(x, rules, kind, **o), 0)
                expect(f"{kind} {word[:300]}", why is None, why)


def values():
    for kind in HELD:
        keys = RNG.choice(np.arange(0, 200), 60, replace=False) * (0.25 if kind[0] == "f" else 1)
        path = jobs.write("values.tif", pixels(kind, keys), kind, nodata(kind))
        x = jobs.read(path)
        for few in (3, 12, 60):
            new = RNG.integers(-5, 1000, few)
            word = "r:reclass{" + ", ".join(f"[{k}] = {n}" for k, n in zip(keys[:few], new)) + "}"
            want = np.full(x.shape, NAN)
            for k, n in zip(keys[:few], new):
                want[x == k] = n
            got = jobs.compute([path], [word])[0]
            why = differ(got, want, 0)
            expect(f"{kind} {few} values", why is None, why)


def thousands():
    """numpy.digitize for 10000 classes."""
    for kind in ("u16", "i32", "f32", "f64"):
        held = HELD[kind]
        ends = np.sort(RNG.choice(np.arange(1, 60000), 10001, replace=False)) * (1.0 if kind in ("u16", "i32") else 1.1)
        path = jobs.write("many.tif", pixels(kind, ends), kind, nodata(kind))
        x = jobs.read(path)
        script = ('local r, out = weft.open(arg[1]), arg[2]\nlocal rules = {}\nlocal e = {' + ",".join(repr(float(e)) for e in ends) +
                  '}\nfor i = 1, #e - 1 do rules[i] = {e[i], e[i + 1], i} end\n'
                  'r:reclass(rules, {include_last = false}):save(out)')
        p = jobs.run(script, path, jobs.path("out.tif"))
        index = np.digitize(x.astype(held), ends.astype(held)).astype(float)
        index[(index == 0) | (index == len(ends)) | np.isnan(x)] = NAN
        why = p.stderr if p.returncode else differ(jobs.read(jobs.path("out.tif")), index, 0)
        expect(f"{kind}: 10000 ranges", why is None, why)


def curves():
    """numpy.interp within rounding; exactly at the points; steps; nothing beyond its neighbours."""
    for kind in HELD:
        for count in (1, 2, 3, 8, 30, 2000):
            scale = 1 if kind[0] != "f" else 0.37
            xs = np.sort(RNG.choice(np.arange(2, 20000 if count > 100 else 200), count, replace=False)) * scale
            ys = RNG.uniform(-1000, 1000, count)
            if count > 5:
                xs[3] = xs[4]
            path = jobs.write("curve.tif", pixels(kind, xs[:500]), kind, nodata(kind))
            x = jobs.read(path)
            held = HELD[kind]
            got = jobs.compute([path], [f"r:interpolate{lua(list(zip(xs, ys)))}"])[0]
            hx = xs.astype(held).astype(np.float64)
            want = np.where(np.isnan(x), NAN, np.interp(x, hx, ys))
            bound = 3000 * 8 * (2.0**-24 if held is np.float32 else 2.0**-53)
            why = differ(got, want, bound)
            expect(f"{kind}: {count} points", why is None, why)
            if not isinstance(got, str):
                at = {px: y for px, y in zip(hx, ys.astype(held).astype(np.float64))}
                wrong = [(v, g) for v, g in zip(x.ravel(), got.ravel()) if v in at and g != at[v]]
                expect(f"{kind}: {count} points are met", not wrong, wrong[:3])
                low, high = got[~np.isnan(got)].min(), got[~np.isnan(got)].max()
                expect(f"{kind}: {count} points bound the curve",
                       held(min(ys)) <= low and high <= held(max(ys)), (low, high))


def types():
    """The result has the smallest type that holds its values."""
    path = jobs.write("types.tif", np.arange(12.0).reshape(3, 4), "u16", None)
    p = jobs.run('local r = weft.open(arg[1])\nfor _, y in ipairs{r:reclass{{0, 5, 1}}, r:reclass{{0, 5, -1}}, r:reclass{{0, 5, 300}},\n'
                 'r:reclass({{0, 5, 1}}, {default = "keep"}), r:reclass{{0, 5, 0.5}}, r:reclass({{0, 5, 1}}, {invalid = 70000}),\n'
                 'r:interpolate{{0, 1}}, (r * 1e6):reclass{{0, 5, 1}}, weft.reclass(r, {[3] = 5})} do io.write(y.type, " ") end', path)
    expect("types", p.stdout == "u8 i16 i16 u16 f32 i32 f32 u8 u8 ", p.stdout)


jobs.all(ranges, values, thousands, curves, types)
