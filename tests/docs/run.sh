#!/bin/bash
# The README's script prints what the README says; operators.md is what the program prints.
weft=$1/weft
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
echo "docs: $passed passed, $failed failed"
