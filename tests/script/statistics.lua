-- Statistics of a small raster whose values are known, by every function.
local out = os.getenv("OUT") or os.tmpname()
local grid = weft.grid{crs = "EPSG:32633", bounds = {0, 0, 50, 40}, resolution = 10, snap = false}
local r = weft.col{like = grid} + 10 * weft.row{like = grid}            -- 0 ... 4, 10 ... 14, 20 ...
local holed = r:mask(r:ne(12))
local zones = weft.where(weft.col{like = grid}:lt(2), -3, 7)

local s = holed:stats()
print(s.count, s.pixels, s.sum, s.mean, s.min, s.max, s.range, s.first, s.last, s.argmin, s.argmax)
print(("%.6f %.6f"):format(s.std, holed:stats({"std"}, {ddof = 1}).std))
print(holed:stats("median"), holed:stats("p90"), holed:stats("variety"), zones:stats("mode"))
print(weft.stack({r, holed}, {names = {"all", "holed"}}):stats("count"))
local both = weft.stack({r, holed}, {names = {"all", "holed"}}):stats{"count", "mean"}
print(#both, both[1].mean, both.holed.count)
print(holed:stats{"min", "max"})

local h = r:histogram{bins = 4, range = {0, 20}}
print(table.concat(h.counts, " "), table.concat(h.edges, " "), h.below, h.above)
local p = r:percentile{0, 50, 100}
print(p[1], p.p50, p[3], r:percentile(25))
local f = zones:freq()
print(f[-3].count, f[-3].area, f[7].count, f[0])
local keys = {}
for class in pairs(f) do keys[#keys + 1] = class end
table.sort(keys)
print(table.concat(keys, " "))
local c = weft.crosstab(zones, (r // 20):cast("u8"))
print(c[-3][0].count, c[-3][1].area, c[7][1].count)

local t = weft.zonal(holed, zones, {stats = {"count", "sum", "median", "mode"}})
print(#t, table.concat(t.zones, " "), t[-3].sum, t[7].count, t[7].median, t[5])
print(weft.zonal(holed, zones, {stats = "max"})[7])
local two = weft.zonal(weft.stack({r, holed}, {names = {"a", "b"}}), zones, {stats = {"max", "count"}})
print(two[7].b.count, two[7][1].max)

local function show(path)
    for line in io.lines(path) do print(line) end
    os.remove(path)
end
t:to_csv(out)
show(out)
two:to_csv(out)
show(out)
f:to_csv(out)
show(out)
c:to_csv(out)
show(out)

local a, b = r:stats(), zones:freq()
local did = weft.compute(a, b)
print(#did.outputs, did.pixels.planned == did.pixels.computed, a.max, b[7].count)
print(weft.compute(a, b))
