-- The value at an offset: outside is invalid, or what edges= says. In calc A[dcol, drow]; A[2] stays a band.
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
local a = row * 10 + col
show(a)
show(a:neighbour(1, 0))
show(a:neighbour(-1, -1))
show(a:neighbour(0, 1, {edges = "nearest"}))
show(a:neighbour(-2, 0, {edges = "reflect"}))
show(a:neighbour(-2, 0, {edges = "mirror"}))
show(a:neighbour(2, 2, {edges = "constant", constant = -5}))
print(a:neighbour(1, 0).type, a:neighbour(2, 2, {edges = "constant", constant = -5}).type)
local function calc(text, inputs)
    print(text)
    show(weft.calc(text, inputs or {A = a}))
end
calc("A[1, 0]")
calc("A[0, 1] - A[ 0 , -1 ]")
calc("(A * 2)[1, 0]")
calc("-A[-1, 0] ^ 2")
calc("A > 11 ? A[0, -1] : 0")
calc("S[2][1, 0] + S[1]", {S = weft.stack{a, a * 100}})
show(weft.stack{a, -a}:neighbour(1, 1), 2)
show(weft.calc("neighbour(A, 0, 1, edges='mirror')", {A = a}))
print(a:neighbour(4, 0):at(0, 0), a:neighbour(3, 2):at(0, 0))
