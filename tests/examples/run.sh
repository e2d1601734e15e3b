#!/bin/bash
# Each example runs, says where its results are, and these are there.
weft=$1/weft
passed=0 failed=0
for example in examples/*.lua; do
    folder=$(mktemp -d "${TMPDIR:-/tmp}/weft-example.XXXXXX")
    said=$("$weft" run --quiet "$example" "$folder" 2>&1)
    status=$?
    files=$(grep -oE "$folder/[A-Za-z0-9_.]+" <<< "$said" | sort -u)
    missing=
    for file in $files; do [ -s "${file%:}" ] || missing="$missing $file"; done
    if [ $status -eq 0 ] && [ -n "$files" ] && [ -z "$missing" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "examples: $example: status $status, missing:$missing, said: $(head -3 <<< "$said")"
    fi
    rm -rf "$folder"
done
echo "examples: $passed passed, $failed failed"
