-- A raster wraps only where all that it is made of does.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col = weft.col{like = g}
local shifted = col:neighbour(1, 1, {edges = "wrap"})
shifted:save("/tmp/never.tif")
