"""What every raster driver that can write keeps, told by reading back: formats.py BUILD [DRIVER ...]

Each driver is given small rasters of every type, with every way to be invalid, of several bands, and
with everything that a band may say beside its pixels. What weft saves must be read back by GDAL as it
was, or weft must refuse it or say what is lost. The table of what survives is table.txt, which holds
for the version of GDAL that it names.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
from osgeo import gdal, gdal_array, osr

gdal.UseExceptions()
gdal.PushErrorHandler("CPLQuietErrorHandler")
# Servers, and one that asks for a network.
LEFT_OUT = {"PostGISRaster", "NGW", "WMS", "WMTS", "VRT", "MEM"}
GT = (600000, 10, 0, 5000000, 0, -10)
SIZE = (24, 20)


def ramp(kind, lo, hi, bands=1):
    rng = np.random.default_rng(7)
    a = rng.uniform(0, 1, (bands, SIZE[1], SIZE[0]))
    a = lo + a * (hi - lo)
    a[:, 0, 0], a[:, 0, 1] = lo, hi
    return a.astype(kind) if np.issubdtype(np.dtype(kind), np.floating) else np.rint(a).astype(kind)


class Case:
    """An input file, and what to expect of its copy."""

    def __init__(self, name, array, nodata=None, mask=None, say=None, place="utm", gt=GT):
        self.name, self.array, self.nodata, self.mask = name, array, nodata, mask
        self.say, self.place, self.gt = say or (lambda ds: None), place, gt

    def make(self, folder):
        self.path = os.path.join(folder, self.name + ".tif")
        a = self.array
        code = gdal_array.NumericTypeCodeToGDALTypeCode(a.dtype)
        options = ["ALPHA=NO"]
        if a.dtype == np.int8:
            code, options = gdal.GDT_Byte, options + ["PIXELTYPE=SIGNEDBYTE"]
            a = a.view(np.uint8)
        gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
        ds = gdal.GetDriverByName("GTiff").Create(self.path, a.shape[2], a.shape[1], a.shape[0], code, options)
        if self.place == "utm":
            srs = osr.SpatialReference()
            srs.ImportFromEPSG(32632)
            ds.SetProjection(srs.ExportToWkt())
        if self.gt:
            ds.SetGeoTransform(self.gt)
        self.say(ds)
        if self.mask is not None:
            ds.CreateMaskBand(gdal.GMF_PER_DATASET)
        for i in range(a.shape[0]):
            if self.nodata is not None:
                ds.GetRasterBand(i + 1).SetNoDataValue(self.nodata)
            ds.GetRasterBand(i + 1).WriteArray(a[i])
        if self.mask is not None:
            ds.GetRasterBand(1).GetMaskBand().WriteArray(np.where(self.mask, 255, 0).astype(np.uint8))
        ds = None
        self.pixels, self.facts = read(self.path)


def signed(band):
    return band.DataType == gdal.GDT_Byte and band.GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE") == "SIGNEDBYTE"


def read(path):
    """Pixels as float64 with NaN where invalid, and what is said beside them."""
    ds = gdal.Open(path)
    alpha = [i for i in range(ds.RasterCount) if ds.GetRasterBand(i + 1).GetColorInterpretation() == gdal.GCI_AlphaBand]
    pixels, facts = [], {"gt": ds.GetGeoTransform(can_return_null=True), "gcps": ds.GetGCPCount()}
    srs = ds.GetSpatialRef()
    facts["crs"] = srs.GetAttrValue("PROJCS") if srs else None
    facts["utm"] = bool(srs) and srs.GetUTMZone() == 32
    for i in range(ds.RasterCount):
        b = ds.GetRasterBand(i + 1)
        a = b.ReadAsArray()
        if signed(b):
            a = a.view(np.int8)
        v = a.astype(np.float64)
        n = b.GetNoDataValue()
        if n is not None:
            n = float(np.float32(n)) if b.DataType == gdal.GDT_Float32 else n
            v[a.astype(np.float64) == n] = np.nan
        flags = b.GetMaskFlags()
        if flags != gdal.GMF_NODATA and not flags & (gdal.GMF_ALL_VALID | gdal.GMF_ALPHA):
            v[b.GetMaskBand().ReadAsArray() == 0] = np.nan
        elif alpha and i not in alpha:
            v[ds.GetRasterBand(alpha[-1] + 1).ReadAsArray() == 0] = np.nan
        pixels.append(v)
        t, names = b.GetColorTable(), b.GetCategoryNames() or []
        facts[i] = {
            "name": b.GetDescription(), "unit": b.GetUnitType() or "",
            "scale": (b.GetScale() or 1, b.GetOffset() or 0),
            "interp": b.GetColorInterpretation(),
            "colours": [t.GetColorEntry(k)[:3] for k in range(1, 4)] if t and t.GetCount() > 3 else [],
            "classes": [x for x in names if x],
        }
    ds = None
    return pixels, facts


def legend(ds):
    b, t = ds.GetRasterBand(1), gdal.ColorTable()
    for i, c in enumerate([(0, 0, 0, 255), (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)]):
        t.SetColorEntry(i, c)
    b.SetColorTable(t)
    b.SetCategoryNames(["none", "wood", "field", "water"])


def unit(ds):
    ds.GetRasterBand(1).SetUnitType("ft")
    ds.GetRasterBand(1).SetDescription("height of trees")


def scaled(ds):
    ds.GetRasterBand(1).SetScale(0.01)
    ds.GetRasterBand(1).SetOffset(-100)


def alpha(ds):
    for i, c in enumerate((gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand, gdal.GCI_AlphaBand)):
        ds.GetRasterBand(i + 1).SetColorInterpretation(c)


def points(ds):
    ds.SetGCPs([gdal.GCP(600000 + 10 * c, 5000000 - 10 * r, 0, c, r) for c, r in ((0, 0), (24, 0), (0, 20), (24, 20))],
               ds.GetProjection())


def holes(a, value):
    a = a.copy()
    a[:, 3:6, 4:9] = value
    return a


def cases():
    ends = {"u8": (np.uint8, 0, 255), "i8": (np.int8, -128, 127), "u16": (np.uint16, 0, 65535),
            "i16": (np.int16, -32768, 32767), "u32": (np.uint32, 0, 4294967295),
            "i32": (np.int32, -2147483648, 2147483647), "f32": (np.float32, -1234.5, 98765.4),
            "f64": (np.float64, -1234.5, 98765.4)}
    for name, (kind, lo, hi) in ends.items():
        yield Case(name, ramp(kind, lo, hi))
    yield Case("u8_nodata", holes(ramp(np.uint8, 1, 255), 0), nodata=0)
    yield Case("i16_nodata", holes(ramp(np.int16, -500, 9000), -9999), nodata=-9999)
    yield Case("f32_nodata", holes(ramp(np.float32, -500, 9000), -9999), nodata=-9999)
    yield Case("f32_nan", holes(ramp(np.float32, -500, 9000), np.nan))
    mask = np.ones((SIZE[1], SIZE[0]), bool)
    mask[3:6, 4:9] = False
    yield Case("u8_mask", ramp(np.uint8, 0, 255), mask=mask)
    yield Case("u16_mask", ramp(np.uint16, 0, 65535), mask=mask)
    yield Case("bands2", ramp(np.uint8, 0, 255, 2))
    yield Case("bands3", ramp(np.uint8, 0, 255, 3))
    yield Case("bands5", ramp(np.uint16, 0, 65535, 5))
    yield Case("rgb_mask", ramp(np.uint8, 0, 255, 3), mask=mask)
    rgba = ramp(np.uint8, 0, 255, 4)
    rgba[3] = np.where(mask, 200, 0)
    yield Case("rgba", rgba, say=alpha)
    yield Case("legend", ramp(np.uint8, 0, 3), say=legend)
    yield Case("unit", ramp(np.int16, 0, 900), say=unit)
    yield Case("scale", ramp(np.int16, 0, 900), say=scaled)
    yield Case("turned", ramp(np.int16, 0, 900), gt=(600000, 8, 2, 5000000, 2, -8))
    yield Case("gcps", ramp(np.int16, 0, 900), say=points, gt=None)


SCRIPT = """
for i = 2, #arg, 2 do
    local options = {format = arg[1]}
    local r = weft.open(arg[i], {scale = false})
    local ok, e = pcall(r.save, r, arg[i + 1], options)
    print(ok and "saved" or "refused " .. tostring(e.message or e):gsub("%s+", " "))
end
"""
# What a warning calls the facts that may be lost.
WORDS = {"name": "the name", "unit": "the unit", "scale": "scale and offset", "interp": "the colour interpretation",
         "colours": "the colours", "classes": "the names of classes", "utm": "the coordinate system",
         "gcps": "the ground control"}


def compare(case, path, warnings):
    """Why the copy is wrong, or a letter: = as it was, w in a wider type, t something told as lost."""
    pixels, facts = read(path)
    if len(pixels) != len(case.pixels):
        return f"has {len(pixels)} bands"
    said = " ".join(warnings)
    rough = "only nearly" in said
    for i, (was, now) in enumerate(zip(case.pixels, pixels)):
        if (np.isnan(was) != np.isnan(now)).any():
            return f"band {i + 1}: {int((np.isnan(was) != np.isnan(now)).sum())} pixels differ in validity"
        if not rough and not np.array_equal(was, now, equal_nan=True):
            return f"band {i + 1}: other values"
    if case.gt and (not facts["gt"] or not np.allclose(facts["gt"], case.gt, rtol=0, atol=1e-3)):
        return f"lies elsewhere: {facts['gt']}"
    lost = [f for f in ("utm", "gcps") if case.facts[f] and facts[f] != case.facts[f]]
    for i in range(len(pixels)):
        for f, was in case.facts[i].items():
            plain = f == "interp" and was in (gdal.GCI_GrayIndex, gdal.GCI_Undefined, gdal.GCI_PaletteIndex)
            if was and not plain and was != (1, 0) and facts[i][f] != was:
                lost.append(f)
    for f in lost:
        if WORDS[f] not in said:
            return f"{f} is lost without a word"
    if lost or rough:
        return "t"
    ds, src = gdal.Open(path), gdal.Open(case.path)
    same = ds.GetRasterBand(1).DataType == src.GetRasterBand(1).DataType
    return "=" if same else "w"


def try_driver(build, driver, all_cases, folder):
    extension = (driver.GetMetadataItem("DMD_EXTENSION") or (driver.GetMetadataItem("DMD_EXTENSIONS") or "bin").split()[0])
    where = os.path.join(folder, driver.ShortName)
    os.mkdir(where)
    script = os.path.join(folder, "save.lua")
    jobs = [(c, os.path.join(where, f"{c.name}.{extension}")) for c in all_cases]
    args = [x for c, p in jobs for x in (c.path, p)]
    run = subprocess.run([os.path.join(build, "weft"), "run", "--progress", "never", "--threads", "2", script, driver.ShortName] + args,
                         capture_output=True, text=True, timeout=300)
    lines = run.stdout.splitlines()
    results = {}
    if run.returncode != 0 or len(lines) != len(jobs):
        return {c.name: f"the run ended with {run.returncode}: {run.stderr[-300:]}" for c, _ in jobs}
    for (c, p), line in zip(jobs, lines):
        if line.startswith("refused"):
            results[c.name] = "-" if len(line) > 20 else "refused without a reason"
            if os.path.exists(p):
                results[c.name] = "refused, and yet a file is there"
            continue
        try:
            results[c.name] = compare(c, p, [w for w in run.stderr.splitlines() if p in w])
        except Exception as e:
            results[c.name] = f"cannot be read back: {str(e)[:100]}"
    return results


def main():
    build, wanted = os.path.abspath(sys.argv[1]), sys.argv[2:]
    passed = failed = 0
    all_cases = list(cases())
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for c in all_cases:
            c.make(folder)
        with open(os.path.join(folder, "save.lua"), "w") as f:
            f.write(SCRIPT)
        for i in range(gdal.GetDriverCount()):
            d = gdal.GetDriver(i)
            m = d.GetMetadata()
            if (not m.get("DCAP_RASTER") or not (m.get("DCAP_CREATE") or m.get("DCAP_CREATECOPY"))
                    or d.ShortName in LEFT_OUT or (wanted and d.ShortName not in wanted)):
                continue
            results = try_driver(build, d, all_cases, folder)
            rows[d.ShortName] = "".join(r if len(r) == 1 else "!" for r in results.values())
            for name, r in results.items():
                passed, failed = passed + (len(r) == 1), failed + (len(r) > 1)
                if len(r) > 1:
                    print(f"{d.ShortName} {name}: {r}")
    table = os.path.join(os.path.dirname(os.path.abspath(__file__)), "table.txt")
    text = "GDAL " + gdal.__version__ + "\n= as it was, w in a wider type, t with a word on what is lost, - refused\n"
    text += "columns: " + " ".join(c.name for c in all_cases) + "\n"
    text += "".join(f"{n:<16}{r}\n" for n, r in sorted(rows.items()))
    if os.environ.get("WRITE_TABLE"):
        with open(table, "w") as f:
            f.write(text)
    elif not wanted:
        known = open(table).read() if os.path.exists(table) else ""
        if known.split("\n")[0] != text.split("\n")[0]:
            print(f"formats: table.txt is of another GDAL than {gdal.__version__}, not compared")
        else:
            same = known == text
            passed, failed = passed + same, failed + (not same)
            if not same:
                print("table.txt differs; WRITE_TABLE=1 writes it anew")
                print("\n".join(l for l in text.split("\n") if l not in known.split("\n")))
    print(f"formats: {passed} passed, {failed} failed")


main()
