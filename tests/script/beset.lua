-- Whatever Lua runs while C reads a script's tables, at any allocation by a __gc or for a text by a __tostring, C goes on
-- with what it has: nothing is read beyond its place, nothing is gone that is still pointed to.
local dir = arg[1]
local g = weft.grid{crs = "EPSG:32632", bounds = {0, 0, 40, 30}, resolution = 10}
local r = weft.col{like = g}:cast("u8")

-- f() while change() runs at almost every allocation.
local function beset(change, f)
    local on, busy, times = true, false, 0
    local function arm()
        setmetatable({}, {__gc = function()
            if not on then return end
            if not busy then
                busy, times = true, times + 1
                change()
                busy = false
            end
            arm()
        end})
    end
    arm()
    collectgarbage("incremental", 10, 1000, 5)
    collectgarbage() -- from here on without a pause
    local whole, result = pcall(f)
    on = false
    collectgarbage("incremental", 200, 100, 13)
    assert(not whole or times > 10, "nothing came between")
    return whole, result
end

-- Tables that grow while they are counted and read: what is read is as long as what was counted.
local function growing(first, value)
    local t, last = {}, first + 20
    for key = first, last do t[key] = value(key) end
    return t, function()
        for _ = 1, 20 do
            if last < 60000 then
                last = last + 1
                t[last] = value(last)
            end
        end
    end
end
local keys, grow_keys = growing(0, function(key) return 2 * key end)
print("values by key", beset(grow_keys, function()
    for _ = 1, 100 do assert(r:reclass(keys):at(2, 0) == 4) end
    return "whole"
end))
for _, option in ipairs { "colors", "categories" } do
    local classes, grow_classes = growing(0, function(key)
        return option == "colors" and ("#%06x"):format(key) or "class " .. key
    end)
    print(option, beset(grow_classes, function()
        for _ = 1, 50 do r:reclass({ [0] = 1, [1] = 0 }, { [option] = classes }) end
        return "whole"
    end))
end
local creation, last = {}, 0
print("options of the driver", beset(function()
    for _ = 1, 20 do
        last = last + 1
        creation["K" .. last] = "v"
    end
end, function()
    for _ = 1, 20 do
        creation = { TILED = "NO" }
        local whole, why = pcall(r.save, r, dir .. "/o.tif", { options = creation })
        assert(whole or why.message:find("has no option \"K", 1, true), why)
    end
    return "whole"
end))

-- Texts that the script lets go while they are still needed.
local items, others, called = {}, {}, false
local function let_go()
    called = true
    items[1][2], items[1][3].compress = nil, nil
    collectgarbage()
    for i = 100, 150 do others[i] = ("%s/%d.TIF"):format(dir, i) end -- in its memory
end
for i = 1, 3 do
    items[i] = { r, ("%s/%d.tif"):format(dir, 99 + i), { compress = ("LZW"):lower() } }
end
setmetatable(items[2][3], { __index = let_go })
local all = weft.save_all(items)
print("paths of outputs", all.outputs[1].path == dir .. "/100.tif", called)
print("the same at any allocation", beset(function()
    for _, item in ipairs(items) do item[2] = nil end
end, function()
    for i = 1, 50 do
        for k = 1, 3 do items[k] = { r, ("%s/%d_%d.tif"):format(dir, i, k), {} } end
        local whole, did = pcall(weft.save_all, items) -- what is gone before it was read is an error
        for k = 1, whole and 3 or 0 do
            assert(did.outputs[k].path == ("%s/%d_%d.tif"):format(dir, i, k))
        end
    end
    return "whole"
end))

-- Runs inside of runs: each has its own result.
print("runs", beset(function() r:at(0, 0) end, function()
    for _ = 1, 20 do
        local did = r:save(dir .. "/x.tif")
        assert(did.outputs[1].path == dir .. "/x.tif" and did.stages[1].kernels[1].nodes[1])
    end
    return "whole"
end))

local asked
print("statistics", beset(function() return asked and asked.mean end, function()
    for _ = 1, 30 do
        asked = r:stats { "mean" }
        assert(asked.mean == 1.5)
    end
    return "whole"
end))

-- Nodes keep the line of the call that makes them, though others are made meanwhile, by a coroutine that is gone then.
local other
print("lines", beset(function()
    coroutine.wrap(function()
        other = debug.getinfo(1, "l").currentline + 1
        return weft.constant(1, { like = g }) + 1
    end)()
end, function()
    for i = 1, 100 do
        local did = weft.series({ r, r + i }, "median"):save(dir .. "/l.tif")
        for _, kernel in ipairs(did.stages[1].kernels) do
            for _, line in ipairs(kernel.lines) do
                assert(line ~= tostring(other) and not line:find((":%d$"):format(other)), line)
            end
        end
    end
    return "whole"
end))

-- Texts are made without asking the value.
called = false
getmetatable("").__tostring = function(text) called = true return "called" end
r:save(dir .. "/t.tif", { options = { TILED = "NO", "BLOCKYSIZE=3" } })
weft.config { threads = "2" }
getmetatable("").__tostring = nil
print("asked for its text", called)

-- Options and inputs are read raw: what a metatable would give is not there.
local function from(t) return setmetatable({}, { __index = t }) end
r:save(dir .. "/raw.tif", from { type = "none", nodata = {}, options = 5 })
print(weft.open(dir .. "/raw.tif").type, r:histogram(from { bins = "x" }).counts ~= nil, #r:focal(setmetatable(
    { stat = "mean", size = 3 }, { __index = { constant = "x" }, __pairs = error })))
print(select(2, pcall(weft.calc, "A + 1", from { A = r })))
print(select(2, pcall(weft.col, from { like = g })))
