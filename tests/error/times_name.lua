local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, dir = weft.col{like = g}, arg[1] .. "/"
col:save(dir .. "a_20180710.tif")
col:save(dir .. "b.tif")
weft.open({dir .. "a_20180710.tif", dir .. "b.tif"}, {times = "%Y%m%d"})
