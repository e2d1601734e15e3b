-- The extension says the format, of files and of pictures; pixels come back as they were.
local g = weft.grid{crs = "EPSG:32633", bounds = {0, 0, 60, 40}, resolution = 1}
local noise = {}
for i = 1, 3 do noise[i] = (weft.random{like = g, seed = i} * 256):floor():cast("u8") end
local r = weft.stack(noise)
local folder = arg[1] .. "/run.2020/"
os.execute("mkdir " .. folder)
for _, name in ipairs{"a.tif", "b.TIF", "c.png", "d.jp2", "e.img", "f.webp", "g.gpkg", "h.ovr.tif", "plain", "dot."} do
    r:save(folder .. name)
    local same = (weft.open(folder .. name):select{1, 2, 3} - r):abs():stats()
    local pipe = io.popen("gdalinfo " .. folder .. name)
    print(name, pipe:read("a"):match("Driver: (%w+)"), same[1].max, same[2].max, same[3].max)
end
r:save(folder .. "k.png", {format = "GTiff"})
print("told otherwise", weft.open(folder .. "k.png").crs == r.crs)
local first = r[1]:mask(weft.col{like = g}:ge(30))
for _, name in ipairs{"p.png", "p.jpg", "p.tif", "p.bmp"} do
    first:plot(folder .. name)
    local back = weft.open(folder .. name)
    print(name, #back, back:at(0, 0))
end
first:plot(folder .. "q.png", {format = "JPEG"})
print("q.png", #weft.open(folder .. "q.png"))
print("beside pictures:", io.popen("ls -A " .. folder .. " | grep -c '^[pq][.].*[.]'"):read("l"))
