"""What the comparisons with other programs share: small files, runs of the program, counting."""
import json, os, shutil, subprocess, sys, tempfile, warnings
import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
np.seterr(all="ignore")
warnings.simplefilter("ignore", RuntimeWarning)  # windows without a valid cell
TYPES = {"u8": gdal.GDT_Byte, "u16": gdal.GDT_UInt16, "i16": gdal.GDT_Int16, "u32": gdal.GDT_UInt32,
         "i32": gdal.GDT_Int32, "f32": gdal.GDT_Float32, "f64": gdal.GDT_Float64}
SHOWN, TOGETHER = 40, 16  # failures printed; expressions computed in one run
NORTH_UP = (500000, 10, 0, 4100000, 0, -10)


class Jobs:
    def __init__(self, name):
        self.name, self.passed, self.failed = name, 0, []
        self.weft = os.path.join(sys.argv[1], "weft")
        self.data = os.environ.get("WEFT_DATA", "../shared/data")
        self.tmp = tempfile.mkdtemp(prefix="weft-compat-")

    def path(self, name):
        return os.path.join(self.tmp, name)

    def expect(self, name, right, why=""):
        if right:
            self.passed += 1
        else:
            self.failed.append(name)
            if len(self.failed) <= SHOWN:
                print(f"{self.name}: {name}: {why}")

    def write(self, name, array, kind="f64", nodata=None, transform=NORTH_UP, crs=None):
        ds = gdal.GetDriverByName("GTiff").Create(self.path(name), array.shape[1], array.shape[0], 1, TYPES[kind])
        ds.SetGeoTransform(transform)
        if crs:
            srs = osr.SpatialReference()
            srs.SetFromUserInput(crs)
            ds.SetProjection(srs.ExportToWkt())
        if nodata is not None:
            ds.GetRasterBand(1).SetNoDataValue(nodata)
            array = np.where(np.isnan(array), nodata, array)
        ds.GetRasterBand(1).WriteArray(array)
        ds = None
        return self.path(name)

    def run(self, script, *args, ok=True):
        with open(self.path("job.lua"), "w") as f:
            f.write(script)
        p = subprocess.run([self.weft, "run", "--quiet", "--threads", "2", "--stats", self.path("stats.json"),
                            self.path("job.lua"), *args], capture_output=True, text=True)
        if ok and p.returncode:
            print(p.stderr.strip())
        return p

    def stats(self):
        with open(self.path("stats.json")) as f:
            return json.load(f)["runs"]

    def read(self, path):
        """Pixels in f64, NaN where invalid."""
        ds = gdal.Open(path)
        band = ds.GetRasterBand(1)
        return np.where(band.GetMaskBand().ReadAsArray() == 0, np.nan, band.ReadAsArray().astype(np.float64))

    def compute(self, files, expressions):
        """Lua expressions of r, r2 ... (files), several in one run. Each result is an array in f64 with NaN where
        invalid, or the message where it fails."""
        if len(expressions) > TOGETHER:
            return self.compute(files, expressions[:TOGETHER]) + self.compute(files, expressions[TOGETHER:])
        names = ["r" if i == 0 else f"r{i + 1}" for i in range(len(files))]
        script = [f"local {n} = weft.open(arg[{i + 1}])" for i, n in enumerate(names)]
        script += ["local all = {}", f"local out = arg[{len(files) + 1}]"]
        for i, e in enumerate(expressions):
            script.append(f"all[{i + 1}] = {{{e}, out .. '/o{i}.tif'}}")
        p = self.run("\n".join(script + ["weft.save_all(all)"]), *files, self.tmp, ok=False)
        if p.returncode == 0:
            return [self.read(self.path(f"o{i}.tif")) for i in range(len(expressions))]
        if len(expressions) == 1:
            return [p.stderr.strip() or f"exit status {p.returncode}"]
        return [self.compute(files, [e])[0] for e in expressions]  # only those at fault are lost

    def all(self, *parts):
        for part in parts:
            try:
                part()
            except Exception as e:
                self.expect(part.__name__, False, repr(e))
        shutil.rmtree(self.tmp)
        print(f"{self.name}: {self.passed} passed, {len(self.failed)} failed")
        sys.exit(1 if self.failed else 0)


def differ(got, want, bound):
    """None where both are valid at the same pixels and no farther apart than bound; or what differs."""
    if isinstance(got, str):
        return got
    if got.shape != want.shape:
        return f"{got.shape} for {want.shape}"
    validity = np.isnan(got) != np.isnan(want)
    far = ~(np.abs(got - want) <= bound) & ~np.isnan(got) & ~np.isnan(want) & (got != want)
    if not validity.any() and not far.any():
        return None
    r, c = np.argwhere(validity | far)[0]
    return (f"{int(validity.sum())} differ in validity, {int(far.sum())} in value; "
            f"first at column {c}, row {r}: {got[r, c]:.9g} for {want[r, c]:.9g}")
