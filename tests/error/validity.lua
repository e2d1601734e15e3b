local r = weft.col{like = weft.grid{bounds = {0, 0, 12, 4}, resolution = 1}}
local a, b = (r * 20):mask(r:ne(1)), (r * 20):mask(r:ne(2))
weft.stack{a + 0, b + 0}:save(arg[1] .. "/a.tif", {type = "u8"})
