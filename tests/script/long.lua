-- What is too long for one kernel is cut into parts, which hand rows over: the numbers are the same.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 601000, 5001000}, resolution = 10}
weft.random{like = g, seed = 1}:save(arg[1] .. "/a.tif")
local a = (weft.open(arg[1] .. "/a.tif") * 100):floor()
local sum, outputs = a, {}
for i = 1, 1500 do
  sum = sum + a * i
  if i % 100 == 0 then outputs[#outputs + 1] = {sum - a, arg[1] .. "/" .. i .. ".tif"} end
end
local smooth = (sum - a * 1125750):focal{stat = "mean", size = 3}
outputs[#outputs + 1] = {smooth, arg[1] .. "/smooth.tif"}
local run = weft.save_all(outputs)
print(run.pixels.planned == run.pixels.computed)
local wrong = 0
for i = 100, 1500, 100 do
  local apart = weft.open(arg[1] .. "/" .. i .. ".tif") - a * (i * (i + 1) // 2)
  wrong = math.max(wrong, apart:abs():scalar("max"):value())
end
print(#outputs, wrong, (weft.open(arg[1] .. "/smooth.tif") - a:focal{stat = "mean", size = 3}):abs():scalar("max"):value())
