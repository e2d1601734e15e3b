-- 01_ndvi.lua - the first workflow: from a satellite scene with a quality band to a vegetation map.
--
--   weft run examples/01_ndvi.lua [FOLDER]
--
-- Shows: sources without a file, bands by name, arithmetic, bit masks, weft.calc, saving several
-- files in one run, pictures. The scene and its elevation model are made here, from coordinates.

local folder = arg[1] or os.tmpname():gsub("lua_", "weft_") .. ".d"
os.execute(("mkdir -p '%s'"):format(folder))

-- ---------------------------------------------------------------- 1. make a scene and a DEM
-- Fractal noise: numbers hashed from the corners of a lattice, smoothly joined, at several sizes.
-- Every field is an expression of x and y; nothing is computed before save_all.

local grid = weft.grid{
    crs = "EPSG:32632", bounds = {600000, 5200000, 612000, 5208000}, resolution = 10,
}
local x = (weft.x{like = grid} - 600000) / 4000
local y = (weft.y{like = grid} - 5200000) / 4000

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

-- shape turns the noise of one octave into something else: sharp crests, for instance.
local function fractal(u, v, seed, octaves, shape)
    local sum, size, total = 0, 1, 0
    for octave = 1, octaves do
        local n = noise(u, v, seed + octave)
        sum, total, size = sum + size * (shape and shape(n) or n), total + size, size / 2
        u, v = 1.6 * u + 1.2 * v, 1.6 * v - 1.2 * u -- twice as fine, and turned
    end
    return sum / total
end

local function crest(n) return 1 - (2 * n - 1):abs() end

local function elevation(u, v)
    local hills = fractal(0.9 * u, 0.9 * v, 14, 2)
    local ridges = fractal(1.5 * u + 0.5 * hills, 1.5 * v, 29, 7, crest)
    return 300 + 900 * hills + 900 * (ridges - 0.35) * (1.6 * hills - 0.25):clamp(0.04, 1)
end

local pixel = 10 / 4000
local height = elevation(x, y)
local east, north = elevation(x + pixel, y) - height, elevation(x, y + pixel) - height
local light = (0.95 + 0.07 * east - 0.07 * north):clamp(0.3, 1.5) -- the sun in the north-west
local steep = (east:abs() + north:abs()) / 10

local level = 690
local water = height:lt(level)
local dem = weft.where(water, level, height)

-- How green: moist, not too high, not too steep; parcels of fields on the low ground.
local moisture = fractal(3 * x, 3 * y, 47, 5)
local forest = (1.9 * moisture - 0.1 - (height - 1050) / 700 - 0.5 * steep):clamp(0, 1)
local bent = 0.15 * noise(2 * x, 2 * y, 61)
local parcel = hash((15 * x + 7 * y + bent):floor(), (21 * y - 10 * x + bent):floor(), 5)
local farmland = height:lt(820) & steep:lt(0.9) & moisture:lt(0.6)
local green = weft.where(farmland, 0.1 + 0.85 * parcel, 0.1 + 0.9 * forest)

local cloudiness = fractal(0.9 * x + 0.3 * moisture, 1.3 * y, 83, 6)
local cloud = cloudiness:gt(0.66)
local veil = (9 * (cloudiness - 0.62)):clamp(0, 0.95)
local snow = (height - 1400 + 200 * (moisture - 0.5)):gt(0)

-- Reflectance of bare ground, plants, water and snow, lit, under cloud, with sensor noise.
local function band(number, ground, plant, lake, ice)
    local land = (ground * (1 - green) + plant * green) * (0.8 + 0.4 * moisture)
    local surface = weft.where(water, lake, weft.where(snow, ice, land) * light)
    local grain = (weft.random{like = grid, seed = number} - 0.5) * 0.004
    return ((surface * (1 - veil) + 0.8 * veil + grain) * 10000):clamp(1, 10000)
end

local scene = weft.stack({
    band(1, 0.100, 0.030, 0.060, 0.80),
    band(2, 0.130, 0.070, 0.055, 0.80),
    band(3, 0.160, 0.040, 0.030, 0.80),
    band(4, 0.260, 0.430, 0.012, 0.72),
}, {names = {"blue", "green", "red", "nir"}})

-- Quality bits as in Landsat's QA band: 3 is cloud, 7 is water.
local quality = weft.where(cloud, 8, 0) + weft.where(water, 128, 0)

weft.save_all{
    {scene, folder .. "/scene.tif", {type = "u16", nodata = 0}},
    {quality, folder .. "/quality.tif", {type = "u8"}},
    {dem, folder .. "/dem.tif", {type = "f32"}},
}

-- ---------------------------------------------------------------- 2. the workflow

local s = weft.open(folder .. "/scene.tif")
local qa = weft.open(folder .. "/quality.tif")

local clear = qa:bits(3, 1):eq(0) & qa:bits(7, 1):eq(0)
local ndvi = weft.ndvi(s.nir, s.red):mask(clear)
local classes = weft.calc([[
    v < 0.3 ? 1 :    -- bare
    v < 0.6 ? 2 :    -- thin
              3      -- dense
]], {v = ndvi})

local run = weft.save_all{
    {ndvi, folder .. "/ndvi.tif"},
    {classes, folder .. "/classes.tif", {type = "u8"}},
}
ndvi:plot(folder .. "/ndvi.png", {cmap = "ndvi", width = 1200})
s:select{"red", "green", "blue"}:plot(folder .. "/scene.png", {width = 1200, stretch = {1, 94}})

local out = run.outputs[1]
print(("%s: %d x %d pixels, %.0f %% masked"):format(
    out.path, ndvi.width, ndvi.height, 100 * out.invalid / (ndvi.width * ndvi.height)))
print(folder .. "/ndvi.png")
print(folder .. "/scene.png")
