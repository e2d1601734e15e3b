-- What does not wrap by itself is kept whole by an earlier phase; nothing of that stays, not after an error either.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local a = weft.row{like = g} * 10 + weft.col{like = g}
local function show(r)
    for _, line in ipairs(r:read{}) do
        for i, v in ipairs(line) do line[i] = v == weft.invalid and "-" or ("%.6g"):format(v) end
        print(table.concat(line, " "))
    end
end
local function files()
    local list = io.popen("ls -A " .. arg[1]):read("a"):gsub("\n", " ")
    print("files: " .. list)
end
show(a)
show(a:neighbour(1, 1, {edges = "wrap"}))
local sums = a:focal{stat = "sum", size = 3, edges = "shrink"}
show(sums)
local twice = sums:focal{stat = "sum", size = 3, edges = "wrap"}
show(twice)
show(a:neighbour(1, 0):neighbour(-1, 0, {edges = "wrap"}))
show(twice:neighbour(1, 0, {edges = "nearest"}):focal{stat = "median", size = 3, edges = "wrap"})
show(twice - sums:stats{"mean"}.mean)
files()
twice:save(arg[1] .. "/twice.tif")
files()
print(pcall(function() twice:cast("u8", {overflow = "error"}):save(arg[1] .. "/error.tif") end))
files()
