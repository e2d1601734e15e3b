-- A PNG of one band, and of three bands.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
col:plot(arg[1] .. "/a.png")
weft.stack{col, row, col}:plot(arg[1] .. "/b.png", {stretch = {0, 100}})
local a, b = weft.open(arg[1] .. "/a.png"), weft.open(arg[1] .. "/b.png")
print(a, a:at(0, 0))
print(a:at(3, 0))
print(b:at(0, 0))
print(b:at(3, 2))
