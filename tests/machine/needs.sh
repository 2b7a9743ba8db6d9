#!/bin/sh
# Say in one sentence what `make machine` needs and this machine lacks.
missing=""
for pair in systemd-nspawn:systemd-container mmdebstrap:mmdebstrap nsenter:util-linux; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
if [ -n "$missing" ]; then
  echo "make machine needs$missing: apt install$missing" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "make machine boots a Debian in a container, so it needs root: sudo make machine" >&2
  exit 1
fi
