-- 03_composite.lua - a year of cloudy scenes becomes one without clouds, and a trend.
--
--   weft run examples/03_composite.lua [FOLDER]
--
-- Shows: quality bits as a mask, statistics across files, several of them from one reading, lines
-- over dates, the best scene at each pixel. The scenes are made here, one file a date.

local folder = arg[1] or os.tmpname():gsub("lua_", "weft_") .. ".d"
os.execute(("mkdir -p '%s'"):format(folder))

-- ---------------------------------------------------------------- 1. make scenes of a year

local grid = weft.grid{
    crs = "EPSG:32633", bounds = {500000, 5100000, 506000, 5104000}, resolution = 10,
}
local x = (weft.x{like = grid} - 500000) / 1500
local y = (weft.y{like = grid} - 5100000) / 1500

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

-- Fields that every scene uses are computed once, to a file.
local moisture = fractal(x, y, 14, 6)
local parcel = hash((5 * x + 2 * y):floor(), (6 * y - 3 * x):floor(), 5)
local plants = weft.where(moisture:gt(0.58), 0.75 + 0.2 * moisture, 0.15 + 0.7 * parcel)
weft.stack({moisture, plants, fractal(0.9 * x, 1.2 * y, 80, 5)}, {names = {"moisture", "plants", "sky"}})
    :save(folder .. "/fields.tif")
local fields = weft.open(folder .. "/fields.tif")
local lake = fields.moisture:lt(0.3)

-- How green the plants are, from winter to winter.
local dates = {
    "2023-02-15", "2023-03-21", "2023-04-16", "2023-05-11", "2023-06-05", "2023-06-30", "2023-07-25",
    "2023-08-29", "2023-10-03", "2023-11-07",
}

for k, date in ipairs(dates) do
    local season = 0.5 + 0.5 * math.sin((k - 3) / #dates * 2 * math.pi)
    local green = fields.plants * (0.35 + 0.6 * season)
    local east, south = 97 * k % 400 - 200, 61 * k % 300 - 150 -- another piece of sky each time
    local sky = fields.sky:neighbour(east, south, {edges = "reflect"})
    local cloud = sky:gt(0.55)
    local shadow = fields.sky:neighbour(east - 8, south - 8, {edges = "reflect"}):gt(0.55) & ~cloud
    local veil = (12 * (sky - 0.53)):clamp(0, 0.95)

    local function band(number, ground, leaf, water)
        local land = (ground * (1 - green) + leaf * green) * (0.75 + 0.5 * fields.moisture)
        local surface = weft.where(lake, water, land) * weft.where(shadow, 0.45, 1)
        local grain = (weft.random{like = grid, seed = 10 * k + number} - 0.5) * 0.004
        return ((surface * (1 - veil) + 0.75 * veil + grain) * 10000):clamp(1, 10000)
    end
    local scene = weft.stack({
        band(1, 0.090, 0.025, 0.050), band(2, 0.120, 0.065, 0.050), band(3, 0.160, 0.035, 0.030),
        band(4, 0.240, 0.420, 0.012),
        weft.where(cloud, 8, 0) + weft.where(shadow, 16, 0), -- as in Landsat's QA: 3 cloud, 4 shadow
    }, {names = {"blue", "green", "red", "nir", "qa"}})
    scene:save(("%s/scene_%s.tif"):format(folder, date), {type = "u16"})
end

-- ---------------------------------------------------------------- 2. the workflow

local clear, ndvi = {}, {}
for i, path in ipairs(weft.glob(folder .. "/scene_*.tif")) do
    local s = weft.open(path)
    local good = s.qa:bits(3, 2):eq(0) -- neither cloud nor its shadow
    clear[i] = s:select{"red", "green", "blue"}:mask(good)
    ndvi[i] = weft.ndvi(s.nir, s.red):mask(good)
end
ndvi = weft.stack(ndvi, {times = dates})

local composite = weft.series(clear, "median")
local year = ndvi:series({"count", "min", "max", "argmax"})
local greenest = weft.pick(clear, year.argmax)
local spring = ndvi:select{1, 2, 3, 4, 5}:series("slope", {x = "times", per = "week"})

local run = weft.save_all{
    {composite, folder .. "/composite.tif", {type = "u16", nodata = 0}},
    {greenest, folder .. "/greenest.tif", {type = "u16", nodata = 0}},
    {weft.stack({year.count, year.min, year.max}, {names = {"count", "min", "max"}}),
        folder .. "/year.tif", {type = "f32"}},
    {spring, folder .. "/spring.tif"},
}

-- Left: one scene as it came. Right: the composite of all.
local one = weft.open(("%s/scene_%s.tif"):format(folder, "2023-06-30")):select{"red", "green", "blue"}
local left = weft.x{like = grid}:lt(503000)
weft.where(left, one, composite):clamp(200, 1500):plot(folder .. "/composite.png", {width = 1200, stretch = {0, 100}})

print(("%s: median of %d scenes, %d pixels never clear"):format(
    run.outputs[1].path, #dates, run.outputs[1].invalid))
print(folder .. "/greenest.tif")
print(folder .. "/year.tif")
print(folder .. "/spring.tif")
print(folder .. "/composite.png")
