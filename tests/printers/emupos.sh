#!/bin/sh
# Make the environment of emupos, an ESC/POS printer by other authors, in build/emupos; a new lock file makes it again.
# It needs Python 3.13 or newer, so it is apart from ours. Prints the path of its command.
# `emupos.sh python` only prints the Python that it would use, and fails when there is none.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=$(cd "$here/../.." && pwd)/build/emupos
stamp=$home/current/made.stamp

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

# The link leads to a whole environment, also when two runs make one at the same time; a folder in use is never changed.
if [ ! -f "$stamp" ] || [ "$here/emupos.lock" -nt "$stamp" ]; then
    mkdir -p "$home"
    made=$(mktemp -d "$home/XXXXXX")
    "$python" -m venv "$made"
    "$made/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$here/emupos.lock"
    touch "$made/made.stamp"
    ln -s "${made##*/}" "$made.link"
    mv -T "$made.link" "$home/current"
fi
echo "$(readlink -f "$home/current")/bin/emupos"
