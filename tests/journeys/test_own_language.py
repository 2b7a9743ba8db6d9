"""A language that a ward adds as a folder: its texts where it has them, its recordings, Vietnamese for the rest."""

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kiosk.base.i18n import load_own_languages, own_languages
from kiosk.config import Config
from kiosk.voice import page_clips, sound
from tests.journeys.people import begin_birth
from tests.journeys.walker import Walker
from tests.voice.tones import Tones

MADE_UP = """
name = "Tiếng Thử"
[texts]
"Kính chào ông/bà." = "Blá blá."
"Xin đưa thẻ căn cước của %(role)s vào ô sáng dưới màn hình" = "Blup %(role)s ta."
"Tiếp tục" = "Zơzơ"
"Tên của bé là gì?" = "Klŏng?"
"""
HEARD = "Hôm nay ông/bà cần làm việc gì?"
"""A text without a translation, which a speaker of the language has recorded."""


@pytest.fixture
def folder(practice: Config) -> Iterator[Path]:
    """Return the folder of a made-up language with the code `zz`."""
    folder = practice.languages_folder / "zz"
    folder.mkdir(parents=True)
    (folder / "language.toml").write_text(MADE_UP, "utf-8")
    yield folder
    shutil.rmtree(practice.languages_folder)
    load_own_languages(practice.languages_folder)


@pytest.fixture
def walker(folder: Path, app: Flask) -> Walker:
    return Walker(app)


def _record(folder: Path, text: str) -> None:
    for clip in page_clips.clips_of(text, "zz"):
        (folder / f"{clip.name}.wav").write_bytes(sound.as_wav(Tones().speak(clip.words, "zz")))


def test_its_texts_are_shown_and_vietnamese_where_it_has_none(walker: Walker) -> None:
    walker.go("/")
    assert "Tiếng Thử" in walker.go("/easier").words
    walker.post("/set", name="lang", value="zz", back="/")
    assert '<html lang="zz"' in walker.page
    assert "Blá blá." in walker.words
    assert HEARD in walker.words
    begin_birth(walker)
    assert re.search(r"Blup .+ ta\.", walker.words)
    walker.go("/leave").press("/leave")
    assert '<html lang="vi"' in walker.go("/").page


def test_its_recordings_are_heard_also_of_a_text_that_is_shown_in_vietnamese(walker: Walker, folder: Path) -> None:
    walker.go("/").post("/set", name="lang", value="zz", back="/")
    assert "spoken-text" not in walker.page
    _record(folder, HEARD)
    _record(folder, "Blá blá.")
    addresses = re.findall(r'data-clip="([^"]+)"', walker.go("/").page)
    assert len(addresses) == 2
    for address in map(html.unescape, addresses):
        assert address.startswith("/listen/zz/")
        assert walker.browser.get(address).status_code == 200


def test_a_form_is_sent_in_it(walker: Walker) -> None:
    walker.go("/").post("/set", name="lang", value="zz", back="/")
    walker.go("/need/2.000635").fill(giay_nao="khai_sinh")
    assert walker.answer.status_code == 200
    walker.go("/easier")
    assert walker.answer.status_code == 200


@pytest.mark.parametrize(
    ("code", "content", "problem"),
    [
        ("zz", "name = ", "language.toml"),
        ("zz", "[texts]\n", "thiếu name"),
        ("zz", 'name = "Z"\n[texts]\na = 1\n', "[texts] phải gồm"),
        (
            "zz",
            'name = "Z"\n[texts]\n"Xin đưa thẻ căn cước của %(role)s vào ô sáng dưới màn hình" = "Blup %(m)s"\n',
            "phải giữ đúng các chỗ trống",
        ),
        (
            "zz",
            'name = "Z"\n[texts]\n"Xin đưa thẻ căn cước của %(role)s vào ô sáng dưới màn hình" = "%(role)s 5 %"\n',
            "phải giữ đúng",
        ),
        ("vi", 'name = "Z"\n', "khác vi và en"),
        ("Z1", 'name = "Z"\n', "mã ngôn ngữ"),
    ],
)
def test_a_folder_that_cannot_be_used_is_left_out_and_says_why(
    tmp_path: Path, code: str, content: str, problem: str
) -> None:
    (tmp_path / code).mkdir()
    (tmp_path / code / "language.toml").write_text(content, "utf-8")
    (found,) = load_own_languages(tmp_path)
    assert problem in found
    assert own_languages() == {}
