"""Tests of the two languages: every text has its English, none is left over, no Vietnamese text is outside `_`."""

import ast
import re
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from kiosk.base.i18n import ENGLISH, N_, read_catalogue, translator
from kiosk.config import ROOT

VIETNAMESE = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
ALWAYS_VIETNAMESE = {"Tiếng Việt", "đồng", " đồng", "TẬP"}


def _extracted() -> set[str]:
    methods: list[tuple[str, str]] = [("kiosk/**.py", "python"), ("templates/**.html", "jinja2")]
    keywords: Any = {"_": None, "N_": None}
    extracted = extract_from_dir(ROOT, methods, keywords=keywords, directory_filter=_has_texts)
    return {str(message) for _file, _line, message, _notes, _context in extracted}


def _has_texts(folder: str) -> bool:
    top = Path(folder).relative_to(ROOT).parts[:1]
    return not top or top[0] in {"kiosk", "templates"}


def _english() -> dict[str, str]:
    with ENGLISH.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def test_every_text_has_its_english() -> None:
    extracted = _extracted()
    english = _english()
    assert len(extracted) > 150
    assert {text for text in extracted if not english.get(text)} == set(), "run `make text`, then fill in kiosk.po"


def test_no_english_is_left_over() -> None:
    assert set(_english()) - _extracted() == set(), "run `make text`"


def test_the_catalogue_is_read_as_babel_reads_it() -> None:
    texts = read_catalogue(ENGLISH)
    texts.pop("", None)
    assert texts == _english()


def test_a_catalogue_has_long_lines_quotes_and_notes(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.po"
    path.write_text(
        '# a note\n#, python-format\nmsgid ""\n"Mời \\"bấm\\"\\n"\n"%(n)s"\nmsgstr "Press %(n)s"\n\n'
        'msgid "Nam"\nmsgstr ""\n"Ma"\n"le"\n\n#~ msgid "Cũ"\n#~ msgstr "Old"\n',
        "utf-8",
    )
    texts = read_catalogue(path)
    assert texts == {'Mời "bấm"\n%(n)s': "Press %(n)s", "Nam": "Male", "": ""}


def test_both_languages_take_the_same_figures() -> None:
    odd = {
        text
        for text, english in _english().items()
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(english))
    }
    assert odd == set()


def test_english_is_english() -> None:
    names = {"sắc", "huyền", "hỏi", "ngã", "nặng"}  # a tone is called by its name
    assert {english for english in _english().values() if VIETNAMESE.search(english)} - names == set()


PAGES = ROOT / "kiosk" / "pages"
ONE_LANGUAGE = ("technician", "delivery_log.py", "signin.py", "enrolment.py", "board.py", "officer")
"""Pages of the staff, of enrolment on the LAN, and the board."""
CITIZENS = [path for path in sorted(PAGES.rglob("*.py")) if path.relative_to(PAGES).parts[0] not in ONE_LANGUAGE]


def test_no_page_says_vietnamese_outside_gettext() -> None:
    assert len(CITIZENS) > 50
    assert {path.name: texts for path in CITIZENS if (texts := _untranslated(path))} == {}


def _untranslated(path: Path) -> list[str]:
    """Return the Vietnamese texts of a module that are neither translated nor documentation."""
    tree = ast.parse(path.read_text("utf-8"))
    translated: set[int] = set()
    for call in filter(_is_gettext, ast.walk(tree)):
        translated |= {id(node) for node in ast.walk(call)}
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and VIETNAMESE.search(node.value)
        and id(node) not in translated | docs
        and node.value not in ALWAYS_VIETNAMESE
    ]


def _is_gettext(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "N_"}


OF_STAFF = {"new_person.html", "own_secrets.html", "pin.html", "staff_error.html"}
"""Templates outside the folders of the staff that only staff see."""


def test_no_template_of_a_citizen_says_vietnamese_outside_gettext() -> None:
    lines = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        is_of_staff = 'sheets("system"' in text or path.name in OF_STAFF
        if path.name == "closed.html":
            continue  # has both languages at once, because without the store the visitor's is not known
        if {"technician", "officer", "enrolment", "board", "design"} & set(path.parts) or is_of_staff:
            continue  # pages of a desk and the board have one language
        text = re.sub(r"""_\(\s*("[^"]*"|'[^']*')""", "", text)
        lines += [f"{path.name}: {line.strip()[:120]}" for line in text.splitlines() if _is_vietnamese(line)]
    assert lines == []


def _is_vietnamese(line: str) -> bool:
    """Return whether a line has Vietnamese words; keys of the keyboard and the practice stamp are the same in both."""
    without_svg = re.sub(r"<svg.*?</svg>", "", line)
    words = [word for word in re.findall(r"\w{2,}", without_svg) if VIETNAMESE.search(word)]
    return bool([word for word in words if word not in {"TẬP", "Tiếng", "Việt"} and not _is_keys(word)])


def _is_keys(word: str) -> bool:
    return set(word.lower()) <= set("ăâđêôơưáàảãạ")


def test_figures_are_put_in() -> None:
    assert translator("en")("Bài %(n)s trong %(total)s bài", n=2, total=3) == "Task 2 of 3"
    assert translator("vi")("Bài %(n)s trong %(total)s bài", n=2, total=3) == "Bài 2 trong 3 bài"
    assert N_("Nam") == "Nam"
