"""A province that publishes releases, and a ward's machine with the folder of its programs."""

import platform
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from kiosk.base import clock, release
from kiosk.config import Config, load
from kiosk.updates import archive
from kiosk.updates.programs import Programs
from kiosk.updates.repository import NewTarget, Repository
from kiosk.updates.signing_keys import make_key
from kiosk.updates.trust import CONTENT, PROGRAM, python_version

PRESENT = release.current().version
NEXT = "77.0.0"
LATER = "78.0.0"


class Province:
    """Keys, a repository, and the releases in it; `now` may be changed."""

    def __init__(self, folder: Path, *, targets_threshold: int = 1) -> None:
        self.folder = folder
        self.now = clock.now()
        self.roots = [make_key(folder / "keys" / f"root-{number}.pem", "") for number in (1, 2, 3)]
        self.signers = [make_key(folder / "keys" / f"targets-{number}.pem", "") for number in (1, 2)]
        self.online = make_key(folder / "keys" / "online.pem", "")
        self.repository.create(
            self.roots,
            [signer.public_key for signer in self.signers],
            self.online,
            root_threshold=2,
            targets_threshold=targets_threshold,
        )

    @property
    def repository(self) -> Repository:
        return Repository(self.folder / "repository", self.now)

    @property
    def place(self) -> Path:
        return self.folder / "repository"

    def publish(self, path: Path, name: str, **facts: Any) -> bool:
        return self.repository.publish([NewTarget(path, name, facts)], self.signers[:1], self.online)

    def publish_program(self, version: str, *, archive_of: Path | None = None, **facts: Any) -> Path:
        """Publish a small program, or the archive of another."""
        path = archive_of or self.pack_program(version)
        own = {"product": PROGRAM, "version": version, "machine": platform.machine(), "python": python_version()}
        assert self.publish(path, f"{PROGRAM}-{version}.tar.gz", **(own | facts))
        return path

    def pack_program(self, version: str, **options: Any) -> Path:
        tree = make_program(self.folder / f"tree-{version}", version, **options)
        path = self.folder / f"{version}.tar.gz"
        archive.pack(tree, path)
        return path

    def publish_content(self, version: str, tree: Path, **facts: Any) -> None:
        path = self.folder / f"content-{version}.tar.gz"
        archive.pack(tree, path)
        assert self.publish(path, f"{CONTENT}-{version}.tar.gz", product=CONTENT, version=version, **facts)

    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)


def make_program(folder: Path, version: str, *, exit_status: int = 0) -> Path:
    """Make the tree of a small program that can be probed; `exit_status`: how its probe ends."""
    package = folder / "kiosk"
    package.mkdir(parents=True)
    (folder / "RELEASE").write_text(f'version = "{version}"\ncommit = "0123456789"\n')
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(f"import sys\nsys.exit({exit_status})\n")
    (folder / "static").mkdir()
    for number in range(3):
        (folder / "static" / f"{number}.css").write_text(f"/* {version} */" * 50)
    tool = folder / "bin.sh"
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    return folder


def make_machine(folder: Path, store: Path, place: Path | str, root: Path) -> Config:
    """Make a ward's machine that runs the present release, with a store and settings."""
    folder.mkdir(exist_ok=True)
    (folder / "kiosk.toml").write_text(
        f'[kiosk]\nid = "PK03"\n[updates]\nprograms = "opt"\nsource = "{place}"\nhours = []\nswitch = "00:00-23:59"\n'
    )
    (folder / "release-root.json").write_bytes(root.read_bytes())
    config = load(folder / "kiosk.toml")
    config.folder.mkdir(mode=0o700)
    shutil.copyfile(store, config.store_path)
    config.store_path.chmod(0o600)
    make_program(programs(config).path(PRESENT), PRESENT)
    programs(config).switch(PRESENT)
    return config


def programs(config: Config) -> Programs:
    return Programs(config.root / config.updates.programs)


def content_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, to compare whole releases; without what is made on the machine."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
