"""Texts that the citizens' pages can read aloud: what `kiosk voice build` makes, and what a person records.

Texts of templates are read from the templates: those that `kit.spoken` marks. Texts that a person typed are never among
them, so no clip can say one. A text that is not here is shown and not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from jinja2 import Environment, nodes

from kiosk.base.errors import KioskError
from kiosk.base.i18n import N_, SHIPPED_LANGUAGES, translator
from kiosk.config import ROOT, Config
from kiosk.dossiers import need_rows
from kiosk.dossiers.series_examples import series_examples
from kiosk.pages.citizen.composed_texts import composed_texts
from kiosk.pages.citizen.privacy import privacy_rows
from kiosk.pages.citizen.start import START_NOTICES
from kiosk.pages.forms.parsing import missing_message
from kiosk.pages.forms.rendering import CARD_MESSAGES, LAST_HOME, PART_TITLES
from kiosk.procedures import fees
from kiosk.procedures.answer_errors import MESSAGES
from kiosk.procedures.languages import texts_of
from kiosk.procedures.loader import Catalogue
from kiosk.procedures.model import Procedure
from kiosk.voice import composing

PAGES = "trang"
ERRORS = "bao-loi"
VALUES = "so"
"""Groups of the list of texts; the other groups are codes of procedures."""

COUNTED = {
    N_("Còn %(n)s chỗ cần xem lại"): range(1, 13),
    N_("Còn %(n)s mục cần xem"): range(1, 13),
    N_("Ngoài %(n)s mục này, tờ khai đã đủ."): range(1, 13),
    N_("Cần mang %(n)s loại giấy tờ"): range(1, 13),
}
"""Text with a number -> the numbers that it is read with."""
CARD_TEXT = N_("Xin đưa thẻ căn cước của %(role)s vào ô sáng dưới màn hình")
EXAMPLE = N_("Ví dụ: %(example)s")
OATH_ERROR = N_("Mời đọc lời cam đoan rồi chạm vào ô để đồng ý.")
ERROR_PAGES = (
    N_("Mời làm lại từ đầu"),
    N_("Máy chưa làm được việc này"),
    N_("Không có trang này"),
    N_("Mời về trang đầu rồi chọn lại."),
    N_("Máy trục trặc"),
    N_("Những gì đã khai vẫn còn. Mời gọi cán bộ và đọc mã dưới đây."),
)
"""Titles and texts of kiosk/web/bare_app.py."""
LONGEST_NUMBER = 20
UNSPOKEN = frozenset({"official", "derived", "role", "unit", "example", "echo", "done", "done_title", "also"})
"""Parts of a procedure that no page reads: labels of the paper form, and words inside other texts."""


@dataclass(frozen=True)
class SpokenText:
    """A text of a page, and the group that it is listed under."""

    group: str
    text: str


def spoken_texts(config: Config, catalogue: Catalogue, day: date, lang: str) -> list[SpokenText]:
    """Return the texts that pages read in a language, each once: of all pages first, then of each procedure."""
    procedures = catalogue.all(day)
    found = [SpokenText(PAGES, text) for text in _page_texts(config, catalogue, day, lang)]
    found += [SpokenText(ERRORS, text) for text in _error_texts(lang)]
    found += [SpokenText(VALUES, text) for text in _parts_of_sentences(lang)]
    for procedure in procedures:
        found += [SpokenText(procedure.code, text) for text in _procedure_texts(procedure, day, lang)]
    return list({item.text: item for item in reversed(found) if item.text}.values())[::-1]


# --- all pages


def _page_texts(config: Config, catalogue: Catalogue, day: date, lang: str) -> Iterator[str]:
    _ = translator(lang)
    for text in _template_texts():
        yield _(text)
    for text, numbers in COUNTED.items():
        yield from (_(text, n=number) for number in numbers)
    for notice in START_NOTICES.values():
        yield from (_(text) for text in (notice.lead, notice.text) if text)
    for heading, sentences in privacy_rows(config, lang):
        yield from (heading, *sentences)
    yield from (event.name.of(lang) for event in catalogue.events)
    yield from (place.name for place in config.birth_places)
    yield from config.ward.ethnic_first
    yield from (series.name_in(lang) for series in config.series)
    yield from (series_examples(catalogue, series, day, lang) for series in config.series)


@cache
def _template_texts() -> tuple[str, ...]:
    """Return the texts that `kit.spoken(_("..."))` marks in the templates, without those that have a value inside."""
    texts = list[str]()
    environment = Environment(autoescape=True)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        tree = environment.parse(path.read_text("utf-8"))
        for call in filter(_is_spoken, tree.find_all(nodes.Call)):
            texts += filter(None, (_translated_text(inner) for inner in call.find_all(nodes.Call)))
    return tuple(dict.fromkeys(text for text in texts if "%(" not in text))


def _is_spoken(call: nodes.Call) -> bool:
    name = call.node
    return (isinstance(name, nodes.Getattr) and name.attr == "spoken") or (
        isinstance(name, nodes.Name) and name.name == "spoken"
    )


def _translated_text(call: nodes.Call) -> str:
    """Return the text of `_("...")`; empty for another call."""
    is_gettext = isinstance(call.node, nodes.Name) and call.node.name == "_"
    first = call.args[0] if is_gettext and call.args else None
    return str(first.value) if isinstance(first, nodes.Const) else ""


def _error_texts(lang: str) -> Iterator[str]:
    _ = translator(lang)
    yield from (message.of(lang) for message in MESSAGES.values() if "{" not in message.vi)
    yield from (MESSAGES["id_digits"].of(lang).format(n=number) for number in range(1, LONGEST_NUMBER))
    yield _(OATH_ERROR)
    yield from (_(text) for text in ERROR_PAGES)
    yield from (error.en if lang == "en" else error.vi for error in _page_errors(KioskError))
    yield from (_(text) for text in CARD_MESSAGES.values())


def _page_errors(error: type[KioskError]) -> Iterator[type[KioskError]]:
    """Yield the errors that have a sentence of their own, without a value inside."""
    for kind in error.__subclasses__():
        if isinstance(kind.vi, str) and "{" not in kind.vi:
            yield kind
        yield from _page_errors(kind)


def _parts_of_sentences(lang: str) -> Iterator[str]:
    """Yield what sentences with a value are composed of; a language of the ward hears them in Vietnamese."""
    if lang in SHIPPED_LANGUAGES:
        for text in composed_texts(lang):
            yield from composing.fixed_parts(text)
        yield from composing.value_words(lang)


# --- procedures


def _procedure_texts(procedure: Procedure, day: date, lang: str) -> Iterator[str]:
    _ = translator(lang)
    for place, words in texts_of(procedure):
        part = place.rpartition(".")[2].partition("[")[0]
        if part not in UNSPOKEN and not _is_inside_unspoken(place):
            yield words.of(lang)
    for fee in fees.in_force(procedure, day):
        for shown in (fee, *fees.variants(fee)):
            yield from (*need_rows.fee_words(shown, lang, _), need_rows.exemption_words(shown, lang, _))
    for step in procedure.steps:
        if step.example:
            yield _(EXAMPLE, example=step.example.of(lang))
        if step.person:
            role = step.person.role.of(lang)
            yield _(CARD_TEXT, role=role)
            yield from (_(title, role=role) for title in (*PART_TITLES.values(), LAST_HOME))
    yield from (missing_message(field, lang) for field in procedure.fields if field.asked)


def _is_inside_unspoken(place: str) -> bool:
    return any(part.partition("[")[0] in UNSPOKEN for part in place.split("."))
