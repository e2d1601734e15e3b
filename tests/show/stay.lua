-- options: --machine "numa:2 core:2 pu:1"
-- Blocks of a compressed file that are kept for a later phase: all of them, as many as fit, none; plain ones are not.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 630000, 5020000}, resolution = 10}
local path = arg[1] .. "/a.tif"
local function show(compress, memory)
    weft.random{like = g, seed = 1}:save(path, {blocksize = 256, compress = compress})
    weft.config{memory = memory}
    local r = weft.open(path)
    print(("\n%s, %s"):format(compress, memory))
    for line in (((r - r:scalar("mean")) / r:scalar("std")):explain() .. "\n"):gmatch("([^\n]*)\n") do
        if line:find("^phase") or line:find("^  file") or line:find("block") or line:find("^memory") then print(line) end
    end
end
show("deflate", "1G")
show("deflate", "20M")
show("deflate", "3M")
show("none", "1G")
