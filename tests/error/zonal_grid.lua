local r = weft.constant(1, {like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}})
local zones = weft.constant(1, {like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 2}})
print(weft.zonal(r, zones, {stats = "mean"}))
