#!/bin/bash
# Speed: weft's kernels against the machine's copy bandwidth, then, where the peer benchmark and its data
# are present (PEERS, WEFTBENCH_WORK), whole jobs beside other tools. Nothing here decides a test.
build=$1
"$build/tests/kernels" 1
[ "$(nproc)" -gt 1 ] && "$build/tests/kernels" "$(nproc)"
peers=${PEERS:-../shared/bench}
work=${WEFTBENCH_WORK:-${TMPDIR:-/tmp}/weftbench}
if [ ! -d "$peers" ] || [ ! -d "$work/data" ]; then
    echo "whole jobs: skipped, no peer benchmark in $peers with data in $work"
    exit 0
fi
python=${BENCH_PYTHON:-/usr/bin/python3}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/weft-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
cp -r "$peers" "$tmp/peers" && chmod -R u+w "$tmp/peers"
"$python" "$tmp/peers/weft/entries.py" "$build/weft" > "$tmp/weft.json"
cd "$tmp/peers" && WEFTBENCH_WORK=$work BENCH_PYTHON=$python "$python" run_peers.py --only "${JOBS:-w1,w2,w9}" \
    --sizes "${SIZES:-512,10k}" --peers "weft,${TOOLS:-libvips,numexpr,dask,numba}" --extra "$tmp/weft.json" --json "$tmp/raw.jsonl"
