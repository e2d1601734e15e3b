-- options: --threads 1
-- Spans of polygons, 40 bytes for each row here, count in what a run says of its memory.
local function fields(rows)
    return ([[{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry":
        {"type": "Polygon", "coordinates": [ [ [0, 0], [0.1, 0], [0.1, %g], [0, %g], [0, 0] ] ]}}]}]]):format(rows / 100, rows / 100)
end

local function peak(rows)
    local r = weft.constant(1, {like = weft.grid{bounds = {0, 0, 0.1, 20}, resolution = 0.01, crs = "EPSG:4326"}})
    local t = weft.zonal(r, fields(rows), {stats = {"count", "median"}})
    local did = weft.compute(t)
    assert(t[0].count == 10 * rows and did.memory.peak <= did.memory.predicted)
    return did.memory.peak
end

local first = peak(1)
print(peak(2000) - first >= 2000 * 40, "spans of both, one list for all statistics")
