-- Units of heights: by the band, by the CRS, or given. A plane that rises by 10 in a cell of 10 x 10, or of 0.001 degrees.
local folder, made = arg[1], 0
local grid = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600060, 5000060}, resolution = 10}
local plane = (weft.col{like = grid} * 10):cast("f32")
plane:save(folder .. "/plane.tif")

-- The plane as a file with that CRS and unit; `more` of the band, in XML.
local function dem(crs, unit, more)
    local degrees = crs:find("4326") or crs:find("4979")
    made = made + 1
    local path = ("%s/%d.vrt"):format(folder, made)
    local f = assert(io.open(path, "w"))
    f:write('<VRTDataset rasterXSize="6" rasterYSize="6"><SRS>', crs, "</SRS><GeoTransform>",
        degrees and "10, 0.001, 0, 0.003, 0, -0.001" or "600000, 10, 0, 5000060, 0, -10",
        '</GeoTransform><VRTRasterBand dataType="Float32" band="1"><UnitType>', unit, "</UnitType>", more or "",
        '<SimpleSource><SourceFilename relativeToVRT="1">plane.tif</SourceFilename><SourceBand>1</SourceBand>',
        "</SimpleSource></VRTRasterBand></VRTDataset>")
    f:close()
    return weft.open(path)
end

local function with(options, more)
    local all = {}
    for _, t in ipairs{options or {}, more or {}} do
        for k, v in pairs(t) do all[k] = v end
    end
    return all
end
local function percent(r, options) return ("%.4f"):format(r:slope(with({units = "percent"}, options)):at(3, 3)) end

local utm = "EPSG:26910"
local bare, feet, metres = dem(utm, ""), dem(utm, "ft"), dem(utm, "m")
print("nobody says it", percent(bare))
print("the band", percent(feet), percent(metres))
print("the CRS", percent(dem(utm .. "+6360", "")), percent(dem("+proj=utm +zone=10 +datum=WGS84 +vunits=us-ft", "")))
print("both", percent(dem(utm .. "+6360", "ft")))
print("they differ", percent(dem(utm .. "+6360", "m")), percent(dem(utm .. "+6360", "m")))
print("a CRS in feet", percent(dem("EPSG:2263", "")), percent(dem("EPSG:2263", "US survey foot")), percent(dem("EPSG:2263", "m")))
print("degrees", percent(dem("EPSG:4326", "")), percent(dem("EPSG:4326", "ft")))
for _, unit in ipairs{"US survey foot", "us-ft", "Feet", "metre", "cm", "fathom", "class", "class"} do
    print(unit, percent(dem(utm, unit)))
end

print("given")
print(percent(feet, {zunit = "m"}), percent(feet, {zunit = 1}), percent(bare, {zunit = "ft"}), percent(bare, {zunit = 0.3048}),
    percent(dem(utm .. "+6360", ""), {zunit = "m"}), percent(dem(utm, "K"), {zunit = "m"}))
print(percent(feet, {xyunit = "ft"}), percent(bare, {xyunit = 2}), percent(feet, {xyunit = "cm", zunit = "cm"}))
print(percent(feet, {z = 2}), percent(feet, {z = 2, zunit = "m"}), percent(bare, {z = -1}))
local round = dem("EPSG:4326", "ft")
print(percent(round, {xyunit = 111120}), percent(round, {xyunit = 111120, zunit = "m"}), percent(round, {zunit = "m"}))
print(weft.calc("slope(A, units='percent', zunit='m')", {A = feet}):at(3, 3),
    ("%.4f"):format(weft.calc("slope(gaussian, units='percent')", {gaussian = feet}):at(3, 3)))

print("every operator: the band's unit is that of z")
local bowl = dem(utm, "ft") + (weft.row{like = feet} * weft.col{like = feet})
local flat = dem(utm, "") + (weft.row{like = feet} * weft.col{like = feet})
for _, variant in ipairs{"single", "combined", "multidirectional", "igor"} do
    io.write(bowl:hillshade{variant = variant}:at(3, 3), " ", flat:hillshade{variant = variant, z = 0.3048}:at(3, 3), " ",
        flat:hillshade{variant = variant}:at(3, 3), "\n")
end
for _, variant in ipairs{"profile", "tangential", "plan"} do
    print(variant, ("%.6g %.6g %.6g"):format(bowl:curvature{variant = variant}:at(3, 3),
        flat:curvature{variant = variant, zunit = "ft"}:at(3, 3), flat:curvature{variant = variant}:at(3, 3)))
end
for _, method in ipairs{"horn", "zt"} do
    print(method, percent(bowl, {method = method}), percent(flat, {method = method, z = 0.3048}))
end
print("arcgis", percent(bowl, {edges = "arcgis"}), percent(flat, {edges = "arcgis", z = 0.3048}))
local tilted = round + weft.row{like = round} * 10
print("aspect", ("%.4f %.4f %.4f"):format(bowl:aspect():at(3, 3) - flat:aspect():at(3, 3), tilted:aspect{xyunit = 111120}:at(3, 3),
    (dem("EPSG:4326", "", "") + weft.row{like = round} * 10):aspect{zunit = "ft", xyunit = 1}:at(3, 3)))

print("what keeps heights keeps their unit")
local other = dem(utm, "feet")
local gap = feet:mask(weft.col{like = feet}:gt(0))
for _, case in ipairs{
    {"gaussian", feet:gaussian(0.5)}, {"mean", feet:focal{stat = "mean", size = 3}}, {"median", feet:focal{stat = "median", size = 3}},
    {"convolve", feet:convolve{{0.25, 0.5, 0.25}}}, {"mask", gap}, {"fill", gap:fill(0)}, {"where", weft.where(feet:gt(5), feet, 0)},
    {"coalesce", weft.coalesce(gap, other)}, {"add", feet + 100}, {"difference", feet * 0 + feet - 3}, {"clamp", feet:clamp(0, 45)},
    {"round", feet:round()}, {"cast", feet:cast("i16")}, {"neighbour", feet:neighbour(1, 0)}, {"max", weft.max(feet, other)},
    {"nmean", weft.nmean(feet, other)}, {"series mean", weft.series({feet, other, gap}, "mean")},
    {"series median", weft.series({feet, other, gap}, "median")}, {"pick", weft.pick({feet, other}, weft.constant(1, {like = feet}))},
    {"stack", weft.stack{metres, feet}[2]}, {"scaled", dem(utm, "ft", "<Scale>2</Scale><Offset>5</Offset>")},
} do
    print(case[1], percent(case[2]))
end
print("what makes something else of them, or mixes units, has none")
for _, case in ipairs{
    {"product", feet * 1}, {"quotient", feet / 1}, {"root", (feet * feet):sqrt()}, {"two units", weft.coalesce(gap, metres)},
    {"as stored", weft.open(folder .. "/" .. made .. ".vrt", {scale = false})},
} do
    print(case[1], percent(case[2]))
end
