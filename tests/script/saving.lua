-- What save returns; types, nodata and masks in files.
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
local out = arg[1] .. "/a.tif"
local run = (col * 100):save(out)
local o = run.outputs[1]
print(o.path, o.type, o.nodata, o.invalid, o.clipped, o.collisions)
print(run.engine == (os.getenv("WEFT_ENGINE") or "jit"), run.pixels.planned, run.pixels.computed, run.tiles.run, run.machine.nodes)
print(table.concat(run.stages[1].kernels[1].nodes, " "), table.concat(run.stages[1].kernels[1].lines, " "))
print(weft.open(out), weft.open(out).nodata)
show(weft.open(out))
print(col:mask(col:gt(1)):save(out, {type = "i16", nodata = -1}).outputs[1].invalid, weft.open(out).nodata)
show(weft.open(out))
print(col:mask(col:gt(1)):save(out, {nodata = "mask"}).outputs[1].nodata, weft.open(out).nodata)
show(weft.open(out))
run = weft.save_all{{col, arg[1] .. "/b.tif"}, {col / 4, arg[1] .. "/c.tif", {compress = "deflate", blocksize = 128}}}
print(#run.outputs, run.outputs[2].type)
show(weft.open(arg[1] .. "/c.tif"))
local names = weft.stack({col, row}, {names = {"one", "two"}})
names:save(arg[1] .. "/n.tif", {options = {"INTERLEAVE=PIXEL"}})
print(table.concat(weft.open(arg[1] .. "/n.tif").names, " "))
local bool = col:gt(1)
bool:save(arg[1] .. "/t.tif")
print(bool.type, weft.open(arg[1] .. "/t.tif").type)
print(#weft.glob(arg[1] .. "/*.tif"), weft.glob(arg[1] .. "/[ab].tif")[2])
