-- Zones of a vector file: names, overlaps, zones without a pixel, rules and weights.
local path, out = arg[1] .. "/zones.geojson", os.tmpname()
local function square(name, code, x0, y0, x1, y1)
    return ([=[{"type": "Feature", "properties": {"NAME": "%s", "CODE": %d}, "geometry": {"type": "Polygon",
        "coordinates": [[[%g, %g], [%g, %g], [%g, %g], [%g, %g], [%g, %g]]]}}]=])
        :format(name, code, x0, y0, x1, y0, x1, y1, x0, y1, x0, y0)
end
local file = io.open(path, "w")
file:write([[{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:32633"}}, "features": [
]], table.concat({
    square("left, upper", 30, 0, 20, 20, 40), square("all", 20, 0, 0, 50, 40),
    square("tiny", 10, 21, 21, 22, 22), square("half", 40, 5, 0, 15, 10),
}, ",\n"), "]}")
file:close()

local grid = weft.grid{crs = "EPSG:32633", bounds = {0, 0, 50, 40}, resolution = 10}
local r = weft.col{like = grid} + 10 * weft.row{like = grid}

local t = weft.zonal(r, path, {id = "NAME", stats = {"count", "sum", "median", "variety"}})
print(table.concat(t.zones, "; "))
for name, zone in pairs(t) do print(name, zone.count, zone.sum, zone.median, zone.variety) end
t:to_csv(out)
for line in io.lines(out) do print(line) end

local codes = weft.zonal(r, path, {id = "CODE", where = "CODE > 15", stats = "mean"})
print(table.concat(codes.zones, " "), codes[20], codes[30], codes[10])
print(weft.zonal(r, path, {id = "NAME", rule = "touched", stats = "count"}).tiny)
local w = weft.zonal(r, path, {id = "NAME", rule = "fraction", stats = {"count", "sum", "mean"}})
print(w.half.count, w.half.sum, w.half.mean, ("%.4f"):format(w.tiny.sum))
local values = {"median", "p0", "p100", "mode", "minority", "variety"}
for _, rule in ipairs{"fraction", "fraction8"} do
    local h = weft.zonal(r, path, {id = "NAME", rule = rule, stats = values}).half
    print(rule, h.median, h.p0, h.p100, h.mode, h.minority, h.variety)
end
local far = weft.col{like = weft.grid{crs = "EPSG:32633", bounds = {900, 900, 990, 990}, resolution = 10}}
local none = weft.zonal(far, path, {id = "NAME", rule = "fraction", stats = {"count", "sum", "median", "variety"}})
print(#none, none.all.count, none.all.sum, none.all.median, none.all.variety)
os.remove(out)

-- Lines and points beside polygons have no area, parts that overlap count once.
local csv = (...) .. "/bag.csv"
file = io.open(csv, "w")
file:write([[id,WKT
1,"GEOMETRYCOLLECTION (POLYGON ((0 0, 20 0, 20 20, 0 20, 0 0)), POINT (45 35), LINESTRING (0 0, 50 40))"
2,"GEOMETRYCOLLECTION (POLYGON ((0 0, 20 0, 20 20, 0 20, 0 0)), MULTISURFACE (((10 10, 30 10, 30 20, 10 20, 10 10))))"
3,"TIN Z (((0 0 1, 20 0 2, 20 20 3, 0 0 1)), ((0 0 1, 20 20 3, 0 20 4, 0 0 1)))"
]])
file:close()
local bare = weft.col{like = weft.grid{bounds = {0, 0, 50, 40}, resolution = 10}}
for _, rule in ipairs{"center", "touched", "fraction"} do
    local z = weft.zonal(bare, csv, {rule = rule, stats = {"count", "sum"}})
    print(rule, z[1].count, z[2].count, z[3].count, z[1].sum, z[2].sum, z[3].sum)
end
