#!/bin/sh
# Build a Debian package from a checkout and its locked wheels: deb.sh ward-kiosk | ward-gateway
# For the Debian that has this python3: DEB_PYTHON names another one. DEB_COMPRESSION=none packs in seconds, for a trial. Needs
# dpkg-deb and pip, no root. The same commit and the
# same wheels give the same file, byte for byte.
set -eu
name=$1
python=${DEB_PYTHON:-/usr/bin/python3}
root=$(CDPATH='' cd -- "$(dirname "$0")/.." && pwd)
wheels=${DEB_WHEELS:-$root/build/wheels}
cd "$root"
umask 022
mkdir -p build "$wheels"
wheels=$(cd "$wheels" && pwd)
# A folder of its own, and the package is moved at the end: two builds beside each other do not meet.
work=$(mktemp -d "$root/build/$name.XXXXXX")
trap 'rm -rf "$work"' EXIT
stage=$work/$name
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"

project() { $python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; print($1)"; }
version=$(project "p['version']")
package_version=$(sh deploy/deb-version.sh "$version")
abi=$($python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
next_abi=$($python -c 'import sys; print("%d.%d" % (sys.version_info[0], sys.version_info[1] + 1))')
release=$stage/opt/$name/releases/$version
packages=$release/.venv/lib/python$abi/site-packages

mkdir -p "$stage" "$packages" "$release/.venv/bin" "$work/wheels"
cp -R "deploy/$name/." "$stage/"

# The program: what is in the commit, without what only developers use.
git -c tar.umask=022 archive HEAD kiosk sync printers templates static docs/officer.pdf docs/scanner.pdf docs/technician.md docs/releases.md kiosk.toml pyproject.toml LICENSE |
  tar -x -C "$release"
printf 'version = "%s"\ncommit = "%s"\n' "$version" "$(git rev-parse HEAD)" >"$release/RELEASE"

# Its packages: all wheels of the lock file by their hashes, and of them those that this package asks for.
find "$wheels" -name '*.whl' -exec ln -s {} "$work/wheels" \;
$python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
  --dest "$work/wheels" -r requirements.lock
find "$work/wheels" -type f -exec mv {} "$wheels" \;
wanted=$(project "'\n'.join(p['dependencies'] + (p['optional-dependencies']['gateway'] if '$name' == 'ward-gateway' else []))")
echo "$wanted" | tr '\n' '\0' | PIP_CONSTRAINT='' xargs -0 "$python" -m pip install -q --no-warn-conflicts --disable-pip-version-check --no-index \
  --find-links "$wheels" --no-compile --no-warn-script-location --root-user-action ignore --target "$packages" || {
  echo "A wheel is missing in $wheels, or does not fit $python." >&2
  exit 1
}
rm -rf "$packages/bin"
# Named by python-escpos and sqlite-utils, and imported by nothing at run time (22 MB). A kiosk keeps pip: a ward adds a voice by it.
rm -rf "$packages"/setuptools* "$packages"/_distutils_hack "$packages"/distutils-precedence.pth "$packages"/pkg_resources
[ "$name" = ward-kiosk ] || rm -rf "$packages"/pip "$packages"/pip-*.dist-info
# Wheels have libraries with all rights of their builder.
find "$packages" -name '*.so*' -type f -exec chmod 644 {} +
find "$packages" -name RECORD -o -name direct_url.json -o -name REQUESTED | xargs rm -f
# A virtual environment without a path of this machine in it; the line below makes the release importable.
printf 'home = /usr/bin\ninclude-system-site-packages = false\nversion = %s\n' "$abi" >"$release/.venv/pyvenv.cfg"
ln -s /usr/bin/python3 "$release/.venv/bin/python"
echo ../../../.. >"$packages/$name.pth"
(cd "$stage" && $python -m compileall -q -j 0 --invalidation-mode unchecked-hash -s "$stage" -p / "opt/$name" >/dev/null)

if [ "$name" = ward-kiosk ]; then
  sed -e 's|^data = "data"  |data = "/var/lib/ward-kiosk"  |' \
    -e 's|^programs = ""  |programs = "/opt/ward-kiosk"  |' kiosk.toml >"$stage/usr/share/ward-kiosk/kiosk.toml"
  # `kiosk doctor` compares the policy in /etc with this one.
  cp "$stage/etc/chromium/policies/managed/ward-kiosk.json" "$stage/usr/share/ward-kiosk/policy/locked.json"
fi
if [ "$name" = ward-gateway ]; then
  # The files of the guide (docs/gateway.md), with the paths of the package.
  for file in kiosk-gateway:usr/sbin kiosk-gateway@.service:usr/lib/systemd/system kiosk-gateway.env:usr/share/ward-gateway \
    kiosk-gateway.nginx:usr/share/ward-gateway; do
    mkdir -p "$stage/${file#*:}"
    sed -e 's|/opt/ward-kiosk|/opt/ward-gateway/current|g' "deploy/${file%:*}" >"$stage/${file#*:}/${file%:*}"
  done
  chmod 755 "$stage/usr/sbin/kiosk-gateway"
  mkdir -p "$stage/usr/lib/sysusers.d"
  echo 'u kiosk-gateway - "Gateway of ward kiosks" /var/lib/kiosk-gateway' >"$stage/usr/lib/sysusers.d/ward-gateway.conf"
fi
# The parts of the package and their licences, where the developers' environment has the tool that lists them.
if [ -x "${VENV:-.venv}/bin/cyclonedx-py" ]; then
  "${VENV:-.venv}/bin/python" deploy/parts.py "$packages" "$release"
fi
mkdir -p "$stage/usr/share/doc/$name"
cp LICENSE "$stage/usr/share/doc/$name/copyright"
printf '%s (%s) stable; urgency=medium\n\n  * Build of commit %s.\n    CHANGELOG.md.gz has the changes.\n\n -- %s  %s\n' "$name" "$package_version" \
  "$(git rev-parse HEAD)" "$(sed -n 's/^Maintainer: //p' "$stage/DEBIAN/control")" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" |
  gzip -9n >"$stage/usr/share/doc/$name/changelog.gz"
git show HEAD:CHANGELOG.md | gzip -9n >"$stage/usr/share/doc/$name/CHANGELOG.md.gz"
glibc=$(find "$packages" -name '*.so*' -type f -print0 | xargs -0 grep -aho 'GLIBC_2\.[0-9]*' | sort -Vu | tail -n 1)

cd "$stage"
enabled=$(grep -l '^WantedBy=' usr/lib/systemd/system/*.service usr/lib/systemd/system/*.path \
  usr/lib/systemd/system/*.timer 2>/dev/null |
  sed 's|.*/||' | grep -v -e '@' -e board | sort -r | tr '\n' ' ')
find etc -type f 2>/dev/null | sed 's|^|/|' | sort >DEBIAN/conffiles
[ -s DEBIAN/conffiles ] || rm DEBIAN/conffiles
size=$(du -sk --exclude=DEBIAN . | cut -f1)
sed -i -e "s|@version@|$version|g" -e "s|@package_version@|$package_version|" -e "s|@glibc@|${glibc#GLIBC_}|" -e "s|@enabled@|${enabled% }|g" -e "s|@size@|$size|" -e "s|@python@|$abi|" \
  -e "s|@next_python@|$next_abi|" -e "s|@architecture@|$(dpkg --print-architecture)|" DEBIAN/control DEBIAN/p*
find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums
find . -newermt "@$SOURCE_DATE_EPOCH" -print0 | xargs -0 touch --no-dereference --date="@$SOURCE_DATE_EPOCH"
package=${name}_${package_version}_$(dpkg --print-architecture).deb
cd "$work"
dpkg-deb --root-owner-group "-Z${DEB_COMPRESSION:-xz}" --build "$stage" "$package" >/dev/null
sha256sum "$package" | tee "$package.sha256"
mv "$package" "$package.sha256" "$root/build"
