-- options: --machine "numa:1 core:2 pu:1"
-- A budget that cannot keep blocks for the next row of tiles: the plan decodes them anew and says so.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 630000, 5020000}, resolution = 10}
local path = arg[1] .. "/a.tif"
weft.random{like = g, seed = 1}:save(path, {blocksize = 1024})
local r = weft.open(path) + 1
for _, memory in ipairs{"64M", "7M", "4M"} do
    weft.config{memory = memory}
    local ok, text = pcall(r.explain, r)
    print(memory)
    print(text)
    if ok then
        local run = r:save(arg[1] .. "/b.tif")
        print("decoded " .. run.blocks.decoded .. ", within the budget: ", run.memory.peak <= run.memory.predicted)
    end
end
