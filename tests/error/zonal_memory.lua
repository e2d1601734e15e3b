-- A polygon of 2000 rows has a span for each, with a second copy while they are sorted.
local fields = [[{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry":
    {"type": "Polygon", "coordinates": [ [ [0, 0], [0.1, 0], [0.1, 20], [0, 20], [0, 0] ] ]}}]}]]
local grid = weft.grid{bounds = {0, 0, 0.1, 20}, resolution = 0.01, crs = "EPSG:4326"}
weft.config{memory = "128K"}
print(weft.zonal(weft.constant(1, {like = grid}), fields, {stats = "count"}))
