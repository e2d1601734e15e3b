#!/bin/bash
# The n-th allocation fails; the disk is full; the output folder is not there; a run is interrupted.
build=$1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/weft-fault.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/alloc"
"$build/tests/faults" "$tmp/alloc" 2>&1
passed=0 failed=0
expect() { # name, condition as a command
    local name=$1
    shift
    if "$@" >"$tmp/why" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "fault: $name: $(head -3 "$tmp/why")"; fi
}
cat > "$tmp/big.lua" <<'LUA'
local g = weft.grid{ crs = "EPSG:32633", bounds = { 0, 0, 40000, 40000 }, resolution = 4 }
weft.random{ like = g, seed = 1 }:exp():sin():save(arg[1])
LUA
empty() { [ -z "$(ls -A "$1")" ] || { ls -A "$1"; false; }; }

# A limit on the size of files stands for a full disk.
mkdir "$tmp/full"
( ulimit -f 4096; trap '' XFSZ; "$build/weft" run --quiet "$tmp/big.lua" "$tmp/full/out.tif" >"$tmp/said" 2>&1 ); status=$?
expect "a full disk is an error" test $status -eq 1
expect "a full disk names the file" grep -q out.tif "$tmp/said"
expect "a full disk leaves nothing behind" empty "$tmp/full"

# One interrupt stops the run, says so by its status, and leaves nothing behind.
for signal in INT TERM HUP; do
    mkdir "$tmp/$signal"
    setsid "$build/weft" run --quiet --engine reference "$tmp/big.lua" "$tmp/$signal/out.tif" >"$tmp/said" 2>&1 &
    pid=$!
    for i in $(seq 100); do [ -n "$(ls -A "$tmp/$signal")" ] && break; sleep 0.05; done
    kill -$signal $pid
    wait $pid
    expect "SIG$signal gives status 130" test $? -eq 130
    expect "SIG$signal leaves nothing behind" empty "$tmp/$signal"
done

echo old > "$tmp/keep.tif"
"$build/weft" run --quiet "$tmp/big.lua" "$tmp/none/out.tif" >"$tmp/said" 2>&1
expect "a missing folder is an error" test $? -eq 1
expect "a missing folder is named" grep -q "none" "$tmp/said"
echo 'weft.open("/nowhere/a.tif"):save(arg[1])' > "$tmp/bad.lua"
"$build/weft" run --quiet "$tmp/bad.lua" "$tmp/keep.tif" >"$tmp/said" 2>&1
expect "a failed run leaves the old file" test "$(cat "$tmp/keep.tif")" = old
echo "faults: $passed passed, $failed failed"
