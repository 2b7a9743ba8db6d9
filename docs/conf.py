"""Sphinx: the documentation as pages of a folder, read without a server and without a network (`make site`)."""

import tomllib
import unicodedata
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.search import SearchLanguage, languages

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
VIETNAMESE = {"index", "officer", "opencps", "procedures", "procedures-reference", "scanner", "stick", "technician"}
"""Pages in Vietnamese; a screen reader is told the language of each page."""

project = "Ward kiosk"
version = release = PROJECT["version"]
html_title = f"Máy khai của phường · Ward kiosk {release}"
language = "vi"
extensions = ["myst_parser"]
# Anchors as a forge makes them, with Vietnamese letters, so that a link is right in both.
myst_heading_anchors = 4
html_theme = "furo"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_show_search_summary = False  # a browser refuses to read the found pages of a folder
pygments_style = "default"


class WithoutMarks(SearchLanguage):
    """Vietnamese and English words without their marks: "giay khoi phuc" finds "giấy khôi phục"."""

    lang = "vi"
    language_name = "Vietnamese"
    js_stemmer_code = r"""
var Stemmer = function () {
  this.stemWord = (word) => word.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
};
"""

    def stem(self, word: str) -> str:
        """Return a word without marks."""
        letters = (letter for letter in unicodedata.normalize("NFD", word) if not "\u0300" <= letter <= "\u036f")
        return "".join(letters).replace("đ", "d")


def set_language(_app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _tree: object) -> None:
    """Name the language of a page in its HTML."""
    context["language"] = "vi" if pagename in VIETNAMESE else "en"


def setup(app: Sphinx) -> None:
    """Register the search without marks and the language of a page."""
    languages["vi"] = WithoutMarks
    app.connect("html-page-context", set_language)
