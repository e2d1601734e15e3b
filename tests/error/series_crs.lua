local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local a, b = weft.col{like = g}, weft.row{like = g}
weft.series({a, weft.col{like = weft.grid{crs = "EPSG:32633", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}}}, "mean")
