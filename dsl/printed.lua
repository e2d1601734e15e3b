-- printed.lua - a table in words, as the prompt shows it: numbers in a row, rows below each other, names
-- with their values; long ones are cut where a screen ends.
--
-- Called like prelude.lua. Gives the text for a table and a number of columns.
local _, _, _, tool = ...

local ROWS = 20 -- lines shown
local DEPTH = 3 -- tables in tables

local show

local function is_plain(value)
    return type(value) == "table" and not tool.speaks(value)
end

local function is_list(t)
    return next(t) == nil or (#t > 0 and next(t, #t) == nil and rawlen(t) == #t)
end

-- A list of lists of single values, at least one of them with several.
local function is_matrix(t)
    if #t == 0 then return false end
    for i = 1, math.min(#t, ROWS) do
        if not is_plain(t[i]) or #t[i] == 0 or not is_list(t[i]) then return false end
        for k = 1, math.min(#t[i], ROWS) do
            if is_plain(t[i][k]) then return false end
        end
    end
    return true
end

local function single(value)
    if type(value) == "string" then return ("%q"):format(value):gsub("\\\n", "\\n") end
    return (tostring(value):gsub("^function: .*", "function"))
end

-- The numbers of a row have the width of the widest; columns beyond the screen are counted.
local function matrix(t, columns)
    local rows, width, most = {}, 1, 0
    for i = 1, math.min(#t, ROWS) do
        rows[i] = {}
        most = math.max(most, #t[i])
        for k = 1, math.min(#t[i], columns) do
            rows[i][k] = single(t[i][k])
            width = math.max(width, utf8.len(rows[i][k]) or #rows[i][k])
        end
    end
    local fit = math.max(1, (columns - 4) // (width + 1))
    local lines = {}
    for i, row in ipairs(rows) do
        local cells = {}
        for k = 1, math.min(#row, fit) do
            cells[k] = (" "):rep(width - (utf8.len(row[k]) or #row[k])) .. row[k]
        end
        lines[i] = table.concat(cells, " ") .. (#t[i] > fit and " ..." or "")
    end
    if #t > ROWS or most > fit then
        lines[#lines + 1] = ("... %d rows of %d"):format(#t, most)
    end
    return table.concat(lines, "\n")
end

local function key_text(key)
    if type(key) == "string" and key:find("^[%a_][%w_]*$") then return key end
    return "[" .. single(key) .. "]"
end

-- Numbers by size, then all else by name.
local function sorted_keys(t)
    local keys = {}
    for key in pairs(t) do keys[#keys + 1] = key end
    table.sort(keys, function(a, b)
        if math.type(a) and math.type(b) then return a < b end
        if math.type(a) or math.type(b) then return math.type(a) ~= nil end
        return tostring(a) < tostring(b)
    end)
    return keys
end

-- The entries, as far as they are shown, and how many there are.
local function entries(t, depth)
    local list, count = {}, 0
    if is_list(t) then
        for i = 1, math.min(#t, 1000) do list[i] = show(t[i], depth + 1) end
        return list, #t
    end
    local keys = sorted_keys(t)
    for i = 1, math.min(#keys, 1000) do
        list[i] = key_text(keys[i]) .. " = " .. show(t[keys[i]], depth + 1)
    end
    return list, #keys
end

function show(value, depth)
    if not is_plain(value) then return single(value) end
    if depth >= DEPTH then return "{...}" end
    local list, count = entries(value, depth)
    local text, most = "", 8
    for i = 1, math.min(#list, depth == 0 and #list or most) do
        text = text .. (i > 1 and ", " or "") .. list[i]
    end
    return "{" .. text .. (depth > 0 and count > most and (", ... %d in all"):format(count) or "") .. "}"
end

-- One entry a line.
local function listed(list, count, columns)
    local lines = {}
    for i = 1, math.min(#list, ROWS) do
        local text = list[i]
        if #text > columns then text = text:sub(1, (utf8.offset(text, 0, columns - 3) or columns - 3) - 1) .. "..." end
        lines[i] = text
    end
    if count > #lines then lines[#lines + 1] = ("... %d in all"):format(count) end
    return table.concat(lines, "\n")
end

tool.keep("printed", function(t, columns)
    if not is_plain(t) then return tostring(t) end
    if is_matrix(t) then return matrix(t, columns) end
    local list, count = entries(t, 0)
    local line = count <= 100 and "{" .. table.concat(list, ", ") .. "}"
    return line and #line <= columns and line or listed(list, count, columns)
end)
