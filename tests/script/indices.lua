-- Indices are macros over the graph; evi and savi want reflectance.
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
local nir, red, blue = (col + 4) * 0.1, (row + 1) * 0.1, 0.05 + row * 0
show(weft.ndvi(nir, red))
show(nir:ndvi(red))
show(weft.evi(nir, red, blue))
show(weft.savi(nir, red))
show(weft.savi(nir, red, {L = 0.25}))
local raw = (col * 1000):cast("u16")
print(weft.savi(raw, raw).type)
print(weft.evi(raw * 1e-4, red, blue).type)
local function mine(a, b) return (a - b) / (a + b) end
show(mine(nir, red))
