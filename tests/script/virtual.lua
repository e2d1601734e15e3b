-- Rasters that GDAL knows by a text instead of a file: the pixels of the file behind, or one error.
local dir = arg[1]
local grid = weft.grid{crs = "EPSG:32633", bounds = {0, 0, 3000, 2000}, resolution = 10}
local one = (weft.random{like = grid, seed = 1} * 250):floor()
weft.stack({one, one + 3}):save(dir .. "/a.tif", {type = "i16", compress = "deflate", options = {"INTERLEAVE=BAND"}})
local a = weft.open(dir .. "/a.tif")

local function write(name, text)
    local file = io.open(dir .. "/" .. name, "w")
    file:write(text)
    file:close()
    return dir .. "/" .. name
end

-- A virtual raster of 300 x 200 pixels; attributes of its bands, and what is in each of them.
local function xml(attributes, ...)
    local text = {'<VRTDataset rasterXSize="300" rasterYSize="200">', "<SRS>EPSG:32633</SRS>",
                  "<GeoTransform>0, 10, 0, 2000, 0, -10</GeoTransform>"}
    for i, content in ipairs{...} do
        text[#text + 1] = ('<VRTRasterBand band="%d" %s>%s</VRTRasterBand>'):format(i, attributes, content)
    end
    return table.concat(text) .. "</VRTDataset>"
end
local function source(name, band, more)
    return ('<SimpleSource>%s<SourceBand>%d</SourceBand>%s</SimpleSource>'):format(name, band, more or "")
end
local full = ("<SourceFilename>%s/a.tif</SourceFilename>"):format(dir)
local beside = '<SourceFilename relativeToVRT="1">a.tif</SourceFilename>'
local known = '<SourceProperties RasterXSize="300" RasterYSize="200" DataType="Int16" BlockXSize="512" BlockYSize="512"/>'
local i16 = 'dataType="Int16"'
local pixels = 'dataType="Float64" subClass="VRTDerivedRasterBand"'
local sum = "<PixelFunctionType>sum</PixelFunctionType>" .. source(full, 1) .. source(full, 2)

local odd = {dir .. '/a?b=1.tif', dir .. '/a"b".tif', dir .. "/a<b>.tif", dir .. "/a b:c.tif"}
for _, path in ipairs(odd) do a:save(path) end

print("what they hold: bands, the greatest difference from the file's own")
for _, case in ipairs{
    {"vrt://", "vrt://" .. dir .. "/a.tif", a},
    {"vrt:// with bands", "vrt://" .. dir .. "/a.tif?bands=2,1", weft.stack{a[2], a[1]}},
    {"vrt:// of a file of XML", "vrt://" .. write("b.vrt", xml(i16, source(beside, 2))) .. "?bands=1", a[2]},
    {"vrt:// of vrt://", "vrt://vrt://" .. dir .. "/a.tif?bands=2", a[2]},
    {"XML", xml(i16, source(full, 1, known), source(full, 2, known)), a},
    {"XML without properties", xml(i16, source(full, 2)), a[2]},
    {"a file of XML", write("a.vrt", xml(i16, source(beside, 1, known), source(beside, 2))), a},
    {"a file that does not begin with XML", write("c.vrt", "\n " .. xml(i16, source(full, 1))), a[1]},
    {"a file of a file of XML", write("d.vrt", xml(i16, source(beside:gsub("a.tif", "a.vrt"), 2))), a[2]},
    {"a function of pixels", xml(pixels, sum), a[1] + a[2]},
    {"no source at all", xml(i16, ""), a[1] * 0},
    {"DERIVED_SUBDATASET:", "DERIVED_SUBDATASET:AMPLITUDE:" .. dir .. "/a.tif", a},
    {"GTIFF_DIR:", "GTIFF_DIR:1:" .. dir .. "/a.tif", a},
    {"GTIFF_RAW:", "GTIFF_RAW:" .. dir .. "/a.tif", a},
    {"/vsisubfile/", "/vsisubfile/0," .. dir .. "/a.tif", a},
    {"?", odd[1], a}, {"quotes", odd[2], a}, {"< >", odd[3], a}, {":", odd[4], a},
} do
    local name, path, wanted = table.unpack(case)
    local r = weft.open(path)
    print(name, #r, tostring((r - wanted):abs():stats("max")))
end

-- What GDAL says of it is left out: it depends on the version, on drivers and on servers.
print("what cannot be read")
local function words(path, message)
    local opening = "cannot open " .. path .. ":"
    return message:sub(1, #opening) == opening and "cannot open it" or message:match("^cannot read block [^:]*") or message
end
local memory = "<SourceFilename>MEM:::DATAPOINTER=1,PIXELS=9,LINES=9</SourceFilename>"
local tif = dir .. "/a.tif"
for _, path in ipairs{
    "vrt://", "vrt://" .. dir .. "/none.tif", "vrt://" .. tif .. "?bands=3", "<VRTDataset", "<VRTDataset/>",
    "DERIVED_SUBDATASET:", "GTIFF_DIR:2:" .. tif, "/vsizip/" .. tif, "/vsimem/none", "EEDAI:image/1", "PG:dbname=none",
    "NETCDF:none.nc:v", 'ZARR:"none.zarr":/v', "GPKG:none.gpkg:t", "PDS4:none.xml:1:1", "NITF_IM:0:none.ntf",
    "SENTINEL2_L1C:none.xml:10m:EPSG_32633", 'STACIT:"none.json"', "STACTA:none.json", "WMS:http://127.0.0.1:1/",
    "WMTS:none", "<GDAL_WMS/>", "RASTERLITE:none.sqlite", "JPEG_SUBFILE:0,1,none.jpg", "HDF4_SDS:UNKNOWN:none.hdf:0",
    "L1B_ANGLES:none", "STACIT:", "GTIFF_DIR:", "GTIFF_RAW:", "/vsisubfile/", "/vsigzip/" .. tif,
    write("gone.vrt", xml(i16, source(beside:gsub("a.tif", "gone.tif"), 1))),
    write("self.vrt", xml(i16, source(beside:gsub("a.tif", "self.vrt"), 1))),
    write("unknown.vrt", xml(pixels, (sum:gsub("sum", "nosuch")))),
} do
    local fine, why = pcall(function() weft.open(path)[1]:stats("max") end)
    print(path, fine, words(path, why.message))
end

print("addresses in memory, whatever lies there")
for _, path in ipairs{
    "MEM:::DATAPOINTER=1,PIXELS=9,LINES=9", "vrt://MEM:::DATAPOINTER=1,PIXELS=9,LINES=9",
    write("memory.vrt", xml(i16, source(memory, 1))), "vrt://" .. dir .. "/memory.vrt",
    write("deeper.vrt", xml(i16, source(beside:gsub("a.tif", "memory.vrt"), 1))),
} do
    print(select(2, pcall(weft.open, path)))
end
