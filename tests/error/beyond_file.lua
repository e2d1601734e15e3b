local path = arg[1] .. "/wide.tif"
local r = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}} + 9007199254740991
r:save(path, {type = "i64"})
print(weft.open(path, {lossy = true}):stats("min"))
print(weft.open(path):stats("max"))
