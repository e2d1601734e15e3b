-- An error is a value with fields.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local function half(r) return r / "2" end
local function call(r) return (half(r)) end
local ok, e = pcall(function() local x = call(col) return x end)
print(ok, e.message)
print(e.op, e.file, e.line)
print(e.calls)
print(e.hint, e.path, e.block, e.pixel)
print(tostring(e))
ok, e = pcall(weft.open, arg[1] .. "/none.tif")
print(ok, e.message)
ok, e = pcall(error, "plain")
print(ok, e)
