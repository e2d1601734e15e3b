-- distribution.lua - how the values of rasters are distributed: histogram, percentile, freq, crosstab.
--
-- Called as the prelude is, after statistics.lua.
local weft, methods, docs, tool = ...
local define = tool.define
local FAMILY = tool.statistics.FAMILY
local bands_of, by_band = tool.statistics.bands_of, tool.statistics.by_band
local check_options, apart = tool.statistics.check_options, tool.statistics.apart
local new_handle, printable = tool.statistics.new_handle, tool.statistics.printable
local rank_room = tool.statistics.rank_room

-- ------------------------------------------------------------------------------------ histogram

local function shown_end(value) return value ~= value and "nan" or ("%.14g"):format(value) end

local range_form = "range = {0, 255}"

-- The range of a script, checked as far as it is known.
local function check_range(range)
    if range == nil then return end
    if type(range) ~= "table" or tool.list(range, "histogram", "number", range_form) ~= 2 then
        tool.fail("histogram", "range must be a list of two numbers", range_form)
    end
    for i = 1, 2 do
        local end_at = range[i]
        if not math.type(end_at) and not tool.is_raster(end_at) then
            tool.fail("histogram", "range must be a list of two numbers", range_form)
        end
        if math.type(end_at) and not (math.abs(end_at) < math.huge) then
            tool.fail("histogram", ("an end of the range is %s"):format(shown_end(end_at)),
                "bins lie between finite ends; what is beyond counts as below and above")
        end
    end
    if math.type(range[1]) and math.type(range[2]) and range[1] > range[2] then
        tool.fail("histogram", ("the range from %.14g to %.14g is empty"):format(range[1], range[2]))
    end
end

-- Without a valid pixel there is no range, and nothing in it.
local function count(value) return value and math.tointeger(value) or 0 end

-- extent: the table with the range of the values, and how many are infinite; nil: it was given.
local function histogram_of(cells, bins, extent)
    local one, low, high = { counts = {}, edges = {} }, tool.get(cells, 0, 0), tool.get(cells, bins - 1, 1)
    if low and high and not tool.get(cells, 0, 2) then
        tool.fail("histogram", ("there are no bins from %s to %s"):format(shown_end(low), shown_end(high)),
            "the ends of the range, once they are known, must be finite and ascend")
    end
    for i = 1, bins do
        one.counts[i] = count(tool.get(cells, i - 1, 2))
        one.edges[i] = tool.get(cells, i - 1, 0) or weft.invalid
    end
    one.edges[bins + 1] = high or weft.invalid
    one.below = count(extent and tool.get(extent, 0, 2) or tool.get(cells, bins, 2))
    one.above = count(extent and tool.get(extent, 0, 3) or tool.get(cells, bins + 1, 2))
    return one
end

define("histogram", {
    family = FAMILY, signature = "r:histogram{bins=256, range={low, high}}",
    brief = "{counts=, edges=, below=, above=}; the range is that of the finite values where not " ..
        "given",
}, function(raster, options)
    tool.need_raster(raster, "histogram", "the value")
    options = check_options(options, { "bins", "range" }, "histogram")
    local bins, nodes = options.bins or 256, {}
    if math.type(bins) ~= "integer" or bins < 1 or bins > 1 << 24 then
        tool.fail("histogram",
            "bins must be a whole number from 1 to 16777216, not " .. tool.shown(bins))
    end
    check_range(options.range)
    for b, band in ipairs(bands_of(raster)) do
        local range = options.range
        if not range then
            local extent = tool.reduce("finite", { band }, {}, "histogram")
            range = { tool.cells { { extent, 0, 0 } }, tool.cells { { extent, 0, 1 } } }
            nodes[#raster + b] = extent
        end
        nodes[b] = tool.reduce("histogram", { band }, { low = range[1], high = range[2], bins = bins },
            "histogram")
    end
    return new_handle("histogram", nodes, function(tables)
        local list = {}
        for b = 1, #raster do list[b] = histogram_of(tables[b], bins, tables[#raster + b]) end
        return by_band(raster, list, "histogram")
    end)
end, true)

-- ------------------------------------------------------------------------------------ percentile

local function percentiles(list)
    local stats = {}
    tool.list(list, "percentile", "percentile", "r:percentile{2, 98}")
    for i, p in ipairs(list) do
        if math.type(p) == nil then
            tool.fail("percentile", ("percentile %d is no number"):format(i), "r:percentile{2, 98}")
        end
        if not (p >= 0 and p <= 100) then
            tool.fail("percentile", ("percentiles lie between 0 and 100, not %.14g"):format(p))
        end
        stats[i] = { name = ("p%.14g"):format(p), p = p + 0.0 }
    end
    if #stats == 0 then
        tool.fail("percentile", "the list names no percentile", "r:percentile{2, 98}")
    end
    return stats
end

define("percentile", {
    family = FAMILY,
    signature = "r:percentile{2, 98, method=\"linear\"}, r:percentile{2, 98, approximate=0.001}",
    brief = "exact percentiles, t[1], t[2] ... and t.p2; method: linear lower higher nearest " ..
        "midpoint median_unbiased, as in numpy; approximate: one pass, bound of the error",
}, function(raster, list, options)
    tool.need_raster(raster, "percentile", "the value")
    if math.type(options) then
        tool.fail("percentile", "several percentiles are a list", "r:percentile{2, 98}")
    end
    list, options = apart(list, options, { "approximate", "method" }, "percentile")
    local single = math.type(list) ~= nil
    local stats, nodes = percentiles(single and { list } or list or {}), {}
    local bound, method = options.approximate, options.method
    if bound ~= nil and not (math.type(bound) and bound >= 1e-6 and bound <= 0.25) then
        tool.fail("percentile",
            "approximate must be a bound from 0.000001 to 0.25, not " .. tool.shown(bound),
            "the error is at most this part of the value itself")
    end
    if type(method) == "string" then method = method:gsub("-", "_") end
    for _, band in ipairs(bands_of(raster)) do
        for i = 1, #stats, rank_room do
            local args = { error = bound, method = method }
            for k = 0, math.min(rank_room, #stats - i + 1) - 1 do
                args["p" .. k + 1] = stats[i + k].p
            end
            nodes[#nodes + 1] =
                tool.reduce(bound and "sketch" or "ranks", { band }, args, "percentile")
        end
    end
    local handle = new_handle("percentile", nodes, function(tables)
        local results, parts = {}, (#stats + rank_room - 1) // rank_room
        for b = 1, #raster do
            local one, names = {}, {}
            for i, stat in ipairs(stats) do
                local part = tables[(b - 1) * parts + (i - 1) // rank_room + 1]
                local value = tool.get(part, 0, (i - 1) % rank_room)
                names[stat.name] = value
                one[i] = value == nil and weft.invalid or value
            end
            results[b] = setmetatable(one, { __index = names })
        end
        return by_band(raster, results, "percentile")
    end)
    if not single then return handle end
    local results = {}
    for b = 1, #raster do results[b] = (#raster == 1 and handle or handle[b])[stats[1].name] end
    return table.unpack(results, 1, #raster)
end, true)

-- ------------------------------------------------------------------------------------ classes

-- The area of the cells as a reduction's last input; none where the grid lies nowhere.
local function with_area(inputs)
    local _, _, placed = tool.kind(inputs[1])
    if placed then inputs[#inputs + 1] = weft.area { like = inputs[1] } end
    return inputs
end

local function class(value) return math.tointeger(value) or value end

local function share(cells, row, column)
    return {
        count = count(tool.get(cells, row, column)),
        area = tool.get(cells, row, column + 1),
    }
end

-- A table as a part of a CSV file: keys and counts, and an area at the end.
local function csv_part(cells, front)
    local _, width = tool.size(cells)
    local columns = {}
    for i = 0, width - 1 do columns[i + 1] = { cells, i, i < width - 1 } end
    return { columns = columns, front = front }
end

define("freq", {
    family = FAMILY, signature = "r:freq()",
    brief = "t[class] = {count=, area=}, area in square metres; t:to_csv(path)",
}, function(raster)
    tool.need_raster(raster, "freq", "the value")
    local nodes, fronts = {}, #raster > 1 and tool.labels(raster, "") or {}
    for b, band in ipairs(bands_of(raster)) do
        nodes[b] = tool.reduce("classes", with_area { band }, {}, "freq")
    end
    return new_handle("freq", nodes, function(tables)
        local list = {}
        for b, cells in ipairs(tables) do
            local one = {}
            for row = 0, tool.size(cells) - 1 do
                one[class(tool.get(cells, row, 0))] = share(cells, row, 1)
            end
            list[b] = one
        end
        local result = by_band(raster, list, "freq")
        local header = { "value", "count", "area" }
        if #raster > 1 then table.insert(header, 1, "band") end
        local function to_csv(_, path)
            local parts = {}
            for b, cells in ipairs(tables) do parts[b] = csv_part(cells, fronts[b]) end
            tool.csv(path, header, parts, "to_csv")
        end
        return tool.with_methods(result, { to_csv = to_csv })
    end, true)
end, true)

local function need_band(raster, op, name)
    tool.need_raster(raster, op, name)
    if #raster ~= 1 then
        tool.fail(op, ("%s has %d bands"):format(name, #raster), "pick one: r[1]")
    end
end

define("crosstab", {
    family = FAMILY, signature = "crosstab(a, b)",
    brief = "t[from][to] = {count=, area=}, area in square metres; t:to_csv(path)",
}, function(a, b)
    need_band(a, "crosstab", "the first raster")
    need_band(b, "crosstab", "the second raster")
    local node = tool.reduce("crosstab", with_area { a, b }, {}, "crosstab")
    return new_handle("crosstab", { node }, function(tables)
        local result, cells = {}, tables[1]
        for row = 0, tool.size(cells) - 1 do
            local from, to = class(tool.get(cells, row, 0)), class(tool.get(cells, row, 1))
            result[from] = result[from] or printable {}
            result[from][to] = share(cells, row, 2)
        end
        local function to_csv(_, path)
            tool.csv(path, { "from", "to", "count", "area" }, { csv_part(cells) }, "to_csv")
        end
        return tool.with_methods(result, { to_csv = to_csv })
    end, true)
end, true)
