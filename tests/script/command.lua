-- Commands and their exit status.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local function weft_(line)
    local pipe = io.popen(arg[-1] .. " " .. line .. " 2>&1")
    print("weft " .. line)
    io.write((pipe:read("a"):gsub("[^\n]*/weft:", "weft:")))
    local _, _, status = pipe:close()
    print("-> " .. status)
end
local a = arg[1] .. "/a.tif"
weft.stack({col, row}, {names = {"c", "r"}}):save(a)
weft_("version")
weft_("calc 'A * 10 + B' -A " .. a .. ":1 --in B=" .. a .. ":2 -o " .. arg[1] .. "/b.tif --type i16 --nodata -1 --co INTERLEAVE=BAND")
print(weft.open(arg[1] .. "/b.tif"), weft.open(arg[1] .. "/b.tif").nodata, weft.open(arg[1] .. "/b.tif"):at(3, 2))
weft_("calc 'A + ' -A " .. a .. " -o " .. arg[1] .. "/b.tif")
weft_("calc '-A + 1' -A " .. a .. ":1 -o " .. arg[1] .. "/b.tif")
print(weft.open(arg[1] .. "/b.tif"):at(3, 2))
weft_("calc -A " .. a .. ":1 -o " .. arg[1] .. "/b.tif '-sqrt(A)' --nodata -9")
weft_("calc -A " .. a .. ":1 -o " .. arg[1] .. "/b.tif -- -A")
weft_("calc -A -A " .. a .. " -o " .. arg[1] .. "/b.tif")
weft_("calc 'A' -A " .. a)
weft_("calc 'A' -A " .. a .. ":7 -o " .. arg[1] .. "/b.tif")
weft_("calc 'A' -A " .. a .. ":1 -o " .. arg[1] .. "/c.dat --format png")
print(io.popen("gdalinfo " .. arg[1] .. "/c.dat"):read("l"))
weft_("calc 'A' -A " .. a .. ":1 -o " .. arg[1] .. "/c.dat --format ping")
weft_("calc 'A' -A " .. a .. ":1 -o " .. arg[1] .. "/b.tif --overwrite=no")
weft_("calc 'A + 5' -A " .. a .. ":1 -o " .. arg[1] .. "/b.tif --overwrite=yes")
weft_("calc 'A + 6' --overwrite -A " .. a .. ":1 -o " .. arg[1] .. "/b.tif")
print(weft.open(arg[1] .. "/b.tif"):at(0, 0))
weft_("calc 'A' -A " .. a .. ":1 -o " .. arg[1] .. "/b.tif --overwrite=maybe")
weft_("calc 'A + B' -A " .. a .. ":r --in B=" .. a .. ":c -o " .. arg[1] .. "/b.tif --type Float32 --nodata nan")
print(weft.open(arg[1] .. "/b.tif").type, weft.open(arg[1] .. "/b.tif"):at(3, 2))
weft_("calc 'A' -A " .. a .. ":x -o " .. arg[1] .. "/b.tif")
weft_("calc 'A' -A " .. a .. ":r -o " .. arg[1] .. "/b.tif --type f32 --nodata=-inf")
print(weft.open(arg[1] .. "/b.tif").nodata)
weft_("calc 'A' -A " .. a .. ":r -o " .. arg[1] .. "/b.tif --nodata none")
print(weft.open(arg[1] .. "/b.tif").nodata)
weft_("run --machine foo " .. arg[1] .. "/none.lua")
for _, wrong in ipairs{"--outfile=b.tif", "--calc=A", "--A_band=2", "-of GTiff", "-ot Float32", "--NoDataValue=0", "--typ=u8 --foo", "--foo", "--quiet=3",
    "--threads", "-q", "-o"} do
    weft_("calc 'A' -A " .. a .. " -o " .. arg[1] .. "/none.tif " .. wrong)
end
weft_("--outfile=b.tif")
weft_("info --stat=3 " .. a)
for _, help in ipairs{"--help", "calc --help", "run -h", "ops", "ops slope", "ops focal", "ops save", "ops zonal"} do
    local longest = 0
    for line in io.popen(arg[-1] .. " " .. help):lines() do longest = math.max(longest, utf8.len(line)) end
    print("weft " .. help, longest <= 80)
end
weft_("ops clamp")
weft_("ops clam")
weft_("rum")
weft_("run")
weft_("run " .. arg[1] .. "/none.lua")
weft_("--tile x version")
weft_("version --reference")
local script = arg[1] .. "/s.lua"
io.open(script, "w"):write("#!/usr/bin/env weft\nprint(arg[0] ~= nil, arg[1], #arg, ...)"):close()
weft_("run " .. script .. " one --two")
weft_(script .. " one --two")
weft_("--quiet " .. script)
weft_("none.lua")
io.open(script, "w"):write("weft.open('" .. a .. "'):save('" .. arg[1] .. "/none.tif')\nprint(weft.open('" .. a .. "'):at(0, 0))"):close()
local pipe = io.popen(arg[-1] .. " explain " .. script .. " 2>&1")
local text = pipe:read("a")
print(text:match("^[^\n]*"), text:find("plan:", 1, true) ~= nil)
print(text:match("([^\n]*)\n$"))
print(io.open(arg[1] .. "/none.tif"))
