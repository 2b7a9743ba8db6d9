"""The repository of releases on the publishing side (TUF): roles, keys, targets, and the signing of each.

A folder with `metadata/` and `targets/`, which a web server or a USB stick carries as it is. The keys of root and of
targets are offline; only the key of snapshot and timestamp may lie on the machine that publishes. Metadata that has not
enough signatures yet waits in `staged/`, so that its keys need not meet on one machine.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from kiosk.base.errors import BadSettings
from kiosk.store import files

ROOT = "root"
TARGETS = "targets"
SNAPSHOT = "snapshot"
TIMESTAMP = "timestamp"
TERMS = {
    ROOT: timedelta(days=5 * 365),
    TARGETS: timedelta(days=365),
    SNAPSHOT: timedelta(days=31),
    TIMESTAMP: timedelta(days=31),
}
"""Lifetime of each role's metadata: the short ones are renewed by `refresh`, without an offline key."""
_JSON = JSONSerializer(compact=False)
Signed = TypeVar("Signed", Root, Targets, Snapshot, Timestamp)


@dataclass(frozen=True)
class NewTarget:
    """A file to publish: its path, its name in the repository, and facts that kiosks compare with themselves."""

    path: Path
    name: str
    facts: Mapping[str, Any]


class Repository:
    """A repository in a folder; `now` returns the time."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder = folder
        self._now = now.replace(microsecond=0)

    @property
    def _metadata(self) -> Path:
        return self.folder / "metadata"

    @property
    def _staged(self) -> Path:
        return self.folder / "staged"

    def create(self, roots: Sequence[CryptoSigner], targets: Sequence[SSlibKey], online: CryptoSigner, *,
               root_threshold: int, targets_threshold: int) -> None:  # fmt: skip
        """Create an empty repository.

        Args:
            roots: keys of the root, all of which sign.
            targets: keys of which `targets_threshold` must sign each list of releases.
            online: key of snapshot and timestamp.
            root_threshold: how many root keys must sign a later change of keys.
            targets_threshold: how many keys must sign a list of releases.

        Raises:
            BadSettings: there is a repository, or a threshold cannot be met.
        """
        if self._metadata.exists():
            raise BadSettings(f"{self.folder} đã có kho phát hành.", f"{self.folder} has a repository already.")
        if not (1 <= root_threshold <= len(roots) and 1 <= targets_threshold <= len(targets)):
            raise BadSettings("Số chữ ký cần có lớn hơn số khóa.", "More signatures are asked for than there are keys.")
        root = Root(expires=self._now + TERMS[ROOT], consistent_snapshot=True)
        for signer in roots:
            root.add_key(signer.public_key, ROOT)
        for key in targets:
            root.add_key(key, TARGETS)
        for role in (SNAPSHOT, TIMESTAMP):
            root.add_key(online.public_key, role)
        root.roles[ROOT].threshold = root_threshold
        root.roles[TARGETS].threshold = targets_threshold
        self._metadata.mkdir(parents=True)
        (self.folder / "targets").mkdir(exist_ok=True)
        self._finish_root(_signed(Metadata(root), roots))

    def root_file(self) -> Path:
        """Return the newest root, which kiosks get once by another way as their root of trust."""
        return max(self._metadata.glob("*.root.json"), key=lambda path: int(path.name.partition(".")[0]))

    def publish(self, new: Sequence[NewTarget], signers: Sequence[CryptoSigner], online: CryptoSigner | None) -> bool:
        """Add releases and sign the list; return whether it has enough signatures and is published.

        Otherwise the list waits in `staged/` for `sign`.
        """
        targets = self._next(TARGETS, Targets)
        for target in new:
            self._add(targets.signed, target)
        return self._stage(_signed(targets, signers), TARGETS, online)

    def withdraw(self, name: str, signers: Sequence[CryptoSigner], online: CryptoSigner | None) -> bool:
        """Take a release out of the list; the file stays for kiosks that are downloading it.

        Raises:
            BadSettings: there is no such release.
        """
        targets = self._next(TARGETS, Targets)
        if name not in targets.signed.targets:
            raise BadSettings(f"Không có bản {name}.", f"There is no release {name}.")
        del targets.signed.targets[name]
        return self._stage(_signed(targets, signers), TARGETS, online)

    def replace_key(self, role: str, old: str, new: SSlibKey, signers: Sequence[CryptoSigner]) -> bool:
        """Replace a key of a role by another one (lost, stolen, its holder has left); root keys sign.

        Args:
            role: root, targets, snapshot or timestamp.
            old: id of the key, or its first letters.
            new: the key in its place.
            signers: keys of the root; with too few of them the new root waits in `staged/`.

        Raises:
            BadSettings: the role has no such key.
        """
        root = self._root()
        found = [keyid for keyid in root.signed.roles[role].keyids if old and keyid.startswith(old)]
        if len(found) != 1:
            raise BadSettings(f"Vai {role} không có đúng một khóa {old}.", f"Role {role} has not one key {old}.")
        root.signed.revoke_key(found[0], role)
        root.signed.add_key(new, role)
        root.signed.version += 1
        root.signed.expires = self._now + TERMS[ROOT]
        root.signatures.clear()
        return self._stage(_signed(root, signers), ROOT, None)

    def sign(self, signer: CryptoSigner, online: CryptoSigner | None) -> list[str]:
        """Add a signature to everything staged that this key may sign; return the roles that are published by it."""
        published = []
        for role in (ROOT, TARGETS):
            path = self._staged / f"{role}.json"
            if not path.exists():
                continue
            staged: Metadata[Any] = Metadata.from_file(str(path))
            if signer.public_key.keyid in self._root().signed.roles[role].keyids + _own_keys(staged, role):
                staged.sign(signer, append=True)
                if self._stage(staged, role, online):
                    published.append(role)
        return published

    def refresh(self, online: CryptoSigner) -> None:
        """Sign snapshot and timestamp again before they expire; run each night on the publishing machine."""
        targets = self._load(TARGETS, Targets)
        snapshot = self._next(SNAPSHOT, Snapshot)
        timestamp = self._next(TIMESTAMP, Timestamp)
        if targets is not None:
            snapshot.signed.meta["targets.json"] = MetaFile(version=targets.signed.version)
        timestamp.signed.snapshot_meta = MetaFile(version=snapshot.signed.version)
        snapshot.sign(online)
        timestamp.sign(online)
        self._write(snapshot, f"{snapshot.signed.version}.snapshot.json")
        # The timestamp last: it alone makes the files above the present ones.
        self._write(timestamp, "timestamp.json")

    def targets(self) -> Mapping[str, TargetFile]:
        """Return the published files by name."""
        targets = self._load(TARGETS, Targets)
        return {} if targets is None else targets.signed.targets

    def _add(self, targets: Targets, target: NewTarget) -> None:
        info = TargetFile.from_file(target.name, str(target.path), ["sha256"])
        info.unrecognized_fields = {"custom": dict(target.facts)}
        targets.targets[target.name] = info
        into = self.folder / "targets" / f"{info.hashes['sha256']}.{target.name}"
        if not into.exists():
            with files.open_atomic(into, 0o644) as copy, target.path.open("rb") as source:
                shutil.copyfileobj(source, copy)

    def _stage(self, metadata: Metadata[Any], role: str, online: CryptoSigner | None) -> bool:
        """Publish metadata that has enough signatures; otherwise keep it in `staged/`."""
        staged = self._staged / f"{role}.json"
        if not self._is_enough(metadata, role) or (role == TARGETS and online is None):
            self._staged.mkdir(exist_ok=True)
            files.write_atomic(staged, metadata.to_bytes(_JSON), 0o644)
            return False
        if role == ROOT:
            self._finish_root(metadata)
        elif online is not None:
            self._write(metadata, f"{metadata.signed.version}.targets.json")
            self.refresh(online)
        staged.unlink(missing_ok=True)
        return True

    def _is_enough(self, metadata: Metadata[Any], role: str) -> bool:
        result = self._root().signed.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
        if role != ROOT:
            return bool(result.verified)
        # A new root is signed by enough keys of the old root and of its own.
        own = metadata.signed.get_verification_result(ROOT, metadata.signed_bytes, metadata.signatures)
        return bool(result.verified and own.verified)

    def _finish_root(self, root: Metadata[Root]) -> None:
        self._write(root, f"{root.signed.version}.root.json")

    def _root(self) -> Metadata[Root]:
        root: Metadata[Root] = Metadata.from_file(str(self.root_file()))
        return root

    def _next(self, role: str, kind: type[Signed]) -> Metadata[Signed]:
        """Return the next version of a role's metadata, with a new term and without signatures."""
        metadata = self._load(role, kind)
        if metadata is None:
            metadata = Metadata(kind())
        else:
            metadata.signed.version += 1
        metadata.signed.expires = self._now + TERMS[role]
        metadata.signatures.clear()
        return metadata

    def _load(self, role: str, kind: type[Signed]) -> Metadata[Signed] | None:
        """Return the newest metadata of a role; None before the first."""
        paths = sorted(self._metadata.glob(f"*.{role}.json"), key=lambda path: int(path.name.partition(".")[0]))
        path = self._metadata / "timestamp.json" if kind is Timestamp else next(reversed(paths), None)
        if path is None or not path.exists():
            return None
        try:
            metadata: Metadata[Signed] = Metadata.from_file(str(path))
        except DeserializationError as cause:
            raise BadSettings(f"Không đọc được {path}.", f"{path} cannot be read.") from cause
        return metadata

    def _write(self, metadata: Metadata[Any], name: str) -> None:
        files.write_atomic(self._metadata / name, metadata.to_bytes(_JSON), 0o644)


def _signed(metadata: Metadata[Any], signers: Sequence[CryptoSigner]) -> Metadata[Any]:
    for signer in signers:
        metadata.sign(signer, append=True)
    return metadata


def _own_keys(staged: Metadata[Any], role: str) -> list[str]:
    """Return the keys that a staged root itself gives a role."""
    return list(staged.signed.roles[ROOT].keyids) if role == ROOT else []
