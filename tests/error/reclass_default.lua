local g = weft.grid{bounds = {0, 0, 40, 40}, resolution = 10}
local x = weft.col{like = g}
x:reclass({[1] = 5}, {default = "kep"})
