-- Random numbers depend on seed, band and place alone.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local r = weft.random{like = g, seed = 1}
print(r.type, (r:ge(0) & r:lt(1)):at(2, 1))
local same, seed, band = weft.random{like = g, seed = 1}, weft.random{like = g, seed = 2}, weft.random{like = g, seed = 1, band = 2}
print(r:at(2, 1) == same:at(2, 1), r:at(2, 1) == seed:at(2, 1), r:at(2, 1) == band:at(2, 1), r:at(2, 1) == r:at(1, 1))
print(("%.6f"):format(weft.random{like = g}:at(0, 0)))
