"""Pages "Cần mang gì?": what each procedure of a ward needs, read at home before anybody sets out.

The ward's kiosk has computed every result (`need_lists`). The address has the answers to the questions of the
situation, so that a page can be sent to somebody else; nothing is asked about a person, and nothing is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy import Connection

from sync.gateway import database, kiosk_reports, need_lists
from sync.gateway.context import context
from sync.gateway.phone_pages.office_hours import WARD_TIME, words_of_time
from sync.portals.need_list import NeedFact, NeedList, NeedPaper, NeedProcedure, NeedQuestion, NeedResult

OLD_LIST = timedelta(days=30)
"""From this age of the ward's last confirmation on the page says that it may have changed."""
MAX_CODE_LENGTH = 60
"""Letters of a code of the contract; a longer one is not looked up."""


@dataclass(frozen=True, kw_only=True)
class WardPage:
    """A ward whose list is shown.

    Attributes:
        unit: its unit code.
        name: its name; empty where its kiosk has reported none.
        hotline: its telephone number; empty for none.
        seen: when its kiosk has confirmed the list last, in words.
        is_old: that was longer ago than `OLD_LIST`.
    """

    unit: str
    name: str
    hotline: str
    seen: str
    is_old: bool


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """An answer of the address, with its question."""

    ask: str
    label: str


@dataclass(frozen=True, kw_only=True)
class AnswerLink:
    """An answer that can be chosen, as a link to the page with it."""

    label: str
    hint: str
    address: str


@dataclass(frozen=True, kw_only=True)
class ResultPage:
    """What is needed in a situation; `other` is the address of the procedure that handles it, empty for none."""

    papers: tuple[NeedPaper, ...]
    facts: tuple[NeedFact, ...]
    notes: tuple[str, ...]
    elsewhere: str
    other: str
    other_name: str


def add_routes(phone: Blueprint) -> None:
    """Add the pages to the blueprint."""
    phone.add_url_rule("/can-mang-gi/", "need_wards", _show_wards)
    phone.add_url_rule("/can-mang-gi/<unit>", "need", _show_procedures)
    phone.add_url_rule("/can-mang-gi/<unit>/<code>", "need_procedure", _show_procedure)


def _show_wards() -> Response:
    """List the wards that have a list."""
    wards = database.run_transaction(context().engine, _ward_names)
    return make_response(render_template("phone/need_wards.html", wards=wards))


def _ward_names(db: Connection) -> list[tuple[str, str]]:
    """Return unit code and name of each ward with a list, by name."""
    reports = kiosk_reports.load_reports(db)
    shown = need_lists.kiosks_by_unit(db)
    names = {unit: reports[kiosk].ward_name if kiosk in reports else "" for unit, kiosk in shown.items()}
    return sorted(((unit, name or unit) for unit, name in names.items()), key=lambda ward: (ward[1], ward[0]))


def _show_procedures(unit: str) -> Response:
    """List the procedures of a ward, by life event."""
    found = _find(unit)
    if found is None:
        return _unknown()
    ward, need_list = found
    groups = [(name, list(group)) for name, group in groupby(need_list.procedures, lambda each: each.group)]
    return make_response(render_template("phone/need_choose.html", ward=ward, groups=groups))


def _show_procedure(unit: str, code: str) -> Response:
    """Ask the next question of a procedure, or show what it needs."""
    found = _find(unit)
    procedure = _procedure(found[1], code) if found else None
    if found is None or procedure is None:
        return _unknown()
    ward, need_list = found
    known = _known_answers(procedure)
    given = _given_answers(procedure, known)
    result = _result(procedure, known)
    if result is None:
        place, question = _next_question(procedure, known)
        page = render_template(
            "phone/need_question.html",
            ward=ward,
            procedure=procedure,
            given=given,
            question=question,
            place=place,
            options=_links(ward, procedure, question, known),
        )
    else:
        page = render_template(
            "phone/need_result.html",
            ward=ward,
            procedure=procedure,
            given=given,
            result=_result_page(ward, need_list, procedure, result, known),
        )
    return make_response(page)


def _unknown() -> Response:
    return make_response(render_template("phone/need_unknown.html"), 404)


def _find(unit: str) -> tuple[WardPage, NeedList] | None:
    """Return a ward and its list; None where it has sent none, or there is no such ward."""
    if len(unit) > MAX_CODE_LENGTH or not unit.isprintable():  # PostgreSQL refuses a NUL in a text
        return None
    return database.run_transaction(context().engine, lambda db: _load(db, unit))


def _load(db: Connection, unit: str) -> tuple[WardPage, NeedList] | None:
    stored = need_lists.find_list(db, unit)
    if stored is None:
        return None
    now = context().settings.now()
    report = kiosk_reports.find_report(db, stored.kiosk_id)
    ward = WardPage(
        unit=unit,
        name=report.ward_name if report else "",
        hotline=report.office.hotline if report and report.office else "",
        seen=_seen(stored.confirmed_at, now),
        is_old=now - stored.confirmed_at > OLD_LIST,
    )
    return ward, stored.need_list


def _seen(confirmed_at: datetime, now: datetime) -> str:
    return words_of_time(confirmed_at.astimezone(WARD_TIME), now)


def _procedure(need_list: NeedList, code: str) -> NeedProcedure | None:
    return next((procedure for procedure in need_list.procedures if procedure.code == code), None)


def _known_answers(procedure: NeedProcedure) -> dict[str, str]:
    """Return the answers of the address that the procedure has, by question, in the order of the questions."""
    known = {}
    for question in procedure.questions:
        answer = request.args.get(question.key, "")
        if answer in {option.id for option in question.options}:
            known[question.key] = answer
    return known


def _given_answers(procedure: NeedProcedure, known: Mapping[str, str]) -> list[GivenAnswer]:
    given = []
    for question in procedure.questions:
        labels = {option.id: option.label for option in question.options}
        if question.key in known:
            given.append(GivenAnswer(ask=question.ask, label=labels[known[question.key]]))
    return given


def _result(procedure: NeedProcedure, known: Mapping[str, str]) -> NeedResult | None:
    """Return the result of all combinations that have these answers; None while they differ."""
    keys = [question.key for question in procedure.questions]
    places = {
        case.result
        for case in procedure.cases
        if all(known.get(key, answer) == answer for key, answer in zip(keys, case.answers, strict=True))
    }
    return procedure.results[places.pop()] if len(places) == 1 else None


def _next_question(procedure: NeedProcedure, known: Mapping[str, str]) -> tuple[int, NeedQuestion]:
    """Return the first question without an answer, and its place, from 1."""
    return next((place, question) for place, question in enumerate(procedure.questions, 1) if question.key not in known)


def _links(
    ward: WardPage, procedure: NeedProcedure, question: NeedQuestion, known: Mapping[str, str]
) -> list[AnswerLink]:
    return [
        AnswerLink(
            label=option.label,
            hint=option.hint,
            address=_address(ward, procedure, {**known, question.key: option.id}),
        )
        for option in question.options
    ]


def _address(ward: WardPage, procedure: NeedProcedure, known: Mapping[str, str]) -> str:
    """Return the address of a procedure with the answers that it asks for."""
    answers = {question.key: known[question.key] for question in procedure.questions if question.key in known}
    address = url_for("phone.need_procedure", unit=ward.unit, code=procedure.code)
    return f"{address}?{urlencode(answers)}" if answers else address


def _result_page(
    ward: WardPage, need_list: NeedList, procedure: NeedProcedure, result: NeedResult, known: Mapping[str, str]
) -> ResultPage:
    other = _procedure(need_list, result.other) if result.other else None
    return ResultPage(
        papers=tuple(procedure.papers[place] for place in result.papers),
        facts=tuple(procedure.facts[place] for place in result.facts),
        notes=result.notes,
        elsewhere=result.elsewhere,
        other=_address(ward, other, known) if other else "",
        other_name=other.name if other else "",
    )
