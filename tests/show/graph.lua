-- The graph as written: operators, types, ranges, whether all is valid, grids, lines; then for Graphviz.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 604000, 5003000}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local function ratio(a, b) return (a - b) / (a + b) end
local low = row:lt(100)
local e = weft.where(low, ratio(col, row), row:clamp(0, 9)):mask(col:ne(7))
print(e:explain("graph"))
print(weft.stack{col + 0.5, low}:explain("graph"))
print(e:dot())
