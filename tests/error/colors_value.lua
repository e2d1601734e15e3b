local r = weft.col{like = weft.grid{bounds = {0, 0, 12, 4}, resolution = 1}}
r:save("a.tif", {colors = {[1] = {1, 2}}})
