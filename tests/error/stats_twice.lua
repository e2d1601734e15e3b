local r = weft.constant(1, {like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}})
print(r:stats{"mean", "mean"})
