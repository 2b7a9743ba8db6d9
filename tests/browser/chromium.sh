#!/bin/sh
# Debian's Chromium for the browser tests: fetched when root may, otherwise the way to it is said once.
[ -x /usr/bin/chromium ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
  [ -x /usr/bin/chromium ] && exit 0
fi
echo "No Chromium here: the browser tests are left out. To run them: apt install chromium, then make test."
