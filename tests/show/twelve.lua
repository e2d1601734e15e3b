-- options: --machine "numa:1 core:2 pu:1" --memory 256M
-- Twelve operators are one kernel: they meet in registers.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 620000, 5016000}, resolution = 10}
weft.save_all{
    {weft.col{like = g}, arg[1] .. "/a.tif", {type = "u16"}},
    {weft.row{like = g} / 3, arg[1] .. "/b.tif"},
}
local a, b = weft.open(arg[1] .. "/a.tif"), weft.open(arg[1] .. "/b.tif")
local ratio = (a - b) / (a + b)
local e = ((ratio * 2 + 1):sqrt() * a:sin() - b:cos()):abs():clamp(0, 9)
print(e:explain())
