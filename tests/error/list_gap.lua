local x = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
local other
weft.stack{x, other, x}
