local r = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
r:plot(arg[1] .. "/a.jpgg")
