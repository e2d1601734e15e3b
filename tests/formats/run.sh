#!/bin/sh
# What each raster driver keeps of what is saved: tests/formats/run.sh BUILD
cd "$(dirname "$0")/../.." || exit 1
if ! /usr/bin/python3 -c "from osgeo import gdal; import numpy" 2> /dev/null; then
    echo "formats: skipped, python3-gdal or python3-numpy is missing"
    echo "formats: 0 passed, 0 failed"
    exit 0
fi
exec /usr/bin/python3 tests/formats/formats.py "${1:-build}"
