-- options: --machine "numa:2 core:2 pu:1" --threads 4 --memory 256M
-- Outputs with no input in common: each lies on one node, and no block crosses.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 640000, 5040000}, resolution = 10}
for _, name in ipairs{"a", "b", "c"} do
    weft.constant(7, {like = g}):save(("%s/%s.tif"):format(arg[1], name), {compress = "deflate"})
end
local a, b = weft.open(arg[1] .. "/a.tif"), weft.open(arg[1] .. "/b.tif")
local c = weft.open(arg[1] .. "/c.tif")
print "two branches on two nodes"
print(weft.explain{{a + 1, arg[1] .. "/x.tif"}, {b:log(), arg[1] .. "/y.tif"}})
print "three branches cannot be shared out fairly, so one is cut"
print(weft.explain{{a + 1, arg[1] .. "/x.tif"}, {b + 2, arg[1] .. "/y.tif"}, {c + 3, arg[1] .. "/z.tif"}})
