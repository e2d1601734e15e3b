-- 02_terrain.lua - a terrain atlas: what an elevation model says about slopes, shade, forms and relief.
--
--   weft run examples/02_terrain.lua [FOLDER [DEM.tif]]
--
-- Shows: terrain operators, windows (focal, gaussian), neighbours in weft.calc, chains of them, seven
-- files from one pass over the elevations, a picture. Without a DEM one is made here, from coordinates.

local folder = arg[1] or os.tmpname():gsub("lua_", "weft_") .. ".d"
os.execute(("mkdir -p '%s'"):format(folder))

-- ---------------------------------------------------------------- 1. an elevation model

-- Fractal noise: numbers hashed from the corners of a lattice, smoothly joined, at several sizes.
local function fraction(v) return v - v:floor() end

local function hash(i, j, seed) -- in [0, 1)
    return fraction((i * 12.9898 + j * 78.233 + seed):sin() * 43758.5453)
end

local function noise(u, v, seed)
    local i, j = u:floor(), v:floor()
    local a, b = u - i, v - j
    a = a * a * a * (a * (a * 6 - 15) + 10) -- joins slopes, too, so that no lattice shows in the shade
    b = b * b * b * (b * (b * 6 - 15) + 10)
    local top = hash(i, j, seed) * (1 - a) + hash(i + 1, j, seed) * a
    local bottom = hash(i, j + 1, seed) * (1 - a) + hash(i + 1, j + 1, seed) * a
    return top * (1 - b) + bottom * b
end

-- Ridges: each octave is strong where the coarser ones are high, so that valleys stay smooth.
local function mountains(u, v)
    local sum, size, weight = 0, 1, 1
    for octave = 1, 9 do
        local crest = 1 - (2 * noise(u, v, 10 + octave) - 1):abs()
        local n = crest * crest * weight
        sum, size, weight = sum + n * size, size / 2.1, (n * 2):clamp(0, 1)
        u, v = 1.6 * u + 1.2 * v, 1.6 * v - 1.2 * u -- twice as fine, and turned
    end
    return sum
end

local function make_dem(path)
    local grid = weft.grid{
        crs = "EPSG:32632", bounds = {600000, 5150000, 624000, 5166000}, resolution = 20,
    }
    local x = (weft.x{like = grid} - 600000) / 9000
    local y = (weft.y{like = grid} - 5150000) / 9000
    local bend = noise(1.3 * x, 1.3 * y, 3)
    local height = 350 + 1500 * mountains(x + 0.4 * bend, y - 0.3 * bend)
    height:save(path, {type = "f32"})
end

local source = arg[2]
if not source then
    source = folder .. "/dem.tif"
    make_dem(source)
end

-- ---------------------------------------------------------------- 2. the atlas

local dem = weft.open(source)[1]

local slope = dem:slope()
local aspect = dem:aspect()
local shade = dem:hillshade{variant = "multidirectional"}
local curvature = dem:curvature{variant = "profile"}
local roughness = dem:roughness()

-- Height above the surroundings: positive on ridges, negative in valleys.
local position = dem - dem:focal{stat = "mean", radius = 15, shape = "circle"}

-- Forms, from the slope of a smoothed surface and the position; single pixels give way to the
-- majority around them.
local gentle = dem:gaussian(2):slope()
local forms = weft.calc([[
    p >  40 ? 1 :              -- ridge
    p < -40 ? 2 :              -- valley
    s <  12 ? 3 :              -- level ground
              4                -- slope
]], {p = position, s = gentle}):focal{stat = "mode", size = 5}

-- ---------------------------------------------------------------- 3. a relief picture

-- Colours by height, lit by two lights: the fine shade, and that of a smoothed surface, which keeps
-- the large forms together. Fifty rows tell how low and how high it goes.
local lowest, highest = math.huge, -math.huge
for row = 0, dem.height - 1, math.max(1, dem.height // 50) do
    for _, v in ipairs(dem:read{row = row, height = 1}[1]) do
        if v ~= weft.invalid then lowest, highest = math.min(lowest, v), math.max(highest, v) end
    end
end
local level = dem:rescale(lowest, highest, 0, 1)

local large = dem:gaussian(6):hillshade{azimuth = 315, altitude = 35, z = 1.5}
local light = (0.25 + 0.55 * shade / 255 + 0.45 * large / 255):fill(0.8)

local function colour(...) -- stops of one channel, 0 to 255, from low to high
    local stops, list = {...}, {}
    for i, value in ipairs(stops) do list[i] = {(i - 1) / (#stops - 1), value} end
    return list
end

-- Between stops the colour changes evenly.
local function ramp(stops)
    local value = stops[1][2]
    for i = 2, #stops do
        local a, b = stops[i - 1], stops[i]
        value = value + ((level - a[1]) / (b[1] - a[1])):clamp(0, 1) * (b[2] - a[2])
    end
    return value
end

local function channel(...)
    return (ramp(colour(...)) * light):clamp(0, 255):cast("u8", {round = "half_away"})
end

local relief = weft.stack({
    channel(86, 140, 196, 203, 186, 236),
    channel(122, 158, 190, 178, 170, 238),
    channel(92, 108, 136, 138, 160, 242),
}, {names = {"red", "green", "blue"}})

-- ---------------------------------------------------------------- 4. everything in one run

local run = weft.save_all{
    {slope, folder .. "/slope.tif"},
    {aspect, folder .. "/aspect.tif"},
    {shade, folder .. "/shade.tif"},
    {curvature, folder .. "/curvature.tif"},
    {roughness, folder .. "/roughness.tif"},
    {forms, folder .. "/forms.tif", {type = "u8"}},
    {relief, folder .. "/relief.tif"},
}
weft.open(folder .. "/relief.tif"):plot(folder .. "/relief.png", {width = 1200, stretch = {0, 100}})

print(("%d x %d pixels, %.0f to %.0f m: %d files in %.2f s, each block of the DEM read once"):format(
    dem.width, dem.height, lowest, highest, #run.outputs, run.seconds))
for _, out in ipairs(run.outputs) do print(out.path) end
print(folder .. "/relief.png")
