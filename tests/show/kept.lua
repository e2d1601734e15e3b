-- options: --machine "numa:1 core:2 pu:1"
-- A raster that an earlier phase keeps: the phases, what is waited for and what it takes on disk.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 630000, 5020000}, resolution = 10}
local r = weft.random{like = g, seed = 1}
local smooth = r:focal{stat = "median", size = 3, edges = "reflect"}
print(smooth:focal{stat = "mean", size = 5, edges = "wrap"}:explain())
