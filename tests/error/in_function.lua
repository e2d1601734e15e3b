local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local function ratio(a, b)
    return a / b:clamp(1)
end
local function index(a)
    local r = ratio(a, row)
    return r
end
print(index(col))
