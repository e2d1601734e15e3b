local x = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
weft.save_all{{x, arg[1] .. "/a.tif"}, {x, arg[1] .. "/./a.tif"}}
