"""A shelf that is kept: opened only while nothing has changed, and only what this kiosk wrote."""

import shutil
from pathlib import Path

import pytest

from kiosk.procedures import catalogue_cache
from kiosk.procedures.loader import CATALOGUE, BadProcedure, Catalogue, read_catalogue
from kiosk.store.vault import Vault

CODE, VERSION = "1.004194", "2026-11"
KEY = bytes(32)
OTHER = bytes(range(32))


class Place:
    """A folder with the ward's own form, what the ward changes, and a place beside them where the shelf is kept."""

    def __init__(self, folder: Path) -> None:
        self.forms, self.changes, self.kept = folder / "forms", folder / "changes.toml", folder / "shelf.kept"
        self.forms.mkdir()
        self.own = Path(shutil.copy(CATALOGUE / f"{CODE}.toml", self.forms))
        self.reads = 0

    def read(self) -> Catalogue:
        self.reads += 1
        return read_catalogue(self.forms)

    def open(self, key: bytes = KEY) -> Catalogue:
        return catalogue_cache.load_or_read(self.kept, Vault(key), [self.forms], [self.changes], self.read)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_second_start_opens_what_the_first_has_read(place: Place) -> None:
    first, second = place.open(), place.open()
    assert place.reads == 1
    assert first.version(CODE, VERSION) == second.version(CODE, VERSION) is not None


def test_only_the_kiosk_may_look_at_it(place: Place) -> None:
    place.open()
    assert place.kept.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in place.kept.parent.iterdir()) == ["forms", "shelf.kept"]


def test_a_form_that_was_changed_is_read_again(place: Place) -> None:
    place.open()
    place.own.write_text(place.own.read_text("utf-8").replace(f'version = "{VERSION}"', 'version = "2026-12"'), "utf-8")
    assert place.open().version(CODE, "2026-12")
    assert place.reads == 2


def test_a_form_that_came_or_went_is_seen(place: Place) -> None:
    place.open()
    other = Path(shutil.copy(CATALOGUE / "2.000635.toml", place.forms))
    assert place.open().version("2.000635", VERSION)
    other.unlink()
    assert place.open().version("2.000635", VERSION) is None


def test_what_the_ward_changes_is_seen(place: Place) -> None:
    place.open()
    place.changes.write_text("# another fee", "utf-8")
    place.open()
    assert place.reads == 2


def test_a_mistake_is_named_although_a_good_shelf_was_kept(place: Place) -> None:
    place.open()
    place.own.write_text(place.own.read_text("utf-8") + '\nnonsense = "x"\n', "utf-8")
    with pytest.raises(BadProcedure, match="nonsense"):
        place.open()


@pytest.mark.parametrize("at", [0, 20, 100, -1])
def test_a_byte_that_somebody_changed_is_never_opened(place: Place, at: int) -> None:
    place.open()
    held = bytearray(place.kept.read_bytes())
    held[at] ^= 1
    place.kept.write_bytes(held)
    place.open()
    assert place.reads == 2


def test_what_another_key_wrote_or_nobody_is_never_opened(place: Place) -> None:
    place.open(OTHER)
    place.open()
    for text in (b"", b"short", bytes(64)):
        place.kept.write_bytes(text)
        place.open()
    assert place.reads == 5


def test_where_nothing_can_be_kept_the_files_are_read_each_time(place: Place) -> None:
    place.kept.mkdir()
    place.open()
    assert place.open().version(CODE, VERSION)
    assert place.reads == 2
