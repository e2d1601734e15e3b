#!/bin/sh
# The arrows of docs/design.md: a room includes headers of lower floors only, foreign headers stay in
# their room, file names are unique. Prints what breaks the rule; the last line counts.
cd "$(dirname "$0")/.." || exit 1
failed=0
bad() { echo "layers: $*"; failed=$((failed + 1)); }

# What each room may include: itself, weft.h, op.h and these.
allowed() {
    case $1 in
    base) echo "base" ;;
    graph) echo "base graph" ;;
    pass) echo "base graph pass" ;;
    plan) echo "base graph plan" ;;
    io) echo "base graph io" ;;
    code) echo "base graph pass plan io code" ;;
    run) echo "base graph pass plan io run" ;;
    esac
}
for room in base graph pass plan io code run; do
    for file in engine/$room/*.[ch]; do
        [ -f "$file" ] || continue
        for header in $(sed -n 's/^ *# *include *"\([^"]*\)".*/\1/p' "$file"); do
            case $header in
            weft.h | op.h) continue ;;
            math.def) [ $room = code ] && continue ;;
            esac
            found=no
            for floor in $(allowed $room); do
                case $header in "$floor"/*) [ -f "engine/$header" ] && found=yes ;; esac
            done
            [ $found = yes ] || bad "$file includes $header"
        done
    done
done
for file in ops/*.[ch] ops/rows/*.[ch]; do
    for header in $(sed -n 's/^ *# *include *[<"]\([^">]*\)[">].*/\1/p' "$file"); do
        case $header in op.h | kernel.h | math.def) ;; *) [ -f "ops/$header" ] || [ -f "$(dirname "$file")/$header" ] || bad "$file includes $header" ;; esac
    done
done
# Reductions are native only: the C library's headers are theirs too.
for file in ops/reduce/*.[ch]; do
    for header in $(sed -n 's/^ *# *include *[<"]\([^">]*\)[">].*/\1/p' "$file"); do
        case $header in op.h | kernel.h | math.h | string.h | stdlib.h) ;; *) [ -f "ops/reduce/$header" ] || bad "$file includes $header" ;; esac
    done
done
for file in dsl/*.[ch]; do
    for header in $(sed -n 's/^ *# *include *"\([^"]*\)".*/\1/p' "$file"); do
        case $header in weft.h | op.h) ;; *) [ -f "dsl/$header" ] || bad "$file includes $header" ;; esac
    done
done

# One foreign library, one room.
foreign() { # pattern, rooms that may
    for file in $(grep -lE "^ *# *include *<$1" engine/*.[ch] engine/*/*.[ch] dsl/*.[ch] ops/*.[ch] ops/*/*.[ch] 2>/dev/null); do
        case " $2 " in *" $(dirname "$file") "*) ;; *) bad "$file includes <$1...>" ;; esac
    done
}
foreign 'llvm' engine/code
foreign 'sleef' engine/code
foreign 'xxhash' engine/code
foreign 'hwloc' engine/run
foreign '(gdal|cpl_|ogr)' engine/io
foreign '(lua|lauxlib)' dsl
foreign '(histedit|editline)' dsl
foreign 'cjson' dsl
foreign 'pthread' 'engine/run engine/io'

for name in $(find engine dsl ops -name '*.[ch]' -exec basename {} \; | sort | uniq -d); do
    bad "the name $name is used twice"
done
[ $failed -eq 0 ] && echo "layers: 1 passed, 0 failed" || echo "layers: 0 passed, 1 failed"
[ $failed -eq 0 ]
