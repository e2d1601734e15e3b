-- Lua operators on rasters: integers never wrap, / is real, // and % floor.
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
local a, b = col + 1, row - 1
show(a + b)
show(a / 2)
show(-a // 2)
show(-a % 3)
show(a / b)
show(2 ^ a)
show(a ^ -1)
show(-a ^ 2)
print((a + b).type, (a / 2).type, (a * 100000).type, (a + 0.5).type, (1 - a).type)
