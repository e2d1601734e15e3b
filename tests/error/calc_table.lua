local g = weft.grid{bounds = {0, 0, 40, 40}, resolution = 10}
local x = weft.col{like = g}
weft.calc("reclass(A, 1) + 1", {A = x})
