#!/bin/sh
# Install the Debian packages that pip cannot install. `packages.sh run`: for the kiosk; `test`: for its tests too; `film`: for the film too;
# `venv PYTHON`: to make a virtual environment. Without root it prints the command instead, and the caller goes on: each
# program says what it cannot do. Only without a virtual environment nothing can go on.
set -u

missing() {
  if [ "$1" = venv ]; then
    "$2" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    return
  fi
  [ "$1" != film ] || [ -x /usr/bin/ffmpeg ] || echo ffmpeg
  [ "$1" = run ] || [ -x /usr/bin/ssh-keygen ] || echo openssh-client
  [ "$1" = run ] || [ -x /usr/bin/openssl ] || echo openssl # the certificate authority of docs/gateway.md is made by a test
  ls /usr/lib/*/libfribidi.so.0 >/dev/null 2>&1 || echo libfribidi0 # Pillow: Vietnamese marks above their letters
  ls /usr/lib/*/libusb-1.0.so.0 >/dev/null 2>&1 || echo libusb-1.0-0 # a USB printer without the usblp of the kernel
  [ "$1" = run ] || [ -x /usr/sbin/cupsd ] || echo cups-daemon # a print server and a printer by others, and what they need
  [ "$1" = run ] || [ -x /usr/sbin/lpadmin ] || echo cups-client
  [ "$1" = run ] || [ -x /usr/sbin/ippeveprinter ] || echo cups-ipp-utils
  [ "$1" = run ] || [ -x /usr/bin/dbus-daemon ] || echo dbus-daemon
  [ "$1" = run ] || [ -x /usr/bin/chromium ] || echo chromium
  [ "$1" = run ] || [ -x /usr/sbin/nginx ] || echo nginx
  # 16 MB: it executes the alert rules of deploy/monitoring. Debian 12 has it only inside the server Prometheus: left out there.
  [ "$1" = run ] || [ -x /usr/bin/promtool ] || grep -qs '^VERSION_ID="12"' /etc/os-release || echo promtool
  [ "$1" = run ] || for program in cage grim sway wtype; do [ -x /usr/bin/$program ] || echo "$program"; done
  [ "$1" = run ] || [ -e /usr/include/asm-generic/unistd.h ] || echo linux-libc-dev # numbers of arm64's system calls
  [ "$1" = run ] || [ -x /usr/bin/systemd-analyze ] || echo systemd
  [ "$1" = run ] || ls /usr/lib/*/faketime/libfaketimeMT.so.1 >/dev/null 2>&1 || echo faketime # another date (make dates)
  [ "$1" = run ] || [ -x /usr/bin/scanimage ] || echo sane-utils # the paper scanner, by SANE's test device
  [ "$1" = run ] || ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || echo libatomic1 # Node in Playwright
  [ "$1" = run ] || ls /usr/lib/*/libxkbcommon.so.0 >/dev/null 2>&1 || echo libxkbcommon0
}

can_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}

# A machine has one package database: while another program uses it, wait, up to ten minutes.
update() {
  for _ in $(seq 120); do
    error=$(LC_ALL=C apt-get update -qq 2>&1) && return
    case $error in
    *"Could not get lock"*) sleep 5 ;;
    *) break ;;
    esac
  done
  echo "$error" >&2
  return 1
}

install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=600 --no-install-recommends "$@" >/dev/null
}

packages=$(missing "$@" | tr '\n' ' ')
if [ -n "$packages" ] && can_install; then
  # shellcheck disable=SC2086 # one word for each package
  update && install $packages
  packages=$(missing "$@" | tr '\n' ' ')
fi
# Chromium without a window: quicker, not needed (tests/chromium.py), so its absence is no message and no reason to ask a mirror.
if [ "$1" = test ] && [ ! -x /usr/bin/chromium-headless-shell ] && can_install; then
  ! apt-cache show chromium-headless-shell >/dev/null 2>&1 || install --no-remove chromium-headless-shell 2>/dev/null
fi
if [ -n "$packages" ]; then
  echo "Missing Debian packages: ${packages% }. Install them as root: apt install ${packages% }"
  [ "$1" != venv ]
fi
