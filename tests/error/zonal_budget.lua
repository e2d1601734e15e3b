-- Spans of former zones are held, too: with what the statistics need they do not fit.
local function fields(left)
    return ([[{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry":
        {"type": "Polygon", "coordinates": [ [ [%g, 0], [0.1, 0], [0.1, 20], [%g, 20], [%g, 0] ] ]}}]}]])
        :format(left, left, left)
end
local r = weft.constant(1, {like = weft.grid{bounds = {0, 0, 0.1, 20}, resolution = 0.01, crs = "EPSG:4326"}})
weft.config{memory = "236K"}
local first, second = weft.zonal(r, fields(0), {stats = {"count", "median", "mode"}}), weft.zonal(r, fields(0.01), {stats = "sum"})
weft.compute(first, second)
