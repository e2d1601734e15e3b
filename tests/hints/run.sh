#!/bin/sh
# Every function of weft and every method that a text of the program names is there.
cd "$(dirname "$0")/../.." || exit 1
"$1/weft" run --quiet tests/hints/names.lua engine/*.c engine/*/*.c dsl/*.c dsl/*.lua ops/*.c ops/*/*.c
