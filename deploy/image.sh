#!/bin/sh
# Build a disk that boots into the kiosk: image.sh build/ward-kiosk_…_amd64.deb build/ward-kiosk.img
# Debian, kernel, package, screen; no key and no store: the first boot makes them. No account has a password: IMAGE_SSH_KEY is the
# file of a public key, with which `kythuat` enters by ssh and becomes root by sudo (/usr/lib/ward-kiosk/ssh-account). For computers with UEFI,
# without Secure Boot. Needs root, mmdebstrap, mtools, fdisk, e2fsprogs and openssh-client.
# Write it: dd if=build/ward-kiosk.img of=/dev/sdX bs=4M conv=fsync. The root file system grows to the disk at the first boot.
set -eu
package=$1
image=$2
export IMAGE_SSH_KEY="${IMAGE_SSH_KEY:?the file of a public key for ssh, such as: $HOME/.ssh/id_ed25519.pub}"
suite=${IMAGE_SUITE:-trixie}
root_mb=${IMAGE_ROOT_MB:-6000}
boot_mb=300
work=$(mktemp -d "${TMPDIR:-/var/tmp}/ward-image.XXXXXX")
trap 'rm -rf "$work"' EXIT

screen=cage,chromium,libpam-systemd,dbus,wlr-randr,fonts-noto-core,kbd,libgl1-mesa-dri
system=linux-image-amd64,systemd-sysv,systemd-boot,systemd-boot-efi,systemd-timesyncd,systemd-resolved,udev,initramfs-tools,zstd,console-setup
[ "$suite" = bookworm ] || system=$system,systemd-repart # Debian 12 has it in systemd
devices=cups,sane-utils,sane-airscan,nftables,openssh-server,sudo,cryptsetup,usbutils,firmware-linux-free
# dpkg alone installs the package below, so what it depends on is here before.
needed=$(dpkg-deb --field "$package" Depends | sed -E 's/ *\([^)]*\)//g; s/ //g')
mmdebstrap --quiet --variant=minbase --include="$screen,$system,$devices,$needed" \
  --customize-hook="copy-in $package /root" \
  --customize-hook="chroot \"\$1\" sh -c 'dpkg -i /root/${package##*/} && rm /root/${package##*/}'" \
  --customize-hook='printf "LABEL=ward-root / ext4 errors=remount-ro,x-systemd.growfs 0 1\nLABEL=WARD-BOOT /boot/efi vfat umask=0077,nofail 0 2\n" >"$1/etc/fstab"' \
  --customize-hook='sh "$1/usr/lib/ward-kiosk/ssh-account" "$1" "$IMAGE_SSH_KEY"' \
  --customize-hook='printf "[Match]\nName=en*\n[Network]\nDHCP=yes\n" >"$1/etc/systemd/network/wired.network"' \
  --customize-hook='mkdir -p "$1/usr/lib/repart.d" && printf "[Partition]\nType=root\n" >"$1/usr/lib/repart.d/50-root.conf"' \
  --customize-hook='echo ward-kiosk >"$1/etc/hostname"; echo uninitialized >"$1/etc/machine-id"; rm -f "$1"/etc/ssh/ssh_host_*' \
  --customize-hook='mkdir -p "$1/etc/systemd/system/ssh.service.d" && printf "# Host keys of its own for each machine, at its first start.\n[Service]\nExecStartPre=\nExecStartPre=/usr/bin/ssh-keygen -A\nExecStartPre=/usr/sbin/sshd -t\n" >"$1/etc/systemd/system/ssh.service.d/host-keys.conf"' \
  --customize-hook='chroot "$1" systemctl enable systemd-networkd systemd-resolved systemd-timesyncd nftables' \
  "$suite" "$work/root"

# The boot partition: systemd-boot, the kernel and its first file system, copied in without a mount.
kernel=$(basename "$(ls "$work"/root/boot/vmlinuz-*)")
version=${kernel#vmlinuz-}
truncate -s "${boot_mb}M" "$work/boot.fat"
mformat -i "$work/boot.fat" -F -v WARD-BOOT ::
mmd -i "$work/boot.fat" ::/EFI ::/EFI/BOOT ::/loader ::/loader/entries
mcopy -i "$work/boot.fat" "$work/root/usr/lib/systemd/boot/efi/systemd-bootx64.efi" ::/EFI/BOOT/BOOTX64.EFI
mcopy -i "$work/boot.fat" "$work/root/boot/$kernel" "$work/root/boot/initrd.img-$version" ::/
# No editing of the kernel's command line at the machine: with it, a keyboard would be root.
printf 'timeout 0\neditor no\n' >"$work/loader.conf"
printf 'title Ward kiosk\nlinux /%s\ninitrd /initrd.img-%s\noptions root=LABEL=ward-root rw quiet\n' "$kernel" "$version" \
  >"$work/ward-kiosk.conf"
mcopy -i "$work/boot.fat" "$work/loader.conf" ::/loader/
mcopy -i "$work/boot.fat" "$work/ward-kiosk.conf" ::/loader/entries/
truncate -s "${root_mb}M" "$work/root.ext4"
mke2fs -q -t ext4 -L ward-root -d "$work/root" "$work/root.ext4"

rm -f "$image"
truncate -s "$((boot_mb + root_mb + 4))M" "$image"
printf 'label: gpt\nstart=1MiB, size=%sMiB, type=uefi, name=boot\nstart=%sMiB, size=%sMiB, type="Linux root (x86-64)", name=root\n' \
  "$boot_mb" "$((boot_mb + 1))" "$root_mb" | sfdisk --quiet "$image"
dd if="$work/boot.fat" of="$image" bs=1M seek=1 conv=notrunc status=none
dd if="$work/root.ext4" of="$image" bs=1M seek="$((boot_mb + 1))" conv=notrunc,sparse status=none
ls -lhs "$image"
