#!/bin/bash
# Runs all tests of a build: tests/run.sh BUILD [PATTERN]. The last line is "N passed, N failed".
# A line "NAME: N passed, N failed" from each part is added up; what else it prints is shown.
cd "$(dirname "$0")/.." || exit 1
build=${1:-build}
only=${2:-.}
passed=0 failed=0
tmp=$(mktemp -d "${TMPDIR:-/tmp}/weft-test.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
export WEFT_DATA=${WEFT_DATA:-../shared/data}
export WEFT_CACHE=$tmp/cache

add() { # a part's name, its output: adds the sums up, shows the rest
    local line sum=
    while IFS= read -r line; do
        if [[ $line =~ ^[A-Za-z0-9_./\ -]+:\ ([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
            passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2])) sum=yes
            [ "${BASH_REMATCH[2]}" != 0 ] && echo "$line"
        elif [ -n "$line" ]; then
            echo "$line"
        fi
    done <<< "$2"
    if [ -z "$sum" ]; then
        echo "$1: ended without a count"
        failed=$((failed + 1))
    fi
}

part() { # name, command...
    [[ $1 =~ $only ]] || return
    local name=$1
    shift
    add "$name" "$("$@" 2>&1)"
}

# A script with its expected output: stdout and stderr together, TMP for the folder it may write to. A
# first line "-- options: --machine ..." adds options.
script() {
    local out status name=${1%.lua} options
    [[ $name =~ $only ]] || return
    mkdir -p "$tmp/script"
    eval "options=($(sed -n '1s/^-- options: //p' "$1"))"
    out=$("$build/weft" run --quiet --threads 2 "${options[@]}" "$1" "$tmp/script" 2>&1)
    status=$?
    out=${out//"$tmp/script"/TMP}
    case $1 in
    tests/error/*) [ $status -eq 1 ] || out="$out"$'\n'"exit status $status" ;;
    *) [ $status -eq 0 ] || out="$out"$'\n'"exit status $status" ;;
    esac
    if [ "$out" == "$(cat "$name.out")" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$name differs from what is expected:"
        diff <(echo "$out") "$name.out" | head -12
    fi
    rm -rf "$tmp/script"
}

part layers tests/layers.sh
for check in "$build"/tests/check_*; do
    [ -x "$check" ] && [[ $check != *.o && $check != *.d ]] && part "$(basename "$check")" "$check"
done
for file in tests/script/*.lua tests/error/*.lua tests/show/*.lua; do
    [ -f "$file" ] && script "$file"
done
for file in tests/*/run.sh; do
    [ -x "$file" ] && part "$(dirname "$file")" "$file" "$build"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
