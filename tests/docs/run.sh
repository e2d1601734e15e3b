#!/bin/bash
# The README's script prints what the README says; operators.md is what the program prints; every block of
# language.md, neighbourhoods.md and statistics.md runs, in order and in one folder, and prints the text that follows it;
# so does every row of coming-from.md.
weft=$(realpath "$1/weft")
here=$PWD/tests/docs pages=$PWD/docs
passed=0 failed=0
expect() {
    local name=$1
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "docs: $name"; fi
}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/weft-docs.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
block() { awk -v want="^\`\`\`$2\$" '$0 ~ want && !done {on = 1; next} /^```$/ && on {on = 0; done = 1} on' "$1"; }
"$weft" run --quiet examples/01_ndvi.lua "$tmp" > /dev/null
block README.md lua | sed "s|build/demo|$tmp|g" > "$tmp/readme.lua"
block README.md text | sed "s|build/demo|$tmp|g" > "$tmp/want"
"$weft" run --quiet "$tmp/readme.lua" > "$tmp/got" 2>&1
expect "the README's script prints what it says: $(diff "$tmp/got" "$tmp/want" | head -4)" cmp -s "$tmp/got" "$tmp/want"
"$weft" ops --markdown > "$tmp/operators.md"
expect "docs/operators.md is not what make docs writes" cmp -s "$tmp/operators.md" docs/operators.md

# The n-th block of lua or sh is N.lua or N.sh; a block of text right after it is N.text.
mkdir "$tmp/blocks" "$tmp/work" "$tmp/bin"
awk -v dir="$tmp/blocks" '
    on && /^```$/ {on = 0; if (kind == "text") n = 0; next}
    on {if (n) print > (dir "/" n "." kind); next}
    /^```(lua|sh)$/ {kind = substr($0, 4); n = NR; at[n] = 1; on = 1; next}
    /^```text$/ {kind = "text"; on = 1; if (n) printf "" > (dir "/" n ".text"); next}
    /^```/ {n = 0; kind = "other"; on = 1; next}
    /[^ ]/ {n = 0}' docs/language.md docs/neighbourhoods.md docs/statistics.md
ln -s "$weft" "$tmp/bin/weft"
export WEFT_QUIET=1 WEFT_THREADS=2 PATH=$tmp/bin:$PATH
cp tests/docs/rasters.lua "$tmp/work"
cd "$tmp/work" || exit 1
weft run rasters.lua
# On the first line, so that the lines of messages are those of the block.
opened='local scene, qa, dem = weft.open("scene.tif"), weft.open("quality.tif"), weft.open("dem.tif"); '
for file in $(ls "$tmp/blocks" | grep -E '\.(lua|sh)$' | sort -n); do
    name=${file%.*}
    case $file in
    *.lua)
        sed "1s/^/$opened/" "$tmp/blocks/$file" > ndvi.lua
        weft run ndvi.lua > "$tmp/got" 2>&1
        ;;
    *.sh) bash -e "$tmp/blocks/$file" > "$tmp/got" 2>&1 ;;
    esac
    status=$?
    if [ -f "$tmp/blocks/$name.text" ]; then
        expect "manual, line $name: $(diff "$tmp/got" "$tmp/blocks/$name.text" | head -8)" cmp -s "$tmp/got" "$tmp/blocks/$name.text"
    else
        expect "manual, line $name: $(head -4 "$tmp/got")" test $status -eq 0
    fi
done
# What other tools write: weft's side runs, and gives what numpy gives where that is installed.
mkdir "$tmp/coming"
weft run "$here/coming.lua" "$pages/coming-from.md" "$tmp/coming"
python=${PYTHON:-/usr/bin/python3}
if "$python" -c 'import numpy, scipy, osgeo.gdal' 2> /dev/null; then
    PYTHONDONTWRITEBYTECODE=1 "$python" "$here/coming.py" "$tmp/coming"
fi
echo "docs: $passed passed, $failed failed"
