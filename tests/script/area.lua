-- Areas of cells: the plane of the map, and the ellipsoid on degrees.
local utm = weft.grid{crs = "EPSG:32633", bounds = {0, 0, 300, 300}, resolution = 30}
print(weft.area{like = utm}:at(3, 4), weft.area{like = utm}.type)
local feet = weft.grid{crs = "EPSG:2225", bounds = {0, 0, 300, 300}, resolution = 100}
print(("%.9f"):format(weft.area{like = feet}:at(0, 0)))

-- All cells of the earth add up to the area of the ellipsoid, at any resolution.
for _, step in ipairs { 90, 30, 5 } do
    local earth = weft.grid{crs = "EPSG:4326", bounds = {-180, -90, 180, 90}, resolution = step}
    local area, sum = weft.area{like = earth}, 0
    for row = 0, area.height - 1 do sum = sum + area:at(0, row) * area.width end
    print(("%d degrees: %.6f km2"):format(step, sum / 1e6))
end
local poles = weft.grid{crs = "EPSG:4326", bounds = {0, 88, 4, 92}, resolution = 2}
print(("%.3f %.3f"):format(weft.area{like = poles}:at(0, 0), weft.area{like = poles}:at(0, 1)))
