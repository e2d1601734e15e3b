-- at, sample and read; invalid is nil or weft.invalid.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local r = weft.stack{col / 4, row:mask(row:gt(0))}
print(r:at(1, 0))
print(r:at(1, 2))
print(r:sample(600039.9, 5000000.1))
local t = r:read{col = 1, row = 0, width = 2, height = 2, band = 2}
print(#t, #t[1], t[1][1], t[2][1], t[1][1] == weft.invalid, t[2][2] == weft.invalid)
print(math.type(col:at(3, 0)), math.type((col / 4):at(3, 0)))
