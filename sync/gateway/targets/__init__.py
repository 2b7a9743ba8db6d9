"""Forward targets: the adapters of systems behind the gateway, and how a place or a mapping file names one.

A province's own adapter and its twin come with a package of theirs, as entry points of the groups `TARGETS` (a function
of the content of the mapping file) and `TWINS` (a function of a folder).
"""

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from sync.errors import BadPortal
from sync.gateway.forward_targets import ForwardTarget
from sync.gateway.targets import dvcqg, igate2, noihoso
from sync.gateway.targets.dvcqg_twin import DvcqgTwin
from sync.gateway.targets.example import ExampleTwin
from sync.gateway.targets.folder import FolderTarget
from sync.gateway.targets.folder_twin import FolderTwin
from sync.gateway.targets.igate2_twin import IGateTwin
from sync.gateway.targets.mapping import BadMapping, read_mapping
from sync.gateway.targets.noihoso_twin import NoiHoSoTwin
from sync.gateway.targets.twin import TargetTwin

TARGETS = "ward_kiosk.forward_targets"
TWINS = "ward_kiosk.target_twins"
_OPENERS: dict[str, Callable[[Mapping[str, Any]], ForwardTarget]] = {
    "dvcqg": dvcqg.open_target,
    "igate2": igate2.open_target,
    "noihoso": noihoso.open_target,
}
TRAINING_TWINS: dict[str, type[DvcqgTwin] | type[IGateTwin] | type[NoiHoSoTwin]] = {
    "dvcqg": DvcqgTwin,
    "igate2": IGateTwin,
    "noihoso": NoiHoSoTwin,
}
"""Twins that a gateway reaches by a mapping file."""
_TWINS: dict[str, Callable[[Path], TargetTwin]] = {**TRAINING_TWINS, "example": ExampleTwin, "folder": FolderTwin}


def open_forward_target(place: str) -> ForwardTarget | None:
    """Open the target at a place: `folder:/var/lib/noted`, or `target:` and a mapping file; None for an empty place.

    Raises:
        ValueError: there is no target of this kind, or its mapping file cannot be used.
    """
    if not place:
        return None
    kind, colon, path = place.partition(":")
    if kind == "folder" and colon and path:
        return FolderTarget(Path(path))
    if kind == "target" and colon and path:
        return open_mapped_target(read_mapping(Path(path)))
    raise ValueError(f"{place!r} is no place to forward to; there is folder:<path> and target:<mapping file>")


def open_mapped_target(content: Mapping[str, Any]) -> ForwardTarget:
    """Open the target of a mapping file's content.

    Raises:
        BadMapping: the adapter is unknown, or the mapping cannot be used.
    """
    kind = content.get("kind")
    opener = _OPENERS.get(str(kind)) or _installed(TARGETS, str(kind))
    if opener is None:
        raise BadMapping(f"kind: {kind!r} is no adapter; there is {', '.join(target_kinds())}")
    try:
        target: ForwardTarget = opener(content)
    except BadPortal as error:
        raise BadMapping(f"service.url: {error}") from None
    return target


def target_kinds() -> list[str]:
    """Return the kinds of adapters that mapping files can name."""
    return sorted({*_OPENERS, *(point.name for point in entry_points(group=TARGETS))})


def twin_kinds() -> list[str]:
    """Return the names of the twins."""
    return sorted({*_TWINS, *(point.name for point in entry_points(group=TWINS))})


def open_twin(name: str, folder: Path) -> TargetTwin | None:
    """Open a twin by name; its state is in the folder. None when there is no such twin."""
    opener = _TWINS.get(name) or _installed(TWINS, name)
    return None if opener is None else opener(folder)


def _installed(group: str, name: str) -> Any:
    """Return what an installed package gives under a name; None when there is nothing."""
    points = [point for point in entry_points(group=group) if point.name == name]
    return points[0].load() if points else None
