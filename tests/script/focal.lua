-- Statistics of windows: size, radius, kernel, shapes, edges, invalid cells, several bands.
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
local a = row * 10 + col
local gap = a:mask(a:ne(11))
local function focal(r, options)
    local list = {}
    for name, value in pairs(options) do list[#list + 1] = name .. "=" .. (type(value) == "table" and "{}" or tostring(value)) end
    table.sort(list)
    print(table.concat(list, " "))
    show(r:focal(options))
end
focal(a, {stat = "mean", size = 3})
focal(a, {stat = "sum", size = {3, 1}})
focal(a, {stat = "max", radius = 1, shape = "circle"})
focal(a, {stat = "count", radius = {1, 1}, shape = "annulus"})
focal(a, {stat = "mean", kernel = {{0, 1, 0}, {1, 0, 1}, {0, 1, 0}}, edges = "reflect"})
focal(a, {stat = "pixels", size = 3, edges = "invalid"})
focal(a, {stat = "min", radius = 10, units = "map", edges = "constant", constant = -1})
focal(gap, {stat = "mean", size = 3})
focal(gap, {stat = "mean", size = 3, invalid = "skip"})
focal(gap, {stat = "mean", size = 3, invalid = "propagate"})
focal(gap, {stat = "mean", size = 3, invalid = "fill_center"})
focal(gap, {stat = "count", size = 3, invalid = "skip", min_valid = 6})
focal(gap, {stat = "median", size = 3})
focal(a % 3, {stat = "mode", size = 3})
focal(a % 3, {stat = "minority", size = 3})
focal(a % 3, {stat = "variety", size = 3})
focal(a, {stat = "std", size = 3})
focal(a, {stat = "std", size = 3, ddof = 1})
focal(a, {stat = "p25", size = 3})
focal(a, {stat = "range", size = 5})
focal(gap, {stat = "first", size = 3})
focal(gap, {stat = "last", size = 3})
for _, stat in ipairs{"count", "sum", "mean", "max", "median", "std", "variety"} do
    io.write(stat, " ", (row * 10 + col):focal{stat = stat, size = 3}.type, " ")
end
print()
local two = weft.stack({a, a * 2}, {names = {"x", "y"}})
local m = two:focal{stat = "max", size = 3}
print(#m, table.concat(m.names, " "), m.y:at(0, 0))
local l = two:focal{stat = {"min", "max"}, size = 3}
print(#l, table.concat(l.names, " "), l:at(1, 1))
print(table.concat(a:focal{stat = {"min", "p90"}, size = 3}.names, " "))
