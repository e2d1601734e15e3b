local r = weft.col{like = weft.grid{bounds = {0, 0, 12, 4}, resolution = 1}}
weft.stack{r, r}:save("a.tif", {colors = {false, {[1] = "#000000"}, false}})
