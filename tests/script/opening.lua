-- Options of open: bands, nodata, mask, crs; bands hidden by a property or a method.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local path = arg[1] .. "/a.tif"
weft.stack({col, row, col + row}, {names = {"sqrt", "width", "plain"}}):save(path)
local r = weft.open(path)
print(r.plain, r.width, r:band("width"):at(3, 2))
print(#weft.open(path, {bands = {"plain", 1}}), weft.open(path, {bands = 3}):at(3, 2))
print(weft.open(path, {nodata = 3}):at(3, 2))
print(weft.open(path, {mask = col:gt(1), bands = 1}):at(1, 0), weft.open(path, {mask = col:gt(1), bands = 1}):at(2, 0))
row:save(arg[1] .. "/m.tif")
print(weft.open(path, {mask = arg[1] .. "/m.tif", bands = 1}):at(1, 0))
print(weft.open(path, {crs = "EPSG:32633"}))
