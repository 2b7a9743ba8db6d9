"""The documentation as pages for a browser: no broken link, no page without a place, each in its language."""

import shutil
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.documentation import OPTIONS, build_site


def test_the_pages_are_built_without_a_warning_and_name_their_language(tmp_path: Path) -> None:
    assert f"sphinx-build {' '.join(OPTIONS)} " in (ROOT / "Makefile").read_text("utf-8")
    assert build_site(ROOT / "docs", tmp_path / "pages") == (0, "")
    pages = tmp_path / "pages"
    assert 'lang="vi"' in (pages / "technician.html").read_text("utf-8")
    assert 'lang="en"' in (pages / "decisions" / "0042-languages-as-folders.html").read_text("utf-8")
    assert all((pages / f"{path.stem}.html").exists() for path in (ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("[a page](nowhere.md)", "nowhere.md"),
        ("[a part](#no-such-part)", "no-such-part"),
        ("![a picture](pictures/none.png)", "pictures/none.png"),
    ],
)
def test_a_broken_link_stops_the_build(text: str, warning: str, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "docs" / "conf.py", tmp_path / "docs")
    (tmp_path / "docs" / "index.md").write_text(f"# Trang\n\n{text}\n")
    status, warnings = build_site(tmp_path / "docs", tmp_path / "pages")
    assert status != 0
    assert warning in warnings
