local function on(crs)
    return weft.col{like = weft.grid{crs = crs, bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}}
end
local geoid = on("EPSG:32632") + on("EPSG:32632+5773")
print(geoid + on("EPSG:32632+3855"))
