local csv = (...) .. "/bag.csv"
local file = io.open(csv, "w")
file:write('id,WKT\n7,"GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (0 0, 5 5))"\n')
file:close()
weft.zonal(weft.col{like = weft.grid{bounds = {0, 0, 50, 40}, resolution = 10}}, csv, {id = "id"})
