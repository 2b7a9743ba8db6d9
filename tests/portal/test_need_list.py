"""The need list: the words of the page before a form, on the way to a real gateway, and nothing about a person."""

import html
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from kiosk import comparison
from kiosk.acts import applying
from kiosk.config import Config
from kiosk.context import Context
from kiosk.portal import need_list
from kiosk.records import comparisons, staff
from kiosk.records.comparisons import OWN, Comparison
from sync.errors import BadRequestBody
from sync.gateway import contract_schema
from sync.portals import need_list as need_list_format
from sync.portals.need_list import NeedList, NeedProcedure
from tests.faults.submitting import fill_in_form, submit_draft
from tests.journeys.walker import Walker
from tests.portal.machines import UNIT, Machine, Province, machines, province

__all__ = ["machines", "province"]
CANARY = "Khuỵu Nghuếch"


def with_public_address(config: Config) -> Config:
    portal = replace(config.portal, kind="kiosk-sync", url="https://cong.example", public_url="https://cong.example")
    return replace(config, portal=portal)


@pytest.fixture
def context(app: Flask) -> Context:
    """Return a context whose slips have an address."""
    context: Context = app.extensions["context"]
    return replace(context, config=with_public_address(context.config))


def found(context: Context) -> NeedList:
    listed = need_list.find_need_list(context)
    assert listed is not None
    return listed


def text_of(listed: NeedList) -> str:
    return json.dumps(need_list_format.encode(listed), ensure_ascii=False)


def test_the_list_keeps_to_the_contract_and_fits_its_limit(context: Context) -> None:
    listed = found(context)
    body = json.loads(text_of(listed))
    assert contract_schema.validate("NeedList", body) == []
    assert body["unitCode"] == UNIT
    assert len(listed.procedures) == len(context.catalogue.all(context.clock.today()))
    assert len(text_of(listed).encode()) < 200_000
    assert need_list_format.decode(body) == listed


def words_of(procedure: NeedProcedure, answers: tuple[str, ...]) -> list[str]:
    """Return what the phone says of a combination of answers: names of papers, facts and sentences."""
    case = next(case for case in procedure.cases if case.answers == answers)
    result = procedure.results[case.result]
    facts = [procedure.facts[place] for place in result.facts]
    papers = [procedure.papers[place] for place in result.papers]
    return [
        *(text for paper in papers for text in (paper.name, *paper.spared)),
        *(text for fact in facts for text in (fact.lead, fact.text) if text),
        *result.notes,
        *([result.elsewhere] if result.elsewhere else []),
    ]


def test_the_list_says_what_the_page_before_the_form_says(context: Context, walker: Walker) -> None:
    listed = found(context)
    for procedure in listed.procedures:
        for case in procedure.cases[:: max(1, len(procedure.cases) // 3)]:
            known = zip((question.key for question in procedure.questions), case.answers, strict=True)
            query = "&".join(f"{key}={answer}" for key, answer in known)
            page = walker.go(f"/need/{procedure.code}?{query}").words
            for text in words_of(procedure, case.answers):
                assert " ".join(html.unescape(text).split()) in " ".join(page.split()), (procedure.code, query)


def test_a_ward_without_a_public_address_has_no_list(app: Flask) -> None:
    context: Context = app.extensions["context"]
    config = with_public_address(context.config)
    none = replace(context, config=replace(config, portal=replace(config.portal, public_url="")))
    assert need_list.find_need_list(none) is None


def test_a_procedure_with_too_many_combinations_is_left_out(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(need_list, "MAX_CASES", 10)
    listed = found(context)
    assert listed.procedures
    assert max(len(procedure.cases) for procedure in listed.procedures) <= 10
    assert len(listed.procedures) < len(context.catalogue.all(context.clock.today()))


def test_words_of_the_ward_with_markup_or_breaks_still_keep_to_the_contract(context: Context) -> None:
    code = "1.004222"
    procedure = context.catalogue.in_force(code, context.clock.today())
    assert procedure is not None
    name = replace(procedure.papers[0].name, vi="Giấy <b>mới</b>\nbản\tchính")
    odd = replace(procedure.papers[0], name=name, short=None)
    changed = replace(procedure, papers=(odd, *procedure.papers[1:]), line=replace(procedure.line, vi="x" * 5000))
    listed = need_list._procedure(context, changed)
    body = json.loads(text_of(replace(found(context), procedures=(listed,))))
    assert contract_schema.validate("NeedList", body) == []
    assert "Giấy ‹b›mới‹/b› bản chính" in {paper.name for paper in listed.papers}


def compare_everything(context: Context, code: str, actor: str) -> None:
    """Store that somebody has found every fact of a procedure the same as in the official text."""
    procedure = context.catalogue.in_force(code, context.clock.today())
    assert procedure is not None
    facts = comparison.load(context, procedure).facts
    with context.store.write() as db:
        for item in facts:
            comparisons.save(db, _same(code, item.fact.id, item.fact.digest, actor))


def _same(code: str, fact: str, digest: str, actor: str) -> Comparison:
    at = datetime(2026, 11, 23, 3, tzinfo=UTC)
    return Comparison(procedure=code, digest=digest, fact=fact, result="same", actor=actor, at=at, ward=OWN)


def test_nobodys_name_is_in_the_list_neither_a_citizens_nor_that_of_who_compared(
    machines: list[Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = machines[0]
    context = replace(machine.context, config=with_public_address(machine.context.config))
    draft = fill_in_form(context)
    answers = applying.current_draft(context, draft.session).draft.answers
    names = {value for value in answers.values() if isinstance(value, str) and " " in value}
    assert names
    submit_draft(context, draft)
    compare_everything(context, "1.004222", "CB01")
    monkeypatch.setattr(staff, "names", lambda _db: {"CB01": CANARY})
    listed = found(context)
    procedure = next(each for each in listed.procedures if each.code == "1.004222")
    assert procedure.compared == "Đã đối chiếu ngày 23/11/2026."
    text = text_of(listed).casefold()
    assert [name for name in (*names, *CANARY.split(), "CB01") if name.casefold() in text] == []


# --- on its way


def publish(machine: Machine) -> None:
    """Let slips have an address, which also publishes the list."""
    config = machine.context.config
    machine.context.config = replace(config, portal=replace(config.portal, public_url="https://cong.example"))


def stored(province: Province) -> list[tuple[str, str]]:
    """Return kiosk and digest of the lists at the gateway."""
    with province._engine.begin() as db:
        rows = db.exec_driver_sql("select kiosk_id, digest from need_lists").all()
    return [(str(row[0]), str(row[1])) for row in rows]


def record_lists(machine: Machine) -> list[NeedList]:
    """Return a list that fills with the need lists that the machine sends."""
    sent: list[NeedList] = []
    portal: Any = machine.worker.delivery._portal
    put = portal.put_need_list
    portal.put_need_list = lambda listed: (sent.append(listed), put(listed))[1]
    return sent


def work(machine: Machine, seconds: int = 310) -> None:
    machine.clock.advance(seconds)
    machine.work()


def test_a_list_goes_to_the_gateway_once_and_again_when_it_has_changed(
    machines: list[Machine], province: Province
) -> None:
    machine = machines[0]
    sent = record_lists(machine)
    work(machine)
    assert (sent, stored(province)) == ([], [])
    publish(machine)
    for _ in range(4):
        work(machine)
    digest = need_list_format.digest(need_list_format.encode(found(machine.context)))
    assert stored(province) == [("PK03", digest)]
    assert len(sent) == 1
    compare_everything(machine.context, "1.004222", "CB09")
    for _ in range(3):
        work(machine)
    assert len(sent) == 2
    assert stored(province) != [("PK03", digest)]


def test_a_ward_that_takes_its_public_address_back_has_no_list_any_more(
    machines: list[Machine], province: Province
) -> None:
    machine = machines[0]
    publish(machine)
    work(machine)
    assert stored(province)
    config = machine.context.config
    machine.context.config = replace(config, portal=replace(config.portal, public_url=""))
    work(machine)
    assert stored(province) == []


def test_a_gateway_that_has_lost_the_list_gets_it_again(machines: list[Machine], province: Province) -> None:
    machine = machines[0]
    publish(machine)
    work(machine)
    before = stored(province)
    assert before
    with province._engine.begin() as db:
        db.exec_driver_sql("delete from need_lists")
    work(machine)
    assert stored(province) == before


def test_a_gateway_of_an_older_release_is_sent_none_until_it_is_upgraded(
    machines: list[Machine], province: Province
) -> None:
    machine = machines[0]
    publish(machine)
    sent = record_lists(machine)
    portal: Any = machine.worker.delivery._portal
    report = portal.report
    portal.report = lambda content: replace(report(content), need_list=None)
    submission_id, _ = machine.submit()
    for _ in range(3):
        work(machine)
    assert sent == []
    assert machine.delivery(submission_id) == "confirmed"
    portal.report = report
    work(machine)
    assert len(sent) == 1
    assert stored(province)


def test_a_refused_list_delays_no_form_and_is_tried_with_the_next_report(
    machines: list[Machine], province: Province
) -> None:
    machine = machines[0]
    publish(machine)
    portal: Any = machine.worker.delivery._portal
    tries: list[NeedList] = []

    def refuse(listed: NeedList) -> str:
        tries.append(listed)
        raise BadRequestBody("422")

    portal.put_need_list = refuse
    submission_id, _ = machine.submit()
    work(machine)
    assert machine.delivery(submission_id) == "confirmed"
    work(machine)
    assert 1 <= len(tries) <= 4
    assert stored(province) == []


def test_a_list_that_waits_goes_after_the_forms(machines: list[Machine]) -> None:
    machine = machines[0]
    publish(machine)
    order: list[str] = []
    portal: Any = machine.worker.delivery._portal
    send = portal.send
    put = portal.put_need_list
    portal.send = lambda payloads: (order.append("form"), send(payloads))[1]
    portal.put_need_list = lambda listed: (order.append("list"), put(listed))[1]
    machine.submit()
    work(machine)
    assert order == ["form", "list"]


# --- what a phone shows of it


def test_a_phone_reads_every_result_of_the_shipped_procedures_within_20_kb(
    machines: list[Machine], province: Province
) -> None:
    machine = machines[0]
    publish(machine)
    work(machine)
    browser = province.gateway.app.test_client()
    sheet = browser.get("/static/phone-need.css", base_url=province.gateway.url).data
    listed = found(machine.context)
    assert len(listed.procedures) > 20
    for procedure in listed.procedures:
        for case in procedure.cases:
            known = dict(zip((question.key for question in procedure.questions), case.answers, strict=True))
            address = f"/can-mang-gi/{UNIT}/{procedure.code}"
            page = browser.get(address, query_string=known, base_url=province.gateway.url)
            assert page.status_code == 200
            assert len(page.data) + len(sheet) < 20_000, address
            text = html.unescape(page.get_data(as_text=True))
            assert [words for words in words_of(procedure, case.answers) if words not in text] == [], address
