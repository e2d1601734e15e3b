local x = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
x:histogram{range = {0, 0 / 0}}
