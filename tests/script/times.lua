-- Times of bands: what files say, names of files and of bands, spellings; what keeps them.
local dir = arg[1] .. "/"
local g = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600040, 5000030}, resolution = 10}
local col = weft.col{like = g}
local function times(r)
    local t = r.times
    if not t then return "none" end
    for i, at in ipairs(t) do t[i] = os.date("!%Y-%m-%dT%H:%M:%S", at // 1 | 0) end
    return table.concat(t, " ")
end

-- A file of many dimensions, as gdal_translate has it.
weft.stack{col, 2 * col, 3 * col}:save(dir .. "data.tif")
local function virtual(name, calendar, values)
    local file, bands = io.open(dir .. name, "w"), {}
    for i, value in ipairs(values) do
        bands[i] = ([[<VRTRasterBand dataType="Byte" band="%d"><Metadata><MDI key="NETCDF_DIM_time">%s</MDI></Metadata>
            <SimpleSource><SourceFilename relativeToVRT="1">data.tif</SourceFilename><SourceBand>%d</SourceBand>
            </SimpleSource></VRTRasterBand>]]):format(i, value, i)
    end
    file:write(([[<VRTDataset rasterXSize="4" rasterYSize="3"><SRS>EPSG:32632</SRS><GeoTransform>600000, 10, 0, 5000030, 0, -10</GeoTransform>
        <Metadata><MDI key="time#units">days since 1852-01-01</MDI><MDI key="time#calendar">%s</MDI></Metadata>
        %s</VRTDataset>]]):format(calendar, table.concat(bands, "\n")))
    file:close()
    return dir .. name
end
local r = weft.open(virtual("noleap.vrt", "noleap", {59, 59.5, 365}))
print(times(r), times(r[2]), times(weft.open(r.path, {bands = {3, 1}})))
print(r:info():match("band 2[^\n]*"))
print(times(weft.open(virtual("standard.vrt", "standard", {59, 59.5, 365}))))
print(times(weft.open(virtual("360.vrt", "360_day", {57, 59, 60})):select{1, 3}))
print(times(weft.open(dir .. "360.vrt", {scale = false})))       -- told once
print(times(r * 2 + r), times(r:focal{stat = "mean", radius = 1}), times(r:rename{"a", "b", "c"}), times(r:select{3, 2}))
print(times(weft.stack{r[3], r[1]}), times(weft.stack({r[3], col}, {times = {"2018-07", "2018-191"}})))
print(r:series("slope", {x = "times", per = "day"}):at(1, 0), weft.series({r[1], r[3]}, "slope", {x = "times", per = "day"}):at(1, 0))

-- Names of files.
for i, date in ipairs{"20180710", "20180726", "20180811"} do (col * i):save(dir .. "S2_" .. date .. "_x.tif") end
local list = weft.glob(dir .. "S2_*.tif")
local open = weft.open(list, {times = "_%Y%m%d_"})
print(open, times(open), times(open[3]))
print(times(weft.stack(list, {times = "%Y%m%d"})), times(weft.open(list[2], {times = "%Y%m%d"})))
print(weft.series(list, "slope", {x = "times", times = "%Y%m%d", per = "day"}):at(2, 0))
print(open:series("slope", {x = "times", per = "day"}):at(2, 0), open:series("max", {x = "times", times = "%Y%m%d"}):at(2, 0))
print(times(weft.open({list[1], dir .. "data.tif"}, {times = {"2018-01-01", "2018-01-02", "2018-01-03", "2018-01-04"}})))
local both = weft.open({dir .. "data.tif", dir .. "data.tif"}, {bands = {2, 3}, nodata = 6, mask = col:gt(0)})
print(both, both:at(2, 0))
print(table.concat(weft.open({dir .. "data.tif"}, {bands = 2}).names, "|"), #weft.open({dir .. "data.tif"}))

-- Spellings.
for _, date in ipairs{"20180710", "2018-07-10T10:30Z", "20180710T103000", "20180710T103000Z", "2018-07-10 10:30",
        "2018-07-10T10:30:00.5Z", "2018-07-10T10:30+02:00", "2018-07-10T10:30+0200", "2018-07-10T10:30+02", "2018-191",
        "2018-07", 86400.25} do
    print(date, weft.stack({col}, {times = {date}}).times[1])
end
print(times(weft.stack{col, col}:rename{"20180710", "20180711"}), times(weft.stack{col, col}:rename{"20180710", "b"}))
print(times(col:rename{"2018-07"}), times(col:rename{"2018"}), times(col:rename{"2018-191"}))
print(times(weft.stack({col}, {times = {20180710}})))            -- probably not meant
weft.series(open, "slope", {x = "times", times = {0, 0, 0}})
