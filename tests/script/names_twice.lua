-- Two bands of one name: an error where the name is used, told where a script makes them, and names of
-- their own in results.
local dir = arg[1]
local g = weft.grid{bounds = {0, 0, 4, 3}, resolution = 1}
local x, y = weft.col{like = g}, weft.row{like = g}
local function told(f, ...)
    local ok, e = pcall(f, ...)
    print(ok and "no error" or e.message .. (e.hint ~= nil and e.hint ~= "" and "  | " .. e.hint or ""))
end

print("-- made")
local s = weft.stack({x, y, x + y}, {names = {"B", "B_2", "B"}})
local t = weft.stack{x, y}:rename{"red", "red"}
local u = weft.stack({x, y}, {names = {"red", "nir"}}):rename{nir = "red"}
print(table.concat(t.names, " "), table.concat(u.names, " "))
print(table.concat(weft.stack{t[1], t[2]}.names, " "))       -- which says nothing new
print(#weft.stack{x, y}:rename{"", ""})

print("-- used")
told(function() return s.B end)
told(s.band, s, "B")
told(s.select, s, {"B_2", "B"})
told(s.rename, s, {B = "C"})
told(s.read, s, {band = "B"})
s:save(dir .. "/s.tif")
told(weft.open, dir .. "/s.tif", {bands = {"B"}})
print(s.B_2:at(0, 1), s[3]:at(1, 1), #weft.open(dir .. "/s.tif", {bands = {1, 3}}))

print("-- results")
local function file(of)
    of:to_csv(dir .. "/t.csv")
    io.write(io.open(dir .. "/t.csv"):read("a"))
end
local z = weft.zonal(s, y, {stats = {"mean", "max"}})
print(z[1].B.mean, z[1].B_2.mean, z[1].B_3.mean)
file(z)
file(weft.zonal(weft.stack{x, y}:rename{"band2", ""}, y, {stats = "max"}))
print(s:stats().B_3.max, s:percentile{100}.B.p100, s:histogram{bins = 1}.B_3.counts[1])
file(weft.stack{t[1] * 0, t[2] * 0, x * 0}:freq())

print("-- exchanged")
print(table.concat(weft.stack({x, y}, {names = {"a", "b"}}):rename{a = "b", b = "a"}.names, " "))
