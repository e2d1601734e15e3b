-- options: --machine "numa:4 core:2 pu:1" --threads 8 --memory 256M
-- Three inputs in tiles of 512, tiles of 256 and strips: each block decoded once.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 633000, 5031000}, resolution = 10}
local c = weft.constant(7, {like = g})
weft.save_all{
    {c, arg[1] .. "/tiles512.tif", {compress = "deflate", blocksize = 512}},
    {c, arg[1] .. "/tiles256.tif", {compress = "deflate", blocksize = 256, type = "i16"}},
    {c, arg[1] .. "/strips.tif", {options = {COMPRESS = "DEFLATE", TILED = "NO", BLOCKYSIZE = 16}}},
}
local a, b = weft.open(arg[1] .. "/tiles512.tif"), weft.open(arg[1] .. "/tiles256.tif")
local s = weft.open(arg[1] .. "/strips.tif")
print((a + b * s):explain())
