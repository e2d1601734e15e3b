#!/bin/bash
# The laws of docs/design.md on whole files: same bytes for any tile, threads, machine and engine; counted
# work equals planned work, which equals what is in the files; one kernel; common parts once.
weft=$1/weft
cd "$(dirname "$0")/../.." || exit 1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/weft-laws.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0
expect() { # name, condition as a command
    local name=$1
    shift
    if "$@" >"$tmp/why" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "laws: $name: $(head -3 "$tmp/why")"; fi
}
mkdir "$tmp/in"
"$weft" run --quiet tests/laws/inputs.lua "$tmp/in" || failed=1
number() { grep -oE "\"$2\":[[:space:]]*-?[0-9.]+" "$1" | head -1 | grep -oE -- "-?[0-9.]+$"; }
kept() { # all counted numbers of a run are the planned ones; "again": some blocks are read twice
    python3 - "$@" <<'PY'
import json, sys
for r in json.load(open(sys.argv[1]))["runs"]:
    assert r["pixels"]["computed"] == r["pixels"]["planned"], r["pixels"]
    read = r["blocks"]["planned"] + r["blocks"]["kept"]
    assert r["blocks"]["decoded"] == r["blocks"]["planned"] and read >= r["blocks"]["in_files"], r["blocks"]
    assert len(sys.argv) > 2 or read == r["blocks"]["in_files"], r["blocks"]
    assert r["tiles"]["run"] == r["tiles"]["planned"], r["tiles"]
    assert r["memory"]["peak"] <= r["memory"]["predicted"], r["memory"]
    for k in [k for s in r["stages"] for k in s["kernels"]]:
        assert k["pixels_planned"] == k["pixels_computed"], k
PY
}
same_pixels() { # GDAL's own writer lays blocks out as they come: pixels and masks are compared
    for file in "$1" "$2"; do
        gdal_translate -q -of ENVI "$file" "$file.raw" && gdal_translate -q -of ENVI -b mask "$file" "$file.mask" || return 1
    done
    cmp "$1.raw" "$2.raw" && cmp "$1.mask" "$2.mask"
}
phases() { # name, options...
    mkdir -p "$tmp/$1/phases"
    expect "$1 runs phases" "$weft" run --quiet --stats "$tmp/$1.phases.json" "${@:2}" tests/laws/phases.lua "$tmp/in" "$tmp/$1/phases"
    expect "$1 counts phases as planned" kept "$tmp/$1.phases.json" again
    [ "$1" = one ] && return
    for file in standard stretch around; do
        expect "$1 gives the same phases/$file.tif" cmp "$tmp/one/phases/$file.tif" "$tmp/$1/phases/$file.tif"
    done
}
way() { # name, options...
    local name=$1
    shift
    mkdir "$tmp/$name"
    expect "$name runs" "$weft" run --quiet --stats "$tmp/$name.json" "$@" tests/laws/job.lua "$tmp/in" "$tmp/$name"
    expect "$name counts as planned" kept "$tmp/$name.json"
    mkdir "$tmp/$name/focal"
    expect "$name runs neighbourhoods" "$weft" run --quiet --stats "$tmp/$name.focal.json" "$@" tests/laws/focal.lua "$tmp/in" "$tmp/$name/focal"
    expect "$name counts neighbourhoods as planned" kept "$tmp/$name.focal.json"
    mkdir "$tmp/$name/series"
    expect "$name runs series" "$weft" run --quiet --stats "$tmp/$name.series.json" "$@" tests/laws/series.lua "$tmp/in" "$tmp/$name/series"
    expect "$name counts series as planned" kept "$tmp/$name.series.json"
    mkdir "$tmp/$name/wrap"
    expect "$name runs edges that wrap" "$weft" run --quiet --stats "$tmp/$name.wrap.json" "$@" tests/laws/wrap.lua "$tmp/in" "$tmp/$name/wrap"
    expect "$name counts edges that wrap as planned" kept "$tmp/$name.wrap.json" again
    phases "$name" "$@"
    [ "$name" = one ] && return
    for file in order sums lines pick; do
        expect "$name gives the same series/$file.tif" cmp "$tmp/one/series/$file.tif" "$tmp/$name/series/$file.tif"
    done
    for file in chain mixed cell row column few; do
        expect "$name gives the same wrap/$file.tif" cmp "$tmp/one/wrap/$file.tif" "$tmp/$name/wrap/$file.tif"
    done
    for file in chain diamond rules stencil holes smooth ranks cell row column few; do
        expect "$name gives the same focal/$file.tif" cmp "$tmp/one/focal/$file.tif" "$tmp/$name/focal/$file.tif"
    done
    for file in x y; do
        expect "$name gives the same $file.tif" cmp "$tmp/one/$file.tif" "$tmp/$name/$file.tif"
    done
    expect "$name gives the same z.tif" same_pixels "$tmp/one/z.tif" "$tmp/$name/z.tif"
}
way one --threads 1
way two --threads 2
way five --threads 5
way tile64 --threads 2 --tile 64
way tile256 --threads 2 --tile 256
way tile1000 --threads 2 --tile 1000
way numa --machine "numa:4 core:2 pu:1"
way still --machine "numa:4 core:2 pu:1" --steal none
way reference --threads 2 --engine reference

# What several phases need is decoded once where there is room, and again where there is not; the least budget is exact.
decoded() { [ "$(number "$1" decoded)" "$2" "$3" ] || { grep -A5 '"blocks"' "$1"; false; }; }
expect "phases decode what they share once" decoded "$tmp/one.phases.json" -lt 200
"$weft" run --quiet --memory 1000 tests/laws/phases.lua "$tmp/in" "$tmp" 2> "$tmp/refused"
least=$(grep -oE "memory [0-9]+" "$tmp/refused" | grep -oE "[0-9]+")
phases least --memory "$least"
phases some --machine "numa:1 core:1 pu:1" --memory 14M
phases more --machine "numa:1 core:2 pu:1" --memory 24M
expect "no blocks are kept with the least memory" test "$(number "$tmp/least.phases.json" kept)" -eq 0
expect "some are with more" test "$(number "$tmp/some.phases.json" kept)" -gt 0
expect "more are with still more" test "$(number "$tmp/more.phases.json" kept)" -gt "$(number "$tmp/some.phases.json" kept)"
expect "less than the least is refused" bash -c "! '$weft' run --quiet --memory $((least - 1)) tests/laws/phases.lua '$tmp/in' '$tmp'"

# The files' own blocks: 3 x 3 of 512, 6 x 5 of 256, 69 strips of 16, 3 x 3 of 512 pixel by pixel.
blocks() { [ "$(number "$1" in_files)" = "$2" ] || { grep '"blocks"' "$1"; false; }; }
expect "three outputs read each block once" blocks "$tmp/one.json" $((9 + 30 + 69 + 9))

cat > "$tmp/two.lua" <<'LUA'
local p = weft.open(arg[1] .. "/pixel4.tif");
(p[2] + p[4]):save(arg[2] .. "/p.tif")
LUA
expect "two of four pixel-interleaved bands" "$weft" run --quiet --stats "$tmp/p.json" "$tmp/two.lua" "$tmp/in" "$tmp"
expect "two of four pixel-interleaved bands are decoded together" blocks "$tmp/p.json" 9

cat > "$tmp/twelve.lua" <<'LUA'
local a, b = weft.open(arg[1] .. "/tiles512.tif"), weft.open(arg[1] .. "/tiles256.tif");
((((a - b) / (a + b) * 2 + 1):sqrt() * a:sin() - b:cos()):abs() + (a * 0.5):exp2()):clamp(0, 9):save(arg[2] .. "/t.tif")
LUA
expect "twelve operators" "$weft" run --quiet --stats "$tmp/t.json" "$tmp/twelve.lua" "$tmp/in" "$tmp"
expect "twelve operators are one kernel" test "$(grep -c pixels_computed "$tmp/t.json")" = 1

# A stencil of neighbours of a file is one kernel; a chain computes little more than its output.
cat > "$tmp/stencil.lua" <<'LUA'
local b = weft.open(arg[1] .. "/tiles256.tif");
weft.calc("A[1, 0] + A[-1, 0] + A[0, 1] + A[0, -1] - 4 * A", {A = b}):save(arg[2] .. "/s.tif")
LUA
expect "a stencil" "$weft" run --quiet --stats "$tmp/s.json" "$tmp/stencil.lua" "$tmp/in" "$tmp"
expect "a stencil is one kernel" test "$(grep -c pixels_computed "$tmp/s.json")" = 1

# Without invalid pixels, the windows of all that lies off the edge are plain; one pixel costs its surroundings.
cat > "$tmp/plain.lua" <<'LUA'
local r = weft.random{like = weft.grid{bounds = {0, 0, 1024, 1024}, resolution = 1}}
r:save(arg[1] .. "/all.tif", {blocksize = 256})
weft.calc("c == 700 and w == 300 ? null : r", {c = weft.col{like = r}, w = weft.row{like = r}, r = r}):save(arg[1] .. "/one.tif", {blocksize = 256})
for _, name in ipairs{"all", "one"} do
    weft.open(("%s/%s.tif"):format(arg[1], name)):gaussian(2, {edges = "reflect"}):save(arg[1] .. "/g.tif")
end
LUA
plain() { # of all kernels of the last two runs, those that have a plain form: all pixels; not so many
    python3 - "$1" <<'PY'
import json, sys
runs = [[(k["pixels_plain"], k["pixels_computed"]) for s in r["stages"] for k in s["kernels"]] for r in json.load(open(sys.argv[1]))["runs"]]
assert all(a == b for a, b in runs[-2]), runs[-2]
assert all(0.7 * b < a < b for a, b in runs[-1]), runs[-1]
PY
}
expect "a smoothed raster" "$weft" run --quiet --stats "$tmp/plain.json" "$tmp/plain.lua" "$tmp"
expect "windows without invalid pixels are plain" plain "$tmp/plain.json"

# More files than the process may hold open, medians and percentiles of more rasters than meet in registers.
mkdir "$tmp/year"
cat > "$tmp/day.lua" <<'LUA'
local like = weft.grid{crs = "EPSG:32633", bounds = {0, 0, 70, 50}, resolution = 10}
local days = weft.stack{weft.random{like = like, seed = 1} * 1000, weft.random{like = like, seed = 2} * 1000};
for b = 1, 2 do days[b]:mask(days[b]:gt(99)):save(arg[1] .. "/" .. b .. ".tif") end
LUA
cat > "$tmp/year.lua" <<'LUA'
local list = weft.glob(arg[1] .. "/d*.tif")
local t = weft.series(list, {"median", "p90", "count", "mode"})
weft.save_all{ {weft.stack{t.median, t.p90, t.count, t.mode}, arg[2], {type = "f64"}} }
LUA
"$weft" run --quiet --engine reference "$tmp/day.lua" "$tmp/year"
for day in $(seq 365); do cp "$tmp/year/$((day % 2 + 1)).tif" "$tmp/year/d$day.tif"; done
year() { (ulimit -n 64; "$weft" run --quiet --stats "$tmp/year.json" "${@:2}" "$tmp/year.lua" "$tmp/year" "$tmp/$1.tif"); }
expect "365 files with 64 handles" year year1
expect "365 files are decoded as planned" kept "$tmp/year.json"
expect "365 files in other tiles" year year2 --tile 64 --threads 1
expect "365 files give the same in other tiles" cmp "$tmp/year1.tif" "$tmp/year2.tif"
expect "365 files by the reference" year year3 --engine reference
expect "365 files give the same by the reference" cmp "$tmp/year1.tif" "$tmp/year3.tif"

# The common part of outputs is computed once: one kernel for the stage of x, y and z, one `exp` in it.
once() { [ "$(grep -o '\bexp\b' "$1" | wc -l)" = 1 ]; }
expect "the common part of two outputs is computed once" once "$tmp/one.json"
echo "laws: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
