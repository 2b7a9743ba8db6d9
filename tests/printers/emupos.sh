#!/bin/sh
# Make the environment of emupos, an ESC/POS printer that others wrote. It needs a Python of 3.13 or newer and so lives
# apart from ours, in build/emupos; a new lock fills it anew. Prints where its command is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=$(cd "$here/../.." && pwd)/build/emupos
stamp=$home/made.stamp

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; }

if [ ! -f "$stamp" ] || [ "$here/emupos.lock" -nt "$stamp" ]; then
    python=
    for name in python3.15 python3.14 python3.13 /usr/bin/python3 python3; do
        if fits "$name"; then python=$name && break; fi
    done
    if [ -z "$python" ]; then
        echo "emupos needs Python 3.13 or newer, and this machine has none: install Debian 13's python3 and python3-venv." >&2
        exit 1
    fi
    rm -rf "$home"
    "$python" -m venv "$home"
    "$home/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$here/emupos.lock"
    touch "$stamp"
fi
echo "$home/bin/emupos"
