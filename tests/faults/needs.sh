#!/bin/sh
# Say in one sentence what `make faults` needs and this machine lacks.
missing=""
for pair in strace:strace mkfs.ext4:e2fsprogs mount:mount; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || [ -x "/usr/sbin/${pair%%:*}" ] || missing="$missing ${pair##*:}"
done
if [ -n "$missing" ]; then
  echo "make faults needs$missing: apt install$missing" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "make faults mounts disks and cuts their power, so it needs root: sudo make faults" >&2
  exit 1
fi
