-- Terrain operators and their options, on the plane z = 10 row + 3 col with cells of 1 x 1.
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600005, 5000004}, resolution = 1}
local z = weft.row{like = g} * 10 + weft.col{like = g} * 3
local function show(r)
    for _, line in ipairs(r:read()) do
        for i, v in ipairs(line) do line[i] = v == weft.invalid and "-" or ("%.6g"):format(v) end
        print(table.concat(line, " "))
    end
end
show(z:slope())
for _, options in ipairs{{units = "percent"}, {units = "radians"}, {method = "zt"}, {z = 2}, {edges = "extrapolate"}, {edges = "gdal-edges"},
    {edges = "gdal-edges", units = "percent", method = "zt", z = 0.1}} do
    print(("%.6g %s"):format(z:slope(options):at(2, 2), (z:slope(options):at(0, 0))))
end
show(z:slope{edges = "gdal-edges"})
print(("%.6g %.6g %.6g"):format(z:aspect():at(2, 2), z:aspect{orientation = "trig"}:at(2, 2), z:aspect{method = "zt"}:at(2, 2)))
local flat = z * 0 + 7
print(flat:slope():at(2, 2), flat:aspect():at(2, 2), flat:aspect{flat = -1}:at(2, 2), flat:hillshade():at(2, 2))
for _, variant in ipairs{"single", "combined", "multidirectional", "igor"} do
    io.write(flat:hillshade{variant = variant}:at(2, 2), " ", z:hillshade{variant = variant, z = 0.1}:at(2, 2), " ")
end
print(z:hillshade{azimuth = 200, altitude = 30, z = 0.05, method = "zt"}:at(2, 2), z:hillshade().type, z:slope().type)
print(("%.6g %.6g %.6g %.6g"):format(z:tri():at(2, 2), z:tri{variant = "wilson"}:at(2, 2), z:tpi():at(2, 2) + 0, z:roughness():at(2, 2)))
print(z:curvature():at(2, 2) + 0, z:curvature{variant = "plan"}:at(2, 2) + 0, z:curvature{variant = "tangential"}:at(2, 2) + 0)
show((z * z):curvature{edges = "extrapolate"} * 1e6)
print(weft.calc("slope(A, units='percent') > 1000", {A = z}):at(2, 2), #weft.stack{z, z * 2}:slope())
z:hillshade():save(arg[1] .. "/h.tif")
print(weft.open(arg[1] .. "/h.tif").nodata, weft.open(arg[1] .. "/h.tif"):at(0, 0))
local round = weft.row{like = g} * 0 + weft.col{like = g} % 3      -- columns 0 1 2 0 1: not round at the seam
show(round:tpi{edges = "wrap"} * 8)
show((round * 2):slope{edges = "wrap", units = "percent"})
