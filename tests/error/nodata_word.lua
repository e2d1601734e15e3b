local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
col:save(arg[1] .. "/a.tif", {nodata = "never"})
