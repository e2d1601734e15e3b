local r = weft.col{like = weft.grid{bounds = {0, 0, 12, 4}, resolution = 1}}
r:reclass({[1] = 2}, {categories = {[1] = 5}})
