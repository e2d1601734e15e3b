-- Grids by hand, and what takes them.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
print(weft.grid{bounds = {3, 4, 27, 18}, resolution = 10})
print(weft.grid{bounds = {3, 4, 27, 18}, resolution = 10, snap = false})
print(table.concat(weft.grid{bounds = {3, 4, 27, 18}, resolution = {5, 10}}.bounds, " "))
print(g, g.width, g.height, g.crs:match('"(.-)"'))
print(weft.constant(3, {like = g}), weft.constant(3, {like = col}):at(0, 0))
print(weft.x{like = g}:at(0, 0), weft.y{like = g}:at(0, 0), weft.x{like = g}.type)
print(("%.9f %.9f"):format(weft.lon{like = g}:at(0, 0), (weft.lat{like = g}:at(0, 0))))
for _, crs in ipairs{"EPSG:26910+6360", "EPSG:4326+6360", "+proj=utm +zone=10 +units=km +ellps=WGS84", "EPSG:2263", "EPSG:32633"} do
    local g = weft.grid{crs = crs, bounds = {0, 0, 4, 4}, resolution = {0.5, 0.25}}
    print(crs, tostring(g):match("[^,]*$"), tostring(weft.col{like = g}):match("[^,]*$"))
end
print(weft.grid{bounds = {0, 0, 4, 4}, resolution = 0.5})
