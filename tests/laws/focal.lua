-- Chains of neighbourhoods, branches of different reach that meet again, windows larger than the raster.
-- Arguments: folder of inputs, folder of outputs.
local a, b, c = weft.open(arg[1] .. "/tiles512.tif"), weft.open(arg[1] .. "/tiles256.tif"), weft.open(arg[1] .. "/strips.tif")

local slope = a:gaussian(2):slope{edges = "gdal-edges"}
local classes = weft.calc("s < 60 ? 1 : s < 85 ? 2 : 3", {s = slope})
local chain = classes:focal{stat = "max", size = 3}:focal{stat = "mean", size = 5, edges = "reflect"}[1]:neighbour(3, -2, {edges = "mirror"})

local wide, narrow = c:focal{stat = "mean", size = 15}, c:focal{stat = "mean", size = 3}
local diamond = (wide - narrow) / c:focal{stat = "std", radius = 3, shape = "circle"} + c

local rules = b:focal{stat = "median", size = 3, edges = "mirror", invalid = "skip"}
    + b:focal{stat = "max", size = 9, edges = "constant", constant = 4000}
    + b:convolve({{1, 2, 1}, {2, 4, 2}, {1, 2, 1}}, {edges = "nearest", invalid = "fill_center"})
local stencil = weft.calc("A[1, 0] + A[-1, 0] + A[0, 1] + A[0, -1] - 4 * A", {A = b * 2 + c})

-- Few invalid pixels: most rows take the plain form, some the one that skips.
local holes, parts = weft.open(arg[1] .. "/holes.tif"), {}
for _, stat in ipairs{"sum", "mean", "min", "range", "std", "median", "first", "count"} do
    parts[#parts + 1] = holes:focal{stat = stat, size = stat == "median" and 5 or 7, invalid = "skip", edges = "reflect"}
    parts[#parts + 1] = holes:focal{stat = stat, size = 3, invalid = "fill_center"}
end
local smooth = holes:gaussian(3):slope():focal{stat = "max", size = 3} + (holes * 1e25):gaussian(1):focal{stat = "mean", size = 15}

-- Functions on rows: values in order of size, classes counted, places of extremes.
local ranks = weft.stack{
    c:focal{stat = "median", radius = 6, shape = "circle"},
    classes:focal{stat = "mode", size = {9, 7}, edges = "mirror"},
    holes:focal{stat = "argmin", size = 11, invalid = "skip", edges = "reflect"},
}

local all = {
    {chain, arg[2] .. "/chain.tif"}, {diamond, arg[2] .. "/diamond.tif"}, {rules, arg[2] .. "/rules.tif", {blocksize = 256}},
    {stencil:sobel(), arg[2] .. "/stencil.tif"}, {weft.stack(parts), arg[2] .. "/holes.tif"}, {smooth, arg[2] .. "/smooth.tif"},
    {ranks, arg[2] .. "/ranks.tif"},
}
weft.save_all(all)
for _, name in ipairs{"cell", "row", "column", "few"} do
    local r = weft.open(("%s/%s.tif"):format(arg[1], name))
    local s = r:gaussian(1):focal{stat = "max", size = 5}:focal{stat = "mean", size = 31, edges = "reflect"}
        :convolve({{1, 2, 3}}, {edges = "mirror"}):erode(3) + r:focal{stat = "median", size = 5, edges = "nearest"}
    s:save(("%s/%s.tif"):format(arg[2], name))
end
