#!/bin/bash
# Where results go: standard output that is full, closed or read by nobody; --stats; places that may not be
# written, found before anything is computed. As root and as any other user.
build=$1
tmp=$(mktemp -d "${TMPDIR:-/tmp}/weft-output.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0
expect() { # name, condition as a command
    local name=$1
    shift
    if "$@" >"$tmp/why" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "output: $name: $(head -3 "$tmp/why")"; fi
}
same() { [ "$1" = "$2" ] || { echo "$1, not $2"; false; }; }
unset WEFT_STATS
export WEFT_QUIET=1 WEFT_ENGINE=reference

cat > "$tmp/raster.lua" <<'LUA'
local g = weft.grid{ crs = "EPSG:32633", bounds = { 0, 0, 40, 40 }, resolution = 4 }
local r = weft.random{ like = g, seed = 1 }
LUA
cat "$tmp/raster.lua" - > "$tmp/small.lua" <<< 'r:save(arg[1])'
echo 'for i = 1, 50000 do print(i) end' > "$tmp/print.lua"
echo 'for i = 1, 50000 do io.write(i) end' > "$tmp/write.lua"
echo 'print(1) os.exit(0)' > "$tmp/exit.lua"
echo 'print(1) os.exit(7)' > "$tmp/seven.lua"
"$build/weft" run "$tmp/small.lua" "$tmp/a.tif"

# Commands that write there, each with its exit status, one line on standard error.
full="weft: cannot write to standard output: No space left on device"
closed="weft: cannot write to standard output: Bad file descriptor"
while read -r command; do
    command=${command//TMP/$tmp}
    if [ -w /dev/full ]; then
        said=$("$build/weft" $command 2>&1 >/dev/full)
        expect "weft $command on a full device ends with status 1" same $? 1
        expect "weft $command on a full device says so" same "$said" "$full"
    fi
    said=$("$build/weft" $command 2>&1 >&-)
    expect "weft $command without standard output ends with status 1" same $? 1
    expect "weft $command without standard output says so" same "$said" "$closed"
done <<'LIST'
version
--version
--help
run --help
ops
ops clamp
ops --markdown
topo
info TMP/a.tif
info --stats TMP/a.tif
explain TMP/small.lua TMP/b.tif
run TMP/print.lua
run TMP/write.lua
run TMP/exit.lua
run --stats - TMP/small.lua TMP/b.tif
LIST
said=$(echo 'print(1)' | "$build/weft" 2>&1 >&-)
expect "lines that are read without standard output end with status 1" same "$? $said" "1 $closed"
"$build/weft" run "$tmp/seven.lua" >&- 2>/dev/null
expect "a status of the script's own stays" same $? 7
"$build/weft" run "$tmp/small.lua" "$tmp/b.tif" >&- 2>"$tmp/said"
expect "who writes nothing needs no standard output" same "$? $(cat "$tmp/said")" "0 "
expect "what is saved without standard output is whole" cmp "$tmp/a.tif" "$tmp/b.tif"
"$build/weft" run "$tmp/print.lua" 2>"$tmp/said" | head -1 >"$tmp/head"
expect "a reader that goes away is an error" same "${PIPESTATUS[0]} $(cat "$tmp/head")" "1 1"
expect "a reader that goes away is named" same "$(cat "$tmp/said")" "weft: cannot write to standard output: Broken pipe"
echo 'os.execute("bash -c \"yes | head -1; echo \\${PIPESTATUS[0]}\"")' > "$tmp/child.lua"
expect "programs that a script starts are told of broken pipes" same "$("$build/weft" run "$tmp/child.lua" 2>&1 | tr '\n' ' ')" "y 141 "

# --stats: to standard output, to a file, to a device; asked for by a variable or by the script.
is_json() { "$build/weft" run "$tmp/json.lua" "$1"; }
cat > "$tmp/json.lua" <<'LUA'
local text = io.open(arg[1]):read("a")
assert(text:match('^{.*"runs":%s*%[.*"seconds".*}\n$'), text)
LUA
"$build/weft" run --stats - "$tmp/small.lua" "$tmp/b.tif" >"$tmp/said"
expect "--stats - writes to standard output" is_json "$tmp/said"
expect "--stats - makes no file of that name" test ! -e -
WEFT_STATS=- "$build/weft" run "$tmp/small.lua" "$tmp/b.tif" >"$tmp/said"
expect "WEFT_STATS=- writes to standard output" is_json "$tmp/said"
"$build/weft" run --stats /dev/stdout "$tmp/small.lua" "$tmp/b.tif" | cat >"$tmp/said"
expect "--stats takes a device" is_json "$tmp/said"
cat "$tmp/small.lua" > "$tmp/config.lua"
echo 'weft.config{stats = arg[2]}' >> "$tmp/config.lua"
"$build/weft" run "$tmp/config.lua" "$tmp/b.tif" "$tmp/config.json"
expect "weft.config{stats=} writes a file" is_json "$tmp/config.json"
echo 'os.exit(true, true)' >> "$tmp/config.lua"
"$build/weft" run "$tmp/config.lua" "$tmp/b.tif" "$tmp/exit.json"
expect "os.exit writes it, too" is_json "$tmp/exit.json"

# Places that may not be written, found before the script does anything.
cat "$tmp/raster.lua" - > "$tmp/places.lua" <<'LUA'
local function say(f, ...)
    local done, why = pcall(f, ...)
    print(done and "done" or why.message)
end
local freq = (r * 9):floor():cast("u8"):freq()
say(r.save, r, arg[1] .. ".tif")
say(r.plot, r, arg[1] .. ".png")
say(freq.to_csv, freq, arg[1] .. ".csv")
say(weft.config, { stats = arg[1] .. ".json" })
LUA
places() { # name, prefix of the places, what each is said to be
    "$build/weft" run --stats "$tmp/places.json" "$tmp/places.lua" "$2" >"$tmp/said" 2>&1
    expect "$1, nothing is computed" grep -q '"runs":[[:space:]]*\[\]' "$tmp/places.json"
    for kind in tif png csv json; do
        expect "$1, $kind" grep -qF "cannot write $2.$kind: $3" "$tmp/said"
    done
    "$build/weft" run --stats "$2.json" "$tmp/print.lua" >"$tmp/said" 2>&1
    expect "$1, --stats, ends with status 1" same $? 1
    expect "$1, --stats, is found before the script runs" same "$(wc -l <"$tmp/said") $(grep -cF "cannot write $2.json: $3" "$tmp/said")" "$4 1"
}
touch "$tmp"/p.{tif,png,csv,json}
chmod 444 "$tmp"/p.*
places "a protected file is not replaced" "$tmp/p" "it is write-protected" 2
for kind in tif png csv json; do
    expect "a protected $kind stays" test -e "$tmp/p.$kind" -a ! -s "$tmp/p.$kind"
    ln -s "p.$kind" "$tmp/link.$kind"
done
places "a link to a protected file is not replaced" "$tmp/link" "it is write-protected" 2
places "a missing folder is told" "$tmp/none/p" "the folder $tmp/none/: No such file" 1
mkdir "$tmp"/q.{tif,png,csv,json}
places "a folder is told" "$tmp/q" "it is a folder" 1
"$build/weft" calc A+1 -A "$tmp/a.tif" -o "$tmp/p.tif" >"$tmp/said" 2>&1
expect "weft calc does not replace a protected file" grep -q "write-protected" "$tmp/said"
if [ "$(id -u)" -eq 0 ]; then
    chown 65534 "$tmp/p.tif"
    chmod 644 "$tmp/p.tif"
    expect "root replaces another's file" "$build/weft" run "$tmp/small.lua" "$tmp/p.tif"
else
    echo "skipped: files of another user, which only root can make"
fi

# A whole text or none: results of a killed or failed run do not stand under the name.
cat "$tmp/raster.lua" - > "$tmp/csv.lua" <<< 'local q = (r * 9):floor():cast("u8") q:freq():to_csv(arg[1])'
expect "a table is written" "$build/weft" run "$tmp/csv.lua" "$tmp/t.csv"
expect "a table is whole" same "$(head -1 "$tmp/t.csv")" "value,count,area"
echo old > "$tmp/t.csv"
said=$( (ulimit -f 0; exec "$build/weft" run "$tmp/csv.lua" "$tmp/t.csv") 2>&1)
expect "a table that does not fit is an error" same "$? ${said##*: }" "1 File too large"
expect "an old table stays where the new one fails" same "$(cat "$tmp/t.csv")" old
touch "$tmp/.t.abcdef.part.csv"
"$build/weft" run "$tmp/csv.lua" "$tmp/t.csv" >"$tmp/said" 2>&1
expect "what a killed run left of a table is told of" grep -qF "warning: $tmp/.t.abcdef.part.csv was left by a run that was killed" "$tmp/said"
expect "no temporary file is left" test -z "$(find "$tmp" -name '.*.part*')"
# What is longer than the terminal goes through the pager.
lines() { # rows of the terminal
    script -qec "stty rows $1 cols 80; PAGER='head -n 1' '$build/weft' ops" /dev/null < /dev/null | wc -l
}
if script -qec true /dev/null < /dev/null > "$tmp/terminal" 2>&1; then
    expect "help that is longer than the terminal is paged" same "$(lines 10)" 1
    expect "help that is shorter is not" test "$(lines 1000)" -gt 50
else
    echo "skipped: no terminal for the pager"
fi
echo "output: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
