"""The technician's page of the devices: every paper that needs an answer is there and can be answered."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.acts import queueing
from kiosk.context import Context
from kiosk.health import printing_state
from printers import spool
from tests.faults.submitting import submit_form
from tests.journeys import submission_checks
from tests.journeys.walker import Walker
from tests.pages.technician.sitting import Bench


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    return Bench(app).browser


def _draw(context: Context, count: int) -> list[int]:
    """Draw queue numbers; return the ids of their print jobs."""
    tickets = [queueing.draw_ticket(context, context.config.series[1]) for _ in range(count)]
    with context.store.read() as db:
        return [spool.of_subject(db, ticket.id)[0].id for ticket in tickets]


def _end(context: Context, job_ids: list[int], outcome: str, reason: str | None = None) -> None:
    now = context.clock.now()
    with context.store.write() as db:
        for job_id in job_ids:
            spool.mark_sending(db, job_id, now, "Máy in phiếu")
            spool.record_result(db, job_id, spool.SendResult(outcome, reason, "Máy in phiếu"), now)  # type: ignore[arg-type]


def _states(context: Context) -> dict[int, str]:
    with context.store.read() as db:
        return dict(db.execute("select id, state from jobs order by id").fetchall())


def _page(desk: FlaskClient) -> str:
    answer = desk.get("/technician/devices")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _post(desk: FlaskClient, address: str, **values: str) -> int:
    (csrf,) = re.findall('name="csrf" value="([^"]+)"', _page(desk))[:1]
    return desk.post(address, data={"csrf": csrf, **values}).status_code


def _section(page: str, heading: str) -> str:
    return page.partition(heading)[2].partition("</section>")[0]


def test_every_unknown_paper_is_on_the_page_however_many_came_after_it(context: Context, desk: FlaskClient) -> None:
    unknown = _draw(context, 60)
    _end(context, unknown, "unknown", "cut_off")
    _end(context, _draw(context, 20), "printed")
    assert printing_state.paper(context).words == "60 phiếu chưa rõ đã ra chưa"
    page = _page(desk)
    assert page.index("Phiếu đã ra chưa? 60 phiếu") < page.index("Vừa in")
    for job_id in unknown:
        assert f"/technician/paper/{job_id}/out" in page


def test_a_paper_has_the_number_that_is_printed_on_it(context: Context, desk: FlaskClient, walker: Walker) -> None:
    submit_form(walker.context)
    submission = submission_checks.only_submission(context)
    with context.store.read() as db:
        slip = spool.of_subject(db, submission.id)[0].id
    tickets = _draw(context, 2)
    _end(context, [slip, *tickets], "unknown", "paper_out")
    section = _section(_page(desk), "Phiếu đã ra chưa?")
    assert submission.receipt_no in section
    assert re.findall("[A-Z][0-9]{3}", section) == ["B002", "B001"]
    assert "Hết giấy" in section
    assert "paper_out" not in section
    assert "Máy in phiếu" in section


def test_an_answer_counts_once_however_often_it_is_touched(context: Context, desk: FlaskClient) -> None:
    first, second = _draw(context, 2)
    _end(context, [first, second], "unknown", "cut_off")
    for _ in range(2):
        assert _post(desk, f"/technician/paper/{first}/out") == 303
        assert _post(desk, f"/technician/paper/{second}/not-out") == 303
    states = _states(context)
    assert (states.pop(first), states.pop(second)) == ("printed", "cancelled")
    assert list(states.values()) == ["queued"], "one copy"
    with context.store.read() as db:
        (copy,) = spool.list_jobs(db, ["queued"])
    assert (copy.parent, copy.copy) == (second, 2)


def test_all_that_were_shown_are_answered_together_and_no_newer_one(context: Context, desk: FlaskClient) -> None:
    shown = _draw(context, 5)
    _end(context, shown, "unknown", "cut_off")
    (newest,) = re.findall('name="newest" value="([0-9]+)"', _page(desk))[:1]
    later = _draw(context, 1)
    _end(context, later, "unknown", "cut_off")
    assert _post(desk, "/technician/papers/unknown/out", newest=newest) == 303
    states = _states(context)
    assert [states[job_id] for job_id in shown] == ["printed"] * 5
    assert states[later[0]] == "unknown"
    assert _post(desk, "/technician/papers/unknown/not-out", newest=str(later[0])) == 303
    assert sorted(_states(context).values()) == ["cancelled", *["printed"] * 5, "queued"]


def test_papers_of_a_day_without_paper_are_discarded_and_those_of_now_stay(context: Context, desk: FlaskClient) -> None:
    old = _draw(context, 4)
    _end(context, old, "waiting", "paper_out")
    section = _section(_page(desk), "Chờ in: 4 phiếu")
    assert "Hết giấy" in section
    (newest,) = re.findall('name="newest" value="([0-9]+)"', section)
    (now,) = _draw(context, 1)
    assert _post(desk, f"/technician/paper/{old[0]}/drop") == 303
    assert _post(desk, "/technician/papers/waiting/drop", newest=newest) == 303
    states = _states(context)
    assert [states[job_id] for job_id in old] == ["cancelled"] * 4
    assert states[now] == "queued"
    with context.store.read() as db:
        assert db.execute("select count(*) from audit where act = 'paper_dropped'").fetchone() == (4,)


def test_a_paper_that_is_being_printed_is_not_discarded(context: Context, desk: FlaskClient) -> None:
    (job_id,) = _draw(context, 1)
    with context.store.write() as db:
        spool.mark_sending(db, job_id, context.clock.now(), "Máy in phiếu")
    assert _post(desk, f"/technician/paper/{job_id}/drop") == 303
    assert _states(context) == {job_id: "sending"}


def test_a_printer_that_cannot_confirm_is_named_as_such(context: Context, desk: FlaskClient) -> None:
    _end(context, _draw(context, 1), "printed", "no_status")
    assert "Đã gửi máy in, máy in không báo lại" in _page(desk)
    assert printing_state.paper(context).state == "ok"


@pytest.mark.parametrize("address", ["/technician/paper/999/again", "/technician/paper/1/burn"])
def test_no_such_paper_and_no_such_answer_is_an_error_of_the_page(desk: FlaskClient, address: str) -> None:
    assert _post(desk, address) == 404


def test_a_technician_prints_no_more_copies_of_a_paper_with_a_name(
    context: Context, desk: FlaskClient, walker: Walker
) -> None:
    submit_form(walker.context)
    with context.store.read() as db:
        slip = spool.of_subject(db, submission_checks.only_submission(context).id)[0].id
    (ticket,) = _draw(context, 1)
    _end(context, [slip, ticket], "printed")
    section = _section(_page(desk), "Vừa in")
    assert f"/technician/paper/{ticket}/again" in section
    assert f"/technician/paper/{slip}/again" not in section
    assert "In lại ở quầy" in section
    assert _post(desk, f"/technician/paper/{slip}/again") == 403
    assert _post(desk, f"/technician/paper/{ticket}/again") == 303
    with context.store.read() as db:
        assert [(job.kind, job.copy) for job in spool.list_jobs(db, ["queued"])] == [("ticket", 2)]
        assert db.execute("select count(*) from audit where act = 'reprint'").fetchone() == (1,)
