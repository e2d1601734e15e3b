local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, dir = weft.col{like = g}, arg[1] .. "/"
weft.series({col, col * 2}, "slope", {x = "times", times = "%Y%m%d"})
