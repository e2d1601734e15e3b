local g = weft.grid{bounds = {0, 0, 40, 40}, resolution = 10}
local x = weft.col{like = g}
x:interpolate{{0, 1}, {5, 2}, {3, 4}}
