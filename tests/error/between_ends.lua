local x = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
weft.calc("between(A, 2.5, -1)", {A = x})
