"""Page of the ruler: pixels and diagonal of a touchscreen, and a drawn length to hold a real ruler to.

The numbers are in the address, so drawing changes nothing. The button writes them: for the machine's own screen into
kiosk.toml, for an enrolled one beside its name.
"""

from dataclasses import fields

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import configuring, screens
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.base.screen_size import ScreenSize
from kiosk.config import edit
from kiosk.config.sections import ScreenSettings
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.pages.technician.settings import settings_file
from kiosk.records import touchscreens
from kiosk.records.touchscreens import Touchscreen

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
    enrolled = _chosen()
    wrong: list[str] = []
    size = _size(_size_in_use(enrolled), wrong)
    measured = _number("measured", 0, wrong)
    if measured and not wrong:
        diagonal = round(size.mm * measured / RULER)
        return redirect(_address(enrolled, ScreenSize(width=size.width, height=size.height, mm=diagonal)), 303)
    return _page(enrolled, size, wrong)


@technician.post("/ruler")
@allow("technician")
def write_size() -> str | Answer:
    """Write the size of a screen, and show it as the one in use."""
    enrolled = _chosen()
    wrong: list[str] = []
    size = _size(_size_in_use(enrolled), wrong)
    if wrong:
        return _page(enrolled, size, wrong)
    try:
        if enrolled:
            screens.resize(context(), enrolled.id, size, actor())
        else:
            _write_settings(size)
    except NotAllowed as error:
        return _page(enrolled, size, [error.vi])
    return redirect(_address(enrolled, size), 303)


def _write_settings(size: ScreenSize) -> None:
    edited = edit.open_settings(settings_file(), None)
    for item in fields(size):
        edited.change("screen", item.name, getattr(size, item.name))
    configuring.save_settings(context(), edited, actor())


def _page(enrolled: Touchscreen | None, size: ScreenSize, wrong: list[str]) -> str:
    return render(
        "technician/ruler.html",
        enrolled=enrolled,
        name=enrolled.name if enrolled else context().config.screen.name,
        size=size,
        inches=_with_comma(size.mm / MM_PER_INCH),
        ratio=_with_comma(size.pixels_per_mm),
        length=RULER,
        is_in_use=size == _size_in_use(enrolled),
        wrong=wrong,
    )


def _chosen() -> Touchscreen | None:
    """Return the enrolled touchscreen that the request names; None for the machine's own.

    Raises:
        NotFound: it is unknown, revoked, or the tablet of a counter.
    """
    screen_id = request.values.get("screen", "")
    if not screen_id:
        return None
    with context().store.read() as db:
        listed = touchscreens.list_all(db, context().clock.now())
    found = next((screen for screen in listed if screen.id == screen_id), None)
    if found is None or found.revoked_at or found.counter is not None:
        raise NotFound("Không có màn hình này.", "There is no such screen.")
    return found


def _size_in_use(enrolled: Touchscreen | None) -> ScreenSize:
    return (enrolled.size if enrolled else None) or context().config.screen.size


def _address(enrolled: Touchscreen | None, size: ScreenSize) -> str:
    """Return the address of the page for a screen and a size."""
    screen_id = enrolled.id if enrolled else None
    return url_for("technician.ruler", screen=screen_id, width=size.width, height=size.height, mm=size.mm)


def _size(in_use: ScreenSize, wrong: list[str]) -> ScreenSize:
    """Return the size in the request; the one in use where a number of it is wrong."""
    width = _number("width", in_use.width, wrong)
    height = _number("height", in_use.height, wrong)
    inches = _number("inches", 0, wrong)
    diagonal = inches * MM_PER_INCH if inches else _number("mm", in_use.mm, wrong)
    return in_use if wrong else ScreenSize(width=round(width), height=round(height), mm=round(diagonal))


def _number(name: str, otherwise: float, wrong: list[str]) -> float:
    """Read a number of the request, with a comma or a point; add a sentence to `wrong` where it is none or outside."""
    text = request.values.get(name, "").strip()
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
