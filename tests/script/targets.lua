-- Two outputs that are one file by different spellings; and inputs of one name on the command line.
local dir = arg[1]
local g = weft.grid{bounds = {0, 0, 4, 3}, resolution = 1}
local x, y = weft.col{like = g}, weft.row{like = g}
local function told(a, b)
    local ok, e = pcall(weft.save_all, {{x, a}, {y, b}})
    print(ok and "two files" or (e.message:gsub(os.getenv("PWD"):gsub("%%p", "%%%%%%0") .. "/y", "PWD/y")))
end
os.execute(("cd '%s' && mkdir sub && ln -s sub way && ln -s other.tif link.tif && ln -s way/deep.tif far.tif && ln -s loop.tif loop.tif"):format(dir))

print("-- not there yet")
told(dir .. "/y.tif", dir .. "/y.tif")
told(dir .. "/y.tif", dir .. "/./y.tif")
told(dir .. "/y.tif", dir .. "//y.tif")
told(dir .. "/sub/../y.tif", dir .. "/y.tif")
told(dir .. "/way/y.tif", dir .. "/sub/y.tif")
told(dir .. "/link.tif", dir .. "/other.tif")
told(dir .. "/far.tif", dir .. "/sub/deep.tif")
told("y.tif", "./y.tif")
told("y.tif", os.getenv("PWD") .. "/y.tif")
print(io.open(dir .. "/y.tif"), io.open("y.tif"))            -- nothing was written

print("-- there")
told(dir .. "/y.tif", dir .. "/z.tif")
os.execute(("cd '%s' && ln -s y.tif soft.tif && ln z.tif hard.tif"):format(dir))
told(dir .. "/y.tif", dir .. "/soft.tif")
told(dir .. "/hard.tif", dir .. "/z.tif")
told(dir .. "/y.tif", dir .. "/z.tif")
told(dir .. "/y.tif", dir .. "/sub/y.tif")                   -- another folder

print("-- an output may be an input")
weft.open(dir .. "/y.tif"):save(dir .. "/y.tif");
(weft.open(dir .. "/soft.tif") + 1):save(dir .. "/sub/../y.tif")
print(weft.open(dir .. "/y.tif"):at(2, 0), weft.open(dir .. "/soft.tif"):at(2, 0))

print("-- the command line")
local function weft_(line)
    local pipe = io.popen("cd '" .. dir .. "' && " .. line .. " 2>&1")
    io.write((pipe:read("a"):gsub("[^\n]*/weft:", "weft:")))
    local _, _, status = pipe:close()
    print("-> " .. status)
end
local program = io.popen("realpath '" .. arg[-1] .. "'"):read("l")
weft_(program .. " calc 'A' -A y.tif -A z.tif -o o.tif | head -1")
weft_(program .. " calc 'A' --in A=y.tif -A z.tif -o o.tif > /dev/null")
weft_(program .. " calc 'n' --in n=y.tif --in n=z.tif -o o.tif > /dev/null")
weft_(program .. " calc 'A' -A y.tif -o o.tif --out p.tif > /dev/null")
weft_(program .. " calc 'A' -A y.tif -o o.tif --stats sub/../o.tif > /dev/null")
weft_(program .. " calc 'A + AB' -A y.tif --in AB=z.tif -o o.tif")
