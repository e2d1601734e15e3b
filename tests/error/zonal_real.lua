local r = weft.x{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
print(weft.zonal(r, r / 2, {stats = "mean"}))
