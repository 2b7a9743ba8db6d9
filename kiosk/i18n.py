"""Two languages of the citizens' pages: Vietnamese in the code, English in kiosk/locale.

gettext reads the catalogue; Babel extracts the texts (`make text`). A test finds texts without English, and English
texts that no page uses.
"""

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

LOCALE = Path(__file__).parent / "locale"

Translate = Callable[..., str]


def N_(text: str) -> str:  # noqa: N802 - the name that Babel extracts
    """Mark a text that is translated later."""
    return text


@cache
def translator(lang: str) -> Translate:
    """Return `_` of a language: `_("Bước %(n)s", n=1)`."""
    catalogue: gettext.NullTranslations = gettext.NullTranslations()
    if lang == "en":
        catalogue = gettext.translation("kiosk", LOCALE, [lang])

    def translate(text: str, **values: Any) -> str:
        translated = catalogue.gettext(text)
        return translated % values if values else translated

    return translate
