-- What the look at the source finds before a script runs.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local r = weft.constant(1, {like = g})
local s, n = r * 2, 5
local function unused()
    if r == 1 then return end
    if s.a ~= "x" then return end
    local q = not r
    local p = r and s
    if n == 5 and n ~= 6 or not n then return end
    if r == nil or r.width == 4 or #r == 1 then return end
    local function inner(r) return r == 1 end
    local mean = r:scalar("mean")
    if mean == 1 or mean:value() == 1 then return end
    return [[ r == 1 ]] -- r == 1
end
print "done"
