-- reclass and interpolate: ends of ranges, what no rule names, many bands, types.
local g = weft.grid{crs = "EPSG:32632", bounds = {0, 0, 80, 10}, resolution = 10}
local col = weft.col{like = g}
local function show(r)
    for b = 1, #r do
        local line = {}
        for i = 0, r.width - 1 do
            line[i + 1] = ("%.6g"):format(r[b]:at(i, 0) or 0 / 0):gsub("-?nan", "-")
        end
        print(r.type, table.concat(line, " "))
    end
end
local rules = {{0, 2, 1}, {2, 5, 2}}
show(col:reclass(rules))
show(col:reclass(rules, {include_last = false}))
show(col:reclass(rules, {closed = "right"}))
show(col:reclass(rules, {closed = "right", include_last = false}))
show(col:reclass(rules, {closed = "neither"}))
show(col:reclass({{0, 2, 1}, {3, 5, 2}}, {closed = "both"}))
show(col:reclass(rules, {default = 9}))
show(col:reclass(rules, {default = "keep"}))
show(col:mask(col:ne(3)):reclass(rules, {default = 0, invalid = -1}))
show(col:reclass{{-math.huge, 3, 0.5}, {3, math.huge, weft.invalid}})
show(col:reclass{[1] = 10, [6] = 20})
show(weft.reclass((col / 2), {[0.5] = 10, [3] = 20}))
show(weft.stack{col, col + 100}:reclass{[1] = 10, [106] = 20})
print("curves")
show(col:interpolate{{1, 10}, {3, 20}, {3, 100}, {5, 0}})
show((col / 1):interpolate{{1, 10}, {3, 20}, {3, 100}, {5, 0}})
show(col:interpolate{{4, -2}})
print("a chain of one number")
show(col * 0 + weft.constant(7):reclass(rules, {default = 3}) + weft.constant(2.5):interpolate{{2, 0}, {3, 10}})
print("as text")
local many = {}
for i = 1, 300 do many[i] = {i * 0.5, i * 0.5 + 0.5, i} end
print((col / 2):reclass(many):explain("graph"))
