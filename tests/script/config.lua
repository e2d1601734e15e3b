-- weft.config: ieee lets infinities through, overwrite = false keeps files.
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
show(col / (row * 0))
weft.config{ieee = true}
show(col / (row * 0))
weft.config{ieee = false, threads = 1, tile = 64, memory = "64M"}
local path = arg[1] .. "/a.tif"
col:save(path)
weft.config{overwrite = false}
print(pcall(col.save, col, path))
print((pcall(col.save, col, path, {overwrite = true})))
