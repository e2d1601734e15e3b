-- Rasters of 1300 x 1100 pixels in four block layouts, one with few holes, two compressed ones, and small ones: inputs
-- of the laws.
-- Argument: the folder.
local dir = arg[1]
local grid = weft.grid{ crs = "EPSG:32633", bounds = { 500000, 4989000, 513000, 5000000 }, resolution = 10 }
local function noise(seed) return weft.random{ like = grid, seed = seed } end
local function gaps(r, seed) return r:mask(noise(seed):gt(0.05)) end
weft.save_all{
    { (noise(1) * 65534 + 1):round():cast("u16"), dir .. "/tiles512.tif", { blocksize = 512 } },
    { gaps((noise(2) * 2000 - 1000):round():cast("i16"), 12), dir .. "/tiles256.tif", { blocksize = 256, nodata = -9999 } },
    { gaps(noise(3) * 8 - 4, 13), dir .. "/strips.tif", { options = { TILED = "NO", BLOCKYSIZE = 16 } } },
    { (noise(8) * 90 - 40):mask(noise(9):gt(0.00003)), dir .. "/holes.tif", { blocksize = 512 } },
    { gaps(noise(10) * 8 - 4, 14), dir .. "/packed256.tif", { blocksize = 256, compress = "deflate" } },
    { gaps((noise(11) * 2000 - 1000):round():cast("i16"), 15), dir .. "/packed128.tif", { blocksize = 128, nodata = -9999, compress = "lzw" } },
    { weft.stack{ (noise(4) * 254):round():cast("u8"), (noise(5) * 254):round():cast("u8"), (noise(6) * 254):round():cast("u8"),
        (noise(7) * 254):round():cast("u8") }, dir .. "/pixel4.tif", { compress = "deflate", options = { INTERLEAVE = "PIXEL" } } },
}
-- Rasters smaller than a window.
for name, size in pairs{ cell = { 1, 1 }, row = { 9, 1 }, column = { 1, 9 }, few = { 5, 3 } } do
    local like = weft.grid{ crs = "EPSG:32633", bounds = { 0, 0, 10 * size[1], 10 * size[2] }, resolution = 10 }
    weft.random{ like = like, seed = 3 }:save(dir .. "/" .. name .. ".tif")
end
