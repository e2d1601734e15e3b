-- Three outputs over inputs whose blocks do not line up. Arguments: folder of inputs, folder of outputs.
local a, b, c = weft.open(arg[1] .. "/tiles512.tif"), weft.open(arg[1] .. "/tiles256.tif"), weft.open(arg[1] .. "/strips.tif")
local p = weft.open(arg[1] .. "/pixel4.tif")
local common = (a - b) / (a + b) * c:exp()
weft.save_all{
    { weft.where(common:gt(0.5), common:sqrt(), p[1] * c:sin()), arg[2] .. "/x.tif" },
    { weft.calc([[ isvalid(c) and A % 7 > 2 ? A // 3 + B : null ]], { A = a, B = b, c = c }), arg[2] .. "/y.tif", { blocksize = 256 } },
    { (common * 100):cast("u8", { round = "floor" }):coalesce(p[3]), arg[2] .. "/z.tif", { blocksize = 128, nodata = "mask" } },
}
