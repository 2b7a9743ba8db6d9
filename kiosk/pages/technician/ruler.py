"""Page of the ruler: pixels and diagonal of a touchscreen, a drawn length to hold a ruler to, the lines of kiosk.toml.

It changes nothing: the size of the screen is a setting, and a setting is read at the start.
"""

from dataclasses import fields, replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.config.sections import ScreenSettings
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import render, technician

MM_PER_INCH = 25.4
RULER = 100
"""Millimetres of the drawn ruler."""
NAMES = {"width": "Bề ngang", "height": "Bề cao", "mm": "Đường chéo", "measured": "Số đo"}
MEASURED = (50.0, 200.0)
"""Millimetres that the ruler may have on the glass; with others the three numbers are of another screen."""


@technician.get("/ruler")
@allow("technician")
def ruler() -> str | Answer:
    """Draw the ruler for a size; with `measured`, the millimetres that it has on the glass, correct the diagonal."""
    in_use = context().config.screen
    wrong: list[str] = []
    screen = _screen(in_use, wrong)
    measured = _number("measured", 0, wrong)
    if measured and not wrong:
        diagonal = round(screen.mm * measured / RULER)
        return redirect(url_for("technician.ruler", width=screen.width, height=screen.height, mm=diagonal), 303)
    return render(
        "technician/ruler.html",
        screen=screen,
        inches=_with_comma(screen.mm / MM_PER_INCH),
        ratio=_with_comma(screen.pixels_per_mm),
        length=RULER,
        is_in_use=screen == in_use,
        wrong=wrong,
    )


def _screen(in_use: ScreenSettings, wrong: list[str]) -> ScreenSettings:
    """Return the settings with the size of the address; those in use where a number of it is wrong."""
    width = _number("width", in_use.width, wrong)
    height = _number("height", in_use.height, wrong)
    inches = _number("inches", 0, wrong)
    diagonal = inches * MM_PER_INCH if inches else _number("mm", in_use.mm, wrong)
    return in_use if wrong else replace(in_use, width=round(width), height=round(height), mm=round(diagonal))


def _number(name: str, otherwise: float, wrong: list[str]) -> float:
    """Read a number of the address, with a comma or a point; add a sentence to `wrong` where it is none or outside."""
    text = request.args.get(name, "").strip()
    if not text:
        return otherwise
    least, most = _limits(name)
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if least <= value <= most:
        return value
    label = NAMES.get(name, NAMES["mm"])
    wrong.append(f"{label} phải là số từ {_with_comma(least)} đến {_with_comma(most)}.")
    return otherwise


def _limits(name: str) -> tuple[float, float]:
    """Return the least and the greatest number that the page takes."""
    if name == "measured":
        return MEASURED
    limits = {item.name: item.metadata for item in fields(ScreenSettings)}["mm" if name == "inches" else name]
    unit = MM_PER_INCH if name == "inches" else 1.0
    return limits["least"] / unit, limits["most"] / unit


def _with_comma(value: float) -> str:
    """Return a number as it is written in Vietnamese, with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
