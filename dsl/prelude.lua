-- prelude.lua - what of the language can be said in Lua: select, rename, isin, indices, help.
--
-- Called once for each state with the table weft, the table of methods, the table of docs and the
-- tools of script.c. Errors show the line of the script, not of this file.
local weft, methods, docs, tool = ...

-- A function of weft with its help; method: its first argument is a raster. More arguments than it
-- takes are an error. The script calls it through C, so that a tail call keeps the line that it stands on.
local function define(name, doc, call, method)
    local checked = tool.entered(call, name)
    weft[name] = checked
    docs[name] = doc
    if method then methods[name] = checked end
end
tool.define = define

-- A value as a message names it.
function tool.shown(value)
    if math.type(value) then return ("%.14g"):format(value) end
    return type(value) == "string" and ("\"%s\""):format(value) or tool.what(value)
end

-- ------------------------------------------------------------------------------------ bands

-- What results call the bands of a raster: by name, or `front` and the number where there is none. A
-- second "B" is "B_2", unless a band is really called so.
function tool.labels(raster, front)
    local names, taken, labels = raster.names, {}, {}
    for b, name in ipairs(names) do
        if name ~= "" and not taken[name] then
            taken[name], labels[b] = true, name
        end
    end
    for b, name in ipairs(names) do
        local wanted, k = name ~= "" and name or front .. b, 2
        if not labels[b] then
            local label = wanted
            while taken[label] do
                label, k = wanted .. "_" .. k, k + 1
            end
            taken[label], labels[b] = true, label
        end
    end
    return labels
end

define("select", {
    family = "reading and describing", signature = "r:select{\"B04\", 8}",
    brief = "some bands, by number or name, in this order",
}, function(r, list)
    tool.need_raster(r, "select", "the value")
    if type(list) ~= "table" then
        tool.fail("select", "the bands must be a list", "r:select{1, 2}")
    end
    local bands = {}
    tool.list(list, "select", "band", "r:select{1, 2}")
    for i, key in ipairs(list) do bands[i] = weft.band(r, tool.band_number(r, key, "select")) end
    if #bands == 0 then tool.fail("select", "the list names no band", "r:select{1, 2}") end
    return weft.stack(bands)
end, true)

define("rename", {
    family = "reading and describing", signature = "r:rename{\"blue\", \"green\"}",
    brief = "the same bands with new names; r:rename{old = \"new\"} for some of them",
}, function(r, names)
    tool.need_raster(r, "rename", "the value")
    if type(names) ~= "table" then
        tool.fail("rename", "the names must be a list", "r:rename{\"blue\", \"green\"}")
    end
    local new, listed, named = r.names, false, false
    names = tool.own(names)
    for key in pairs(names) do
        if type(key) == "string" then named = true else listed = true end
    end
    if named and listed then
        tool.fail("rename", "a list of all names and new names for some are mixed",
            "r:rename{\"blue\", \"green\"}, or r:rename{old = \"new\"}")
    end
    if named then
        for old, name in pairs(names) do new[tool.band_number(r, old, "rename")] = name end
    elseif listed then
        local count = tool.list(names, "rename", "name", "r:rename{\"blue\", \"green\"}")
        if count ~= #r then
            tool.fail("rename", ("%d names for %d bands"):format(count, #r))
        end
        new = names
    end
    return tool.rename(r, new)
end, true)

-- ------------------------------------------------------------------------------------ isin

define("isin", {
    family = "comparison", signature = "isin(a, {4, 5, 6})",
    brief = "true where a equals one of the values",
}, function(r, values)
    tool.need_raster(r, "isin", "the value")
    if type(values) ~= "table" then
        tool.fail("isin", "the values must be a list", "r:isin{4, 5, 6}")
    end
    tool.list(values, "isin", "value", "r:isin{4, 5, 6}")
    for i, value in ipairs(values) do
        if math.type(value) == nil then
            tool.fail("isin", ("value %d is no number"):format(i), "r:isin{4, 5, 6}")
        end
    end
    if #values == 0 then return r:ne(r) end
    -- A balanced tree: as deep as the logarithm of the count.
    local function any(first, last)
        if first == last then return r:eq(values[first]) end
        local middle = (first + last) // 2
        return any(first, middle) | any(middle + 1, last)
    end
    return any(1, #values)
end, true)

-- ------------------------------------------------------------------------------------ indices

local function difference(a, b) return (a - b) / (a + b) end

local function index(name, arguments, formula, source, brief, call)
    local names = {}
    for argument in arguments:gmatch("%a[%w]*") do names[#names + 1] = argument end
    define(name, {
        family = "indices", signature = ("%s(%s)"):format(name, arguments), brief = brief,
        formula = formula, source = source,
    }, function(...)
        tool.check_count(name, #names, ...)
        for i, argument in ipairs(names) do
            if argument == "L" then break end
            local value = select(i, ...)
            tool.need_raster(value, name, argument, i > 1)
        end
        return call(...)
    end, true)
end

-- Formulas with constants beside bands are right for reflectance only. Integers that a file scales to it
-- reach a little more than 2; what was not scaled reaches hundreds.
local function expect_reflectance(name, bands)
    for i = 1, #bands, 2 do
        local _, hi = tool.range(bands[i + 1])
        if hi > (tool.is_scaled(bands[i + 1]) and 20 or 2) and hi < math.huge then
            local text = "%s expects reflectance, 0 to 1, but %s can reach %.6g: scale it first"
            tool.warn(text:format(name, bands[i], hi))
            return
        end
    end
end

index("ndvi", "nir, red", "(nir - red) / (nir + red)", "Rouse et al. 1974",
    "vegetation", difference)
index("ndwi", "green, nir", "(green - nir) / (green + nir)", "McFeeters 1996",
    "open water", difference)
index("ndmi", "nir, swir1", "(nir - swir1) / (nir + swir1)", "Gao 1996",
    "moisture of vegetation", difference)
index("nbr", "nir, swir2", "(nir - swir2) / (nir + swir2)", "Key and Benson 2006",
    "burnt areas", difference)
index("ndsi", "green, swir1", "(green - swir1) / (green + swir1)", "Hall et al. 1995",
    "snow", difference)
index("evi", "nir, red, blue",
    "2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1)",
    "Huete et al. 2002",
    "vegetation, less sensitive to soil and haze; wants reflectance", function(nir, red, blue)
    expect_reflectance("evi", { "nir", nir, "red", red, "blue", blue })
    return 2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 1)
end)
index("savi", "nir, red, {L=0.5}", "(1 + L) * (nir - red) / (nir + red + L)", "Huete 1988",
    "vegetation over bright soil; wants reflectance", function(nir, red, options)
    local L = 0.5
    if options ~= nil and type(options) ~= "table" then
        tool.fail("savi", "the options must be a table", "savi(nir, red, {L = 0.5})")
    end
    for key, value in pairs(tool.own(options) or {}) do
        if key ~= "L" then
            tool.fail("savi", ("no option \"%s\""):format(tostring(key)), "known options: L")
        end
        if math.type(value) == nil then tool.fail("savi", "L must be a number") end
        L = value
    end
    expect_reflectance("savi", { "nir", nir, "red", red })
    return (1 + L) * (nir - red) / (nir + red + L)
end)

-- ------------------------------------------------------------------------------------ help

for _, name in ipairs { "lon", "lat" } do
    docs[name] = {
        family = "sources", signature = name .. "{like=r}",
        brief = name == "lon" and "longitude of the pixel's centre in degrees" or
            "latitude of the pixel's centre in degrees",
    }
end

-- What is known of every name: operators, and functions with docs.
local function all()
    local list = tool.operators()
    for name, doc in pairs(docs) do
        list[#list + 1] = {
            name = name, family = doc.family, brief = doc.brief, signature = doc.signature,
            formula = doc.formula, source = doc.source, accuracy = doc.accuracy,
        }
    end
    table.sort(list, function(a, b)
        if a.family ~= b.family then return a.family < b.family end
        return a.name < b.name
    end)
    return list
end

local function text_of(doc, signature)
    if doc.help then return (doc.help:gsub("%s+$", "")) end
    local lines = { signature or doc.signature, "  " .. doc.brief }
    if doc.formula then lines[#lines + 1] = "  formula: " .. doc.formula end
    if doc.accuracy then lines[#lines + 1] = "  accuracy: " .. doc.accuracy:gsub("\n", "\n  ") end
    if doc.source then lines[#lines + 1] = "  source: " .. doc.source end
    return table.concat(lines, "\n")
end

-- Lines of at most 80 characters, cut at blanks; what goes on is indented as the text of the line is: behind
-- the name of a parameter, below a sentence.
local function wrapped(text)
    local lines = {}
    for line in (text .. "\n"):gmatch("(.-)\n") do
        local indent = #(line:match("^  %S+%s%s+") or line:match("^%s*"))
        if line:find("^[%w_:]+[%({]") then indent = 4 end
        while #line > 80 do
            local cut = 80
            while cut > indent and line:sub(cut + 1, cut + 1) ~= " " do cut = cut - 1 end
            if cut <= indent then break end
            lines[#lines + 1] = (line:sub(1, cut):gsub("%s+$", ""))
            line = (" "):rep(indent) .. line:sub(cut + 1):gsub("^%s+", "")
        end
        lines[#lines + 1] = line
    end
    return table.concat(lines, "\n")
end

local function of(name)
    name = name:gsub("^weft%.", "")
    local names = {}
    for _, doc in ipairs(all()) do
        if doc.name == name then return wrapped(text_of(doc, doc.signature and doc.signature:gsub("\n%s*", " "))) end
        names[#names + 1] = doc.name
    end
    tool.fail("help", ("nothing is named \"%s\""):format(name), tool.nearest(name, names))
end

local function list()
    local lines, family = {}, nil
    for _, doc in ipairs(all()) do
        if doc.family ~= family then
            lines[#lines + 1] = (family and "\n" or "") .. doc.family
            family = doc.family
        end
        lines[#lines + 1] = ("  %-12s %s"):format(doc.name, doc.brief)
    end
    return wrapped(table.concat(lines, "\n")) .. "\n"
end

local function markdown()
    local lines = {
        "# Operators and functions", "",
        "Made by `weft ops --markdown` from the descriptions in `ops/` and `dsl/`.", "",
    }
    local family
    for _, doc in ipairs(all()) do
        if doc.family ~= family then
            lines[#lines + 1] = "## " .. doc.family:sub(1, 1):upper() .. doc.family:sub(2) .. "\n"
            family = doc.family
        end
        lines[#lines + 1] = ("### %s\n\n```text\n%s\n```\n"):format(doc.name, text_of(doc))
    end
    return table.concat(lines, "\n")
end

-- The prompt's `who`: globals that are not among those known, a line each.
local function who(known)
    local lines = {}
    for name, value in pairs(_G) do
        if type(name) == "string" and not known[name] then
            local form = type(value) == "string" and "%-12s \"%s\"\n" or "%-12s %s\n"
            lines[#lines + 1] = form:format(name, value)
        end
    end
    table.sort(lines)
    return table.concat(lines)
end

tool.help { of = of, list = list, markdown = markdown, who = who }
