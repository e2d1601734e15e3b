local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, dir = weft.col{like = g}, arg[1] .. "/"
col:save(dir .. "a.tif")
weft.col{like = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600050, 5000030}, resolution = 10}}:save(dir .. "b.tif")
weft.open({dir .. "a.tif", dir .. "b.tif"}, {nodata = 7})
