"""The documentation is read and searched as files: without a server, a network, and marks on the letters."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kiosk.config import ROOT
from tests.documentation import build_site

INDEX = "# Trang đầu\n\n```{toctree}\npaper\n```\n"
PAPER = "# Két của phường\n\nGiấy khôi phục cất ở đó, đọc lại mỗi năm.\n"


@pytest.mark.smoke
def test_the_pages_are_searched_without_server_network_and_marks(ward_chromium: Browser, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "docs" / "conf.py", docs)
    (docs / "index.md").write_text(INDEX)
    (docs / "paper.md").write_text(PAPER)
    assert build_site(docs, tmp_path / "pages") == (0, "")
    page = ward_chromium.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    try:
        for words in ("giấy khôi phục", "giay khoi phuc", "doc lai"):
            page.goto((tmp_path / "pages" / "index.html").as_uri())
            page.locator("input.sidebar-search").fill(words)
            page.keyboard.press("Enter")
            expect(page.locator("#search-results li a", has_text="Két của phường").first).to_be_visible()
    finally:
        page.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert faults == []
