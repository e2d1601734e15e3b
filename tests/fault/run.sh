#!/bin/bash
# The n-th allocation, read or write fails; the disk is full; the output folder is not there; a run is
# interrupted.
build=$1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/weft-fault.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/alloc"
"$build/tests/faults" "$tmp/alloc" tests/fault/job.lua 2>&1
passed=0 failed=0
expect() { # name, condition as a command
    local name=$1
    shift
    if "$@" >"$tmp/why" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "faults: $name: $(head -3 "$tmp/why")"; fi
}
cat > "$tmp/big.lua" <<'LUA'
local g = weft.grid{ crs = "EPSG:32633", bounds = { 0, 0, 40000, 40000 }, resolution = 4 }
weft.random{ like = g, seed = 1 }:exp():sin():save(arg[1], { compress = arg[2] })
LUA
cat > "$tmp/copy.lua" <<'LUA'
local g = weft.grid{ crs = "EPSG:32633", bounds = { 0, 0, 28000, 28000 }, resolution = 4 }
local r = weft.random{ like = g, seed = 1 } * 255
r:cast("u8"):save(arg[1], { format = "PNG" })
LUA
empty() { [ -z "$(ls -A "$1")" ] || { ls -A "$1"; false; }; }
wait_for() { # a file of this pattern, 30 seconds
    for i in $(seq 600); do compgen -G "$1" >/dev/null && return; sleep 0.05; done
    echo "no $1"
    false
}

# A limit on the size of files stands for a full disk: written at offsets, by GDAL's writer, as a copy.
full() { # name, script, output, arguments...
    mkdir "$tmp/full"
    (ulimit -f 4096; trap '' XFSZ; "$build/weft" run --quiet --engine jit "$tmp/$2" "$tmp/full/$3" "${@:4}" >"$tmp/said" 2>&1)
    expect "a full disk is an error, $1" test $? -eq 1
    expect "a full disk names the file, $1" grep -q "$3" "$tmp/said"
    expect "a full disk is the reason, $1" grep -q "File too large" "$tmp/said"
    expect "a full disk leaves nothing behind, $1" empty "$tmp/full"
    rm -rf "$tmp/full"
}
full plain big.lua out.tif
full compressed big.lua out.tif deflate
full lzw big.lua out.tif lzw
full copied copy.lua out.png

# One interrupt stops the run, says so by its status, and leaves nothing behind.
start() { # folder, script, output, arguments...: sets pid
    mkdir "$tmp/$1"
    setsid "$build/weft" run --quiet "${@:4}" "$tmp/$2" "$tmp/$1/$3" >"$tmp/said" 2>&1 &
    pid=$!
}
for signal in INT TERM HUP; do
    start $signal big.lua out.tif --engine reference
    expect "SIG$signal: the run begins" wait_for "$tmp/$signal/.out.*.part.tif"
    kill -$signal $pid
    wait $pid
    expect "SIG$signal gives status 130" test $? -eq 130
    expect "SIG$signal says so" grep -q interrupted "$tmp/said"
    expect "SIG$signal leaves nothing behind" empty "$tmp/$signal"
done

# Making a PNG of a whole raster cannot be stopped: the second signal ends the process.
start second copy.lua out.png --engine jit
expect "a second signal: the copy begins" wait_for "$tmp/second/.out.*.part/out.png"
kill -INT $pid
sleep 0.2
expect "a copy goes on after the first signal" kill -INT $pid
wait $pid
expect "a second signal gives status 130" test $? -eq 130
expect "a second signal leaves nothing behind" empty "$tmp/second"

# Lua code is stopped as well, and so is what waits in a pcall.
cat > "$tmp/loop.lua" <<'LUA'
io.open(arg[1], "w"):close()
while true do pcall(function() while true do local s = ("x"):rep(100) end end) end
LUA
start loop loop.lua begun
expect "the loop begins" wait_for "$tmp/loop/begun"
kill -TERM $pid
wait $pid
expect "a script that loops is stopped" test $? -eq 130

echo old > "$tmp/keep.tif"
"$build/weft" run --quiet "$tmp/big.lua" "$tmp/none/out.tif" >"$tmp/said" 2>&1
expect "a missing folder is an error" test $? -eq 1
expect "a missing folder is named" grep -q "none" "$tmp/said"
echo 'weft.open("/nowhere/a.tif"):save(arg[1])' > "$tmp/bad.lua"
"$build/weft" run --quiet "$tmp/bad.lua" "$tmp/keep.tif" >"$tmp/said" 2>&1
expect "a failed run leaves the old file" test "$(cat "$tmp/keep.tif")" = old
echo "faults: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
