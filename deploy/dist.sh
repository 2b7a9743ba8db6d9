#!/bin/sh
# Collect the files of a release in build/dist, with their checksums: dist.sh PYTHON [SSH_KEY]
# `make dist` builds them first. The key signs SHA256SUMS; without one it is a trial.
set -eu
python=$1
key=${2:-}
cd "$(dirname "$0")/.."
version=$(sh deploy/deb-version.sh "$($python -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')")
rm -rf build/dist
mkdir -p build/dist
for name in ward-kiosk ward-gateway; do
  cp "build/${name}_${version}_$(dpkg --print-architecture).deb" "build/${name}_${version}_$(dpkg --print-architecture).deb.sha256" build/dist
done
cp build/ward-kiosk.tar.gz build/ward-kiosk.sha256 build/dist
[ -z "$key" ] || cp build/ward-kiosk.sha256.sig build/dist
cp build/film/ward-kiosk.webm build/dist
cp build/bundle/ward-kiosk/SBOM.json build/bundle/ward-kiosk/LICENCES.txt build/dist
tar -czf build/dist/ward-kiosk-docs.tar.gz -C build --transform 's|^site|ward-kiosk-docs|' site
$python deploy/browser_helper.py build/ward-browser-helper >/dev/null
cp build/ward-browser-helper.zip build/dist
PYTHONPATH=. $python deploy/tag_release.py --notes >build/dist/NOTES.md
cd build/dist
find . -type f ! -name 'SHA256SUMS*' -printf '%P\n' | sort | xargs sha256sum >SHA256SUMS
cd ../..
[ -z "$key" ] || ssh-keygen -q -Y sign -f "$key" -n ward-kiosk build/dist/SHA256SUMS
ls -lh build/dist
