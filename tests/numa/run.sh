#!/bin/bash
# Pinning and page placement on an emulated machine with 4 NUMA nodes of 2 CPUs. Needs the tool that
# boots one: NUMA_VM, or numa-vm on the PATH or beside the project; skipped, saying so, without it.
build=$1
tool=${NUMA_VM:-$(command -v numa-vm || echo ../shared/tools/numa-vm/numa-vm)}
cache=${NUMA_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/numa-vm}
skip() { echo "skipped: $1"; echo "numa: 0 passed, 0 failed"; exit 0; }
[ -x "$tool" ] || skip "no machine with several NUMA nodes to boot"
command -v qemu-system-x86_64 >/dev/null && [ -d "$cache" ] || skip "the NUMA machine is not installed ($tool --install)"
folder=$(mktemp -d "${TMPDIR:-/tmp}/weft-numa.XXXXXX")
trap 'rm -rf "$folder"' EXIT
timeout 400 "$tool" --timeout 300 --dir "$folder" -- "$(realpath "$build")/tests/placement" "$folder" 4 2>&1 | tail -20
