-- Bands by number and by name, stack, select, rename, properties.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local s = weft.stack({col, row, col * 10}, {names = {"a", "b", "c"}})
print(s, #s)
print(s[1], s.b:at(3, 2), s["c"]:at(3, 2), s:band(2):at(0, 1), s:band("c"):at(1, 0))
print(s:at(3, 2))
print(table.concat(s.names, " "), table.concat(s:select{"c", 1}.names, " "))
print(table.concat(s:rename{"x", "y", "z"}.names, " "), table.concat(s:rename{b = "beta"}.names, " "))
print(s.width, s.height, s.type, s.nodata, s.path, s.times)
print(table.concat(s.transform, " "))
print(table.concat(s.bounds, " "), table.concat(s.resolution, " "))
print(s.grid)
print(s.crs:match('"(.-)"'))
print((s * 2).names[2], (s.a - s.b).names[1] == "", (-s.a).names[1])
for i = 1, #s do io.write(s[i]:at(2, 1), " ") end
print()
