"""The style sheet of the touchscreen's pages, in one answer, with the millimetre of the screen."""

from functools import cache
from pathlib import Path

from flask import Response, current_app, render_template

from kiosk.pages.static_text import cached_answer


def touchscreen_style(millimetre: str, low: str, high: str = "") -> Response:
    """Return the style sheet; all are lengths in CSS.

    Args:
        millimetre: a millimetre of the glass.
        low: height up to which the page counts as low.
        high: height from which it counts as high; empty: never.
    """
    sheet = _style_sheet(str(current_app.static_folder))
    css = render_template("measure.css", mm=millimetre, low=low, high=high, sheet=sheet)
    return cached_answer(css, mimetype="text/css")


@cache
def _style_sheet(folder: str) -> str:
    static = Path(folder)
    sheets = [static / "system" / "tokens.css", *sorted((static / "css").glob("*.css")), static / "keyboard.css"]
    return "\n".join(path.read_text("utf-8") for path in sheets)
