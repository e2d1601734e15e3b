-- Statistics of each pixel across rasters: lists, bands, names, x, times, paths, pick.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000010}, resolution = 10}
local col = weft.col{like = g}
local function show(what, r)
    for b = 1, #r do
        local line = r:read{band = b}[1]
        for i, v in ipairs(line) do line[i] = v == weft.invalid and "-" or ("%.6g"):format(v) end
        print(what, table.concat(line, " "))
    end
end
-- Pixels 0 ... 3 of four rasters; the last but one is valid only once, the last never.
local function layer(...)
    local r = weft.constant(0, {like = g})
    for i, v in ipairs{...} do r = weft.where(col:eq(i - 1), v, r) end
    return r:mask(r:ne(-9))
end
local list = { layer(4, 7, -9, -9), layer(1, -9, -9, -9), layer(4, 9, 5, -9), layer(3, -9, -9, -9) }
local names = {"count", "pixels", "sum", "mean", "min", "max", "range", "std", "var", "median", "mode", "minority", "variety",
    "first", "last", "argmin", "argmax", "mad", "p25", "slope", "intercept", "r", "p"}
local all = weft.series(list, names)
for _, name in ipairs(names) do show(name, all[name]) end
show("std, ddof 1", weft.series(list, "std", {ddof = 1}))
show("slope over x", weft.series(list, "slope", {x = {1, 2, 4, 8}}))
print(all.min.type, all.median.type, all.count.type, all.argmax.type)
-- Bands of one raster, as a function and as a method; two bands at once, under the names of the first raster.
local stack = weft.stack(list, {names = {"a", "b", "c", "d"}})
show("bands", weft.series(stack, "mean"))
show("method", stack:series("mean"))
local pairs_of = { weft.stack({list[1], list[2]}, {names = {"red", "nir"}}), weft.stack{list[3], list[4]} }
local both = weft.series(pairs_of, "max")
print(table.concat(both.names, " "))
show("two bands", both)
-- Times: given, from names, kept by operators; a slope in units of a year, a day.
local dated = weft.stack(list, {times = {"2001-01-01", "2002-01-01", "2003-01-01T00:00:00Z", 1072915200}})
print(table.concat(dated.times, " "), (dated * 2).times[2], dated[3].times[1], list[1].times)
show("per year", weft.series(dated, "slope", {x = "times", per = "year"}))
show("per day", weft.series({dated[1], dated[2], dated[4]}, "slope", {x = "times", per = "day"}))
show("dates as x", weft.series(list, "slope", {x = {"2001-01-01", "2001-01-02", "2001-01-03", "2001-01-04"}, per = "day"}))
print(stack:rename{"2001-01-01", "2001-01-02", "2001-01-03", "2001-01-04"}.times[4])
-- pick, with the index that a statistic gives.
show("pick", weft.pick(list, all.argmax))
show("pick of bands", weft.pick(pairs_of, layer(1, 2, 3, 1)))
-- Whole vectors of bands: two of the four are equal, one has an invalid band at pixel 1.
local vectors = {}
for i, v in ipairs{ {1, 1}, {4, 5}, {4, 5}, {9, 3} } do
    vectors[i] = weft.stack{ layer(v[1], i == 2 and -9 or v[1], 7, -9), layer(v[2], v[2], -9, 2) }
end
show("medoid", weft.series(vectors, "medoid"))
show("geomedian", weft.series(vectors, "geomedian"))
-- Paths.
local path = arg[1] and arg[1] .. "/a.tif" or os.tmpname() .. ".tif"
list[1]:save(path)
show("a path", weft.series({path, list[3]}, "sum"))
os.remove(path)
