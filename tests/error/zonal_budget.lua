-- Spans of former zones are held, too: with what the statistics need they do not fit.
local function fields(left)
    return ([[{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry":
        {"type": "Polygon", "coordinates": [ [ [%d, 0], [10, 0], [10, 2000], [%d, 2000], [%d, 0] ] ]}}]}]])
        :format(left, left, left)
end
local r = weft.constant(1, {like = weft.grid{bounds = {0, 0, 10, 2000}, resolution = 1, crs = "EPSG:4326"}})
weft.config{memory = "236K"}
local first, second = weft.zonal(r, fields(0), {stats = {"count", "median", "mode"}}), weft.zonal(r, fields(1), {stats = "sum"})
weft.compute(first, second)
