#!/bin/bash
# The n-th allocation, read or write fails; the disk is full; the output folder is not there; a run or a
# script is interrupted, or killed.
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
    (ulimit -f 4096; "$build/weft" run --quiet --engine jit "$tmp/$2" "$tmp/full/$3" "${@:4}" >"$tmp/said" 2>&1)
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

# One signal stops the run, says so by its status, and leaves nothing behind.
start() { # folder, script, output, arguments...: sets pid
    mkdir "$tmp/$1"
    env --default-signal=HUP setsid "$build/weft" run --quiet "${@:4}" "$tmp/$2" "$tmp/$1/$3" >"$tmp/said" 2>&1 &
    pid=$!
}
status() { wait "$pid"; [ $? -eq "$1" ] || { echo "not $1"; false; }; }
stops() { # name, status, file that shows that it has begun, signals...
    local signal
    expect "$1: it begins" wait_for "$3"
    for signal in "${@:4}"; do
        kill -"$signal" $pid
        sleep 0.1
    done
    expect "$1 gives status $2" status "$2"
}
declare -A ends=([INT]=130 [TERM]=143 [HUP]=129)
for signal in "${!ends[@]}"; do
    start $signal big.lua out.tif --engine reference
    stops "SIG$signal" ${ends[$signal]} "$tmp/$signal/.out.*.part.tif" $signal
    expect "SIG$signal says so" grep -q interrupted "$tmp/said"
    expect "SIG$signal leaves nothing behind" empty "$tmp/$signal"
done

# Making a file of another format is stopped, too.
start copy copy.lua out.png --engine jit
stops "a copy" 143 "$tmp/copy/.out.*.part/out.png" TERM
expect "a copy that is stopped leaves nothing behind" empty "$tmp/copy"

# Lua code is stopped as well, in a pcall, in a coroutine, in one inside another.
cat > "$tmp/loop.lua" <<'LUA'
io.open(arg[1], "w"):close()
while true do pcall(function() while true do local s = ("x"):rep(100) end end) end
LUA
cat > "$tmp/coroutine.lua" <<'LUA'
local function spin() while true do end end
local inner = coroutine.wrap(function()
    io.open(arg[1], "w"):close()
    pcall(spin)
    spin()
end)
local outer = coroutine.create(function() inner() end)
pcall(coroutine.resume, outer)
spin()
LUA
for script in loop coroutine; do
    start $script $script.lua begun
    stops "a script that loops ($script)" 143 "$tmp/$script/begun" TERM
done

# What waits for another program does not look at the first signal: the second ends the process.
echo 'os.execute("touch " .. arg[1] .. "; exec sleep 20")' > "$tmp/wait.lua"
start wait wait.lua begun
stops "a second signal" 129 "$tmp/wait/begun" TERM HUP

# Who has asked for no SIGHUP gets none.
(trap '' HUP; exec "$build/weft" run "$tmp/loop.lua" "$tmp/deaf" >"$tmp/said" 2>&1) &
pid=$!
stops "SIGHUP under nohup is ignored; SIGTERM" 143 "$tmp/deaf" HUP TERM

# What kill -9 leaves is told of and removed by the next run on that output, and by no other.
start killed copy.lua out.png --engine jit
stops "SIGKILL" 137 "$tmp/killed/.out.*.part/out.png" KILL 2>/dev/null
expect "SIGKILL leaves something behind" test "$(ls -A "$tmp/killed" | wc -l)" -ge 1
left=$(ls -A "$tmp/killed" | wc -l)
cat > "$tmp/small.lua" <<'LUA'
local g = weft.grid{ crs = "EPSG:32633", bounds = { 0, 0, 40, 40 }, resolution = 4 };
(weft.random{ like = g, seed = 1 } * 255):cast("u8"):save(arg[1])
LUA
"$build/weft" run --quiet "$tmp/small.lua" "$tmp/killed/other.tif" >"$tmp/said" 2>&1
expect "another output leaves it alone" test "$(ls -A "$tmp/killed" | wc -l)" -eq $((left + 1))
expect "another output says nothing" test ! -s "$tmp/said"
"$build/weft" run --quiet "$tmp/small.lua" "$tmp/killed/out.png" >"$tmp/said" 2>&1
expect "the next run says so" test "$(grep -c 'was left by a run that was killed, and is removed' "$tmp/said")" -eq "$left"
expect "the next run removes it" test "$(ls -A "$tmp/killed" | tr '\n' ' ')" = "other.tif out.png out.png.aux.xml "

# Two runs on one output do not remove what is the other's.
start shared big.lua out.tif --engine reference
expect "the first of two runs begins" wait_for "$tmp/shared/.out.*.part.tif"
part=$(ls -A "$tmp/shared")
"$build/weft" run --quiet "$tmp/small.lua" "$tmp/shared/out.tif" >"$tmp/said" 2>&1
expect "the second of two runs says nothing" test ! -s "$tmp/said"
expect "the second of two runs leaves the first alone" test -e "$tmp/shared/$part"
kill -TERM $pid
expect "the first of two runs is stopped" status 143

echo old > "$tmp/keep.tif"
"$build/weft" run --quiet "$tmp/big.lua" "$tmp/none/out.tif" >"$tmp/said" 2>&1
expect "a missing folder is an error" test $? -eq 1
expect "a missing folder is named" grep -q "none" "$tmp/said"
echo 'weft.open("/nowhere/a.tif"):save(arg[1])' > "$tmp/bad.lua"
"$build/weft" run --quiet "$tmp/bad.lua" "$tmp/keep.tif" >"$tmp/said" 2>&1
expect "a failed run leaves the old file" test "$(cat "$tmp/keep.tif")" = old
echo "faults: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
