-- Which pixels are invalid, read from files and written to them: masks, alpha bands, each band its own.
local T = arg[1]
local function valid(r)
    local n = {}
    for i = 1, #r do n[i] = r[i]:stats("count") end
    return table.concat(n, " ")
end
local grid = weft.grid{crs = "EPSG:32633", bounds = {0, 0, 40, 30}, resolution = 10}
local x = weft.col{like = grid} + 4 * weft.row{like = grid}    -- 0 to 11
local byte = (x * 23):cast("u8")                               -- 0 to 253

-- an alpha band anywhere, of any type
for _, c in ipairs{ {"u8", 2}, {"u16", 3}, {"i16", 1}, {"f32", 2} } do
    local kind, at = c[1], c[2]
    local bands = {byte, byte, byte}
    bands[at] = kind == "f32" and weft.where(x:lt(3), 0, 0.25) or weft.where(x:lt(3), 0, 9):cast(kind)
    weft.stack(bands):save(T .. "/plain.tif", {type = kind, nodata = kind == "f32" and -9 or nil})
    os.execute("gdal_edit.py -colorinterp_" .. at .. " alpha " .. T .. "/plain.tif")
    local r = weft.open(T .. "/plain.tif")
    print("alpha", kind, at, valid(r), valid(weft.open(T .. "/plain.tif", {mask = false})),
        valid(weft.open(T .. "/plain.tif", {mask = x:gt(9)})))
    if kind == "u8" then
        -- it stays one, and no other sentinel is needed
        local run = r:save(T .. "/again.tif")
        print("again", run.outputs[1].nodata, run.outputs[1].type, valid(weft.open(T .. "/again.tif")))
        weft.open(T .. "/plain.tif", {mask = false}):save(T .. "/again.tif")
        print("without", valid(weft.open(T .. "/again.tif")))
        print("alone", r[1]:save(T .. "/again.tif").outputs[1].nodata, valid(weft.open(T .. "/again.tif")))
    end
end

-- bands that are invalid at different pixels: plain, with masks, in a format with one mask for all
local a, b = byte:mask(x:ne(0)), byte:mask(x:ne(11) & x:ne(5))
local function save(name, r, options)
    local out = r:save(T .. "/" .. name, options).outputs[1]
    print(name, out.type, out.nodata, "invalid " .. out.invalid, "lost " .. out.lost, valid(weft.open(T .. "/" .. name)))
end
local own = weft.stack{a + 0, b + 0}
print("memory", valid(own))
save("own.tif", own)
save("masks.tif", own, {nodata = "mask"})
save("own.img", own)
save("cog.tif", own, {format = "COG"})
save("cogmask.tif", own, {format = "COG", nodata = "mask"})
print("type", select(2, pcall(own.save, own, T .. "/u8.tif", {type = "u8"})))

-- and at the same pixels: one mask
local c = x:gt(3)
save("shared.tif", weft.stack{byte:mask(c) + 0, (byte + 1):cast("u8"):mask(c)})

-- what does not fit a type exactly is no nodata value of it
weft.where(x:eq(1), -1e300, x * 1.0):cast("f64"):save(T .. "/wide.tif", {nodata = -1e300, collide = "allow"})
save("narrow.tif", weft.open(T .. "/wide.tif"), {type = "f32"})
