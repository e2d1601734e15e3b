-- A job for the fault tests: every kind of value of the language, in two phases. Arguments: input, two outputs.
local a = weft.open(arg[1])
local b = (a * 2 + 1):clamp(0, 1.5):rename{ "twice" }
local c = weft.calc("v > 0.5 ? w : v / 2", { v = a, w = b }) - a:scalar("mean")
local both = weft.stack{ b, c }
local ok, said = pcall(function() return a:clamp("low") end)
assert(not ok and tostring(said):find("clamp"))
assert(tostring(both):find("2 bands") and weft.help)
local run = weft.save_all{
    { b, arg[2], { type = "f32", blocksize = 16 } },
    { c, arg[3], { compress = "deflate", options = { ZLEVEL = 1 } } },
}
assert(#run.outputs == 2 and run.blocks.kept > 0 and b:at(1, 1))
assert(b.grid.width == 100)
