-- Pixels that do not fit are clipped, counted and told with the first place.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local function show(r, band)
    for _, line in ipairs(r:read{band = band or 1}) do
        for i, v in ipairs(line) do
            line[i] = v == weft.invalid and "-" or math.type(v) == "integer" and tostring(v) or ("%.6g"):format(v)
        end
        print(table.concat(line, " "))
    end
end
local out = arg[1] .. "/a.tif"
local run = (col * 100):save(out, {type = "u8"})
print(run.outputs[1].clipped)
show(weft.open(out))
show((col * 100):cast("u8", {overflow = "wrap"}))
show((col * 100):cast("u8", {overflow = "invalid"}))
show((col - 1.5):cast("i8"))
show((col - 1.5):cast("i8", {round = "half_even"}))
show((col - 1.5):cast("i8", {round = "floor"}))
print(pcall(col.save, col * 100, out, {type = "u8", overflow = "error"}))
print(pcall(col.save, col:mask(row:gt(0)), out, {type = "u8", nodata = 2}))
local wide = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}} * 100
wide:cast("u8"):save(arg[1] .. "/own.tif", {type = "f64"})                -- the cast clips, not the file's type
local twice = wide:cast("u8") * 2
twice:save(arg[1] .. "/both.tif", {type = "i8"})
