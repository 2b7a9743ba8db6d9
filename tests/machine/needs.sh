#!/bin/sh
# Say in one sentence what `make machine` needs and this machine lacks.
missing=""
for pair in systemd-nspawn:systemd-container mmdebstrap:mmdebstrap nsenter:util-linux qemu-system-x86_64:qemu-system-x86 mcopy:mtools sfdisk:fdisk \
  mke2fs:e2fsprogs chromium:chromium; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
[ -e /usr/share/OVMF/OVMF_CODE_4M.fd ] || missing="$missing ovmf"
if [ -n "$missing" ]; then
  echo "make machine needs$missing: apt install$missing" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "make machine boots a Debian in a container, so it needs root: sudo make machine" >&2
  exit 1
fi
