"""The documentation as pages for a browser: no broken link, no page without a place, each in its language."""

import shutil
from pathlib import Path

from kiosk.config import ROOT
from tests.documentation import OPTIONS, build_site


def test_the_pages_are_built_without_a_warning_and_name_their_language(tmp_path: Path) -> None:
    assert f"sphinx-build {' '.join(OPTIONS)} " in (ROOT / "Makefile").read_text("utf-8")
    assert build_site(ROOT / "docs", tmp_path / "pages") == (0, "")
    pages = tmp_path / "pages"
    assert 'lang="vi"' in (pages / "technician.html").read_text("utf-8")
    assert 'lang="en"' in (pages / "decisions" / "0042-languages-as-folders.html").read_text("utf-8")
    assert all((pages / f"{path.stem}.html").exists() for path in (ROOT / "docs").glob("*.md"))


def test_each_broken_link_is_a_warning_that_stops_the_build(tmp_path: Path) -> None:
    links = {
        "nowhere.md": "[a page](nowhere.md)",
        "no-such-part": "[a part](#no-such-part)",
        "pictures/none.png": "![a picture](pictures/none.png)",
    }
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "docs" / "conf.py", tmp_path / "docs")
    (tmp_path / "docs" / "index.md").write_text("\n\n".join(["# Trang", *links.values()]))
    status, warnings = build_site(tmp_path / "docs", tmp_path / "pages")
    assert status != 0
    lines = warnings.splitlines()
    assert {name: any(name in line and "WARNING" in line for line in lines) for name in links} == dict.fromkeys(
        links, True
    )
