-- What values stand for is in the files that have the same values: as GDAL reads them.
local T = arg[1]
local function info(path) return io.popen("gdalinfo " .. path .. " 2>&1"):read("a") end
local function has(path, ...)
    local text, found = info(T .. "/" .. path), {}
    for _, what in ipairs{...} do
        local _, n = text:gsub(what:gsub("[%-%(%)%[%]]", "%%%0"), "")
        found[#found + 1] = what .. " " .. n
    end
    print(path .. ": " .. table.concat(found, ", "))
end
local r = weft.col{like = weft.grid{crs = "EPSG:32633", bounds = {0, 0, 60, 30}, resolution = 10}}
local named = {colors = {[1] = {255, 0, 0}, [2] = "#00ff00"}, categories = {[1] = "water", [2] = "wood"}}

-- reclass and save name classes; operators that give values of their input keep the names
local class = r:reclass({[0] = 1, [1] = 2, [2] = 1, [3] = 2}, named)
local look = {"Color Table", "1: water", "2: wood", "NoData Value=255"}
class:save(T .. "/class.tif")
has("class.tif", table.unpack(look))
local c = weft.open(T .. "/class.tif")
local kept = {
    copy = c, mask = c:mask(c:eq(1)), where = weft.where(c:eq(1), c, 2),
    fill = c:fill(2), clamp = c:clamp(1, 2), neighbour = c:neighbour(1, 0), stack = weft.stack{c, c}[2],
    mode = c:focal{stat = "mode", size = 3}, min = c:focal{stat = "min", size = 3}, first = c:focal{stat = "first", size = 3},
    dilate = c:dilate(3), series = weft.series({c, c, c}, "mode"), pick = weft.pick({c, c}, 1 + 0 * c), calc = weft.calc("A > 1 ? A : 1", {A = c}),
}
local names = {}
for name in pairs(kept) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do
    local run = kept[name]:save(T .. "/x.tif")
    local text = info(T .. "/x.tif")
    print(name, run.outputs[1].type, run.outputs[1].nodata, text:find("Color Table") and text:find("2: wood") and "named" or "not named")
end
(c + 1):save(T .. "/other.tif")
has("other.tif", "Color Table", "wood")

-- a list for several bands; false leaves one as it is
weft.stack{c, c + 10}:save(T .. "/two.img", {categories = {false, {[12] = "eleven"}}})
has("two.img", "2: wood", "12: eleven", "Color Table")

-- scale and offset of numbers that are left as they are stored, units of all
local raw = (r * 100):cast("i16")
raw:save(T .. "/raw.tif")
os.execute("gdal_edit.py -scale 0.01 -offset -5 -units ft " .. T .. "/raw.tif")
local stored, scaled = weft.open(T .. "/raw.tif", {scale = false}), weft.open(T .. "/raw.tif")
stored:mask(stored:gt(100)):save(T .. "/stored.tif")
has("stored.tif", "Offset: -5", "Scale:0.01", "Unit Type: ft")
scaled:save(T .. "/scaled.tif");
(scaled:gaussian(1) + 1):save(T .. "/smooth.tif");
(scaled * 2):save(T .. "/twice.tif")
has("scaled.tif", "Offset", "Unit Type: ft")
has("smooth.tif", "Unit Type: ft")
has("twice.tif", "Unit Type: ft")
