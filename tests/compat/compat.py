"""Jobs of weft against numpy and GDAL: compat.py BUILD. The last line is "compat: N passed, N failed".

Real files come from $WEFT_DATA; what needs them is skipped, saying so, where they are absent.
"""
import json, os, subprocess, sys, tempfile
import numpy as np
from osgeo import gdal
from scipy import special

gdal.UseExceptions()
weft = os.path.join(sys.argv[1], "weft")
data = os.environ.get("WEFT_DATA", "../shared/data")
tmp = tempfile.mkdtemp(prefix="weft-compat-")
passed, failed = 0, []
np.seterr(all="ignore")
TYPES = {"u8": gdal.GDT_Byte, "u16": gdal.GDT_UInt16, "i16": gdal.GDT_Int16, "u32": gdal.GDT_UInt32,
         "i32": gdal.GDT_Int32, "f32": gdal.GDT_Float32, "f64": gdal.GDT_Float64}


def expect(name, right, why=""):
    global passed
    if right:
        passed += 1
    else:
        failed.append(name)
        print(f"compat: {name}: {why}")


def write(name, array, kind, nodata=None, options=()):
    path = os.path.join(tmp, name)
    bands = array if array.ndim == 3 else array[None]
    ds = gdal.GetDriverByName("GTiff").Create(path, bands.shape[2], bands.shape[1], bands.shape[0],
                                              TYPES[kind], list(options))
    ds.SetGeoTransform((500000, 10, 0, 4100000, 0, -10))
    for i, b in enumerate(bands):
        if nodata is not None:
            ds.GetRasterBand(i + 1).SetNoDataValue(nodata)
        ds.GetRasterBand(i + 1).WriteArray(b)
    return path


def run(script, *args, ok=True):
    path = os.path.join(tmp, "job.lua")
    with open(path, "w") as f:
        f.write(script)
    p = subprocess.run([weft, "run", "--quiet", "--threads", "2", "--stats", os.path.join(tmp, "stats.json"),
                        path, *args], capture_output=True, text=True)
    if ok and p.returncode:
        print(p.stderr.strip())
    return p


def stats():
    with open(os.path.join(tmp, "stats.json")) as f:
        return json.load(f)["runs"]


def read(path, band=None):
    ds = gdal.Open(path)
    return ds.ReadAsArray() if band is None else ds.GetRasterBand(band).ReadAsArray()


def bits(a):
    a = np.ascontiguousarray(a)
    return np.where(np.isnan(a), a.dtype.type(np.nan), a).view(f"u{a.dtype.itemsize}")


def same_bits(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and bool((bits(a) == bits(b)).all())


def ulps(a, b, dtype):
    """Largest distance of a (of dtype) from the better-known b, in units of b's last place."""
    both = np.isnan(a) & np.isnan(b) | (a == b)
    unit = np.spacing(np.maximum(np.abs(b.astype(dtype)), np.finfo(dtype).tiny)).astype(np.float64)
    d = np.abs(a.astype(np.float64) - b.astype(np.float64)) / unit
    return float(np.where(both, 0, np.where(np.isnan(d), np.inf, d)).max())


# ------------------------------------------------------------------------------- NDVI to the bit

def ndvi():
    s2 = os.path.join(data, "sentinel2_10m.tif")
    if not os.path.exists(s2):
        print(f"skipped: {s2} is not there")
        return
    red, nir = (read(s2, b).astype(np.float32) for b in (3, 4))
    want = (nir - red) / (nir + red)
    out = os.path.join(tmp, "ndvi.tif")
    run("local f = weft.open(arg[1])\nlocal r, n = f[3], f[4];\n((n - r) / (n + r)):save(arg[2])", s2, out)
    expect("ndvi by script", same_bits(read(out), want), "differs from numpy float32")
    s = stats()[0]
    expect("ndvi blocks", s["blocks"]["decoded"] == s["blocks"]["planned"] == s["blocks"]["in_files"], s["blocks"])
    os.remove(out)
    p = subprocess.run([weft, "calc", "(A - B) / (A + B)", "-A", s2 + ":4", "-B", s2 + ":3", "-o", out],
                       capture_output=True, text=True)
    expect("ndvi by calc", p.returncode == 0 and same_bits(read(out), want), p.stderr)
    a, b = gdal.Open(s2), gdal.Open(out)
    expect("ndvi georeference", a.GetGeoTransform() == b.GetGeoTransform() and
           a.GetSpatialRef().IsSame(b.GetSpatialRef()), "differs")


# ------------------------------------------------------------------------------- point operators

def operators():
    rng = np.random.default_rng(7)
    n = 256 * 24
    special_f = np.array([0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, np.inf, -np.inf, np.nan, 1e-30, 3e38, 1e10, 0.49999997])
    f = np.concatenate([special_f, rng.normal(0, 3, 2000), rng.uniform(-1, 1, 2000), np.exp(rng.normal(0, 8, n))])[:n]
    g = rng.permutation(f)
    for kind, dtype in (("f32", np.float32), ("f64", np.float64)):
        a, b = f.astype(dtype).reshape(24, 256), g.astype(dtype).reshape(24, 256)
        files = write(f"a_{kind}.tif", a, kind), write(f"b_{kind}.tif", b, kind)
        A, B = a.astype(np.float64), b.astype(np.float64)
        nan = np.nan
        exact = {
            "A + B": a + b, "A - B": a - b, "A * B": a * b, "-A": -a, "abs(A)": np.abs(a), "sqrt(A)": np.sqrt(a),
            "A / B": np.where(b == 0, nan, a / b), "floor(A)": np.floor(a), "ceil(A)": np.ceil(a), "trunc(A)": np.trunc(a),
            "round(A)": np.where(np.isfinite(a), np.copysign(np.floor(np.abs(A) + 0.5 * (np.abs(A) < 2.0**52)), A), a),
            "sign(A)": np.sign(a), "min(A, B)": np.minimum(a, b), "max(A, B)": np.maximum(a, b),
            "nmin(A, B)": np.fmin(a, b), "nmax(A, B)": np.fmax(a, b),
            "A > B ? A : B": np.where(np.isnan(a) | np.isnan(b), nan, np.where(a > b, a, b)),
            "clamp(A, -1, 1)": np.clip(a, -1, 1), "fill(A, 7)": np.where(np.isnan(a), 7, a),
            "coalesce(A, B)": np.where(np.isnan(a), b, a),
        }
        close = {
            "exp(A)": np.exp(A), "exp2(A)": np.exp2(A), "sin(A)": np.where(np.isinf(A), nan, np.sin(A)),
            "cos(A)": np.where(np.isinf(A), nan, np.cos(A)), "tan(A)": np.where(np.isinf(A), nan, np.tan(A)),
            "log(A)": np.where(A > 0, np.log(A), nan), "log2(A)": np.where(A > 0, np.log2(A), nan),
            "log10(A)": np.where(A > 0, np.log10(A), nan), "cbrt(A)": special.cbrt(A), "asin(A)": np.arcsin(A),
            "acos(A)": np.arccos(A), "atan(A)": np.arctan(A), "atan2(A, B)": np.arctan2(A, B),
            "sinh(A)": np.sinh(A), "cosh(A)": np.cosh(A), "tanh(A)": np.tanh(A), "hypot(A, B)": np.hypot(A, B),
            "deg(A)": np.degrees(A), "rad(A)": np.radians(A),
            "A ^ B": np.where((A == 0) & (B < 0) | np.isnan(A) | np.isnan(B) & ~np.isnan(A), nan, np.power(A, B)),
        }
        jobs = list(exact) + list(close)
        lines = ["local A, B = weft.open(arg[1]), weft.open(arg[2])", "local all = {}"]
        for i, e in enumerate(jobs):
            lines.append(f"all[{i + 1}] = {{weft.calc([[{e}]], {{A=A, B=B}}), arg[3] .. '/{kind}_{i}.tif', {{type='{kind}'}}}}")
        lines.append("weft.save_all(all)")
        p = run("\n".join(lines), *files, tmp)
        expect(f"operators {kind} run", p.returncode == 0)
        if p.returncode:
            continue
        for i, e in enumerate(jobs):
            got = read(os.path.join(tmp, f"{kind}_{i}.tif"))
            if e in exact:
                want = exact[e].astype(dtype)
                right = bool(((got == want) | np.isnan(got) & np.isnan(want)).all())
                where = np.argwhere(~((got == want) | np.isnan(got) & np.isnan(want)))[:1]
                expect(f"{e} in {kind}", right, [(float(a[tuple(w)]), float(b[tuple(w)]), float(got[tuple(w)]), float(want[tuple(w)])) for w in where])
            else:
                # huge arguments of sine and its like lose numpy's own f64 input, not ours: f32 widened exactly
                want = close[e]
                with np.errstate(all="ignore"):
                    inside = np.abs(want) < np.finfo(dtype).max
                    u = ulps(np.where(inside, got, 0), np.where(inside, want, 0), dtype)
                expect(f"{e} in {kind}", u <= 4 and bool((np.isnan(got) == np.isnan(want)).all()),
                       f"{u} ulp, {int((np.isnan(got) != np.isnan(want)).sum())} differ in validity")


def integers():
    a = np.array([[200, 10, 255, 0, 7, 1]], np.uint8)
    b = np.array([[100, 20, 5, 0, 2, 255]], np.uint8)
    files = write("ua.tif", a, "u8"), write("ub.tif", b, "u8")
    A, B = a.astype(np.int64), b.astype(np.int64)
    jobs = {"A + B": A + B, "A - B": A - B, "A * B": A * B, "A // B": np.where(B == 0, -1, A // np.maximum(B, 1)),
            "A % B": np.where(B == 0, -1, A % np.maximum(B, 1)), "A & B": A & B, "A | B": A | B, "A ^^ B": A ^ B,
            "~A": ~A, "A << 2": A << 2, "A >> 1": A >> 1, "A > B ? 1 : 0": (A > B) * 1}
    lines = ["local A, B = weft.open(arg[1]), weft.open(arg[2])", "local all = {}"]
    for i, e in enumerate(jobs):
        lines.append(f"all[{i + 1}] = {{weft.calc([[{e}]], {{A=A, B=B}}):fill(-1), arg[3] .. '/i_{i}.tif'}}")
    p = run("\n".join(lines + ["weft.save_all(all)"]), *files, tmp)
    expect("integers run", p.returncode == 0)
    for i, (e, want) in enumerate(jobs.items()):
        got = read(os.path.join(tmp, f"i_{i}.tif")) if p.returncode == 0 else None
        expect(f"{e} on u8", got is not None and np.issubdtype(got.dtype, np.integer) and bool((got == want).all()), f"{got} for {want}")
    big = write("big.tif", np.array([[2147483647, -2147483648]], np.int32), "i32")
    run("local A = weft.open(arg[1]); (A + 1):save(arg[2]); (A * 2):save(arg[3])", big, tmp + "/p.tif", tmp + "/t.tif")
    expect("i32 + 1 never wraps", read(tmp + "/p.tif").tolist() == [[2147483648, -2147483647]], read(tmp + "/p.tif"))
    expect("i32 * 2 never wraps", read(tmp + "/t.tif").tolist() == [[4294967294, -4294967296]], read(tmp + "/t.tif"))


def casts():
    values = [-300, -1.5, -0.5, -0.49, 0.49, 0.5, 1.5, 2.5, 254.5, 255.4, 255.5, 1e9, np.inf, -np.inf]
    f = write("c.tif", np.array([values]), "f64")
    table = {"u8": [0, 0, 0, 0, 0, 1, 2, 3, 255, 255, 255, 255, 255, 0],
             "i16": [-300, -2, -1, 0, 0, 1, 2, 3, 255, 255, 256, 32767, 32767, -32768],
             "u16": [0, 0, 0, 0, 0, 1, 2, 3, 255, 255, 256, 65535, 65535, 0],
             "i32": [-300, -2, -1, 0, 0, 1, 2, 3, 255, 255, 256, 1000000000, 2147483647, -2147483648]}
    for kind, want in table.items():
        out = os.path.join(tmp, f"c_{kind}.tif")
        # the values of GDAL's table need every value of the type: nodata goes to a mask band
        p = run(f"weft.open(arg[1]):save(arg[2], {{type='{kind}', nodata='mask'}})", f, out)
        got = read(out)[0].tolist() if p.returncode == 0 else None
        expect(f"f64 to {kind}", got == want, f"{got} for {want}")
    expect("casts count what they clip", stats()[0]["outputs"][0]["clipped"] == 2, stats()[0]["outputs"])


# ------------------------------------------------------------------------------- files as they come

def odd():
    folder = os.path.join(data, "odd")
    if not os.path.isdir(folder):
        print(f"skipped: {folder} is not there")
        return
    must_fail = {"complex_cfloat32.tif", "truncated.tif", "corrupt_deflate.tif"}
    for name in sorted(os.listdir(folder)):
        path, out = os.path.join(folder, name), os.path.join(tmp, "odd.tif")
        if os.path.exists(out):
            os.remove(out)
        p = run("weft.open(arg[1], {scale=false}):save(arg[2])", path, out, ok=False)
        left = [f for f in os.listdir(tmp) if ".part" in f]
        if name in must_fail:
            expect(f"odd/{name} is refused", p.returncode == 1 and name in p.stderr and not os.path.exists(out) and not left,
                   f"status {p.returncode}: {p.stderr.strip()} {left}")
            continue
        if p.returncode:
            expect(f"odd/{name}", False, f"status {p.returncode}: {p.stderr.strip()}")
            continue
        a, b = gdal.Open(path), gdal.Open(out)
        right = (a.RasterXSize, a.RasterYSize, a.RasterCount) == (b.RasterXSize, b.RasterYSize, b.RasterCount)
        for i in range(1, a.RasterCount + 1 if right else 1):
            if a.GetRasterBand(i).GetColorInterpretation() == gdal.GCI_AlphaBand:
                continue  # says of the others where they are valid, and is saved as a plain band
            va, vb = a.GetRasterBand(i), b.GetRasterBand(i)
            pa, pb = va.ReadAsArray(), vb.ReadAsArray()
            ma, mb = va.GetMaskBand().ReadAsArray() != 0, vb.GetMaskBand().ReadAsArray() != 0
            if pa.dtype.kind == "f":
                ma, mb = ma & ~np.isnan(pa), mb & ~np.isnan(pb)
            right = right and bool((ma == mb).all()) and bool((pa[ma] == pb[mb]).all())
        gt = np.allclose(a.GetGeoTransform(), b.GetGeoTransform(), rtol=0, atol=1e-9) or not a.GetGeoTransform(can_return_null=True)
        expect(f"odd/{name}", right and gt, "pixels, validity or transform differ")
    out = os.path.join(tmp, "scaled.tif")
    run("weft.open(arg[1]):save(arg[2])", os.path.join(folder, "scale_offset.tif"), out)
    want = read(os.path.join(folder, "scale_offset.tif"), 1).astype(np.float32) * np.float32(1.2) + np.float32(12)
    expect("scale and offset", same_bits(read(out, 1), want), "differs")


for part in (ndvi, operators, integers, casts, odd):
    try:
        part()
    except Exception as e:
        expect(part.__name__, False, repr(e))
subprocess.run(["rm", "-rf", tmp])
print(f"compat: {passed} passed, {len(failed)} failed")
sys.exit(1 if failed else 0)
