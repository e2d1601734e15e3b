-- Colours of infinite values, of spans that no number holds, and beside a stretch that is one value.
local dir = arg[1]
local g = weft.grid{bounds = {0, 0, 100, 1}, resolution = 1}
local col = weft.col{like = g}
local function colours(name, r, options)
    options = options or {stretch = {0, 100}}
    options.cmap = "grey"
    r:plot(dir .. "/" .. name .. ".png", options)
    local p = weft.open(dir .. "/" .. name .. ".png")[1]
    print(name, p:at(0, 0), p:at(49, 0), p:at(50, 0), p:at(99, 0))
end
weft.config{ieee = true}
local up = 1 / (99 - col)                     -- infinite at the right
colours("infinite", weft.where(col:lt(99), col, up))
colours("below", weft.where(col:gt(0), col, -1 / col))
colours("nothing_finite", weft.where(col:lt(50), -1 / (col * 0), 1 / (col * 0)))
local f64 = col:cast("f64")
colours("wide", weft.where(col:lt(50), f64 * 0 - 1.7e308, f64 * 0 + 1.7e308))
colours("wider", (f64 / 99 - 0.5) * 2 * 1.7e308)
colours("percentiles", (f64 / 99 - 0.5) * 2 * 1.7e308, {stretch = {25, 75}})
colours("one_value", col:eq(99) - col:eq(0), {})
