-- What people write without thinking: it works, and warns where it must only.
local g = weft.grid{crs = "EPSG:32632", bounds = {0, 0, 40, 30}, resolution = 10}
local file = arg[1] .. "/a.tif"
local r = weft.stack({weft.col{like = g}, weft.row{like = g}}, {names = {"c", "r"}})
r:save(file)

-- Statistics of one band as of several; several by name.
local s = r.c:stats()
print(s.max, s[1].max, s.c.max, s[2], #s)
for key in pairs(s) do assert(type(key) == "string") end
print(r:stats{"mean", "max"})
print(r.c:histogram{bins = 2}[1].below, r.c:freq()[1].count)
for i, band in ipairs(r) do print(i, band.names[1]) end
print(pcall(function() return r[3] end))

-- Reflectance that the file scales is no surprise to evi, numbers of a sensor are.
local function evi(nir) return weft.evi(nir, nir, nir) end
local scaled = arg[1] .. "/scaled.tif"
os.execute("gdal_translate -q -ot UInt16 -a_scale 0.0001 " .. file .. " " .. scaled)
evi(weft.open(scaled)[1])
evi(weft.open(scaled, {scale = false})[1])

-- Lua's or and and, where the left is not known to be a raster.
local a
a = a or weft.open(file)
local function pick(given) return given or r end
local maybe = arg[9] and weft.open(file)
if maybe and a then print("no") end
local late
if #arg > 0 then late = weft.open(file) end
print(late and "late")
local sure = weft.open(file)
print(sure and "told")
print(a == 3)

-- The line of a mistake in what is called last.
local function tail(raster)
    return raster:select{9}
end
print(select(2, pcall(tail, r)))
print(select(2, pcall(function() return weft.evi(r.c, r.r, 3) end)))

-- Names of types of other programs; what wraps is not clipped; more digits than there are.
print(r:cast("Float32").type, r:cast("UInt16").type, r:cast("Byte").type, r:cast("int64").type)
local wrapped = (r * 200):save(arg[1] .. "/b.tif", {type = "uint8", overflow = "wrap"})
print(wrapped.outputs[1].clipped, weft.open(arg[1] .. "/b.tif"):at(3, 2))
for _, name in ipairs{"c", "d"} do (r * 1.5):save(arg[1] .. "/" .. name .. ".tif", {type = "f64"}) end
r:save(arg[1] .. "/e.tif", {type = "f64"})

-- No nodata value: reals say invalid by NaN, integers cannot.
local holes = r.c:mask(r.c:gt(1))
holes:save(arg[1] .. "/f.tif", {type = "f32", nodata = "none"})
print(weft.open(arg[1] .. "/f.tif").nodata, weft.open(arg[1] .. "/f.tif"):at(0, 0))
r.c:save(arg[1] .. "/g.tif", {nodata = "none"})
print(weft.open(arg[1] .. "/g.tif").nodata, weft.open(arg[1] .. "/g.tif"):at(3, 0))
print(select(2, pcall(function() holes:save(arg[1] .. "/h.tif", {nodata = "none"}) end)))
