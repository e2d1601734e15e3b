-- The prompt on piped input: values, locals that stay, words, several lines, errors.
local path = arg[1] .. "/lines"
local file = io.open(path, "w")
file:write([[
arg0 = "/nowhere"
local x = 3
x
local function f()
    return x
end
f() + 1
local a, b <const> = 1
a, b
do local x = 9 end
x
for i = 1, 2 do
    local x = i
    print(i)
end
x +
1
"text"
_
g = weft.grid{bounds = {0, 0, 40, 30}, resolution = 10}
r = weft.stack({weft.col{like = g}}, {names = {"B04"}})
r
r.B04
who
help ndvi
help clmp
source ]] .. arg[1] .. [[/sourced
sourced
local y = = 2
error("own")
r.bounds
r.names
{1, 2.5, "a\\nb", true, {x = 1}, print}
{mean = 2, band = {max = 3, list = {1, 2, {3}}}, ["two words"] = 1, [7] = "seven"}
r:read{col = 0, row = 0, width = 4, height = 3}
weft.col{like = weft.grid{bounds = {0, 0, 90, 30}, resolution = 1}}:read{col = 0, row = 0, width = 90, height = 30}
weft.glob(arg0 .. "/none*.tif")
(function() local t = {} for i = 1, 40 do t[i] = "folder/file" .. i .. ".tif" end return t end)()
(function() local t = {} t.t = t return t end)()
{{1, 2}, {3}}
{}
r.B05
r == 3
r = r or 1
x = r
x == 3 and r
r + gg
time = 5
time
]])
file:close()
io.open(arg[1] .. "/sourced", "w"):write("sourced = weft.version ~= nil"):close()
local pipe = io.popen(arg[-1] .. " < " .. path .. " 2>&1")
print((pipe:read("a"):gsub("function: 0x%x+", "function")))
print(pipe:close())
