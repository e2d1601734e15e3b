local r = (weft.col{like = weft.grid{bounds = {0, 0, 12, 4}, resolution = 1}} * 24):clamp(0, 255)
weft.stack{r:mask(r:ne(24)), r:mask(r:ne(48))}:save(arg[1] .. "/a.tif", {type = "u8"})
