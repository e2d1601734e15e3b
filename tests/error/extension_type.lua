local r = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
local half = r / 2
half:save(arg[1] .. "/a.png")
