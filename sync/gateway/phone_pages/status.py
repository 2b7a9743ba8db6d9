"""Status page of a dossier, behind the code of its slip; four digits of the slip open what is missing.

The page knows a number, not a person: no name, no identity number, no procedure, no reason. A key that is unknown, cut,
of another province or past its term gets one and the same page after the same questions to the database, so that
guessing learns nothing.
"""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy import Connection, Row

from sync.gateway import (
    database,
    enrolment_tries,
    events,
    kiosk_reports,
    message_consents,
    messages,
    queues,
    status_keys,
)
from sync.gateway.context import context
from sync.gateway.kiosk_reports import Office
from sync.gateway.phone_pages.office_hours import WARD_TIME, words_of_day, words_of_hours, words_of_time
from sync.gateway.phone_pages.queue_place import PlacePage, place_page
from sync.gateway.phone_pages.state_texts import SPANS, STATES, StateText
from sync.gateway.status_keys import DigitsCheck

OLD_NEWS = timedelta(days=1)
"""From this age on the page says that the ward's news are old."""
FILED_CODE = 1
WITHOUT_TERM = (FILED_CODE, events.SUPPLEMENT_CODE)
"""States in which no term runs: not accepted, also again after a reopening, and papers are missing."""
OPEN_SECONDS = 300
"""How long the list of missing papers stays on the screen."""
RELOAD_SECONDS = 20
DOSSIER_VIEW = "dossier"
STILL_VIEW = "still"
"""Views of a dossier that waits for a counter: its state, and its place without reloading."""
_DIGITS = re.compile(r"[0-9]{4}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class MissingPapers:
    """Papers that are missing: names with notes of the catalogue, and how many lines an officer has written."""

    papers: tuple[tuple[str, str], ...]
    other_lines: int

    @property
    def count(self) -> int:
        """Return how many things are missing."""
        return len(self.papers) + self.other_lines


@dataclass(frozen=True, kw_only=True)
class DossierPage:
    """A dossier as the page shows it.

    Attributes:
        due: the promised day; empty without one.
        days_late: days since the promised day; 0 before it, and while the ward's news are old: it may have moved.
        seen: time of the ward's last news, with its day.
        is_old: the dossier is open, and those news are older than `OLD_NEWS`.
        need_unit: code of the ward for the pages of what procedures need; empty where it has none.
        messages: whether a phone gets messages about it, or has ended them.
    """

    receipt_no: str
    ward: str
    state: StateText
    missing: MissingPapers | None
    due: str
    days_late: int
    hours: str
    hotline: str
    seen: str
    is_old: bool
    need_unit: str
    messages: Literal["none", "open", "ended"]


_NOT_TYPED = DigitsCheck(outcome="none", left=status_keys.MAX_WRONG_DIGITS)


@dataclass(frozen=True, kw_only=True)
class FoundPage:
    """A dossier's page with its place in the queue and the outcome of its digits.

    `seconds_locked` is for an address with too many unknown keys.
    """

    page: DossierPage | None
    place: PlacePage | None = None
    digits: DigitsCheck = _NOT_TYPED
    seconds_locked: float = 0.0


def add_routes(phone: Blueprint) -> None:
    """Add the status page to the blueprint."""
    phone.add_url_rule("/h/", "status_without_key", _show, defaults={"key": ""}, methods=["GET", "POST"])
    phone.add_url_rule("/h/<path:key>", "status", _show, methods=["GET", "POST"])


def _show(key: str) -> Response:
    """Answer with the page of a key; a posted form has the four digits, or ends the messages."""
    typed = request.form.get("digits") if request.method == "POST" else None
    ends_messages = request.form.get("messages") == "end"
    found = database.run_transaction(context().engine, lambda db: _find(db, key, typed, ends_messages=ends_messages))
    if found.seconds_locked:
        response = make_response(render_template("phone/busy.html"), 429)
        response.headers["Retry-After"] = str(math.ceil(found.seconds_locked))
        return response
    if found.page is None:
        return make_response(render_template("phone/unknown.html"), 404)
    if found.place is not None and request.method != "POST" and request.args.get("view") != DOSSIER_VIEW:
        return _show_place(found.page, found.place)
    is_open = found.digits.outcome == "right"
    template = "phone/missing.html" if is_open else "phone/status.html"
    return make_response(
        render_template(
            template, page=found.page, place=found.place, digits=found.digits, spans=SPANS, seconds=OPEN_SECONDS
        )
    )


def _show_place(page: DossierPage, place: PlacePage) -> Response:
    """Show the place in the queue; it reloads by itself until the reader stops that, as a screen reader's user may."""
    is_still = request.args.get("view") == STILL_VIEW
    response = make_response(render_template("phone/queue.html", page=page, place=place, is_still=is_still))
    if not is_still:
        response.headers["Refresh"] = str(RELOAD_SECONDS)
    return response


def _find(db: Connection, key: str, typed: str | None, *, ends_messages: bool) -> FoundPage:
    """Find a page; a known key is answered although its network sent unknown ones, because phones share addresses."""
    now = context().settings.now()
    address = enrolment_tries.network_of(request.remote_addr or "")
    row = status_keys.find_dossier(db, key)
    if row is not None and ends_messages:
        messages.end_messages(db, row, now)
        row = status_keys.find_dossier(db, key)
    if row is None:
        seconds = status_keys.seconds_locked(db, address, now)
        if not seconds:
            status_keys.count_unknown(db, address, now)
        return FoundPage(page=None, seconds_locked=seconds)
    page = _dossier_page(db, row, now)
    if page.missing is None:
        return FoundPage(page=page, place=_place(row, page, now))
    if row.wrong_digits >= status_keys.MAX_WRONG_DIGITS:
        return FoundPage(page=page, digits=DigitsCheck(outcome="locked", left=0))
    if typed is None:
        return FoundPage(page=page)
    return FoundPage(page=page, digits=_check(db, row, key, typed.strip()))


def _place(row: Row[Any], page: DossierPage, now: datetime) -> PlacePage | None:
    """Return the place of a form in the queue of today; an old post does not outweigh a state that came later."""
    place = queues.read_place(row.queue, row.posted_at, row.receipt_no) if row.queue else None
    if place is None or place.posted_at.astimezone(WARD_TIME).date() != now.astimezone(WARD_TIME).date():
        return None
    shown = place_page(place, now)
    return shown if shown.is_fresh or page.state is STATES[FILED_CODE] else None


def _check(db: Connection, row: Row[Any], key: str, typed: str) -> DigitsCheck:
    """Check typed digits; fewer or other characters cost no try."""
    if not _DIGITS.fullmatch(typed):
        return DigitsCheck(outcome="incomplete", left=status_keys.MAX_WRONG_DIGITS - row.wrong_digits)
    return status_keys.check_digits(db, row, key, typed)


def _dossier_page(db: Connection, row: Row[Any], now: datetime) -> DossierPage:
    report = kiosk_reports.read_report(row.report, row.reported_at) if row.report else None
    office = report.office if report else None
    state = STATES[row.status_code]
    is_missing = row.status_code == events.SUPPLEMENT_CODE
    due = None if state.is_closed or row.status_code in WITHOUT_TERM else _due(row.due_at)
    today = now.astimezone(WARD_TIME).date()
    seen_at = datetime.fromisoformat(row.seen_at or row.received_at)
    is_old = now - seen_at > OLD_NEWS
    return DossierPage(
        receipt_no=row.receipt_no,
        ward=report.ward_name if report else "",
        state=state,
        missing=_missing(db, row) if is_missing else None,
        due=_due_words(due) if due else "",
        days_late=max(0, (today - due.date()).days) if due and not is_old else 0,
        hours=words_of_hours(office, now),
        hotline=_hotline(office),
        seen=words_of_time(seen_at.astimezone(WARD_TIME), now),
        is_old=is_old and not state.is_closed,
        need_unit=row.unit_code if row.has_need_list else "",
        messages=message_consents.state_of(row.phone, row.ended_at),
    )


def _due(due_at: str | None) -> datetime | None:
    return datetime.fromisoformat(due_at).astimezone(WARD_TIME) if due_at else None


def _due_words(due: datetime) -> str:
    day = words_of_day(due.date())
    return f"{day[:1].upper()}{day[1:]}, từ {due.hour}:{due:%M}"


def _missing(db: Connection, row: Row[Any]) -> MissingPapers | None:
    found = events.find_missing_papers(db, row.kiosk_id, row.receipt_no)
    if found is None:
        return None
    papers = tuple((paper["name"], paper.get("note", "")) for paper in found["papers"])
    return MissingPapers(papers=papers, other_lines=found["otherLines"])


def _hotline(office: Office | None) -> str:
    return office.hotline if office else ""
