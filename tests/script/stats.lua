-- --stats writes one entry for each run, in the shape of what save returns.
local script, json = arg[1] .. "/s.lua", arg[1] .. "/s.json"
io.open(script, "w"):write([[
local c = weft.col{like = weft.grid{bounds = {0, 0, 4, 3}, resolution = 1}}
local run = (c * 2):save(arg[1] .. "/a.tif", {nodata = 0, collide = "allow"})
c:at(0, 0)
local function keys(t, at)
    local list = {}
    for k in pairs(t) do list[#list + 1] = k end
    table.sort(list, function(a, b) return tostring(a) < tostring(b) end)
    for _, k in ipairs(list) do
        if type(t[k]) == "table" then keys(t[k], at .. tostring(k) .. ".") else print(at .. tostring(k)) end
    end
end
keys(run, "")
]]):close()
os.execute(arg[-1] .. " run --threads 1 --stats " .. json .. " " .. script .. " " .. arg[1])
local text = io.open(json):read("a")
local _, runs = text:gsub('"compile_seconds"', "")
print(runs, text:match('"version":%s*"0"') == nil, text:match('"outputs":%s*(%b[])'):gsub("%s+", " "))
