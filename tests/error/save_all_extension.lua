local r = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
weft.save_all{ {r, arg[1] .. "/a.tif"}, {r, arg[1] .. "/b.txt"} }
