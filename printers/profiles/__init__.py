"""Profiles of receipt printers: what is known of a model, how sure it is, and where it is from.

A profile is a TOML file of this folder; its file name is its id. It fills in the settings of a new printer, which then
stand in kiosk.toml by themselves: a later change of a profile changes no printer that prints.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).parent
HowSure = Literal["tried", "documents", "not_tried"]


@dataclass(frozen=True)
class PrinterProfile:
    """Profile of a printer model.

    Attributes:
        id: of the profile.
        title: maker and models.
        names: parts of the names that such printers give themselves, in small letters.
        how_sure: tried on a device by the project; by documents of the maker or measurements of others; or neither.
        sources: of the figures.
        note: what a technician should know, in Vietnamese.
        width_mm: of the paper.
        dots: printable dots of a row.
        dpi: dots an inch.
        cutter: whether it cuts.
    """

    id: str
    title: str
    names: tuple[str, ...]
    how_sure: HowSure
    sources: tuple[str, ...]
    note: str
    width_mm: int
    dots: int
    dpi: int
    cutter: bool

    @property
    def settings(self) -> dict[str, int | bool]:
        """Return the settings of a `[[printer]]` that the profile knows, by their names in kiosk.toml."""
        return {"width_mm": self.width_mm, "dots": self.dots, "dpi": self.dpi, "cutter": self.cutter}


@cache
def all_profiles() -> tuple[PrinterProfile, ...]:
    """Return the profiles, by title; those for other printers are last."""
    profiles = [_read(file) for file in FOLDER.glob("*.toml")]
    return tuple(sorted(profiles, key=lambda profile: (profile.id.startswith("other-"), profile.title)))


def _read(file: Path) -> PrinterProfile:
    fields = tomllib.loads(file.read_text(encoding="utf-8"))
    fields["names"] = tuple(fields["names"])
    fields["sources"] = tuple(fields["sources"])
    return PrinterProfile(id=file.stem, **fields)


def get_profile(profile_id: str) -> PrinterProfile | None:
    """Return the profile of an id, or None."""
    return next((profile for profile in all_profiles() if profile.id == profile_id), None)


def find_profile(title: str) -> PrinterProfile | None:
    """Return the profile that fits the name that a printer gives itself: that with the longest matching part."""
    name = title.casefold()
    matches = [(len(part), profile) for profile in all_profiles() for part in profile.names if part in name]
    return max(matches, key=lambda match: match[0])[1] if matches else None
