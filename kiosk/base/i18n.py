"""Languages of the citizens' pages: Vietnamese in the code, English in kiosk/locale, others in folders of the ward.

Babel extracts the texts into the catalogue (`make text`). A test finds texts without English, and English texts that no
page uses. A folder `languages/ktv` in the data folder adds a language: `language.toml` with its name and,
as far as they exist, texts by their Vietnamese; recordings beside it. A text that it does not have is Vietnamese.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ENGLISH = Path(__file__).parents[1] / "locale" / "en" / "LC_MESSAGES" / "kiosk.po"
LANGUAGE_FILE = "language.toml"
CODE = re.compile(r"[a-z]{2,8}")
VALUE = re.compile(r"%(?:\(\w+\)s)?")
"""Place of a value in a text; a sign % alone would stop the page as well."""
SHIPPED_LANGUAGES = ("vi", "en")

Translate = Callable[..., str]


@dataclass(frozen=True)
class OwnLanguage:
    """A language that the ward has added: what it calls itself, and its texts by the Vietnamese ones."""

    name: str
    texts: Mapping[str, str]


_own_languages: dict[str, OwnLanguage] = {}


def N_(text: str) -> str:  # noqa: N802 - the name that Babel extracts
    """Mark a text that is translated later."""
    return text


def load_own_languages(folder: Path, others: Mapping[str, Path] | None = None) -> list[str]:
    """Replace the languages of the ward by those of a folder; return, in Vietnamese, why some cannot be used.

    Args:
        folder: folder of the languages.
        others: files of languages that came with a voice of the province, by code; those of the folder replace them.
    """
    translator.cache_clear()
    _own_languages.clear()
    problems = []
    own = {file.parent.name: file for file in sorted(folder.glob(f"*/{LANGUAGE_FILE}"))}
    for code, file in {**(others or {}), **own}.items():
        try:
            _own_languages[code] = read_language(code, file)
        except (OSError, ValueError) as cause:
            problems.append(f"{file}: {cause}")
    return problems


def read_language(code: str, file: Path) -> OwnLanguage:
    """Return the language of a file.

    Raises:
        ValueError: in Vietnamese, what is wrong; TOML and encoding errors are of this kind.
    """
    if not CODE.fullmatch(code) or code in SHIPPED_LANGUAGES:
        raise ValueError("tên thư mục phải là mã ngôn ngữ bằng chữ thường, khác vi và en, ví dụ ktv")
    table = tomllib.loads(file.read_text("utf-8"))
    name = table.get("name")
    texts = table.get("texts", {})
    if not isinstance(name, str) or not name.strip():
        raise ValueError('thiếu name = "tên ngôn ngữ"')
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise ValueError('[texts] phải gồm các dòng "câu tiếng Việt" = "câu dịch"')
    for vietnamese, text in texts.items():
        if sorted(VALUE.findall(vietnamese)) != sorted(VALUE.findall(text)):
            raise ValueError(f'câu dịch của "{vietnamese}" phải giữ đúng các chỗ trống dạng %(...)s')
    return OwnLanguage(name=name.strip(), texts=texts)


def own_languages() -> dict[str, str]:
    """Return the names of the languages that the ward has added, by code."""
    return {code: language.name for code, language in _own_languages.items()}


def own_text(lang: str, vietnamese: str) -> str | None:
    """Return a text in a language of the ward, Vietnamese where it has none; None for a language that is not one."""
    language = _own_languages.get(lang)
    return language.texts.get(vietnamese, vietnamese) if language else None


@cache
def translator(lang: str) -> Translate:
    """Return `_` of a language: `_("Bước %(n)s", n=1)`."""
    english = read_catalogue(ENGLISH) if lang == "en" else {}

    def translate(text: str, **values: Any) -> str:
        own = own_text(lang, text)
        translated = (english.get(text) or text) if own is None else own
        return translated % values if values else translated

    return translate


def read_catalogue(path: Path) -> dict[str, str]:
    """Return the texts of a catalogue as Babel writes it, without plurals and contexts, by the Vietnamese ones.

    A compiled catalogue (.mo) would be a second file to keep in step, and saves 10 ms of the first English page.

    Source: PO files, manual of GNU gettext.
    """
    texts = {}
    for entry in path.read_text("utf-8").split("\n\n"):
        lines = "\n".join(line for line in entry.splitlines() if not line.startswith("#"))
        vietnamese, _, english = lines.removeprefix("msgid ").partition("\nmsgstr ")
        texts[_unquote(vietnamese)] = _unquote(english)
    return texts


def _unquote(lines: str) -> str:
    """Return the text of quoted lines, whose escapes are those of JSON."""
    return "".join(json.loads(line) for line in lines.splitlines())
