#!/bin/sh
# Make the environment of emupos, an ESC/POS printer by other authors, in build/emupos; a new lock file makes it again.
# It needs Python 3.13 or newer, so it is apart from ours. Prints the path of its command.
# `emupos.sh python` only prints the Python that it would use, and fails when there is none.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=$(cd "$here/../.." && pwd)/build/emupos
stamp=$home/made.stamp

python=
for name in python3.15 python3.14 python3.13 /usr/bin/python3 python3; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; then python=$name && break; fi
done
if [ -z "$python" ]; then
    echo "emupos needs Python 3.13 or newer, and this machine has none." >&2
    exit 1
fi
if [ "${1:-}" = python ]; then
    echo "$python"
    exit
fi

if [ ! -f "$stamp" ] || [ "$here/emupos.lock" -nt "$stamp" ]; then
    rm -rf "$home"
    "$python" -m venv "$home"
    "$home/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$here/emupos.lock"
    touch "$stamp"
fi
echo "$home/bin/emupos"
