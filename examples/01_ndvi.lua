-- 01_ndvi.lua - the first workflow: from a satellite scene with a quality band to a vegetation map.
--
--   weft run examples/01_ndvi.lua [FOLDER]
--
-- Shows: sources without a file, bands by name, arithmetic, bit masks, weft.calc, saving several
-- files in one run, pictures. The scene and its elevation model are made here, from coordinates.

local folder = arg[1] or os.tmpname():gsub("lua_", "weft_") .. ".d"
os.execute(("mkdir -p '%s'"):format(folder))

-- ---------------------------------------------------------------- 1. make a scene and a DEM
-- A landscape of sines: octaves of waves in random directions, bent by slower waves, look like
-- hills. Every field is an expression of x and y; nothing is computed before save_all.

local grid = weft.grid{crs = "EPSG:32632", bounds = {600000, 5200000, 612000, 5208000}, resolution = 10}
local x = (weft.x{like = grid} - 600000) / 4000
local y = (weft.y{like = grid} - 5200000) / 4000

local state = 7
local function chance() -- the same numbers on every machine
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
end

-- Waves are drawn once, so that a field can be asked for at several places.
local function waves(octaves, frequency, decay)
    local list, size = {}, 1
    for _ = 1, octaves do
        for _ = 1, 3 do
            local angle, f = chance() * 2 * math.pi, frequency * (0.7 + 0.6 * chance())
            list[#list + 1] = {size, f * math.cos(angle), f * math.sin(angle), chance() * 6.28}
        end
        frequency, size = frequency * 1.9, size * decay
    end
    return list
end

local function field(list, u, v)
    local sum = 0
    for _, w in ipairs(list) do
        sum = sum + w[1] * (u * w[2] + v * w[3] + w[4]):sin()
    end
    return sum
end

local bend_u, bend_v = waves(3, 1.6, 0.5), waves(3, 1.6, 0.5)
local hills, ridges = waves(3, 1.4, 0.45), waves(7, 2.6, 0.55)

local function elevation(u, v)
    local bent_u, bent_v = u + 0.2 * field(bend_u, u, v), v + 0.2 * field(bend_v, u, v)
    local base = field(hills, bent_u, bent_v)
    local ridge = 2.4 - field(ridges, bent_u, bent_v):abs() -- sharp where the sum crosses zero
    return 720 + 190 * base + 90 * ridge * (base * 0.35 + 0.9):clamp(0.1, 2)
end

local e = 0.0025 -- one pixel, for the fall of light
local height = elevation(x, y)
local light = (0.75 + (elevation(x + e, y) - height) * 0.05 - (elevation(x, y + e) - height) * 0.05)
    :clamp(0.35, 1.2)

local level = 560
local water = height:lt(level)
local dem = weft.where(water, level, height)

-- How green: moist and not too high; parcels of fields on the low ground.
local moisture = field(waves(5, 3, 0.6), x, y) * 0.16 + 0.6
local forest = (moisture - (height - 1150) / 900):clamp(0, 1)
local row, col = (5 * x + 9 * y):floor(), (13 * x - 7 * y):floor()
local parcel = (row * 12.9898 + col * 78.233):sin() * 43758.5453
local crop = parcel - parcel:floor()
local farmland = height:lt(760) & moisture:lt(0.72)
local green = weft.where(farmland, 0.15 + 0.8 * crop, 0.15 + 0.8 * forest)

local cloudiness = field(waves(6, 2.1, 0.62), x + 0.3 * field(bend_v, x, y), y)
local shade = field(waves(2, 9, 0.5), x, y) * 0.02
local cloud = cloudiness:gt(2.15)
local veil = ((cloudiness - 1.9) * 1.6):clamp(0, 0.95)

-- Reflectance of bare ground, plants and water, mixed and lit, under cloud, with sensor noise.
local function band(number, ground, plant, lake)
    local land = (ground * (1 - green) + plant * green + shade * ground) * light
    local surface = weft.where(water, lake, land)
    local noise = (weft.random{like = grid, seed = number} - 0.5) * 0.006
    return ((surface * (1 - veil) + 0.82 * veil + noise) * 10000):clamp(1, 10000)
end

local scene = weft.stack({
    band(1, 0.11, 0.035, 0.055),
    band(2, 0.15, 0.075, 0.050),
    band(3, 0.20, 0.045, 0.030),
    band(4, 0.28, 0.430, 0.012),
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
s:select{"red", "green", "blue"}:plot(folder .. "/scene.png", {width = 1200})

local out = run.outputs[1]
print(("%s: %d x %d pixels, %.0f %% masked"):format(
    out.path, ndvi.width, ndvi.height, 100 * out.invalid / (ndvi.width * ndvi.height)))
print(folder .. "/ndvi.png")
print(folder .. "/scene.png")
