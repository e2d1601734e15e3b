-- Metatables are hidden, and what is in them checks what it is called with: a script that gets hold of them crashes nothing.
local g = weft.grid{crs = "EPSG:32632", bounds = {0, 0, 40, 30}, resolution = 10}
local r = weft.col{like = g}
local _, fault = pcall(weft.open, "none.tif")
print(getmetatable(r), getmetatable(g), getmetatable(weft), getmetatable(weft.invalid), getmetatable(fault))
print(pcall(setmetatable, weft, {}))

local function say(name, f, ...)
    local whole, what = pcall(f, ...)
    print(name, whole and type(what) or (tostring(what):gsub("\n.*", ""):gsub(" ?%(called from.*", ""):gsub("^[^ ]*:%d+: ", "")))
end
local values = { ["a number"] = 5, ["a text"] = "a", ["a table"] = {}, ["a grid"] = g, ["a raster"] = r, ["invalid"] = weft.invalid }
local function events_of(name, value)
    local events = debug.getmetatable(value)
    local names = {}
    for event, f in pairs(events) do
        if type(f) == "function" and event ~= "__gc" then names[#names + 1] = event end
    end
    table.sort(names)
    for _, event in ipairs(names) do
        pcall(events[event])
        for _, first in pairs(values) do
            for _, second in pairs(values) do
                pcall(events[event], first)
                pcall(events[event], first, second)
                pcall(events[event], setmetatable({}, events), second)
            end
        end
    end
    print(name, table.concat(names, " "))
    return events
end
local rasters, grids = events_of("raster", r), events_of("grid", g)
local module = events_of("weft", weft)
events_of("invalid", weft.invalid)
local faults = events_of("error", fault)
say("__index", rasters.__index, 5, "width")
say("__index of a grid", rasters.__index, g, "width")
say("__len", rasters.__len, 5)
say("__tostring", rasters.__tostring)
say("__add", rasters.__add, {}, 1)
say("grid", grids.__index, r, "width")
say("grid as text", grids.__tostring, "a")
say("weft", module.__index, "a", "b")
say("error", faults.__tostring, 5)
local false_one = setmetatable({}, rasters)
say("of a table", function() return #false_one end)
say("a band of a table", function() return false_one[1] end)
say("a sum of a table", function() return false_one + 1 end)
say("a table as text", tostring, false_one)
for name in pairs { cells = true, zones = true, script = true, box = true } do
    local events = debug.getregistry()["weft." .. name]
    for _, value in pairs(values) do
        assert(not pcall(events.__gc, value), name)
        debug.setmetatable({}, events)
    end
    assert(not pcall(events.__gc), name)
end
collectgarbage()

-- What is no list is told, wherever one is wanted.
say("percentile", r.percentile, r, "2")
say("save_all", weft.save_all, "a")
say("series", weft.series, "a", "mean")
say("focal", r.focal, r, { stat = "mean", radius = r })

-- weft is one, however often it is required.
package.loaded.weft = nil
local again = require "weft"
print(again == weft, again.constant(1, { like = r }):at(0, 0), (r + again.row { like = g }):at(3, 2))

-- Results that are collected before what holds them are an error, not what lies in their memory.
local seen
do
    local holder = setmetatable({}, { __gc = function(held) seen = table.pack(pcall(function() return held.result[2].mean end)) end })
    holder.result = weft.zonal(r, r:cast("u8"), { stats = { "mean" } })
    assert(holder.result[1].mean == 1)
end
collectgarbage()
print(seen[1], (tostring(seen[2]):gsub("\n.*", ""):gsub(" ?%(called from.*", ""):gsub("^[^ ]*:%d+: ", "")))
