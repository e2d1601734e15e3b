-- 04_zones.lua - what lies in each district: areas of land cover, heights, a map of the means.
--
--   weft run examples/04_zones.lua [FOLDER]
--
-- Shows: statistics by zones of a raster and by polygons, areas of pairs of classes, several of these
-- from one reading, CSV, numbers of a whole raster back in pixels. The land is made here.

local folder = arg[1] or os.tmpname():gsub("lua_", "weft_") .. ".d"
os.execute(("mkdir -p '%s'"):format(folder))

-- ---------------------------------------------------------------- 1. make the land

local grid = weft.grid{
    crs = "EPSG:32633", bounds = {500000, 5100000, 512000, 5108000}, resolution = 10,
}
local x = (weft.x{like = grid} - 500000) / 2500
local y = (weft.y{like = grid} - 5100000) / 2500

local function fraction(v) return v - v:floor() end

local function hash(i, j, seed) -- in [0, 1)
    return fraction((i * 12.9898 + j * 78.233 + seed):sin() * 43758.5453)
end

local function noise(u, v, seed)
    local i, j = u:floor(), v:floor()
    local a, b = u - i, v - j
    a, b = a * a * (3 - 2 * a), b * b * (3 - 2 * b)
    local top = hash(i, j, seed) * (1 - a) + hash(i + 1, j, seed) * a
    local bottom = hash(i, j + 1, seed) * (1 - a) + hash(i + 1, j + 1, seed) * a
    return top * (1 - b) + bottom * b
end

local function fractal(u, v, seed, octaves)
    local sum, size, total = 0, 1, 0
    for octave = 1, octaves do
        sum, total, size = sum + size * noise(u, v, seed + octave), total + size, size / 2
        u, v = 1.6 * u + 1.2 * v, 1.6 * v - 1.2 * u
    end
    return sum / total
end

local names = {"water", "meadow", "field", "forest", "rock"}
local height = 250 + 900 * fractal(x, y, 3, 8) ^ 2
local wet = fractal(1.3 * x, 1.3 * y, 40, 6)
local cover = height:reclass({{0, 330, 1}, {330, 420, 2}, {420, 560, 3}, {560, 680, 4}, {680, 5000, 5}})
cover = weft.where(wet:gt(0.6) & cover:between(2, 3), 4, cover)

-- Districts are numbered 11 ... 43: cells of a grid whose lines wander.
local bend = 0.5 * fractal(x, y, 70, 4)
local district = 10 * (1 + (x + bend):clamp(0, 4.79) / 1.2):floor() +
    1 + ((y + bend):clamp(0, 3.29) / 1.1):floor()

weft.save_all{
    {height, folder .. "/height.tif", {type = "f32"}},
    {cover, folder .. "/cover.tif", {type = "u8"}},
    {district, folder .. "/district.tif", {type = "u8"}},
}

-- A reserve as a polygon, as any program for maps may write it.
local file = assert(io.open(folder .. "/reserves.geojson", "w"))
file:write [[{"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:32633"}},
  "features": [
    {"type": "Feature", "properties": {"name": "North Moor"}, "geometry": {"type": "Polygon", "coordinates":
      [ [ [502104, 5106017], [505022, 5107533], [507511, 5106008], [504038, 5104496], [502104, 5106017] ] ]}},
    {"type": "Feature", "properties": {"name": "Long Wood"}, "geometry": {"type": "Polygon", "coordinates":
      [ [ [506513, 5101021], [511007, 5102518], [510502, 5103511], [506033, 5102504], [506513, 5101021] ] ]}}]}]]
file:close()

-- ---------------------------------------------------------------- 2. the workflow

local dem = weft.open(folder .. "/height.tif")
local land = weft.open(folder .. "/cover.tif")
local zones = weft.open(folder .. "/district.tif")

-- Asked for together: one run, each block of a file read once a stage.
local heights = weft.zonal(dem, zones, {stats = {"count", "mean", "min", "max", "std", "p90"}})
local areas = weft.crosstab(zones, land)
local relative = (dem - dem:scalar("mean")) / dem:scalar("std")
weft.compute(heights, areas, {relative, folder .. "/relative.tif"})
heights:to_csv(folder .. "/heights.csv")
areas:to_csv(folder .. "/areas.csv")

-- Hectares of each class in each reserve; a pixel on the border counts by its part inside.
local hectares = {}
for class = 1, #names do hectares[class] = weft.where(land:eq(class), weft.area{like = land} / 10000, 0) end
weft.zonal(weft.stack(hectares, {names = names}), folder .. "/reserves.geojson",
    {id = "name", rule = "fraction", stats = "sum"}):to_csv(folder .. "/reserves.csv")

-- The means by district, back on the map, beside the heights themselves.
local mean = {}
for _, zone in ipairs(heights.zones) do mean[zone] = heights[zone].mean end
local map = weft.where(weft.x{like = grid}:lt(506000), dem, zones:reclass(mean))
local shade = 0.85 + 0.2 * dem:hillshade() / 255
(map * shade):plot(folder .. "/zones.png", {width = 600, cmap = "viridis", stretch = {1, 99}})

for _, zone in ipairs(heights.zones) do
    local forest = areas[zone][4]
    print(("district %d: %4.0f m on average, %5.1f km2 of forest"):format(
        zone, heights[zone].mean, forest and forest.area / 1e6 or 0))
end
for _, name in ipairs{"heights.csv", "areas.csv", "reserves.csv", "relative.tif", "zones.png"} do print(folder .. "/" .. name) end
