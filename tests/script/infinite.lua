-- Infinities in statistics across rasters: what takes one from another is invalid, for good.
weft.config{ieee = true}
local grid = weft.grid{bounds = {0, 0, 3, 3}, resolution = 1}
local zero = weft.col{like = grid} * 0.0
local over, under, five = (zero + 1) / 0, (zero - 1) / 0, zero + 5
for _, stat in ipairs{"sum", "mean", "std", "slope", "r", "median", "min", "range"} do
    print(stat, weft.series({over, under, five}, stat):at(0, 0), (weft.series({over, five, five}, stat):at(0, 0)))
end
print(weft.nsum(over, under, five):at(0, 0), weft.nmean(over, under, five):at(0, 0), weft.nsum(over, five, 1):at(0, 0))
