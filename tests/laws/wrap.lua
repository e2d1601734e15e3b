-- Edges that wrap: on files, on what is made of them, on windows of those, larger than the raster too.
-- Arguments: folder of inputs, folder of outputs.
local a, c = weft.open(arg[1] .. "/tiles512.tif"), weft.open(arg[1] .. "/strips.tif")
local wrap = {edges = "wrap"}

local chain = a:gaussian(2, wrap):focal{stat = "max", size = 5, edges = "wrap"}[1]:neighbour(-70, 90, wrap)
local mixed = (a * 2 + c):focal{stat = "std", size = 7, edges = "wrap"} - c:focal{stat = "mean", size = 31, edges = "reflect"}
weft.save_all{{chain, arg[2] .. "/chain.tif"}, {mixed, arg[2] .. "/mixed.tif"}}
for _, name in ipairs{"cell", "row", "column", "few"} do
    local r = weft.open(("%s/%s.tif"):format(arg[1], name))
    local s = r:focal{stat = "mean", size = 31, edges = "wrap"} + r:focal{stat = "median", size = 5, edges = "wrap"}
    s:save(("%s/%s.tif"):format(arg[2], name))
end
