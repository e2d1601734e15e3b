-- options: --machine "numa:1 core:2 pu:1"
-- All bands of a geometric median are results of one function on rows: one kernel fills a ring for
-- each band that is asked for, and none for the others.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 603000, 5003000}, resolution = 10}
local list = {}
for i = 1, 3 do
  local bands = {}
  for b = 1, 3 do bands[b] = weft.random{like = g, seed = 3 * i + b} end
  local path = arg[1] .. "/" .. i .. ".tif"
  weft.stack(bands):save(path)
  list[i] = weft.open(path)
end
local middle = weft.series(list, "geomedian")
print(middle:explain())
local last = middle[3] + middle[1]
print(last:explain())
local run = last:save(arg[1] .. "/last.tif")
print(run.pixels.planned == 2 * 300 * 300, run.pixels.computed == run.pixels.planned)
