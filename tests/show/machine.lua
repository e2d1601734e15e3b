-- A pretended machine as the engine sees it, and a script explained on it.
local weft_on = ("'%s' %%s --machine 'numa:2 core:2 pu:2' --memory 256M --threads 3"):format(arg[-1])
os.execute(weft_on:format("topo"))
local script = io.open(arg[1] .. "/s.lua", "w")
script:write([[
local g = weft.grid{bounds = {0, 0, 4000, 3000}, resolution = 1}
local r = weft.random{like = g, seed = 1}
local run = weft.save_all{{r:exp(), arg[1] .. "/x.tif"}, {r:log(), arg[1] .. "/y.tif", {nodata = "mask"}}}
print "the files are not written"
print(io.open(arg[1] .. "/x.tif"))
print(weft.open(arg[1] .. "/x.tif"))
]])
script:close()
os.execute((weft_on:format("explain --steal none") .. " '%s/s.lua' '%s'"):format(arg[1], arg[1]))
