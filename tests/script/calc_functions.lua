-- In calc: functions that are written in Lua, options by name, lists in square brackets.
local g = weft.grid{crs = "EPSG:32632", bounds = {0, 0, 80, 60}, resolution = 10}
local a, b = weft.col{like = g} * 2 + weft.row{like = g} ^ 2, weft.row{like = g} + 1
local function same(text, r)
    local d = (weft.calc(text, {A = a, B = b}):cast("f64") - r):abs():stats{"max", "count"}
    print(text, d.max, d.count == r:stats().count)
end
same("slope(A, units=\"percent\", edges=\"gdal\")", a:slope{units = "percent", edges = "gdal"})
same("focal(A, stat=\"mean\", size=3)", a:focal{stat = "mean", size = 3})
same("focal(A, stat='max', shape='annulus', radius=[1, 2])", a:focal{stat = "max", shape = "annulus", radius = {1, 2}})
same("gaussian(A, 2, truncate=3)", a:gaussian(2, {truncate = 3}))
same("convolve(A, [[0, 1, 0], [1, -4, 1], [0, 1, 0]])", a:convolve{{0, 1, 0}, {1, -4, 1}, {0, 1, 0}})
same("ndvi(A, B) + savi(A / 100, B / 100, L=0.4)", weft.ndvi(a, b) + weft.savi(a / 100, b / 100, {L = 0.4}))
same("reclass(A, [[0, 20, 1], [20, 99, -2]], default=-1, include_last=true)",
    a:reclass({{0, 20, 1}, {20, 99, -2}}, {default = -1, include_last = true}))
same("interpolate(A, [[0, 0], [40, 80]])", a:interpolate{{0, 0}, {40, 80}})
same("hillshade(A, azimuth=-45)", a:hillshade{azimuth = -45})
same("neighbour(A, -1, 0, edges=\"nearest\")", a:neighbour(-1, 0, {edges = "nearest"}))
same("(A - scalar(A, 'mean')) / scalar(A, 'std')", (a - a:scalar("mean")) / a:scalar("std"))
same("A > 10 ? sobel(A) : dilate(A, 3, shape='circle')", weft.where(a:gt(10), a:sobel(), a:dilate(3, {shape = "circle"})))
same("clamp(A, -1, 2 ^ -1) - -A", a:clamp(-1, 0.5) + a)
print(weft.calc("isin(A, [4, 5])", {A = a}).type)
