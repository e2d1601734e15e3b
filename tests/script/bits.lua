-- Bits of integers: & | ~ << >> and fields.
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
local v = col * 5 + row
show(v & 6)
show(v | 8)
show(v ~ 3)
show(~v)
show(v << 2)
show(v >> 1)
show(v:bits(1, 2))
print((v & 6).type)
