"""Five faces and the words that fit them, for the touchscreen and for the screen of a counter."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kiosk.acts.opinions import OpinionInput
from kiosk.base.i18n import N_, Translate
from kiosk.pages.forms.view_models import Option
from kiosk.records import opinions

IDLE_SECONDS = 20
"""Seconds without a touch after which a page of faces counts as not answered."""
WRITING_SECONDS = 60
"""Seconds without a touch while somebody writes at the screen of a counter; then it counts as not answered too."""
THANKS_SECONDS = 3
FACE_LABELS = (N_("Rất kém"), N_("Kém"), N_("Tạm ổn"), N_("Tốt"), N_("Rất tốt"))
WORD_LABELS = {
    "wait": N_("Chờ lâu"),
    "unclear": N_("Khó hiểu"),
    "manner": N_("Thái độ"),
    "fast": N_("Nhanh"),
    "easy": N_("Dễ khai"),
    "kind": N_("Cán bộ tận tình"),
}


@dataclass(frozen=True)
class FacesPage:
    """Five faces with their labels, the words of the bad and of the good ones, and the message without a face."""

    labels: tuple[str, ...]
    bad: tuple[Option, ...]
    good: tuple[Option, ...]
    error: str
    idle_seconds: int = IDLE_SECONDS


def faces_page(_: Translate, *, is_wrong: bool = False) -> FacesPage:
    """Return the page in a language; nothing is chosen."""
    return FacesPage(
        labels=tuple(_(label) for label in FACE_LABELS),
        bad=_options(_, opinions.BAD_WORDS),
        good=_options(_, opinions.GOOD_WORDS),
        error=_("Xin chạm một mặt, hoặc Bỏ qua.") if is_wrong else "",
    )


def given_opinion(form: "MultiDict[str, str]") -> OpinionInput:
    """Return what a form of faces sends; a face that is none counts as no answer."""
    digit = form.get("face", "")
    face = next((face for face in opinions.FACES if str(face) == digit), opinions.NO_ANSWER)
    return OpinionInput(face=face, words=tuple(form.getlist("word")), text=form.get("text", ""))


def _options(_: Translate, words: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(id=word, label=_(WORD_LABELS[word])) for word in words)
