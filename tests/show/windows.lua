-- options: --machine "numa:1 core:2 pu:1"
-- A median of a large window is a function on rows: a kernel of its own, whose results lie in a ring
-- and whose scratch is part of the workers' memory. A budget that is too small for it says so.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 610000, 5010000}, resolution = 10}
local path = arg[1] .. "/a.tif"
weft.random{like = g, seed = 1}:save(path)
local r = weft.open(path)
local smooth = r:focal{stat = "median", size = 31}
local far = (smooth + 1):focal{stat = "argmax", radius = {8, 12}, shape = "annulus", edges = "reflect"}
print(far:explain())
weft.config{memory = "2M"}
print(pcall(far.explain, far))
weft.config{memory = "64M"}
local run = far:save(arg[1] .. "/b.tif")
print(run.pixels.planned == run.pixels.computed, run.memory.peak <= run.memory.predicted)
