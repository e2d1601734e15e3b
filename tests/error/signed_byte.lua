local r = weft.col{like = weft.grid{bounds = {0, 0, 12, 4}, resolution = 1}}
local far = r + 200; far:save(arg[1] .. "/a.tif", {options = {PIXELTYPE = "SIGNEDBYTE"}})
