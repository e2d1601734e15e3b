-- Comparisons give bool; & | ~ on bools are three-valued logic.
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
local t, f = col:ge(0), col:lt(0)
local null = t:mask(f)
print(t.type, (t & f).type, (~t):at(0, 0))
for _, p in ipairs{{t, t}, {t, f}, {f, f}, {t, null}, {f, null}, {null, null}} do
    print(p[1]:at(0, 0), p[2]:at(0, 0), (p[1] & p[2]):at(0, 0), (p[1] | p[2]):at(0, 0), (p[1] ~ p[2]):at(0, 0))
end
show(weft.where(col:gt(1), col, -col))
show(col:between(1, 2))
show(col:isin{0, 3})
show(col:mask(row:eq(1)):isvalid())
show(weft.coalesce(col:mask(row:eq(1)), 9))
show(col:mask(row:eq(1)):fill(7))
