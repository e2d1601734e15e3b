#!/bin/bash
# make install into a folder of its own: the program, a C program with the shared and the static library,
# require "weft" in lua5.4, the manual page; the shared library shows what is public and nothing else.
build=$1
passed=0 failed=0
if nm -D --undefined-only "$build/libweft.so" | grep -qE '__(asan|tsan)_init'; then
    echo "skipped: programs that know nothing of sanitizers cannot load this library"
    echo "install: 0 passed, 0 failed"
    exit 0
fi
unset MAKEFLAGS MAKEOVERRIDES
tmp=$(mktemp -d "${TMPDIR:-/tmp}/weft-install.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
expect() { # name, condition as a command
    local name=$1
    shift
    if "$@" > "$tmp/why" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "install: $name: $(head -3 "$tmp/why")"; fi
}
same() { [ "$1" = "$2" ] || { echo "$1, not $2"; false; }; }
block() { awk -v want="^\`\`\`$1\$" '$0 ~ want && !done {on = 1; next} /^```$/ && on {on = 0; done = 1} on' docs/language.md; }

to=$tmp/prefix
expect "make install" make --no-print-directory -o build B="$build" PREFIX="$to" DESTDIR= install
expect "make install below another root" make --no-print-directory -o build B="$build" PREFIX=/usr DESTDIR="$tmp/root" install
for file in bin/weft include/weft/weft.h include/weft/op.h lib/libweft.a lib/libweft.so lib/pkgconfig/weft.pc lib/lua/5.4/weft.so share/man/man1/weft.1; do
    expect "$file is there" test -s "$to/$file"
    expect "$file is there below another root" test -s "$tmp/root/usr/$file"
done
expect "the installed text names the prefix, not the root" grep -qx "prefix=/usr" "$tmp/root/usr/lib/pkgconfig/weft.pc"

export PKG_CONFIG_PATH=$to/lib/pkgconfig WEFT_QUIET=1
version=$("$to/bin/weft" version)
expect "pkg-config knows the version" same "weft $(pkg-config --modversion weft)" "$version"
library=$(readelf -d "$to/lib/libweft.so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
expect "the library's name has its major version" same "$library" "libweft.so.0"
expect "the library is found by that name" test -s "$to/lib/$library"
expect "the library shows only weft_*" same "$(nm -D --defined-only "$to/lib/libweft.so" | awk '{print $3}' | grep -v '^weft_' | head -3)" ""
declared=$(sed -n '/visibility push/,$p' "$to/include/weft/weft.h" | grep -oE '\bweft_[a-z_]+\(' | tr -d '(' | sort -u)
shown=$(nm -D --defined-only "$to/lib/libweft.so" | awk '{print $3}' | sort -u)
expect "every declared function is shown" same "$(comm -23 <(echo "$declared") <(echo "$shown"))" ""
expect "the Lua module shows only its door" same "$(nm -D --defined-only "$to/lib/lua/5.4/weft.so" | awk '{print $3}')" luaopen_weft

# The C program of docs/language.md on the files of its examples.
cd "$(dirname "$0")/../.." || exit 1
block c > "$tmp/ndvi.c"
cp tests/docs/rasters.lua "$tmp"
cd "$tmp" || exit 1
expect "the installed program runs" "$to/bin/weft" run rasters.lua
said="out.tif: 1 invalid"
flags="-std=c17 -Wall -Wextra -Werror"
expect "the C program compiles" gcc $flags ndvi.c $(pkg-config --cflags --libs weft) -o shared
expect "the C program runs" same "$(LD_LIBRARY_PATH=$to/lib ./shared scene.tif out.tif 2>&1)" "$said"
expect "the C program wrote what the language writes" "$to/bin/weft" run /dev/stdin <<'LUA'
local scene, out = weft.open("scene.tif"), weft.open("out.tif")
local wrong = out:ne((scene.nir - scene.red) / (scene.nir + scene.red)):fill(0)
for row = 0, 3 do for col = 0, 5 do assert(wrong:at(col, row) == 0) end end
assert(out:at(0, 0) > 0.7)
LUA
expect "the C program says what is wrong" same "$(LD_LIBRARY_PATH=$to/lib ./shared none.tif out.tif 2>&1)" "open: cannot open none.tif: No such file or directory"
expect "the C program compiles with the static library" gcc $flags ndvi.c $(pkg-config --static --cflags --libs weft) -o static
expect "the static library is taken though the shared one is there" same "$(readelf -d static | grep -c 'NEEDED.*libweft')" 0
rm "$to"/lib/libweft.so*
rm out.tif
expect "the C program runs with the static library" same "$(./static scene.tif out.tif 2>&1)" "$said"

if command -v lua5.4 > /dev/null; then
    export LUA_CPATH="$to/lib/lua/5.4/?.so"
    expect "lua5.4 finds the module" same "$(lua5.4 -e 'print(require("weft").open("dem.tif"):at(0, 0))' 2>&1)" 300.0
    cat > signals.lua <<'LUA'
local function state()
    local text = {} -- signals 1 to 31: the system's threads use others
    for line in io.lines("/proc/self/status") do text[#text + 1] = line:match("^Sig[BIC].*(........)$") end
    return table.concat(text, " ")
end
local before = state()
require("weft").open("dem.tif"):save("copy.tif")
assert(state() == before, state())
LUA
    expect "the module leaves signals to its host" lua5.4 signals.lua
    expect "the module writes no statistics" same "$(lua5.4 -e 'print(select(2, pcall(require("weft").config, {stats = "x"})).message)' 2>&1)" "stats are written by the program weft only"
    expect "the module says so of the variable" same "$(WEFT_STATS=x lua5.4 -e 'require "weft"' 2>&1)" "(command line):1: warning: WEFT_STATS is for the program weft; nothing is written here"
    expect "a module required again is the same" lua5.4 - <<'LUA'
local weft = require "weft"
local dem = weft.open("dem.tif")
package.loaded.weft = nil
local again = require "weft"
again.open("scene.tif")
assert(again == weft and again.sqrt(dem * dem):at(0, 0) == 300)
LUA
    mkdir other && cp "$to/lib/lua/5.4/weft.so" other
    expect "another library of that name gives the first one's" lua5.4 - <<'LUA'
local weft = require "weft"
package.loaded.weft, package.cpath = nil, "./other/?.so"
local again, path = require "weft"
assert(path == "./other/weft.so" and again == weft and again.open("dem.tif"):at(0, 0) == 300)
LUA
    cat > closing.lua <<'LUA'
local late = setmetatable({}, {__gc = function(late)
    for _, f in ipairs(late) do
        local whole, why = pcall(f)
        print(whole or (tostring(why):match("weft is closed already") or why))
    end
end})
local weft = require "weft"
local dem, grid = weft.open("dem.tif"), weft.grid{crs = "EPSG:32632", bounds = {0, 0, 4, 4}, resolution = 1}
late[1] = function() return dem:save("late.tif") end
late[2] = function() return dem[1] end
late[3] = function() return dem.nodata end
late[4] = function() return dem + 1 end
late[5] = function() return #dem end
late[6] = function() return grid.crs end
late[7] = function() return tostring(grid) end
late[8] = function() return weft.open("dem.tif") end
late[9] = function() return weft.config{threads = 1} end
setmetatable({}, {__gc = function() print(dem:at(0, 0)) end})
LUA
    expect "what a state closes after the module finds it closed" same "$(lua5.4 closing.lua 2>&1 | sort | uniq -c | xargs)" "1 300.0 9 weft is closed already"
    expect "the module sets no globals" lua5.4 -e 'require "weft"; assert(weft == nil)'
fi
if command -v man > /dev/null; then
    expect "the manual page has no mistakes" same "$(LC_ALL=C.UTF-8 man -l --warnings "$to/share/man/man1/weft.1" 2>&1 > page)" ""
    expect "the manual page renders" grep -q "EXIT STATUS" page
    for option in $("$to/bin/weft" --help | grep -oE '^  --[a-z]+' ); do
        expect "the manual page has $option" grep -q -- "$option" page
    done
fi
echo "install: $passed passed, $failed failed"
