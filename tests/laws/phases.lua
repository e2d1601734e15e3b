-- Numbers of whole rasters in pixels: blocks of compressed files that several phases need. Arguments: folder of inputs,
-- folder of outputs.
local a, b = weft.open(arg[1] .. "/packed256.tif"), weft.open(arg[1] .. "/packed128.tif")
local function standard(r) return (r - r:scalar("mean")) / r:scalar("std") end
weft.save_all{
    { standard(a) + standard(b), arg[2] .. "/standard.tif" },
    { a:rescale(a:scalar("p2"), a:scalar("p98"), 0, 255), arg[2] .. "/stretch.tif" },
    { b:neighbour(-3, 200, { edges = "wrap" }) - b:scalar("median"), arg[2] .. "/around.tif" },
}
