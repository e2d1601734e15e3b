-- Results as they print; options within a list; scalars of several bands.
local grid = weft.grid{crs = "EPSG:32633", bounds = {0, 0, 40, 20}, resolution = 10}
local col, row = weft.col{like = grid}, weft.row{like = grid}
local a = col + 4 * row                                             -- 0 ... 3, 4 ... 7
local two = weft.stack({a, a * 10}, {names = {"ones", "tens"}})

print(two:stats{"mean", "max"})
print(two:stats{"mean", "max"}[2])
print(weft.crosstab(row, col // 2))
print(weft.crosstab(row, col // 2)[0])
print(weft.zonal(two, row, {stats = {"mean", "count"}}))
print(weft.zonal(a, row, {stats = {"mean", "count"}})[1])
print(two:histogram{bins = 2}.tens)

print(a:stats{"std", ddof = 1}.std == a:stats("std", {ddof = 1}), a:stats{ddof = 1}.var)
print(two:stats{"var", ddof = 1}.tens.var)

for _, method in ipairs{"linear", "lower", "higher", "nearest", "midpoint", "median_unbiased"} do
    local p = a:percentile{10, 50, 90, method = method}
    print(method, p[1], p[2], p[3])
end
print(a:percentile(40, {method = "median-unbiased"}), a:percentile({40}, {approximate = 0.01}).p40)

local some = two:scalar{"min", "max"}
print(some.min, two[1]:scalar("p90"), some.max + 1, some.max:value())
local scaled = two:rescale(some.min, some.max, 0, 1)
print(scaled:stats("max"))
print(two:clamp(some.min + 1, some.max - 1):stats("min"))
print(scaled.names[1], (two - some.min).names[2], weft.calc("clamp(A, B, 5)", {A = two, B = some.min})[2]:at(3, 1))
print((a * 2):info())
