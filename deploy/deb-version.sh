#!/bin/sh
# Print the Debian version of a build: deb-version.sh 0.3.0
# The commit that has put the heading of a release into CHANGELOG.md is 0.3.0. A commit after it is 0.3.0+git<time>.<commit>, one before
# it 0.3.0~git…: dpkg sorts by these, and two builds never have one version. The time is that of the commit, in UTC. No tag is asked
# for: tags do not travel with a push, and without them a newer build would be a downgrade.
set -eu
has_heading() { git show "$2:CHANGELOG.md" 2>/dev/null | grep -q "^## $1 ("; }
build=git$(TZ=UTC0 git log -1 --date=format-local:%Y%m%d.%H%M%S --format=%cd).$(git rev-parse --short=8 HEAD)
if ! has_heading "$1" HEAD; then
  echo "$1~$build"
  exit
fi
# cat-file names the parents in a shallow clone too, where they are missing: such a build sorts after the release.
for parent in $(git cat-file commit HEAD | sed -n '/^$/q; s/^parent //p'); do
  if ! git cat-file -e "$parent" 2>/dev/null || has_heading "$1" "$parent"; then
    echo "$1+$build"
    exit
  fi
done
echo "$1"
