#!/bin/bash
# Random graphs, and nonsense as scripts, expressions and files: run.sh BUILD [COUNT]. Without COUNT,
# some of each; `make fuzz` runs COUNT of each nonsense, and the graphs itself.
build=$(realpath "$1")
count=$2
passed=0 failed=0
tmp=$(mktemp -d "${TMPDIR:-/tmp}/weft-fuzz.XXXXXX")
trap 'rm -rf "$tmp"' EXIT

add() { # a tool's name, its output: its last line counts, all others but warnings are shown
    local line
    while IFS= read -r line; do
        if [[ $line =~ ^$1:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
            passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
            return
        fi
        [[ $line == *": warning: "* ]] || echo "$line"
    done <<< "$2"
    echo "fuzz: $1 ended without a count"
    failed=$((failed + 1))
}
[ -n "$count" ] || add graphs "$("$build/tests/graphs" 1 300 2>&1)"
add noise "$("$build/tests/noise" script 1 "${count:-200}" 2>&1)"
add noise "$("$build/tests/noise" calc 1 "${count:-200}" 2>&1)"
add noise "$("$build/tests/noise" file 1 "${count:-100}" 2>&1)"

# The program itself: whatever it is given, its status is 0, 1 or 2.
status() { # what, its seed, command...
    local what="$1 $2"
    shift 2
    (cd "$tmp" && timeout 100 "$@" >said 2>&1 </dev/null)
    local got=$?
    if [ $got -le 2 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "fuzz: $what: status $got: $(head -3 "$tmp/said")"
    fi
}
for seed in $(seq 12); do
    "$build/tests/noise" script "$seed" > "$tmp/noise.lua"
    status script "$seed" "$build/weft" run --quiet --threads 2 "$tmp/noise.lua"
    status expression "$seed" "$build/weft" calc --quiet --threads 2 "$("$build/tests/noise" calc "$seed" | tr -d '\0')" -o "$tmp/out.tif"
    "$build/tests/noise" file "$seed" > "$tmp/bad.tif"
    status file "$seed" "$build/weft" info "$tmp/bad.tif" --stats --threads 2
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
