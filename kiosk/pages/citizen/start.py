"""Start page, end of a visit, and the visitor's text size, theme, voice, language and typing method."""

from dataclasses import replace
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying, covering, draft_turns, kept_forms
from kiosk.base.i18n import N_, own_languages, translator
from kiosk.base.screen_size import LOW_GLASS
from kiosk.dossiers import class_lists
from kiosk.dossiers.procedure_order import start_procedures
from kiosk.pages import access
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.card import scan_anywhere
from kiosk.pages.citizen.keep import keep_offer
from kiosk.pages.citizen.local_path import local_path
from kiosk.pages.citizen.open_form import first_unfinished_url, open_form
from kiosk.pages.citizen.page_voice import page_voice
from kiosk.pages.forms.view_models import Notice
from kiosk.pages.style_sheet import touchscreen_style
from kiosk.pages.technician_cookie import end_session_here
from kiosk.procedures.kinds.sessions import session_words
from kiosk.records import tickets
from printers.printable_text import add_no_break_spaces

CHOICES = {
    "size": ((("", N_("Vừa")), ("large", N_("To")), ("xl", N_("Rất to")))),
    "theme": (("", N_("Nền sáng")), ("dark", N_("Nền tối, chữ trắng"))),
    "aloud": (("", N_("Không đọc")), ("on", N_("Đọc vừa")), ("loud", N_("Đọc to"))),
    "lang": (("vi", "Tiếng Việt"), ("en", "English")),
}
"""Setting -> its choices; `_choices` adds the languages of the ward."""
HIGH_GLASS = 230
"""Millimetres of height from which tiles and pictures of a landscape page are larger."""
TYPING_METHODS = ("easy", "telex", "vni")
"""Typing methods of the keyboard (static/keyboard.js); a key of the keyboard changes it, no page of choices."""
SPEEDS = ("slow", "", "fast")
VOLUMES = ("1", "2", "3", "4", "5")
"""Speed and volume of the voice, in the panel of a page that is read (templates/parts/listen.html)."""
LABELS = {
    "size": N_("Cỡ chữ"),
    "theme": N_("Màu nền"),
    "aloud": N_("Máy đọc to từng trang"),
    "lang": N_("Ngôn ngữ"),
}


@citizen.get("/")
@allow("citizen")
def start() -> Answer:
    """End the previous visit, and a technician's session of this browser; show the start page.

    While the visitor waits for an officer, a form that was begun is kept and shown again.
    """
    previous = visitor()
    if previous.draft_id and access.open_call():
        opened, procedure = open_form()
        return redirect(first_unfinished_url(procedure, opened.draft), 303)
    context().card_inbox.take_held(previous.id)
    context().practice_visits.end_of_screen(previous.id)
    if previous.draft_id or previous.submission_id or kept_forms.has_number(context(), previous.id):
        applying.end_session(context(), previous.id)
        access.start_session()
    return end_session_here(make_response(start_page(request.args.get("said", ""))))


START_NOTICES = {
    "deleted": Notice("ok", N_("Đã xóa hết."), N_("Máy không còn giữ điều gì vừa khai.")),
    "unknown": Notice(
        "warn",
        N_("Máy không đọc được mã này."),
        N_("Ở đây máy đọc phiếu của phường và thẻ căn cước. Mời đưa lại, hoặc gọi cán bộ."),
    ),
    "practice": Notice("warn", N_("Đang tập, máy chỉ nhận thẻ để tập."), ""),
    "number": Notice("warn", N_("Số này không còn dùng."), N_("Số chỉ dùng trong ngày. Mời lấy số mới.")),
    "gone": Notice(
        "warn",
        N_("Không thấy tờ khai của phiếu này."),
        N_("Tờ khai đã xóa, hoặc phiếu của nơi khác. Mời khai lại, hoặc gọi cán bộ."),
    ),
    "tries": Notice("warn", N_("Máy vừa đọc nhiều mã lạ."), N_("Mời chờ một lúc rồi đưa lại, hoặc gọi cán bộ.")),
}


def start_page(said: str = "", notice: Notice | None = None) -> str:
    """Return the start page, with a notice of `START_NOTICES` or another one."""
    _ = translator(visitor().lang)
    known = START_NOTICES.get(said)
    if known is not None:
        notice = replace(known, lead=_(known.lead), text=_(known.text) if known.text else "")
    return render(
        "citizen/start.html",
        queue=_waiting_text(),
        notice=notice,
        scan=scan_anywhere(),
        has_own_languages=bool(own_languages()),
        near_class=_near_class(),
        placed=_placed_tiles(),
    )


def _placed_tiles() -> list[dict[str, str]]:
    """Return the procedures that are one touch away: the content of each tile."""
    return [
        {
            "name": procedure.short.of(visitor().lang),
            "line": procedure.line.of(visitor().lang),
            "code": procedure.code,
            "event": procedure.event,
            "go": "" if procedure.by_card else url_for("citizen.need", code=procedure.code),
            "begin": url_for("citizen.begin", code=procedure.code) if procedure.by_card else "",
        }
        for procedure in start_procedures(context())
    ]


def _near_class() -> dict[str, str | int] | None:
    """Return the next class with free seats in two weeks, for its tile; None where there is none."""
    procedure = class_lists.class_procedure(context())
    session = class_lists.next_free_session(context()) if procedure else None
    if procedure is None or session is None:
        return None
    return {
        "go": url_for("citizen.need", code=procedure.code),
        "left": session.seats,
        "when": session_words(session.id, visitor().lang),
    }


def _waiting_text() -> str:
    """Return the number of waiting tickets of all series; empty if there are none."""
    _ = translator(visitor().lang)
    today = context().clock.today()
    with context().store.read() as db:
        count = sum(tickets.count_waiting(db, today, series.letter) for series in context().config.series)
    return add_no_break_spaces(_("%(n)s người chờ", n=count)) if count else ""


@citizen.get("/kiosk.css")
@allow("citizen")
def measure() -> Response:
    """Return the style sheet with the millimetre of this screen."""
    millimetre = access.screen_millimetre()
    low, high = (f"{height * millimetre}px" for height in (LOW_GLASS, HIGH_GLASS))
    return touchscreen_style(f"{millimetre}px", low=low, high=high)


@citizen.route("/leave", methods=["GET", "POST"])
@allow("citizen")
def leave() -> Answer | str:
    """Ask whether to keep or to delete the form, then end this visit.

    The visit's form is deleted, but one that the person kept before is deleted only when they ask for it.
    """
    if request.method == "GET":
        return render("citizen/leave.html", back=_back_url(), offer=keep_offer())
    if request.form.get("idle") == "1" and draft_turns.is_at_desk(context(), visitor().draft_id):
        covering.cover(context(), visitor().id, url_for("citizen.together"))
        return redirect(url_for("citizen.covered"), 303)
    is_deleted = bool(request.form.get("delete"))
    if is_deleted:
        kept_forms.delete(context(), visitor().id)
    return end_visit(is_idle=request.form.get("idle") == "1", said="deleted" if is_deleted else None)


def end_visit(*, is_idle: bool, said: str | None = None) -> Answer:
    """End this visit and show the start page, with a notice of `START_NOTICES`."""
    draft_id = visitor().draft_id
    if draft_id is not None:
        context().paper_scanner.drop_form(draft_id)
    if is_idle and access.open_call():
        access.restart_session()  # nobody is there to end the call; the visit ends, the call goes on
    else:
        applying.end_session(context(), visitor().id)
        access.start_session()
    response = redirect(url_for("citizen.start", said=said), 303)
    # Pages of the visit are in no cache (no-store); the cache of style sheets, scripts and fonts may stay.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@citizen.route("/easier", methods=["GET", "POST"])
@allow("citizen")
def easier() -> Answer | str:
    """Show the choices for easier reading, and apply the posted ones."""
    if request.method == "POST":
        _change_display({key: request.form[key] for key in CHOICES if key in request.form})
        return redirect(_back_url(), 303)
    keys = [key for key in CHOICES if key != "aloud" or page_voice()]
    return render("citizen/easier.html", groups=[_choice_group(key) for key in keys], back=_back_url())


def _choices(key: str) -> tuple[tuple[str, str], ...]:
    """Return the choices of a setting, with the languages that the ward has added."""
    return CHOICES[key] + (tuple(own_languages().items()) if key == "lang" else ())


def _choice_group(key: str) -> dict[str, Any]:
    _ = translator(visitor().lang)
    current = str(getattr(visitor(), key))
    options = [
        {"id": value, "label": label if key == "lang" else _(label), "chosen": current == value}
        for value, label in _choices(key)
    ]
    return {"key": key, "label": _(LABELS[key]), "options": options}


@citizen.post("/set", endpoint="set")
@allow("citizen")
def set_one() -> Answer:
    """Apply one choice at once."""
    _change_display({request.form.get("name", ""): request.form.get("value", "")})
    return redirect(_back_url(), 303)


def _change_display(posted: dict[str, str]) -> None:
    """Store the posted choices that exist."""
    values = {key: {choice for choice, _label in _choices(key)} for key in CHOICES}
    values |= {"typing": set(TYPING_METHODS), "speed": set(SPEEDS), "volume": set(VOLUMES)}
    valid = {key: value for key, value in posted.items() if value in values.get(key, ())}
    if valid:
        applying.change_display(context(), visitor().id, **valid)


def _back_url() -> str:
    """Return the posted URL to go back to if it is a path of this kiosk, else the start page."""
    return local_path(request.values.get("back", ""))
