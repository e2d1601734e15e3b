-- options: --machine "numa:1 core:2 pu:1" --memory 256M
-- Two outputs with a common part: one kernel, the part computed once, each block decoded once.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 620000, 5016000}, resolution = 10}
weft.stack{weft.col{like = g}, weft.row{like = g}}:save(arg[1] .. "/a.tif", {type = "u16"})
local a = weft.open(arg[1] .. "/a.tif")
local common = ((a[1] - a[2]) / (a[1] + a[2])):exp()
local outputs = {
    {common:sqrt(), arg[1] .. "/x.tif"},
    {common:gt(1), arg[1] .. "/y.tif"},
}
print(weft.explain(outputs))
