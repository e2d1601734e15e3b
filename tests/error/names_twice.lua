local x = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
print(weft.stack({x, x, x}, {names = {"a", "b", "a"}}).a)
