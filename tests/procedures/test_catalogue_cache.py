"""Cache of the catalogue: used only while nothing has changed, and only if this kiosk wrote it."""

import pickle
import shutil
from pathlib import Path

import pytest

from kiosk.procedures import catalogue_cache, catalogue_json
from kiosk.procedures.loader import CATALOGUE, BadProcedure, Catalogue, read_catalogue
from kiosk.store.vault import Vault

CODE = "1.004194"
VERSION = "2026-11"
KEY = bytes(32)
OTHER = bytes(range(32))


class CacheFolder:
    """A folder with a form of the ward, its overrides, and the cache."""

    def __init__(self, folder: Path) -> None:
        self.forms = folder / "forms"
        self.overrides = folder / "changes.toml"
        self.cache = folder / "shelf.kept"
        self.forms.mkdir()
        self.own = Path(shutil.copy(CATALOGUE / f"{CODE}.toml", self.forms))
        self.reads = 0

    def read(self) -> Catalogue:
        self.reads += 1
        return read_catalogue(self.forms)

    def open(self, key: bytes = KEY) -> Catalogue:
        return catalogue_cache.load_or_read(self.cache, Vault(key), [self.forms], [self.overrides], self.read)


@pytest.fixture
def folder(tmp_path: Path) -> CacheFolder:
    return CacheFolder(tmp_path)


def test_the_second_start_opens_the_cache_of_the_first(folder: CacheFolder) -> None:
    first = folder.open()
    second = folder.open()
    assert folder.reads == 1
    assert first.version(CODE, VERSION) == second.version(CODE, VERSION) is not None


def test_only_the_owner_may_read_the_cache(folder: CacheFolder) -> None:
    folder.open()
    assert folder.cache.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in folder.cache.parent.iterdir()) == ["forms", "shelf.kept"]


def test_a_form_that_was_changed_is_read_again(folder: CacheFolder) -> None:
    folder.open()
    folder.own.write_text(
        folder.own.read_text("utf-8").replace(f'version = "{VERSION}"', 'version = "2026-12"'), "utf-8"
    )
    assert folder.open().version(CODE, "2026-12")
    assert folder.reads == 2


def test_a_form_that_came_or_went_is_seen(folder: CacheFolder) -> None:
    folder.open()
    other = Path(shutil.copy(CATALOGUE / "2.000635.toml", folder.forms))
    assert folder.open().version("2.000635", VERSION)
    other.unlink()
    assert folder.open().version("2.000635", VERSION) is None


def test_what_the_ward_changes_is_seen(folder: CacheFolder) -> None:
    folder.open()
    folder.overrides.write_text("# another fee", "utf-8")
    folder.open()
    assert folder.reads == 2


def test_an_error_is_named_although_a_valid_catalogue_was_cached(folder: CacheFolder) -> None:
    folder.open()
    folder.own.write_text(folder.own.read_text("utf-8") + '\nnonsense = "x"\n', "utf-8")
    with pytest.raises(BadProcedure, match="nonsense"):
        folder.open()


@pytest.mark.parametrize("at", [0, 20, 100, -1])
def test_a_changed_byte_is_never_opened(folder: CacheFolder, at: int) -> None:
    folder.open()
    content = bytearray(folder.cache.read_bytes())
    content[at] ^= 1
    folder.cache.write_bytes(content)
    folder.open()
    assert folder.reads == 2


def test_a_cache_of_another_key_or_without_one_is_never_opened(folder: CacheFolder) -> None:
    folder.open(OTHER)
    folder.open()
    for text in (b"", b"short", bytes(64)):
        folder.cache.write_bytes(text)
        folder.open()
    assert folder.reads == 5


def test_where_nothing_can_be_kept_the_files_are_read_each_time(folder: CacheFolder) -> None:
    folder.cache.mkdir()
    folder.open()
    assert folder.open().version(CODE, VERSION)
    assert folder.reads == 2


def test_the_whole_catalogue_is_the_same_after_the_cache(tmp_path: Path) -> None:
    changes = tmp_path / "changes.toml"
    changes.write_text(
        f'[[procedure]]\ncode = "{CODE}"\nwhy = "Nghị quyết"\nchecked_on = 2026-11-20\n'
        '[[procedure.fee]]\nid = "truc_tiep"\namount = 10000\n',
        "utf-8",
    )
    catalogue = read_catalogue(overrides=changes)
    loaded = catalogue_json.load(catalogue_json.dump(catalogue))
    assert loaded.every_version() == catalogue.every_version()
    assert loaded.overrides == catalogue.overrides
    assert repr(loaded.every_version()) == repr(catalogue.every_version()), "types too: a list is not equal to a tuple"


def test_equal_values_are_one_object_after_the_cache() -> None:
    loaded = catalogue_json.load(catalogue_json.dump(read_catalogue()))
    options = [option for procedure in loaded.every_version() for field in procedure.fields for option in field.options]
    assert len(options) > 500
    assert len({id(option) for option in options}) == len({repr(option) for option in options}) < len(options) / 2


class _Planted:
    """An object whose unpickling runs a program."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("import pathlib; pathlib.Path('planted').touch()",)


@pytest.mark.parametrize(
    "content", [pickle.dumps(_Planted()), b"[]", b'[["Popen", "true"]]', b'[["tuple", [0]]]', b"\xff", b"{"]
)
def test_somebody_with_the_key_cannot_plant_code(
    content: bytes, folder: CacheFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.forms)
    folder.open()
    digest = catalogue_cache._digest([folder.forms, CATALOGUE], [folder.overrides])
    folder.cache.write_bytes(Vault(KEY).seal(catalogue_cache.PURPOSE, digest, content))
    assert folder.open().version(CODE, VERSION)
    assert folder.reads == 2
    assert not (folder.forms / "planted").exists()
