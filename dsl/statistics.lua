-- statistics.lua - the vocabulary of statistics, results that wait for a run, stats and scalar, and
-- compute, which forces several in one run.
--
-- Called as the prelude is. What is asked for is a handle: a table whose result is made by a run
-- when first looked into. A handle keeps the reductions it needs (numbers of nodes) and a function
-- that makes the result of their tables.
local weft, methods, docs, tool = ...
local define = tool.define
local FAMILY = "statistics"

-- ------------------------------------------------------------------------------------ the vocabulary

-- Columns of summary; those of zones begin again for each value.
local columns = {
    count = 0, pixels = 1, sum = 2, mean = 3, min = 4, max = 5, range = 6, var = 7, std = 9,
    first = 11, last = 12, argmin = 13, argmax = 14,
}
local tally_columns = 15
-- Columns of zoneclasses.
local class_columns = { variety = 2, mode = 3, minority = 5 }
local order = {
    "count", "pixels", "sum", "mean", "min", "max", "range", "std", "var", "median", "mode",
    "minority", "variety", "first", "last", "argmin", "argmax",
}
local vocabulary = {}
for _, name in ipairs(order) do vocabulary[name] = true end
tool.keep("vocabulary", vocabulary)
local counts = { count = true, pixels = true, argmin = true, argmax = true, variety = true }
local values = {
    sum = true, min = true, max = true, range = true, first = true, last = true, mode = true,
    minority = true,
}

-- A statistic by name: from = "tally" with its column, "ranks" with its percentile p, "classes".
local function statistic(name, op, ddof)
    if type(name) ~= "string" then
        tool.fail(op, "a statistic must be a text, not " .. tool.what(name), "\"mean\", \"p90\" ...")
    end
    local p = name == "median" and 50 or tonumber(name:match("^p(%d+%.?%d*)$"))
    if p and p <= 100 then return { name = name, from = "ranks", p = p } end
    if p then tool.fail(op, ("percentiles lie between 0 and 100, not %.14g"):format(p)) end
    if class_columns[name] then
        return { name = name, from = "classes", column = class_columns[name] }
    end
    local column = columns[name]
    if not column then
        tool.fail(op, ("there is no statistic \"%s\""):format(name),
            tool.nearest(name, order) or "one of " .. table.concat(order, " ") .. " p90")
    end
    if name == "var" or name == "std" then column = column + ddof end
    return { name = name, from = "tally", column = column }
end

local function ddof_of(options, op)
    local ddof = options and options.ddof or 0
    if ddof ~= 0 and ddof ~= 1 then
        tool.fail(op, ("ddof must be 0 or 1, not %s"):format(tool.shown(ddof)),
            "std and var divide by n - ddof")
    end
    return ddof
end

-- A list of statistics from a name or a list of names.
local function statistics(names, op, ddof)
    if type(names) ~= "table" then names = { names } end
    tool.list(names, op, "statistic", "{\"mean\", \"p90\"}")
    local list, seen = {}, {}
    for i, name in ipairs(names) do
        list[i] = statistic(name, op, ddof)
        if seen[name] then tool.fail(op, ("\"%s\" is asked for twice"):format(name)) end
        seen[name] = true
    end
    if #list == 0 then
        tool.fail(op, "the list names no statistic", "{\"mean\", \"p90\"}")
    end
    return list
end

-- form: how the options of the function are written.
local function check_options(options, known, op, form)
    if options == nil then return {} end
    if type(options) ~= "table" then
        tool.fail(op, "the options must be a table, not " .. tool.what(options),
            "options come last, in a table: {name = value}")
    end
    options = tool.own(options)
    for key in pairs(options) do
        local found = false
        for _, name in ipairs(known) do found = found or name == key end
        if type(key) ~= "string" then
            tool.fail(op, "an option has no name", form or "write {name = value}")
        end
        if not found then
            tool.fail(op, ("no option \"%s\""):format(key),
                tool.nearest(key, known) or "known options: " .. table.concat(known, " "))
        end
    end
    return options
end

-- A list, which may hold options by name, and options in a table of their own: both apart. What is
-- no list stays as it is; a table of nothing but options is no list.
local function apart(list, options, known, op)
    local all = check_options(options, known, op)
    if type(list) ~= "table" then return list, all end
    local items = {}
    list = tool.own(list)
    for key, value in pairs(list) do
        if type(key) ~= "string" then
            items[key] = value
        elseif all[key] ~= nil then
            tool.fail(op, key .. " is given twice", "leave it out of the list, or of the options")
        else
            all[key] = value
        end
    end
    check_options(all, known, op)
    if next(items) == nil and next(list) ~= nil then items = nil end
    return items, all
end

-- Has a statistic of a raster (whole: of integers) such numbers; and what stands for none.
local function is_whole(name, whole) return counts[name] or (whole and values[name]) or false end
local function nothing(name)
    if name == "variety" or name == "count" or name == "pixels" then return 0 end
end

-- Whole numbers of rasters of integers are integers in Lua.
local function number(value, name, whole)
    if value == nil then return nil end
    if is_whole(name, whole) then return math.tointeger(value) or value end
    return value
end

-- ------------------------------------------------------------------------------------ as text

-- Numbers as people read them, keys in order; tables within tables in a line each.
local function flat(value)
    if type(value) == "number" then
        return math.type(value) == "integer" and tostring(value) or ("%.10g"):format(value)
    end
    return tostring(value)
end

local function keys_of(t)
    local keys, place = {}, {}
    for i, name in ipairs(order) do place[name] = i end
    for key in pairs(t) do keys[#keys + 1] = key end
    table.sort(keys, function(a, b)
        local x, y = place[a], place[b]
        if x and y then return x < y end
        if x or y then return x ~= nil end
        if type(a) ~= type(b) then return type(a) == "number" end
        return a < b
    end)
    return keys
end

local shown = 20

-- A value in one line; numbers in a list go without their keys.
local function inline(value)
    if type(value) ~= "table" then return flat(value) end
    local parts = {}
    for i, key in ipairs(keys_of(value)) do
        if i > shown then
            parts[i] = "..."
            break
        end
        local inner = value[key]
        local text = type(inner) == "table" and "{" .. inline(inner) .. "}" or flat(inner)
        local listed = math.type(key) and type(inner) ~= "table"
        parts[i] = listed and text or flat(key) .. " " .. text
    end
    return table.concat(parts, ", ")
end

-- names: of the numbers that are keys, where they have one.
local function text(t, names)
    local lines, width, keys = {}, 0, keys_of(t)
    local function label(key)
        local name = names and names[key]
        return name and name ~= "" and name or flat(key)
    end
    for _, key in ipairs(keys) do width = math.max(width, #label(key)) end
    for i, key in ipairs(keys) do
        if i > shown then
            lines[i] = ("... %d more"):format(#keys - shown)
            break
        end
        lines[i] = ("%-" .. width .. "s  %s"):format(label(key), inline(t[key]))
    end
    return table.concat(lines, "\n")
end

local printed = { __tostring = text }

-- A part of a result that prints as the result does.
local function printable(part)
    if type(part) ~= "table" then return part end
    local events = getmetatable(part)
    if not events then return setmetatable(part, printed) end
    events.__tostring = text
    return part
end

-- ------------------------------------------------------------------------------------ handles

local handles = setmetatable({}, { __mode = "k" })

-- Force handles, and save, in one run; gives what the run did, nil where there was nothing to do.
local function force(list, saves, op)
    local nodes, waiting = {}, {}
    for _, handle in ipairs(list) do
        local state = handles[handle]
        if not state.result and not waiting[state] then
            waiting[state] = #nodes
            waiting[#waiting + 1] = state
            for _, node in ipairs(state.nodes) do nodes[#nodes + 1] = node end
        end
    end
    if #nodes == 0 and #saves == 0 then
        for _, state in ipairs(waiting) do state.result = state.finish {} end
        return
    end
    local tables, did = tool.run(saves, nodes, op)
    for _, state in ipairs(waiting) do
        local own, first, nodes, finish = {}, waiting[state], state.nodes, state.finish
        if not state.result then -- which a __gc may have asked for meanwhile
            for i = 1, #nodes do own[i] = tables[first + i] end
            state.result = finish(own)
            state.nodes, state.finish = nil, nil
        end
    end
    return did
end

local function result_of(handle)
    local state = handles[handle]
    if not state.result then force({ handle }, {}, state.op) end
    return state.result
end

-- A place that cannot be written is told before anything is computed.
local function place_first(handle)
    return function(self, path)
        tool.csv_place(path, "to_csv")
        return result_of(handle).to_csv(self, path)
    end
end

local handle_events = {
    __index = function(handle, key)
        local state = handles[handle]
        if key == "to_csv" and state.tabular and not state.result then return place_first(handle) end
        return result_of(handle)[key]
    end,
    __pairs = function(handle) return pairs(result_of(handle)) end,
    __len = function(handle) return #result_of(handle) end,
    __tostring = function(handle)
        local result = result_of(handle)
        local events = getmetatable(result)
        return events and events.__tostring and tostring(result) or text(result)
    end,
    __newindex = function(handle)
        tool.fail(handles[handle].op, "results cannot be changed", "copy what you need")
    end,
    __name = "statistics",
}

-- tabular: its result has to_csv
local function new_handle(op, nodes, finish, tabular)
    local handle = setmetatable({}, handle_events)
    handles[handle] = { op = op, nodes = nodes, finish = finish, tabular = tabular }
    return handle
end

-- Results whose keys are names: that of a single band is found by its number and name, too.
local fields_of = { stats = true, histogram = true }

local function alone(result, names)
    return setmetatable(result, {
        __tostring = text,
        __len = function() return 1 end,
        __index = function(t, key) return (key == 1 or names[key] ~= nil) and t or nil end,
    })
end

-- One result a band; that of a single band stands for itself. Bands are found by name too. What
-- each band has, but not all together, is an error.
local function by_band(raster, list, op)
    for b = 1, #raster do printable(list[b]) end
    local names = {}
    for i, label in ipairs(tool.labels(raster, "band")) do names[label] = list[i] end
    if #raster == 1 then return fields_of[op] and alone(list[1], names) or list[1] end
    return setmetatable(list, {
        __tostring = function(t) return text(t, raster.names) end,
        __index = function(_, key)
            if names[key] == nil and type(list[1]) == "table" and list[1][key] ~= nil then
                tool.fail(op, ("there are %d bands, each with its own %s"):format(#list, key),
                    ("name one: t[1].%s"):format(key))
            end
            return names[key]
        end,
    })
end

local function bands_of(raster)
    local bands = {}
    for i = 1, #raster do bands[i] = raster[i] end
    return bands
end

-- ------------------------------------------------------------------------------------ reductions

-- The reductions that several statistics of a raster (or zones of it) take, made when first needed.
local function reductions(op)
    local list, known = {}, {}
    -- The place of reduce(name, inputs, args) in the list.
    return list, function(name, inputs, args, key)
        key = name .. " " .. key
        if not known[key] then
            list[#list + 1] = tool.reduce(name, inputs, args, op)
            known[key] = #list
        end
        return known[key]
    end
end

local rank_room = 16

-- Where each statistic of one band stands: its place in the list, row and column.
local function places(band, stats, need, key)
    local ranks, at = {}, {}
    for _, stat in ipairs(stats) do
        if stat.from == "ranks" then ranks[#ranks + 1] = stat end
    end
    for i = 1, #ranks, rank_room do
        local args, names = {}, {}
        for k = 0, math.min(rank_room, #ranks - i + 1) - 1 do
            args["p" .. k + 1] = ranks[i + k].p
            names[k + 1] = ranks[i + k].name
        end
        local place = need("ranks", { band }, args, key .. table.concat(names, " "))
        for k, name in ipairs(names) do at[name] = { place, k - 1 } end
    end
    for _, stat in ipairs(stats) do
        if stat.from == "tally" then
            at[stat.name] = { need("summary", { band }, {}, key), stat.column }
        elseif stat.from == "classes" then
            local zone = weft.constant(0, { like = band })
            at[stat.name] = { need("zoneclasses", { zone, band }, {}, key), stat.column }
        end
    end
    return at
end

-- ------------------------------------------------------------------------------------ stats

local all = {
    "count", "pixels", "sum", "mean", "min", "max", "range", "std", "var", "first", "last",
    "argmin", "argmax",
}

define("stats", {
    family = FAMILY, signature = "r:stats(), r:stats{\"mean\", \"p90\", ddof=0}, r:stats(\"mean\")",
    brief = "statistics of all pixels, a table for each band; one name gives one number a band",
}, function(raster, names, options)
    tool.need_raster(raster, "stats", "the value")
    names, options = apart(names, options, { "ddof" }, "stats")
    local stats = statistics(names or all, "stats", ddof_of(options, "stats"))
    local nodes, need = reductions("stats")
    local bands, at = bands_of(raster), {}
    for b, band in ipairs(bands) do at[b] = places(band, stats, need, tostring(b)) end
    local handle = new_handle("stats", nodes, function(tables)
        local list = {}
        for b, band in ipairs(bands) do
            local one, whole = {}, tool.kind(band)
            for _, stat in ipairs(stats) do
                local place = at[b][stat.name]
                local value = tool.get(tables[place[1]], 0, place[2])
                if value == nil and stat.name == "variety" then value = 0 end
                one[stat.name] = number(value, stat.name, whole)
            end
            list[b] = one
        end
        return by_band(raster, list, "stats")
    end)
    if type(names) ~= "string" then return handle end
    local list = {}
    for b = 1, #bands do list[b] = (#bands == 1 and handle or handle[b])[names] end
    return table.unpack(list, 1, #bands)
end, true)

-- A line for each band, of `weft info FILE --stats`.
tool.keep("summary", function(raster)
    local stats, lines = raster:stats { "count", "pixels", "min", "max", "mean", "std" }, {}
    for b = 1, #raster do
        local s = #raster == 1 and stats or stats[b]
        local line = ("band %d: %d valid of %d"):format(b, s.count, s.pixels)
        if s.count > 0 then
            line = line .. (", min %.10g, max %.10g, mean %.10g, std %.10g")
                :format(s.min, s.max, s.mean, s.std)
        end
        lines[b] = line .. "\n"
    end
    return table.concat(lines)
end)

-- ------------------------------------------------------------------------------------ scalars

local scalars = {} -- of the node of a cell: {cell =, name = of the statistic, whole = of integers}
tool.keep("scalars", scalars)

define("scalar", {
    family = FAMILY, signature = "r:scalar(\"mean\", {ddof=0}), r:scalar{\"mean\", \"std\"}",
    brief = "a statistic as a lazy number, one a band: (r - r:scalar(\"mean\")) / r:scalar(\"std\")",
}, function(raster, names, options)
    tool.need_raster(raster, "scalar", "the value")
    names, options = apart(names, options, { "ddof" }, "scalar")
    local stats = statistics(names, "scalar", ddof_of(options, "scalar"))
    local nodes, need = reductions("scalar")
    local bands, at, results = bands_of(raster), {}, {}
    for b, band in ipairs(bands) do at[b] = places(band, stats, need, tostring(b)) end
    for _, stat in ipairs(stats) do
        local cells = {}
        for b in ipairs(bands) do
            local place = at[b][stat.name]
            cells[b] = { nodes[place[1]], 0, place[2] }
        end
        local result = tool.cells(cells)
        for b, node in ipairs(tool.nodes(result)) do
            scalars[node] = { cell = cells[b], name = stat.name, whole = tool.kind(bands[b]) }
        end
        results[stat.name] = result
    end
    return type(names) == "table" and results or results[names]
end, true)

-- Any number of the graph is that of a raster of one pixel.
local function value_of(scalar)
    local pixel = weft.grid { bounds = { 0, 0, 1, 1 }, resolution = 1 }
    return (weft.x { like = pixel } * 0 + scalar):at(0, 0)
end

define("value", {
    family = FAMILY, signature = "s:value()",
    brief = "the number that a lazy scalar is, one result a band; nil where there is none",
}, function(scalar)
    tool.need_raster(scalar, "value", "the value")
    local _, has_grid = tool.kind(scalar)
    if has_grid then
        tool.fail("value", "this is a raster, not a scalar", "r:at(col, row), r:stats()")
    end
    local nodes, results, known = {}, {}, tool.nodes(scalar)
    for _, node in ipairs(known) do
        if not scalars[node] then return value_of(scalar) end
        nodes[#nodes + 1] = scalars[node].cell[1]
    end
    local tables = tool.run({}, nodes, "value")
    for b, node in ipairs(known) do
        local scalar = scalars[node]
        local value = tool.get(tables[b], scalar.cell[2], scalar.cell[3])
        results[b] = number(value, scalar.name, scalar.whole)
    end
    return table.unpack(results, 1, #known)
end, true)

-- Names that a result has beside its keys.
function tool.with_methods(result, extra)
    local before = getmetatable(result)
    local inner = before and before.__index
    return setmetatable(result, {
        __index = function(_, key)
            if extra[key] ~= nil then return extra[key] end
            return inner and inner(result, key)
        end,
    })
end

-- ------------------------------------------------------------------------------------ compute

define("compute", {
    family = "asking for results", signature = "compute(h1, h2, {r, \"a.tif\", {...}}, ...)",
    brief = "several statistics, and files, in one run: each input block is read once for all",
}, function(...)
    local list, saves = {}, {}
    for i = 1, select("#", ...) do
        local item = select(i, ...)
        if handles[item] then
            list[#list + 1] = item
        elseif type(item) == "table" and tool.is_raster(item[1]) then
            saves[#saves + 1] = item
        else
            tool.fail("compute",
                ("item %d must be a statistic or an output, not %s"):format(i,
                    tool.what(item)),
                "weft.compute(r:stats(), {r, \"a.tif\"})")
        end
    end
    return force(list, saves, "compute")
end)

tool.statistics = {
    FAMILY = FAMILY, list = statistics, ddof_of = ddof_of, check_options = check_options,
    apart = apart, printable = printable, new_handle = new_handle, number = number, is_whole = is_whole, nothing = nothing,
    reductions = reductions, bands_of = bands_of, by_band = by_band, tally_columns = tally_columns, rank_room = rank_room,
}
