-- options: --machine "numa:1 core:2 pu:1" --memory 256M
-- A constant folded, equal nodes shared, an operator in terms of others, what nobody reads trimmed.
local g = weft.grid{bounds = {0, 0, 400, 300}, resolution = 1}
local col, row = weft.col{like = g}, weft.row{like = g}
local three = weft.constant(1) + 2
local unread = (col * row):sin()
local once, again = col * three, weft.col{like = g} * 3
print("a constant, and a product written twice")
print((once + again):explain("passes"))
print("the mean of the valid ones")
print(weft.nmean(col / 7, row / 7):explain("passes"))
print("nothing to do")
print((col + row):explain("passes"))
