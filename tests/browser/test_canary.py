"""A marked name passes through the whole system and is then in no file: store, log, spool, temporary files, profile.

The name has arrived at the gateway: its store is sealed too, and opens with the gateway's key only.
"""

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from playwright.sync_api import Playwright

from kiosk.vietnam.viet_text import fold
from sync.gateway.sealing import BODY, Sealer
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.kiosks import PracticeKiosk, until
from tests.browser.person import Person
from tests.browser.test_walks import arrivals, codes_on_paper
from tests.chromium import ARGS, CHROMIUM
from tests.other_date import moved_clock

CANARY = "Khuỵu Nghuếch"
NAME = f"Trần Thoòng {CANARY}"


def spellings() -> set[bytes]:
    """Return the marked name in all spellings and encodings that a program may write."""
    words = {CANARY, CANARY.upper(), CANARY.lower()}
    words |= {unicodedata.normalize(form, word) for form in ("NFD", "NFKD") for word in set(words)}
    words |= {fold(CANARY), fold(CANARY).replace(" ", ""), fold(CANARY).replace(" ", "_")}
    escaped = {word.encode("ascii", "backslashreplace") for word in words} | {quote(word).encode() for word in words}
    escaped |= {quote(word).replace("%20", "+").encode() for word in words}
    return escaped | {word.encode(kind) for word in words for kind in ("utf-8", "utf-16-le", "utf-16-be")}


def files_with_name(folder: Path) -> set[Path]:
    """Return the files below a folder that contain the marked name in any spelling."""
    return files_with(folder, spellings())


def files_with(folder: Path, texts: set[bytes]) -> set[Path]:
    """Return the files below a folder that contain any of some texts."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {path for path in files if _contains_any(_content(path), texts)}


def _content(path: Path) -> bytes:
    """Return a file's bytes; none if the running kiosk has deleted it meanwhile."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _contains_any(content: bytes, texts: set[bytes]) -> bool:
    return any(text in content for text in texts)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Make a folder with a short path, because Chromium's sockets are in it."""
    with TemporaryDirectory(prefix="k") as name:
        yield Path(name)


@pytest.fixture
def own_kiosk(short_folder: Path) -> Iterator[PracticeKiosk]:
    practice = PracticeKiosk(short_folder)
    yield practice
    practice.stop()


def test_a_marked_name_is_in_no_file(own_kiosk: PracticeKiosk, play: Playwright, short_folder: Path) -> None:
    profile = short_folder / "profile"
    browser = play.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=ARGS,
        env=moved_clock() | {"TMPDIR": str(own_kiosk.temporary), "HOME": str(short_folder)},
        ignore_default_args=["--disable-back-forward-cache"],
        **TOUCHSCREEN,  # type: ignore[arg-type]
    )
    person = Person(browser.pages[0], own_kiosk.address).stay()
    receipt = person.file_birth(NAME)
    until(lambda: receipt in codes_on_paper(own_kiosk))
    until(lambda: receipt in arrivals(own_kiosk, browser))
    person.leave()
    _walk_away_with_half_a_form(person)
    browser.close()
    assert person.faults == []

    assert files_with_name(short_folder) == set()
    own_kiosk.stop()
    assert files_with_name(short_folder) == set()
    assert any(profile.rglob("*"))
    assert [body for body in _bodies_of_gateway(own_kiosk.data) if _contains_any(body, spellings())]


def _bodies_of_gateway(data: Path) -> list[bytes]:
    """Return the opened bodies of a gateway's store."""
    sealer = Sealer(data / "gateway.key")
    with closing(sqlite3.connect(data / "gateway.db")) as db:
        rows = db.execute("select submission_id, body from submissions").fetchall()
    return [sealer.open(BODY, submission_id, body) for submission_id, body in rows]


def _walk_away_with_half_a_form(person: Person) -> None:
    """Leave a draft in the store, for the search of the files."""
    person.begin_birth()
    person.fill_mother()
    person.fill_father()
    person.fill_child(NAME)


def test_a_kept_and_then_deleted_form_leaves_nothing(
    own_kiosk: PracticeKiosk, play: Playwright, short_folder: Path
) -> None:
    profile = short_folder / "profile"
    browser = play.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=ARGS,
        env=moved_clock() | {"TMPDIR": str(own_kiosk.temporary), "HOME": str(short_folder)},
        ignore_default_args=["--disable-back-forward-cache"],
        **TOUCHSCREEN,  # type: ignore[arg-type]
    )
    person = Person(browser.pages[0], own_kiosk.address).stay()
    _walk_away_with_half_a_form(person)
    person.page.locator(".foot").get_by_text("Kết thúc", exact=True).tap()
    person.follow(person.page.locator(".scrim .keep-tile"))
    code = person.page.locator(".kept-code").inner_text().strip()
    until(lambda: code in codes_on_paper(own_kiosk))
    assert files_with_name(short_folder) == set()
    person.go("/")
    with person.page.expect_navigation():
        person.page.evaluate(POST_SCAN, code)
    person.page.locator("details.tray summary").tap()
    person.follow(person.page.locator("details.tray button", has_text="Mẹ"))
    person.page.locator(".foot").get_by_text("Kết thúc", exact=True).tap()
    person.follow(person.page.locator(".scrim").get_by_role("button", name="Không khai nữa, xóa hết"))
    assert _rows(own_kiosk.data, "drafts") == _rows(own_kiosk.data, "kept_drafts") == 0
    browser.close()
    own_kiosk.stop()
    assert files_with_name(short_folder) == set()
    assert files_with(own_kiosk.data, {code.encode()}) == set()


POST_SCAN = """code => {
  const form = document.getElementById("scan");
  form.elements.line.value = code;
  form.requestSubmit();
}"""


def _rows(data: Path, table: str) -> int:
    with closing(sqlite3.connect(f"file:{data / 'kiosk.db'}?mode=ro", uri=True)) as db:
        ((count,),) = db.execute(f"select count(*) from {table}").fetchall()
    return int(count)


@pytest.mark.parametrize("kind", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("spelt", [CANARY, CANARY.upper(), unicodedata.normalize("NFD", CANARY), fold(CANARY)])
def test_a_planted_leak_is_found(tmp_path: Path, spelt: str, kind: str) -> None:
    (tmp_path / "clean.log").write_text('{"event": "Trần Thoòng"}', "utf-8")
    leak = tmp_path / "deep" / "kiosk.log.1"
    leak.parent.mkdir()
    leak.write_bytes(b"\x00" * 5000 + f'{{"event": "{spelt}"}}'.encode(kind))
    assert files_with_name(tmp_path) == {leak}
