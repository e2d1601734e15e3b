-- The rows of docs/coming-from.md, PAGE: what weft says of each, as N.tif or N.txt in FOLDER, and the other tool's
-- text in N.theirs where numpy can say it. Prints what could not be run; the last line counts.
local page, folder = ...
local grid = weft.grid{crs = "EPSG:32632", bounds = {600000, 5000000, 600070, 5000050}, resolution = 10}
local col, row = weft.col{like = grid}:cast("f64"), weft.row{like = grid}:cast("f64")
local made = {a = (col + 3 * row) % 5 + 0.5 * row, b = (2 * col + row) % 4, c = (col * row) % 3 + 1}
made.n = made.a:mask((col + row):ne(4))
local here = setmetatable({k = {{0, 1, 2}, {3, 4, 5}, {6, 7, 9}}}, {__index = _G})
for name, raster in pairs(made) do
    raster:save(folder .. "/" .. name .. ".tif", {type = "f64"})
    here[name] = weft.open(folder .. "/" .. name .. ".tif")
end
here.A, here.B = here.a, here.b
here.scene, here.qa, here.dem = weft.open("scene.tif"), weft.open("quality.tif"), weft.open("dem.tif")

-- All that a piece of Lua gives, forced; a raster or a number is kept.
local function run_lua(code, path)
    local chunk = assert(load("return " .. code, code, "t", here))
    local values = table.pack(chunk())
    assert(values.n == 0 or values[1] ~= nil, "it gives nil")
    for i = 1, values.n do
        local value = values[i]
        if type(value) == "userdata" and pcall(function() return value.width end) and #value > 0 then
            value:save(path .. ".tif", {type = value.type == "f32" and "f32" or "f64"})
        elseif type(value) == "number" or (type(value) == "table" and type(value[1]) == "number") then
            local file = io.open(path .. ".txt", "w")
            file:write(type(value) == "number" and value or table.concat(value, " "), "\n")
            file:close()
        elseif type(value) == "table" then
            assert(tostring(value) ~= "")
        end
    end
end

local function run_shell(code)
    local status = select(3, os.execute("cd '" .. folder .. "' && " .. code))
    assert(status == 0, "exit status " .. tostring(status))
end

local passed, failed, kind, number = 0, 0, nil, 0
for line in io.lines(page) do
    kind = line:match("^<!%-%- (%a+) %-%->$") or kind
    local theirs, ours = line:gsub("\\|", "\1"):match("^| (.-) | (.-) |$")
    local code = ours and ours:match("^`(.-)`")
    if line:find("^#") then kind = nil end
    if kind and code and theirs:find("`") and not theirs:find("^in ") and not ours:find("^in ") and code ~= "weft calc" then
        number = number + 1
        code = code:gsub("\1", "|")
        local path = ("%s/%d"):format(folder, number)
        local ok, mistake = pcall(function()
            if kind == "sh" then return run_shell(code) end
            if kind == "calc" or kind == "grass" then return run_lua(("weft.calc(%q, {A = A, B = B})"):format(code), path) end
            run_lua(code, path)
        end)
        if ok then passed = passed + 1 else
            failed = failed + 1
            print(("docs: coming-from.md: %s: %s"):format(code, tostring(mistake)))
        end
        if kind == "numpy" or kind == "calc" then
            local file = io.open(path .. ".theirs", "w")
            file:write((theirs:match("^`(.-)`"):gsub("\1", "|")), "\n")
            file:close()
        end
    end
end
print(("coming: %d passed, %d failed"):format(passed, failed))
