#!/bin/bash
# The same jobs by weft and by numpy, SciPy, GDAL and GRASS; skipped, saying so, where these are not installed.
python=${PYTHON:-/usr/bin/python3}
if ! "$python" -c 'import numpy, scipy, osgeo.gdal' 2>/dev/null; then
    echo "skipped: no numpy, SciPy and GDAL for $python"
    echo "compat: 0 passed, 0 failed"
    exit 0
fi
export PYTHONDONTWRITEBYTECODE=1
status=0
for part in compat terrain focal accuracy grass classes series statistics ends; do
    "$python" "tests/compat/$part.py" "$1" || status=1
done
exit $status
