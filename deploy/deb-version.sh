#!/bin/sh
# Print the Debian version of a build: deb-version.sh 0.3.0
# The tagged commit of a release is 0.3.0. A commit after it is 0.3.0+git<time>.<commit>, one before its tag 0.3.0~git…: dpkg sorts
# by these, and two builds never have one version. The time is that of the commit, in UTC.
set -eu
build=git$(TZ=UTC0 git log -1 --date=format-local:%Y%m%d.%H%M%S --format=%cd).$(git rev-parse --short=8 HEAD)
if [ "$(git tag --points-at HEAD --list "v$1")" ]; then
  echo "$1"
elif [ "$(git tag --merged HEAD --list "v$1")" ]; then
  echo "$1+$build"
else
  echo "$1~$build"
fi
