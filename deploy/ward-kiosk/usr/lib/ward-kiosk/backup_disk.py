#!/usr/bin/python3 -I
"""Disks for copies, as root: list what is plugged in, format one, mount it at each start, give its folder to the kiosk.

The kiosk leaves a request in its data folder, and this program answers in /run. The request names an act, a place and
the hash of a disk as it was shown: no device, path, option or text of a person comes from it. A disk that is in use, or
that is not exactly as it was shown, is refused. The package owns it, not a release: the kiosk may not change it.
"""

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

REQUEST = "disk-request"
ANSWER = "answer.json"
OWNER = "kiosk"
PLACES = {"hour": Path("/media/saoluu"), "minute": Path("/media/saoluu2")}
"""Mount point of each disk: of the hourly copies, of the minute copies."""
UNITS = Path("/etc/systemd/system")
FOLDER = "ward-kiosk"
LABELS = {"hour": "saoluu", "minute": "saoluu2"}
DISKS = ("disk",)
"""Kinds of lsblk that are whole disks."""
LEAST = 1_000_000_000
"""Bytes of the smallest disk that is shown."""
LOOK = {name: name for name in ("ext2", "ext3", "ext4", "xfs", "btrfs", "vfat", "exfat")} | {"ntfs": "ntfs3"}
"""File system as lsblk names it -> as mount names it; of no other one the content is looked at."""
KEEP = ("ext4", "xfs", "btrfs", "vfat", "exfat")
"""File systems that take the copies as they are."""
WITHOUT_OWNERS = ("vfat", "exfat")
SAFE = "nosuid,nodev,noexec"
NOTHING_FOUND = 2
"""What blkid returns for a device without anything that it knows."""
NAMES = 4
SHOWN = 40
COLUMNS = "NAME,PATH,TYPE,SIZE,RO,TRAN,VENDOR,MODEL,SERIAL,MOUNTPOINTS"
SECONDS = 60
FORMAT_SECONDS = 1200

Node = dict[str, Any]


class Refused(Exception):  # noqa: N818 # the kiosk has the words
    """A request that is not carried out; its text is a word that the kiosk explains."""


def main(data: Path, out: Path) -> None:
    """Carry out the request in the data folder, and write the answer."""
    request = take_request(data)
    if request is None:
        return
    answer: dict[str, Any] = {"id": request["id"], "fault": "failed"}
    try:
        disks = find_disks(out)
        if request["act"] == "look":
            answer["disks"] = [disk for disk, _node in disks]
        else:
            answer["folder"] = str(use(request, disks))
        answer["fault"] = ""
    except Refused as refusal:
        answer["fault"] = str(refusal)
    finally:  # the page waits for an answer; every other error is in the journal
        made = out / f"{ANSWER}.new"
        made.write_text(json.dumps(answer), "ascii")
        made.chmod(0o640)
        made.replace(out / ANSWER)


def take_request(data: Path) -> dict[str, str] | None:
    """Delete the request and return it; None for what is no request. A link of the kiosk is not followed."""
    folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        try:
            handle = os.open(REQUEST, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        finally:
            os.unlink(REQUEST, dir_fd=folder)
        with os.fdopen(handle, "rb") as file:
            text = file.read(1000) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
    finally:
        os.close(folder)
    words = re.fullmatch(rb"([0-9a-f]{16}) (look|format|keep) (hour|minute) ([0-9a-f]{64}|-)\n", text)
    if words is None:
        return None
    request_id, act, place, disk = (word.decode("ascii") for word in words.groups())
    return {"id": request_id, "act": act, "place": place, "disk": disk}


def find_disks(out: Path) -> list[tuple[Node, Node]]:
    """Return each disk that is not in use: as it is shown, and the node of lsblk."""
    answer = json.loads(run("lsblk", "--json", "--bytes", "--output", COLUMNS))
    free = [node for node in answer["blockdevices"] if is_free(node)]
    for node in free:
        for part in [node, *node.get("children", [])]:
            part.update(probe(part["path"]))
    return [(show(node, out), node) for node in free]


def probe(path: str) -> Node:
    """Return file system, label and UUID of a device, read from the device: what udev remembers may be older."""
    try:
        lines = run("blkid", "--probe", "--output", "export", path).splitlines()
    except subprocess.CalledProcessError as error:
        lines = [] if error.returncode == NOTHING_FOUND else ["TYPE=unknown"]
    found = {key: re.sub(r"\\(.)", r"\1", value) for key, _, value in (line.partition("=") for line in lines)}
    return {"fstype": found.get("TYPE"), "label": found.get("LABEL"), "uuid": found.get("UUID")}


def is_free(node: Node) -> bool:
    """Return whether a disk is large enough, writable, and nothing of it is mounted or part of something else."""
    if node["type"] not in DISKS or node["ro"] or node["size"] < LEAST:
        return False
    own = {str(place) for place in PLACES.values()}
    parts = node.get("children", [])
    if any(part["type"] != "part" or part.get("children") for part in parts):
        return False
    return not any(set(filter(None, part["mountpoints"])) - own for part in [node, *parts])


def show(node: Node, out: Path) -> Node:
    """Return a disk as the page shows it, with the hash that names it."""
    systems = [part for part in [node, *node.get("children", [])] if part["fstype"]]
    shown: Node = {
        "name": short(" ".join(filter(None, (node["vendor"], node["model"])))),
        "serial": short(node["serial"] or ""),
        "bytes": node["size"],
        "usb": node["tran"] == "usb",
        "parts": [look_inside(part, out) for part in systems],
        "keep": find_kept(node) is not None,
        "place": next((key for key, place in PLACES.items() if is_mounted_at(node, place)), ""),
    }
    sequence = Path("/sys/class/block", node["name"], "diskseq")
    number = sequence.read_text("ascii") if sequence.exists() else ""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
    facts = json.dumps([boot, number, node["name"], shown, [part["uuid"] for part in systems]])
    return shown | {"id": hashlib.sha256(facts.encode()).hexdigest()}


def short(text: str) -> str:
    """Return a text of a disk in one short line of printable characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:SHOWN]


def is_mounted_at(node: Node, place: Path) -> bool:
    """Return whether a disk or a part of it is mounted there."""
    return any(str(place) in part["mountpoints"] for part in [node, *node.get("children", [])])


def find_kept(node: Node) -> Node | None:
    """Return the largest file system of a disk that takes the copies as it is."""
    found = [part for part in [node, *node.get("children", [])] if part["fstype"] in KEEP and part["uuid"]]
    return max(found, key=lambda part: part["size"], default=None)


def look_inside(part: Node, out: Path) -> Node:
    """Return a file system with the first names in it and their number; -1 where it cannot be read."""
    seen: Node = {"kind": short(part["fstype"]), "label": short(part["label"] or ""), "bytes": part["size"]}
    seen |= {"names": [], "count": -1, "copies": 0}
    if part["fstype"] not in LOOK:
        return seen
    mounted = next(filter(None, part["mountpoints"]), None)
    peek = out / "peek"
    if mounted is None:
        peek.mkdir(mode=0o700, exist_ok=True)
        quiet = {"ext3": ",noload", "ext4": ",noload", "xfs": ",norecovery"}.get(part["fstype"], "")
        try:
            run("mount", "-t", LOOK[part["fstype"]], "-o", f"ro,{SAFE}{quiet}", part["path"], str(peek))
        except (OSError, subprocess.SubprocessError):
            return seen
    try:
        top = Path(mounted or peek)
        found = [path.name for path in top.iterdir() if path.name not in HIDDEN]
        names = sorted(short(name.encode(errors="replace").decode()) for name in found)
        seen |= {"names": names[:NAMES], "count": len(names), "copies": count_copies(top)}
    except OSError:
        pass
    finally:
        if mounted is None:
            run("umount", str(peek))
    return seen


HIDDEN = ("lost+found", "System Volume Information", "$RECYCLE.BIN")


def count_copies(top: Path) -> int:
    """Return how many copies of kiosks are on a disk."""
    folder = find_folder(top)
    return 0 if folder.is_symlink() or not folder.is_dir() else len(list(folder.glob("*.copy")))


def find_folder(top: Path) -> Path:
    """Return the folder of a disk that has copies of a kiosk; a new one where none has."""
    folders = sorted(path for path in top.iterdir() if path.is_dir() and not path.is_symlink())
    named = [folder for folder in folders if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}", folder.name)]
    with_copies = []
    for folder in named:
        with suppress(OSError):
            if next(folder.glob("*.copy"), None) is not None:
                with_copies.append(folder)
    return with_copies[0] if len(with_copies) == 1 else top / FOLDER


def use(request: dict[str, str], disks: list[tuple[Node, Node]]) -> Path:
    """Format the disk of a request or keep what is on it, mount it now and at each start; return its folder."""
    node = next((node for disk, node in disks if disk["id"] == request["disk"]), None)
    if node is None:
        raise Refused("changed")
    for place in PLACES.values():
        if is_mounted_at(node, place):
            release(place)
    part = format_disk(node, LABELS[request["place"]]) if request["act"] == "format" else find_kept(node)
    if part is None:
        raise Refused("changed")
    place = PLACES[request["place"]]
    release(place)
    mount_at_each_start(part, place)
    return own_folder(place, has_owners=part["fstype"] not in WITHOUT_OWNERS)


def format_disk(node: Node, label: str) -> Node:
    """Delete a disk and make one ext4 of it; return that."""
    path = node["path"]
    try:
        run("wipefs", "--all", "--force", path)
        run("mkfs.ext4", "-q", "-F", "-L", label, path, seconds=FORMAT_SECONDS)
    except subprocess.CalledProcessError as error:
        raise Refused("format") from error
    settle()
    return node | probe(path)


def settle() -> None:
    """Wait until udev has made the names of a new file system."""
    with suppress(OSError, subprocess.SubprocessError):
        run("udevadm", "settle", "--timeout=20")


def release(place: Path) -> None:
    """Unmount what is there, now and at each start."""
    unit = UNITS / unit_of(place)
    if os.path.ismount(place):
        try:
            run("systemctl", "stop", unit.name)
        except subprocess.CalledProcessError as error:
            raise Refused("busy") from error
    if unit.exists():
        run("systemctl", "disable", "--quiet", unit.name)
        unit.unlink()


def mount_at_each_start(part: Node, place: Path) -> None:
    """Write the mount unit of a file system and start it; it starts again whenever the disk appears."""
    uuid = part["uuid"]
    if not re.fullmatch(r"[0-9A-Fa-f-]{4,40}", uuid):
        raise Refused("mount")
    UNITS.joinpath(unit_of(place)).write_text(mount_unit(uuid, part["fstype"], place), "ascii")
    try:
        run("systemctl", "daemon-reload")
        run("systemctl", "enable", "--quiet", unit_of(place))
        run("systemctl", "start", unit_of(place))
    except subprocess.CalledProcessError as error:
        raise Refused("mount") from error


def unit_of(place: Path) -> str:
    """Return the name of the mount unit of a folder."""
    return f"{escape(place)}.mount"


def escape(path: Path) -> str:
    """Return a path as names of units write it (systemd-escape --path)."""
    plain = str(path).strip("/")
    return "".join(
        "-" if letter == "/" else letter if letter.isalnum() or letter in "_." else f"\\x{ord(letter):02x}"
        for letter in plain
    )


def mount_unit(uuid: str, kind: str, place: Path) -> str:
    """Return the text of a mount unit."""
    device = Path("/dev/disk/by-uuid", uuid)
    owner = f",uid={OWNER},gid={OWNER},umask=077" if kind in WITHOUT_OWNERS else ""
    return f"""# Written by ward-kiosk-disk.service for the page of the backup disks.
[Unit]
Description=Ward kiosk: disk of the copies
Wants=systemd-fsck@{escape(device)}.service
After=systemd-fsck@{escape(device)}.service
Before=ward-kiosk.service ward-kiosk-worker.service

[Mount]
What={device}
Where={place}
Type={kind}
Options=rw,noatime,{SAFE}{owner}

# Not at a target, which would wait for it: the machine starts without the disk, and mounts it when it is plugged in.
[Install]
WantedBy={escape(device)}.device
"""


def own_folder(place: Path, *, has_owners: bool) -> Path:
    """Make the folder for copies on a mounted disk, and give it with all that is in it to the kiosk."""
    folder = find_folder(place)
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)  # a link on the disk is not followed
    try:
        if has_owners:
            run("chown", "-R", "-P", "-h", f"{OWNER}:{OWNER}", str(folder), seconds=FORMAT_SECONDS)
            os.fchmod(handle, 0o700)
    finally:
        os.close(handle)
    return folder


def run(*command: str, seconds: int = SECONDS) -> str:
    """Run a program without a shell; return what it prints.

    Raises:
        CalledProcessError: it fails.
    """
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
    answer = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=seconds, env=env, check=False
    )
    if answer.returncode:
        sys.stderr.write(f"{command[0]}: {answer.stderr}\n")
        raise subprocess.CalledProcessError(answer.returncode, command)
    return answer.stdout


if __name__ == "__main__":
    os.umask(0o027)
    main(Path("/var/lib/ward-kiosk"), Path(os.environ["RUNTIME_DIRECTORY"]))
