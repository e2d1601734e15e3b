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
weft_("calc 'A' -A " .. a)
weft_("calc 'A' -A " .. a .. ":7 -o " .. arg[1] .. "/b.tif")
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
io.open(script, "w"):write("weft.open('" .. a .. "'):save('" .. arg[1] .. "/none.tif')\nprint(weft.open('" .. a .. "'):at(0, 0))"):close()
local pipe = io.popen(arg[-1] .. " explain " .. script .. " 2>&1")
local text = pipe:read("a")
print(text:match("^[^\n]*"), text:find("plan:", 1, true) ~= nil)
print(text:match("([^\n]*)\n$"))
print(io.open(arg[1] .. "/none.tif"))
