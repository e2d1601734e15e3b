-- Formats that GDAL copies to: their files are read back; what drivers put beside them bears their name.
local r = weft.col{like = weft.grid{crs = "EPSG:32633", bounds = {0, 0, 50, 40}, resolution = 10}}
r = r + 10 * weft.row{like = r}
for _, name in ipairs{"a.nc netCDF", "b.img HFA", "c.dat ENVI", "d.zarr Zarr", "e.mrf MRF"} do
    local file, format = name:match("(%S+) (%S+)")
    r:save(arg[1] .. "/" .. file, {format = format})
    local back = weft.open(arg[1] .. "/" .. file)
    print(format, back.type, back:at(3, 2), (back - r):abs():stats("max"), (back.crs or ""):find("UTM zone 33N", 1, true) ~= nil)
end
local list = io.popen("cd " .. arg[1] .. " && find . -name '*part*' | wc -l"):read("a")
print("left over:", tonumber(list))
