-- convolve, gaussian, sobel, laplace, dilate, erode, and chains of them.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col, row = weft.col{like = g}, weft.row{like = g}
local function show(r, band)
    for _, line in ipairs(r:read{band = band or 1}) do
        for i, v in ipairs(line) do
            line[i] = v == weft.invalid and "-" or math.type(v) == "integer" and tostring(v) or ("%.6g"):format(v)
        end
        print(table.concat(line, " "))
    end
end
local a = row * 10 + col * col
local one = weft.where(col:eq(1) & row:eq(1), 1, 0)
show(a:convolve({{1, 2, 3}}))
show(a:convolve({{1, 2, 3}}, {flip = true}))
show(one:convolve({{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}))
show(one:convolve({{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, {flip = true}))
show(a:convolve({{0, 1, 0}, {1, 1, 1}, {0, 1, 0}}, {edges = "constant", constant = 100}))
show(a:mask(a:ne(4)):convolve({{1, 1, 1}}))
show(a:mask(a:ne(4)):convolve({{1, 1, 1}}, {invalid = "skip"}))
show(a:laplace())
show(a:laplace{edges = "mirror"})
show(a:sobel())
show(one:dilate(3))
show(one:dilate(3, {shape = "circle"}))
show((1 - one):erode(3, {shape = "circle"}))
show(one:gaussian(1))
show(one:gaussian(1, {truncate = 1, edges = "constant"}))
show((one * 5):dilate(3):erode(3))
show(weft.calc("d + A[0, 1]", {d = one:dilate(3), A = a}):focal{stat = "max", size = 3, edges = "reflect"})
