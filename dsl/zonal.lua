-- zonal.lua - statistics of rasters by zone: an integer raster, or the polygons of a vector file.
--
-- Called as the prelude is, after statistics.lua. Zones stay in the engine's tables; the record of
-- one is made when it is looked at, so that a million of them take no Lua table each.
local weft, methods, docs, tool = ...
local kit = tool.statistics
local get, find = tool.get, tool.find

local value_room = 16 -- of a reduction
local wants = {
    count = 0, pixels = 0, sum = 1, mean = 1, var = 2, std = 2, min = 4, max = 8, range = 12,
    first = 16, last = 32, argmin = 64, argmax = 128,
}
local usual = { "count", "sum", "mean", "min", "max", "std" }

-- ------------------------------------------------------------------------------------ reductions

local function flags_of(stats)
    local flags = 0
    for _, stat in ipairs(stats) do flags = flags | (wants[stat.name] or 0) end
    return flags
end

-- Tallies of all bands: `base` makes the reduction of a list of bands. Gives for each band the places
-- {table, column} of each statistic.
local function add_tallies(job, need, base)
    for first = 1, #job.bands, value_room do
        local some = table.move(job.bands, first, math.min(first + value_room - 1, #job.bands), 1, {})
        local place = base(need, some, tostring(first))
        for b = first, first + #some - 1 do
            for _, stat in ipairs(job.stats) do
                if stat.from == "tally" then
                    local column = 1 + (b - first) * kit.tally_columns + stat.column
                    job.at[b][stat.name] = { place, column }
                end
            end
        end
    end
end

-- What needs all values of a zone: percentiles, some at a time, and modes. `base` makes a reduction,
-- "ranks" or "classes", of a band.
local function add_values(job, need, base)
    local ranks = {}
    for _, stat in ipairs(job.stats) do
        if stat.from == "ranks" then ranks[#ranks + 1] = stat end
    end
    for b, band in ipairs(job.bands) do
        for first = 1, #ranks, kit.rank_room do
            local some = table.move(ranks, first, math.min(first + kit.rank_room - 1, #ranks), 1, {})
            local args = {}
            for i, stat in ipairs(some) do args["p" .. i] = stat.p end
            local place = base(need, "ranks", band, args, b .. "," .. first)
            for i, stat in ipairs(some) do job.at[b][stat.name] = { place, 1 + i } end
        end
        for _, stat in ipairs(job.stats) do
            if stat.from == "classes" then
                local place = base(need, "classes", band, {}, tostring(b))
                job.at[b][stat.name] = { place, stat.column }
            end
        end
    end
end

-- ------------------------------------------------------------------------------------ zones

-- Zones of a raster: those that occur in it.
local function by_raster(job, zones, need)
    tool.need_raster(zones, "zonal", "the zones", true)
    if #zones ~= 1 then
        tool.fail("zonal", ("the raster of zones has %d bands"):format(#zones), "pick one: r[1]")
    end
    add_tallies(job, need, function(needs, bands, key)
        return needs("zones", { zones, table.unpack(bands) }, { flags = flags_of(job.stats) }, key)
    end)
    add_values(job, need, function(needs, kind, band, args, key)
        return needs("zone" .. kind, { zones, band }, args, key)
    end)
    function job.list(tables) return tool.integers(tables[1]) end
    function job.number(tables, id) return math.type(id) and find(tables[1], id) and id end
end

-- Zones of a vector file: all of them, also those without a pixel.
local function by_polygons(job, path, need, options)
    local zones = tool.zones(path, job.bands[1],
        { layer = options.layer, id = options.id, where = options.where, rule = options.rule })
    local ids, place = tool.zone_ids(zones), {}
    for i, id in ipairs(ids) do place[id] = i - 1 end
    if #ids == 0 then tool.warn(("%s: no feature is selected"):format(path)) end
    add_tallies(job, need, function(needs, bands, key)
        local args = { zones = #ids, flags = flags_of(job.stats), spans = zones }
        return needs("spanzones", bands, args, key)
    end)
    add_values(job, need, function(needs, kind, band, args, key)
        args.zones, args.spans = #ids, zones
        return needs("span" .. kind, { band }, args, key)
    end)
    tool.zones_close(zones)
    job.counted = true
    function job.list() return ids end
    function job.number(_, id) return place[id] end
end

-- ------------------------------------------------------------------------------------ results

-- A statistic of a band in the zone of this number.
local function look_up(job, tables, number, b, stat)
    local at = job.at[b][stat.name]
    local row = find(tables[at[1]], number)
    local value = row and get(tables[at[1]], row, at[2])
    if value == nil then value = kit.nothing(stat.name) end
    return kit.number(value, stat.name, job.wholes[b])
end

local function band_record(job, tables, number, b)
    if job.single then return look_up(job, tables, number, b, job.stats[1]) end
    local one = {}
    for _, stat in ipairs(job.stats) do
        one[stat.name] = look_up(job, tables, number, b, stat)
    end
    return kit.printable(one)
end

local function record(job, tables, number)
    if #job.bands == 1 then return band_record(job, tables, number, 1) end
    local list = {}
    for b = 1, #job.bands do list[b] = band_record(job, tables, number, b) end
    return kit.by_band(job.raster, list, "zonal")
end

local function header(job)
    local labels, list = tool.labels(job.raster, "band"), { "zone" }
    for b = 1, #job.bands do
        local front = labels[b]
        for _, stat in ipairs(job.stats) do
            list[#list + 1] = #job.bands > 1 and front .. "_" .. stat.name or stat.name
        end
    end
    return list
end

local function columns(job, tables)
    local list = {}
    for b = 1, #job.bands do
        for _, stat in ipairs(job.stats) do
            local at = job.at[b][stat.name]
            list[#list + 1] = { tables[at[1]], at[2], kit.is_whole(stat.name, job.wholes[b]),
                kit.nothing(stat.name) }
        end
    end
    return list
end

local function finish(job, tables)
    local ids, made = job.list(tables), {}
    local function zone(id)
        if made[id] == nil then
            local number = job.number(tables, id)
            made[id] = number and record(job, tables, number)
        end
        return made[id]
    end
    local extra = { zones = ids, zone = function(_, id) return zone(id) end }
    function extra.to_csv(_, path)
        local part = { keys = ids, counted = job.counted, columns = columns(job, tables) }
        tool.csv(path, header(job), { part }, "to_csv")
    end
    return setmetatable({}, {
        __index = function(_, key)
            if extra[key] ~= nil then return extra[key] end
            return key ~= nil and zone(key) or nil
        end,
        __len = function() return #ids end,
        __pairs = function()
            local i = 0
            return function()
                i = i + 1
                if ids[i] ~= nil then return ids[i], zone(ids[i]) end
            end
        end,
    })
end

tool.define("zonal", {
    family = kit.FAMILY,
    signature = "zonal(values, zones, {stats={\"mean\"}, ddof=0}), " ..
        "zonal(values, \"zones.gpkg\", {stats=, layer=, id=, where=, rule=\"center\"})",
    brief = "statistics by zone: t[zone].mean, t[zone].B04.mean, t.zones, t:to_csv(path)",
}, function(raster, zones, options)
    local known = { "stats", "ddof", "layer", "id", "where", "rule" }
    tool.need_raster(raster, "zonal", "the values")
    options = kit.check_options(options, known, "zonal", "write {stats = {\"mean\"}}")
    local names, path = options.stats or usual, type(zones) == "string"
    local bands, at, wholes = kit.bands_of(raster), {}, {}
    for b, band in ipairs(bands) do at[b], wholes[b] = {}, tool.kind(band) end
    local job = {
        raster = raster, bands = bands, at = at, wholes = wholes, single = type(names) == "string",
        stats = kit.list(names, "zonal", kit.ddof_of(options, "zonal")),
    }
    local nodes, need = kit.reductions("zonal")
    if path then
        by_polygons(job, zones, need, options)
    else
        for i = 3, #known do
            if options[known[i]] ~= nil then
                tool.fail("zonal", ("%s goes with a vector file"):format(known[i]))
            end
        end
        by_raster(job, zones, need)
    end
    return kit.new_handle("zonal", nodes, function(tables) return finish(job, tables) end)
end, true)
