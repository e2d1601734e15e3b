local x = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
weft.stack({x, x, names = {"a", "b"}}, {names = {"c", "d"}})
