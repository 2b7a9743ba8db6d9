"""The decision forms: accept, ask for more, refuse, extend, stop, hand out; one page each, filled in as far as known.

What was typed stands there again with what is to be mended beside it. Whether a press counts is decided by the act; a
press that came too late changes nothing and the desk says so.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import deciding
from kiosk.acts.deciding import Press, Unclear
from kiosk.context import Context
from kiosk.dossiers import case_summary, deadlines
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.errors import NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.case import Due, case_of, due_of, hinders, home, opened_case
from kiosk.pages.officer.papers import Folder, folder_of_form
from kiosk.pages.officer.queue import panel, places
from kiosk.pages.officer.ticket import doubts_of
from kiosk.records.decisions import MAY_FOLLOW, Decision, DecisionKind
from kiosk.vietnam import calendar

Typed = Mapping[str, str]
UNPROCESSABLE = 422
FARTHEST = 3660
"""Days from today beyond which a date is a slip of the hand."""
TITLES: Mapping[DecisionKind, tuple[str, str]] = {
    "accepted": ("Tiếp nhận hồ sơ", "Tiếp nhận"),
    "supplement": ("Yêu cầu bổ sung, một lần cho đủ", "Ghi, ra phiếu bổ sung"),
    "refused": ("Từ chối tiếp nhận", "Ghi, ra phiếu từ chối"),
    "extended": ("Xin lỗi, hẹn lại ngày trả", "Ghi, ra văn bản xin lỗi"),
    "stopped": ("Dừng giải quyết theo yêu cầu của người nộp", "Ghi, ra thông báo dừng"),
    "handed_out": ("Trả kết quả", "Ghi đã trả"),
}
DAY = "%d/%m/%Y"
LACKS = "Hồ sơ chưa đủ thành phần giấy tờ theo quy định của thủ tục."
ASKED = "Người nộp hồ sơ đề nghị dừng giải quyết."
STAGE = "Đã tiếp nhận, đang giải quyết tại phường"


@dataclass(frozen=True)
class Choice:
    """A term to choose from, with the day it leads to."""

    value: str
    words: str
    due: Due


@dataclass(frozen=True)
class Asked:
    """A paper that may be asked for."""

    id: str
    name: str
    is_lacking: bool
    is_chosen: bool


@dataclass(frozen=True)
class Sheet:
    """A decision form: what it is called, what is typed in it, what is to be mended."""

    act: DecisionKind
    title: str
    press: str
    typed: Typed
    faults: Mapping[str, str] = field(default_factory=dict)


@officer.get("/case/<submission_id>/<act>")
@for_("officer")
def decide(submission_id: str, act: str) -> Answer | str:
    """Show a decision form, filled in with what is known; the desk instead where the case has moved on."""
    held, kind = opened_case(submission_id), _kind(act)
    if held.submission.desk not in MAY_FOLLOW[kind]:
        return redirect(home(submission_id, "moved"), 303)
    return _page(held, kind, _known(held, kind), {})


@officer.post("/case/<submission_id>/<act>")
@for_("officer")
def take_decision(submission_id: str, act: str) -> Answer | tuple[str, int]:
    """Write a decision down, or say what is still to be mended in the form."""
    held, kind = opened_case(submission_id), _kind(act)
    seen = request.form.get("seen", "")
    press = Press(submission_id, int(seen) if seen.isascii() and seen.isdigit() else -1, sitting().person.code)
    try:
        made = _ACTS[kind](context(), press, request.form)
    except Unclear as unclear:
        return _page(held, kind, request.form.to_dict(), unclear.faults), UNPROCESSABLE
    return redirect(home(submission_id, kind if made else "moved"), 303)


@officer.post("/case/<submission_id>/number")
@for_("officer")
def number(submission_id: str) -> Answer | tuple[str, int]:
    """Write down the official number of an accepted case."""
    held = opened_case(submission_id)
    typed = request.form.get("official_no", "")
    press = Press(submission_id, case_of(held).seen, sitting().person.code)
    try:
        was = deciding.number(context(), press, typed)
    except Unclear as unclear:
        shown = render(
            "officer/number.html", back=home(submission_id), case=case_of(held), typed=typed, faults=unclear.faults
        )
        return shown, UNPROCESSABLE
    return redirect(home(submission_id, "number" if was else "moved"), 303)


def _kind(act: str) -> DecisionKind:
    for kind in TITLES:
        if kind == act:
            return kind
    raise NotFound


def _page(held: OpenedSubmission, kind: DecisionKind, typed: Typed, faults: Mapping[str, str]) -> str:
    folder, doubts = folder_of_form(held), doubts_of(held)
    title, press = TITLES[kind]
    now = context().clock.now()
    listed = deadlines.of(context(), held.procedure, now)
    person = case_summary.case_of(context(), held, "", now)
    return render(
        "officer/decide.html",
        back=home(held.submission.id),
        panel=panel(),
        case=case_of(held),
        sheet=Sheet(kind, title, press, typed, faults),
        procedure=held.procedure.short.vi,
        applicant=person.applicant,
        receipt_no=held.submission.receipt_no,
        choices=tuple(Choice(str(one.no), one.words, due_of(one.due_at)) for one in listed),
        asked=_asked(folder),
        hinders=hinders(folder.lacking, len(doubts)),
        lacking=folder.lacking,
        relations=case_summary.RELATIONS,
        result_at=case_summary.RESULT_AT,
        **places(),
    )


def _asked(folder: Folder) -> tuple[Asked, ...]:
    """The papers to ask for: at first those that nobody has seen, later those that the officer left chosen."""
    chosen = request.form.getlist("paper") if request.method == "POST" else None
    lacking = {one.id for one in folder.ticks if not (one.is_seen or one.is_optional)}
    ids = lacking if chosen is None else set(chosen)
    return tuple(Asked(one.id, one.name, one.id in lacking, one.id in ids) for one in folder.ticks)


def _known(held: OpenedSubmission, kind: DecisionKind) -> Typed:
    """What an officer would type in most cases."""
    found, today = held.submission, context().clock.today()
    if kind == "accepted":
        return {"term": "0" if held.procedure.times else "day", "sets": "1", "place": "counter"}
    if kind == "supplement":
        return {"lines": "\n".join(doubts_of(held)), "reason": LACKS}
    if kind == "extended":
        before = clock.local(found.desk_due_at).date() if found.desk_due_at else today
        return {"due_on": context().calendar.after(max(before, today), 1).strftime(DAY)}
    if kind == "stopped":
        return {"asked_on": today.strftime(DAY), "reason": ASKED, "stage": STAGE}
    if kind == "handed_out":
        person = case_summary.case_of(context(), held, "", context().clock.now())
        short = held.procedure.short.vi
        what = f"Kết quả {short[:1].lower()}{short[1:]}"
        return {"what": what, "taken_by": person.applicant, "relation": "self"}
    return {}


def read_day(text: str) -> date | None:
    """Read a day as a hand writes it, 27/11/2026 or 27-11 of the year that is nearest; None for anything else."""
    parts, today = re.split(r"[/.\s-]+", text.strip()), context().clock.today()
    years = [parts[2]] if len(parts) == 3 else [str(today.year + step) for step in (-1, 0, 1)]
    if len(parts) not in (2, 3):
        return None
    found = [calendar.read_date(parts[0], parts[1], year) for year in years]
    days = [date.fromisoformat(one) for one in found if isinstance(one, str)]
    near = [one for one in days if abs((one - today).days) <= FARTHEST]
    return min(near, key=lambda one: abs((one - today).days), default=None)


def _accept(here: Context, press: Press, typed: "MultiDict[str, str]") -> Decision | None:
    term, sets = typed.get("term", ""), typed.get("sets", "").strip()
    if term != "day" and typed.get("due_on", "").strip():
        raise Unclear({"due": "Đã gõ một ngày mà đang chọn thời hạn. Chọn “Hẹn ngày khác”, hoặc xóa ngày đã gõ."})
    said = deciding.Acceptance(
        int(term) if term.isascii() and term.isdigit() and len(term) < 3 else None,
        read_day(typed.get("due_on", "")),
        typed.get("official_no", "")[:80],
        int(sets) if sets.isascii() and sets.isdigit() and len(sets) < 4 else None,
        typed.get("place", ""),
    )
    return deciding.accept(here, press, said)


def _ask_more(here: Context, press: Press, typed: "MultiDict[str, str]") -> Decision | None:
    lines = tuple(typed.get("lines", "").splitlines())
    request_ = deciding.Request(tuple(typed.getlist("paper")), lines, typed.get("reason", ""))
    return deciding.ask_more(here, press, request_)


def _refuse(here: Context, press: Press, typed: "MultiDict[str, str]") -> Decision | None:
    return deciding.refuse(here, press, typed.get("reason", ""))


def _extend(here: Context, press: Press, typed: "MultiDict[str, str]") -> Decision | None:
    return deciding.extend(here, press, read_day(typed.get("due_on", "")), typed.get("reason", ""))


def _stop(here: Context, press: Press, typed: "MultiDict[str, str]") -> Decision | None:
    told = (typed.get(name, "") for name in ("reason", "stage", "returned"))
    return deciding.stop(here, press, deciding.Stopping(read_day(typed.get("asked_on", "")), *told))


def _hand_out(here: Context, press: Press, typed: "MultiDict[str, str]") -> Decision | None:
    told = (typed.get(name, "") for name in ("what", "taken_by", "relation"))
    return deciding.hand_out(here, press, deciding.HandingOut(*told))


_ACTS: Mapping[DecisionKind, Callable[[Context, Press, "MultiDict[str, str]"], Decision | None]] = {
    "accepted": _accept,
    "supplement": _ask_more,
    "refused": _refuse,
    "extended": _extend,
    "stopped": _stop,
    "handed_out": _hand_out,
}
