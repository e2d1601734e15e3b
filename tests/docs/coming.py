"""The rows of docs/coming-from.md as numpy and SciPy compute them, against what weft has written: N.theirs beside N.tif or
N.txt in a folder. The last line counts."""
import glob
import sys

import numpy as np
from osgeo import gdal
from scipy import ndimage

gdal.UseExceptions()
folder = sys.argv[1]


def read(path):
    data = gdal.Open(path)  # kept, or its band dies with it
    band = data.GetRasterBand(1)
    pixels, nodata = band.ReadAsArray().astype(float), band.GetNoDataValue()
    if nodata is not None and not np.isnan(nodata):
        pixels[pixels == nodata] = np.nan
    return pixels


names = {n: getattr(np, n) for n in dir(np) if not n.startswith("_")}
names.update({n: read(f"{folder}/{n}.tif") for n in "abcn"})
names.update(np=np, ndimage=ndimage, A=names["a"], B=names["b"],
             k=np.array([[0, 1, 2], [3, 4, 5], [6, 7, 9]], float))
passed = failed = 0
for path in sorted(glob.glob(f"{folder}/*.theirs")):
    text = open(path).read().strip()
    with np.errstate(all="ignore"):
        wanted = np.asarray(eval(text, dict(names)), float)
    stem = path[: -len(".theirs")]
    try:
        got = read(stem + ".tif")
    except RuntimeError:
        got = np.array(open(stem + ".txt").read().split(), float)
    if np.allclose(got, wanted, rtol=1e-6, atol=1e-6, equal_nan=True):
        passed += 1
    else:
        failed += 1
        print(f"docs: coming-from.md: {text} differs from weft's: {wanted.ravel()[:6]} {got.ravel()[:6]}")
print(f"coming-numpy: {passed} passed, {failed} failed")
