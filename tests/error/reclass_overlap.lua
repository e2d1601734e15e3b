local g = weft.grid{bounds = {0, 0, 40, 40}, resolution = 10}
local x = weft.col{like = g}
x:reclass{{0, 10, 1}, {20, 30, 2}, {5, 15, 3}}
