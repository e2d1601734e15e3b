local r = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
r:save(arg[1] .. "/a.tif", {options = {TILED = {"NO"}}})
