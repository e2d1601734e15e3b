-- Looks through the string literals of sources for weft.NAME and r:NAME(...) and counts those that exist. t is a
-- result of a statistic and s a text, which have methods of their own; "weft.NAME" alone is a type of ours, in Lua's registry.
local r = weft.col{like = weft.grid{bounds = {0, 0, 4, 4}, resolution = 1}}
local passed, failed = 0, 0

local function count(path, text, name, there)
    if there then passed = passed + 1 return end
    failed = failed + 1
    print(("hints: %s names %s, which does not exist: %s"):format(path, name, text))
end

for _, path in ipairs(arg) do
    local file = io.open(path)
    -- quotes in literals as single ones, and a literal that goes on in the next line in one piece
    local source = file:read("a"):gsub("\\\"", "'"):gsub("\"%s*\n%s*\"", "")
    file:close()
    for text in source:gmatch("\"([^\"\n]*)\"") do
        for name in text:gmatch("%f[%w.]weft%.(%a[%w_]*)") do
            if text ~= "weft." .. name then count(path, text, name, rawget(weft, name) ~= nil) end
        end
        for value, name in text:gmatch("%f[%w_](%l[%w_]*):(%l[%w_]*)[%({]") do
            if value ~= "t" and value ~= "s" then count(path, text, name, (pcall(function() return r[name] end))) end
        end
    end
end
print(("hints: %d passed, %d failed"):format(passed, failed))
