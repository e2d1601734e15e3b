-- Statistics across rasters of other types and block layouts. Arguments: folder of inputs, folder of outputs.
local a, b, c = weft.open(arg[1] .. "/tiles512.tif"), weft.open(arg[1] .. "/tiles256.tif"), weft.open(arg[1] .. "/strips.tif")
local list = {a, b, c}
for i = 1, 9 do list[#list + 1] = list[i] * (i / 3) - 7 * i end
local t = weft.series(list, {"median", "p90", "mode", "mad", "mean", "std", "sum", "count", "argmax", "slope", "r", "p"}, {ddof = 1})
weft.save_all{
    {weft.stack{t.median, t.p90, t.mode, t.mad}, arg[2] .. "/order.tif"},
    {weft.stack{t.mean, t.std, t.sum, t.count}, arg[2] .. "/sums.tif"},
    {weft.stack{t.slope, t.r, t.p}, arg[2] .. "/lines.tif"},
    {weft.pick(list, t.argmax), arg[2] .. "/pick.tif"},
}
