-- What lies elsewhere than it says: coordinates that are no degrees, polygons beside the raster.
local dir = arg[1]
local function file(name, crs, bounds, resolution)
    local g = weft.grid{crs = crs, bounds = bounds, resolution = resolution}
    weft.col{like = g}:save(dir .. "/" .. name)
    return dir .. "/" .. name
end

print("-- grids in degrees")
local metres = file("metres.tif", "EPSG:32632", {600000, 5000000, 600040, 5000030}, 10)
weft.grid{crs = "EPSG:4326", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
weft.grid{crs = "EPSG:4326", bounds = {-10, 80, 10, 100}, resolution = 10}
print(weft.grid{crs = "EPSG:4326", bounds = {0, 0, 365, 10}, resolution = 5})
print(weft.grid{crs = "EPSG:4326", bounds = {-0.5, -90.5, 359.5, 90.5}, resolution = 1, snap = false})  -- centres on the poles
print(weft.grid{crs = "EPSG:4326", bounds = {-180, -90, 180, 90}, resolution = 0.5})
print(weft.grid{crs = "EPSG:4807", bounds = {370, 95, 390, 99}, resolution = 1})          -- grads

print("-- files")
weft.open(metres, {crs = "EPSG:4326"})
weft.open(metres, {crs = "EPSG:4326", bands = {1}})          -- told once
weft.open(metres, {crs = "EPSG:4326", nodata = 1})
weft.open(metres)
local wrong = file("wrong.tif", "EPSG:4326", {600000, 5000000, 600040, 5000030}, 10)
weft.open(wrong)
weft.open(wrong, {crs = "EPSG:32632"})

print("-- polygons")
local function polygons(name, x, y, size)
    local ring = ("[%.9g, %.9g], [%.9g, %.9g], [%.9g, %.9g], [%.9g, %.9g]"):format(x, y, x + size, y, x + size, y + size, x, y)
    io.open(dir .. "/" .. name, "w"):write([[{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:32632"}},
    "features": [{"type": "Feature", "properties": {"ID": 7}, "geometry": {"type": "Polygon", "coordinates": [ [ ]] ..
        ring .. "] ] }}]}"):close()
    return dir .. "/" .. name
end
local r = weft.open(metres)
local t = weft.zonal(r, polygons("beside.geojson", 500, 700, 100), {id = "ID", stats = {"count", "mean"}})
print(t[7].count, t[7].mean)
print(weft.zonal(r, polygons("small.geojson", 600001, 5000001, 2), {id = "ID", stats = "count"})[7])
print(weft.zonal(r, dir .. "/small.geojson", {id = "ID", stats = "count", rule = "touched"})[7])
print(weft.zonal(r, polygons("edge.geojson", 600040, 5000000, 10), {id = "ID", stats = "count", rule = "touched"})[7])
io.open(dir .. "/none.geojson", "w"):write([[{"type": "FeatureCollection", "features":
    [{"type": "Feature", "properties": {"ID": 7}, "geometry": null}]}]]):close()
print(weft.zonal(r, dir .. "/none.geojson", {id = "ID", stats = "count"})[7])
