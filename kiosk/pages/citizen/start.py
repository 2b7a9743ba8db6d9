"""The start page, the end of a visit, and how the pages look for this person."""

from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, current_app, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying
from kiosk.i18n import N_, translator
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.records import tickets

CHOICES = {
    "size": ((("", N_("Vừa")), ("large", N_("To")), ("xl", N_("Rất to")))),
    "theme": (("", N_("Nền sáng")), ("dark", N_("Nền tối, chữ trắng"))),
    "lang": (("vi", "Tiếng Việt"), ("en", "English")),
}
LABELS = {"size": N_("Cỡ chữ"), "theme": N_("Màu nền"), "lang": N_("Ngôn ngữ")}


@citizen.get("/")
@allow("citizen")
def start() -> str:
    """Forget whoever was here and show what can be done."""
    who = visitor()
    if who.draft_id or who.submission_id:
        applying.end_session(context(), who.id)
        access.start_session()
    return render("citizen/start.html", queue=_waiting_text())


def _waiting_text() -> str:
    _ = translator(visitor().lang)
    here = context()
    with here.store.read() as db:
        count = sum(tickets.count_waiting(db, here.clock.today(), one.letter) for one in here.config.series)
    return _("%(n)s người chờ", n=count) if count else ""


@citizen.get("/kiosk.css")
@allow("citizen")
def measure() -> Response:
    """Return the style sheet, in the millimetres of this screen."""
    screen = context().config.screen
    text = render_template("measure.css", mm=f"{pixels_per_millimetre(screen.mm):.3f}px", sheet=_style_sheet(current_app.static_folder))
    answer = Response(text, mimetype="text/css")
    answer.headers["Cache-Control"] = f"max-age={current_app.config['SEND_FILE_MAX_AGE_DEFAULT']}"
    return answer


def pixels_per_millimetre(diagonal: int) -> float:
    """Return how many CSS pixels a millimetre has on a screen of 1080x1920 with this diagonal in mm."""
    return float((1080**2 + 1920**2) ** 0.5 / diagonal)


@cache
def _style_sheet(folder: str) -> str:
    static = Path(folder)
    sheets = [static / "tokens.css", *sorted((static / "css").glob("*.css")), static / "keyboard.css"]
    return "\n".join(path.read_text("utf-8") for path in sheets)


@citizen.route("/leave", methods=["GET", "POST"])
@allow("citizen")
def leave() -> Answer | str:
    """Ask first, then wipe everything of this visit."""
    if request.method == "GET":
        return render("citizen/leave.html", back=_back_url())
    applying.end_session(context(), visitor().id)
    access.start_session()
    answer = redirect(url_for("citizen.start"), 303)
    # What may be kept of this visit is in no cache (no-store): style, scripts and font are nobody's, and stay warm.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@citizen.route("/easier", methods=["GET", "POST"])
@allow("citizen")
def easier() -> Answer | str:
    """Show how the pages can be made easier to read, and apply what was chosen."""
    if request.method == "POST":
        _change_display({key: request.form[key] for key in CHOICES if key in request.form})
        return redirect(_back_url(), 303)
    _ = translator(visitor().lang)
    groups = [
        {
            "key": key,
            "label": _(LABELS[key]),
            "options": [
                {"id": value, "label": words if key == "lang" else _(words), "chosen": _current_choice(key) == value}
                for value, words in choices
            ],
        }
        for key, choices in CHOICES.items()
    ]
    return render("citizen/easier.html", groups=groups, back=_back_url())


@citizen.post("/set", endpoint="set")
@allow("citizen")
def set_one() -> Answer:
    """Apply one choice at once."""
    _change_display({request.form.get("name", ""): request.form.get("value", "")})
    return redirect(_back_url(), 303)


def _change_display(chosen: dict[str, str]) -> None:
    sound = {key: value for key, value in chosen.items() if value in {one for one, _ in CHOICES.get(key, ())}}
    if sound:
        applying.change_display(context(), visitor().id, **sound)


def _current_choice(key: str) -> str:
    return str(getattr(visitor(), key))


def _back_url() -> str:
    """Return the address to go back to: a path of this kiosk, nothing else."""
    back = request.values.get("back", "")
    is_path = back.startswith("/") and not back.startswith(("//", "/\\"))
    return back if is_path else url_for("citizen.start")


@citizen.post("/help", endpoint="help")
@allow("citizen")
def call_officer() -> Any:
    """Raise a hand, or take it down: the place in the form is kept."""
    place = _back_url()
    is_up = access.has_open_call()
    wanted = request.form.get("want", "1") != "0"
    if wanted != is_up:
        is_up = applying.toggle_call(context(), visitor().id, place)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(helped=is_up)
    return redirect(place, 303)
