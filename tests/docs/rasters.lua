-- The files of docs/language.md: 6 x 4 pixels, of which one has no data in the scene.
local grid = weft.grid{ crs = "EPSG:32632", bounds = { 600000, 5000000, 600060, 5000040 }, resolution = 10 }
local col, row = weft.col{ like = grid }, weft.row{ like = grid }
local bands = weft.stack({ 400 + 10 * col, 600 + 20 * col, 500 + 100 * row, 3000 - 200 * col },
    { names = { "blue", "green", "red", "nir" } })
weft.save_all{
    { bands:mask(~(col:eq(5) & row:eq(3))), "scene.tif", { type = "u16", nodata = 0 } },
    { weft.where(col:eq(0), 8, 0) + weft.where(row:eq(3), 128, 0), "quality.tif", { type = "u8" } },
    { 300 + 12.5 * col + 10 * row, "dem.tif", { type = "f32" } },
}
