local r = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}} * 100
print(pcall(r.save, r, arg[1] .. "/a.tif", {type = "u8", overflow = "error"}))
r:cast("u8", {overflow = "error"}):save(arg[1] .. "/a.tif", {type = "u8", overflow = "error"})
