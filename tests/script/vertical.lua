-- Systems that differ in that one of them says what heights are combine; the result says it, too.
local function on(crs)
    return weft.col{like = weft.grid{crs = crs, bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}}
end
local function name(r) return r.crs:match('"(.-)"') end
local plain, high = on("EPSG:32632"), on("EPSG:32632+5773")
print(name(plain + high), name(high + plain), name(plain + plain))
print((plain + high):at(3, 0), name(weft.where(plain:gt(1), high, plain)), name(weft.series({plain, high}, "max")))
print(name(weft.stack{plain, high}), name(weft.stack{plain, high}[2]))
local path = arg[1] .. "/both.tif"
weft.stack{plain, high}:save(path)
print(name(weft.open(path)), name(weft.open(path, {crs = "EPSG:32632"}) + high))

-- Heights in feet keep their unit, whichever operand says it.
local feet = weft.grid{crs = "EPSG:2263+6360", bounds = {900000, 200000, 900040, 200030}, resolution = 10}
local flat = weft.grid{crs = "EPSG:2263", bounds = {900000, 200000, 900040, 200030}, resolution = 10}
local dem = 10 * weft.col{like = feet}
print(dem:slope():at(1, 1), (weft.constant(1, {like = flat}) * dem):slope():at(1, 1))

-- Degrees, with heights above the ellipsoid and without.
local box = {bounds = {10, 50, 10.1, 50.1}, resolution = 0.01}
local function degrees(crs) return weft.grid{crs = crs, bounds = box.bounds, resolution = box.resolution} end
print(weft.col{like = degrees("EPSG:4326")} + weft.row{like = degrees("EPSG:4979")})
