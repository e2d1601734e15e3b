-- A method called with a point, what is a statistic, and a call that gives two results.
local g = weft.grid{crs = "EPSG:32632", bounds = {0, 0, 40, 30}, resolution = 10}
local d = weft.col{like = g}
local function try(f) print((tostring(select(2, pcall(f))):gsub(" %(called.-%)", ""))) end
try(function() d.save("x.tif") end)
try(function() d.slope{units = "percent"} end)
try(function() d.gaussian(2) end)
try(function() d.stats() end)
try(function() d.ndvi(d) end)
try(function() weft.ndvi(d, 3) end)
try(function() return "x" + d end)
try(function() return d:mean() end)
try(function() return d:max() end)
try(function() return d:p90() end)
try(function() return d:sqrt(1, 2) end)
try(function() return d:clamp(1, 2, 3) end)
try(function() weft.open(("a.tif"):gsub("a", "b")) end)
try(function() d:save(("a.tif"):gsub("a", "b")) end)
