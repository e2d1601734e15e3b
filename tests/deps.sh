#!/bin/sh
# Installs the named packages where they are missing: Debian and Ubuntu; elsewhere names them and stops.
missing=
if command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
    [ -z "$missing" ] && exit 0
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || { echo "weft needs these packages:$missing (no root and no sudo to install them)" >&2; exit 1; }
        sudo=sudo
    fi
    echo "installing$missing"
    $sudo env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing" >/dev/null || {
        echo "installing these packages failed:$missing" >&2; exit 1; }
else
    echo "This is neither Debian nor Ubuntu. weft needs the equivalents of these packages:" >&2
    echo "  $*" >&2
    [ -n "$WEFT_DEPS_PRESENT" ] && exit 0
    echo "Install them, then run make with WEFT_DEPS_PRESENT=1." >&2
    exit 1
fi
