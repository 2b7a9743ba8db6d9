"""A marked name goes the whole way and is afterwards in no file: store, log, spool, temporary files, browser profile.

The gateway's store is the province's side of the wire: the name belongs there, and there the same search finds it.
"""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from playwright.sync_api import Playwright

from kiosk.vietnam.viet_text import fold
from tests.browser.conftest import ARGS, CHROMIUM, GLASS
from tests.browser.kiosks import Practice, until
from tests.browser.test_walks import arrivals, codes_on_paper
from tests.browser.walking import Person

CANARY = "Khuỵu Nghuếch"
NAME = f"Trần Thoòng {CANARY}"
PROVINCE = "gateway.db"


def spellings() -> set[bytes]:
    """The marked name as a program may have written it down."""
    words = {CANARY, CANARY.upper(), CANARY.lower()}
    words |= {unicodedata.normalize(form, word) for form in ("NFD", "NFKD") for word in set(words)}
    words |= {fold(CANARY), fold(CANARY).replace(" ", ""), fold(CANARY).replace(" ", "_")}
    escaped = {word.encode("ascii", "backslashreplace") for word in words} | {quote(word).encode() for word in words}
    escaped |= {quote(word).replace("%20", "+").encode() for word in words}
    return escaped | {word.encode(kind) for word in words for kind in ("utf-8", "utf-16-le", "utf-16-be")}


def holding(folder: Path) -> set[Path]:
    """The files below a folder that hold the marked name in any spelling."""
    sought = spellings()
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {path for path in files if any(one in path.read_bytes() for one in sought)}


@pytest.fixture
def corner() -> Iterator[Path]:
    """A folder with a short name: Chromium's sockets lie in it."""
    with TemporaryDirectory(prefix="k") as name:
        yield Path(name)


@pytest.fixture
def context(corner: Path) -> Iterator[Practice]:
    practice = Practice(corner)
    yield practice
    practice.stop()


def test_a_marked_name_is_in_no_file(context: Practice, play: Playwright, corner: Path) -> None:
    profile = corner / "profile"
    browser = play.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=ARGS,
        env={"TMPDIR": str(context.temporary), "HOME": str(corner)},
        ignore_default_args=["--disable-back-forward-cache"],
        **GLASS,  # type: ignore[arg-type]
    )
    person = Person(browser.pages[0], context.address)
    receipt = person.file_birth(NAME)
    until(lambda: receipt in codes_on_paper(context))
    until(lambda: receipt in arrivals(context, browser))
    person.leave()
    _walk_away_with_half_a_form(person)
    browser.close()
    assert person.faults == []

    assert {path.name.removesuffix("-wal") for path in holding(corner)} <= {PROVINCE}
    assert holding(context.data), "the search finds nothing even where the name belongs"
    context.stop()
    assert {path.name.removesuffix("-wal") for path in holding(corner)} <= {PROVINCE}
    assert any(profile.rglob("*"))


def _walk_away_with_half_a_form(person: Person) -> None:
    """A draft that still lies in the store when the files are searched."""
    person.begin_birth()
    person.mother()
    person.father()
    person.baby(NAME)


@pytest.mark.parametrize("kind", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("spelt", [CANARY, CANARY.upper(), unicodedata.normalize("NFD", CANARY), fold(CANARY)])
def test_a_planted_leak_is_found(tmp_path: Path, spelt: str, kind: str) -> None:
    (tmp_path / "clean.log").write_text('{"event": "Trần Thoòng"}', "utf-8")
    leak = tmp_path / "deep" / "kiosk.log.1"
    leak.parent.mkdir()
    leak.write_bytes(b"\x00" * 5000 + f'{{"event": "{spelt}"}}'.encode(kind))
    assert holding(tmp_path) == {leak}
