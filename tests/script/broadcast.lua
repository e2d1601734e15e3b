-- One band meets many; names travel where they cannot mislead.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local s = weft.stack({col, row}, {names = {"a", "b"}})
print((s + col):at(3, 2))
print((col:gt(0)):where(s, -1):at(0, 2))
print((s + s):at(3, 2))
print(table.concat((s + s).names, " "), table.concat((s + col).names, " "), table.concat((s + s:rename{"c", "d"}).names, " "))
print(weft.max(s, 1, col):at(0, 2))
print(s:clamp(1, 2):at(3, 0))
