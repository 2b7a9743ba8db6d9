"""The two languages of the screen: Vietnamese stands in the code, English in kiosk/locale.

The standard library reads the catalogue; Babel gathers it (`make text`). A house test finds no text without English
and no English that nobody says.
"""

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("vi", "en")
LOCALE = Path(__file__).parent / "locale"

Translate = Callable[..., str]


def N_(text: str) -> str:  # noqa: N802 - the name that Babel gathers
    """Mark a text that is translated later."""
    return text


@cache
def translator(lang: str) -> Translate:
    """Return `_` of a language: `_("Bước %(n)s", n=1)`."""
    catalogue: gettext.NullTranslations = gettext.NullTranslations()
    if lang == "en":
        catalogue = gettext.translation("kiosk", LOCALE, [lang])

    def translate(text: str, **figures: Any) -> str:
        said = catalogue.gettext(text)
        return said % figures if figures else said

    return translate
