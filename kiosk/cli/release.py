"""`kiosk release`: keys, packing and signing of releases, on the machines of the province. No data of a kiosk is used.

The keys of root and of the list of releases belong on media that are kept apart; see docs/releases.md.
"""

import argparse
import os
import platform
import re
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.base import release
from kiosk.base.clock import SYSTEM
from kiosk.base.errors import BadSettings
from kiosk.cli.password_prompt import ask_new_password
from kiosk.config import Config
from sync.versions import version_key

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner

    from kiosk.updates.repository import Repository

PASSWORD = "KIOSK_RELEASE_PASSWORD"  # noqa: S105  # nosec B105 # the name of a variable
ROOTS = ("root-1", "root-2", "root-3")
SIGNERS = ("targets-1", "targets-2")
ONLINE = "online"
_PACKAGES = re.compile(r"\.venv/lib/python(3\.[0-9]+)/")


def add_release(top: argparse.ArgumentParser) -> None:
    """Add the acts of `kiosk release`."""
    acts = top.add_subparsers(dest="verb", required=True, metavar="verb")
    keys = acts.add_parser("keys", help="make the keys and an empty repository")
    keys.add_argument("keys", type=Path, help="folder of the keys, later divided over several media")
    keys.add_argument("repository", type=Path, help="folder of the repository, which the gateway serves")
    keys.add_argument(
        "--root-threshold", type=int, default=2, help="root keys that must sign a change of keys (2 of 3)"
    )
    keys.add_argument(
        "--targets-threshold", type=int, default=1, help="keys that must sign a list of releases (1 of 2)"
    )
    keys.set_defaults(act=make_keys)
    pack = acts.add_parser("pack", help="pack the folder of a release, or of a content")
    pack.add_argument("folder", type=Path)
    pack.add_argument("archive", type=Path)
    pack.set_defaults(act=pack_folder)
    publish = acts.add_parser("publish", help="add a packed release to the list, and sign it")
    publish.add_argument("archive", type=Path)
    publish.add_argument("--content", metavar="VERSION", default="", help="a content, such as 2026.11.28")
    publish.add_argument("--voice", metavar="VERSION", default="", help="a voice, such as 2026.11.28")
    publish.add_argument("--needs", metavar="VERSION", default="", help="the oldest program that reads the content")
    publish.add_argument("--python", metavar="VERSION", default="", help="of the program; else that of its packages")
    publish.set_defaults(act=publish_archive)
    withdraw = acts.add_parser("withdraw", help="take a release out of the list")
    withdraw.add_argument("name", help="name of its file")
    withdraw.set_defaults(act=withdraw_release)
    acts.add_parser("sign", help="add a signature to what waits for one").set_defaults(act=sign_staged)
    acts.add_parser("refresh", help="sign the short-lived parts again; run it each night").set_defaults(act=refresh)
    acts.add_parser("list", help="the published files").set_defaults(act=list_files)
    replace = acts.add_parser("replace-key", help="put a new key in the place of a lost one; root keys sign")
    replace.add_argument("role", choices=("root", "targets", "snapshot", "timestamp"))
    replace.add_argument("old", help="id of the key, or its first letters")
    replace.add_argument("new", type=Path, help="file of the new key, which is made when it is missing")
    replace.set_defaults(act=replace_key)
    for name in ("publish", "withdraw", "sign", "refresh", "list", "replace-key"):
        command = acts.choices[name]
        command.add_argument("--repository", type=Path, required=True)
        if name != "list":
            command.add_argument("--key", type=Path, action="append", default=[], help="a key that signs; repeatable")
            command.add_argument("--online", type=Path, help="the key of snapshot and timestamp")


def make_keys(config: Config, args: argparse.Namespace) -> int:
    """Make three root keys, two for the list, one that stays online; and an empty repository."""
    from kiosk.updates.signing_keys import make_key

    password = _new_password()
    roots = [make_key(args.keys / f"{name}.pem", password) for name in ROOTS]
    targets = [make_key(args.keys / f"{name}.pem", password) for name in SIGNERS]
    online = make_key(args.keys / f"{ONLINE}.pem", "")
    repository = _repository(args)
    repository.create(
        roots,
        [signer.public_key for signer in targets],
        online,
        root_threshold=args.root_threshold,
        targets_threshold=args.targets_threshold,
    )
    for name, signer in zip((*ROOTS, *SIGNERS, ONLINE), (*roots, *targets, online), strict=True):
        print(f"  {name:10} {signer.public_key.keyid}")
    print(f"Gốc tin cậy để đặt vào từng máy ([updates] root): {repository.root_file()}")
    print("Cất mỗi khóa root và targets ở một nơi riêng, không để ở máy nối mạng. Khóa online ở máy phát hành.")
    return 0


def pack_folder(config: Config, args: argparse.Namespace) -> int:
    """Pack a folder; a program is compiled first, because a kiosk may not write into its folder.

    Raises:
        BadProcedure: it is a content with files that `kiosk procedure check` refuses.
    """
    from kiosk.cli import content_check
    from kiosk.updates import archive

    if content_check.is_content(args.folder):
        content_check.require_good(args.folder, config)
    archive.pack(args.folder, args.archive, compiled=(args.folder / "RELEASE").exists())
    print(f"{args.archive}: {args.archive.stat().st_size / 1e6:.1f} MB")
    return 0


def publish_archive(config: Config, args: argparse.Namespace) -> int:
    """Add an archive to the list of releases.

    Raises:
        BadProcedure: it is a content with files that `kiosk procedure check` refuses.
    """
    from kiosk.updates.repository import NewTarget
    from kiosk.updates.trust import CONTENT, PROGRAM, VOICE, python_version

    number = args.content or args.voice
    if number and not version_key(number):
        raise BadSettings(
            "Nội dung và giọng ghi số như 2026.11.28.", "A content or voice has a number such as 2026.11.28."
        )
    if args.voice:
        voice = _read_voice(args.archive)
        facts = {"product": VOICE, "version": args.voice, "voice": voice, "needs": args.needs}
        name = f"{VOICE}-{voice}-{args.voice}.tar.gz"
    elif args.content:
        _require_good_content(args.archive, config)
        facts = {"product": CONTENT, "version": args.content, "needs": args.needs}
        name = f"{CONTENT}-{args.content}.tar.gz"
    else:
        version, packed_for = _read_archive(args.archive)
        python = args.python or packed_for or python_version()
        facts = {"product": PROGRAM, "version": version, "machine": platform.machine(), "python": python}
        name = f"{PROGRAM}-{version}-{platform.machine()}-py{python}.tar.gz"
    target = NewTarget(path=args.archive, name=name, facts=facts)
    return _report(_repository(args).publish([target], *_signers(args)), name)


def _require_good_content(path: Path, config: Config) -> None:
    from kiosk.cli import content_check
    from kiosk.updates import archive

    with tempfile.TemporaryDirectory(prefix="kiosk-content-") as folder:
        unpacked = Path(folder) / "content"
        archive.unpack(path, unpacked)
        content_check.require_good(unpacked, config)


def withdraw_release(config: Config, args: argparse.Namespace) -> int:
    """Take a release out of the list."""
    return _report(_repository(args).withdraw(args.name, *_signers(args)), args.name)


def sign_staged(config: Config, args: argparse.Namespace) -> int:
    """Add signatures to what waits for them."""
    signers, online = _signers(args)
    published = [role for signer in signers for role in _repository(args).sign(signer, online)]
    print(f"Đã phát hành: {', '.join(published)}" if published else "Còn thiếu chữ ký, hoặc chưa có gì đợi ký.")
    return 0


def refresh(config: Config, args: argparse.Namespace) -> int:
    """Renew snapshot and timestamp."""
    _keys, online = _signers(args)
    if online is None:
        raise BadSettings("Thiếu --online.", "--online is missing.")
    _repository(args).refresh(online)
    return 0


def list_files(config: Config, args: argparse.Namespace) -> int:
    """Print the published files."""
    for name, target in sorted(_repository(args).targets().items()):
        print(f"  {name:60} {target.length / 1e6:8.1f} MB  {target.hashes['sha256'][:16]}")
    return 0


def replace_key(config: Config, args: argparse.Namespace) -> int:
    """Replace a key of a role."""
    from kiosk.updates.signing_keys import make_key

    if args.new.exists():
        new = _open(args.new)
    else:
        new = make_key(args.new, "" if args.role in ("snapshot", "timestamp") else _new_password())
    signers, _online = _signers(args)
    is_published = _repository(args).replace_key(args.role, args.old, new.public_key, signers)
    return _report(is_published, f"{args.role} {new.public_key.keyid}")


def _report(is_published: bool, name: str) -> int:
    print(f"Đã phát hành {name}." if is_published else f"{name} đợi thêm chữ ký: kiosk release sign")
    return 0


def _repository(args: argparse.Namespace) -> "Repository":
    from kiosk.updates.repository import Repository

    return Repository(args.repository, SYSTEM.now())


def _signers(args: argparse.Namespace) -> "tuple[list[CryptoSigner], CryptoSigner | None]":
    return [_open(path) for path in args.key], _open(args.online) if args.online else None


def _open(path: Path) -> "CryptoSigner":
    from kiosk.updates.signing_keys import is_sealed, open_key

    return open_key(path, _password(path) if path.exists() and is_sealed(path) else "")


def _password(path: Path) -> str:
    """Return the password of a key: of the environment, asked for, or read from standard input."""
    if given := os.environ.get(PASSWORD):
        return given
    if sys.stdin.isatty():
        from getpass import getpass

        return getpass(f"Mật khẩu của khóa {path.name}: ")
    return sys.stdin.readline().rstrip("\n")


def _new_password() -> str:
    return os.environ.get(PASSWORD) or ask_new_password()


def _read_archive(archive: Path) -> tuple[str, str]:
    """Return the version that an archive's file RELEASE names, and the Python that its packages are for."""
    import tarfile

    try:
        with tarfile.open(archive, "r:gz") as tar:
            content = tar.extractfile(release.FILE)
            text = content.read().decode() if content else ""
            pythons = {found[1] for name in tar.getnames() if (found := _PACKAGES.match(name))}
    except (KeyError, tarfile.TarError, OSError, ValueError) as cause:
        raise BadSettings(
            f"{archive} không phải là gói của một bản (thiếu tệp RELEASE).",
            f"{archive} is no packed release: it has no file RELEASE.",
        ) from cause
    return release.parse(text).version, min(pythons, default="")


def _read_voice(archive: Path) -> str:
    """Return the name of the voice of an archive."""
    import tarfile

    from kiosk.voice.published import DESCRIPTION, VOICE

    try:
        with tarfile.open(archive, "r:gz") as tar:
            content = tar.extractfile(DESCRIPTION)
            voice = str(tomllib.loads(content.read().decode())["voice"]) if content else ""
        if not VOICE.fullmatch(voice):
            raise ValueError(voice)
    except (KeyError, tarfile.TarError, OSError, ValueError) as cause:
        raise BadSettings(
            f"{archive} không phải là gói của một giọng: đóng bằng kiosk voice pack, rồi kiosk release pack.",
            f"{archive} is no packed voice: use kiosk voice pack, then kiosk release pack.",
        ) from cause
    return voice
