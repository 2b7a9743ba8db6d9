"""Comparisons that the law outlived: ticks of an older law, unread sources, facts without a text, ended waivers."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kiosk import comparison
from kiosk.comparison import LawOfDay, ProcedureComparison
from kiosk.pages.officer.lead import compare_rows
from kiosk.procedures.documents import shipped_documents
from kiosk.procedures.facts import documents_in_use
from kiosk.procedures.model import Procedure
from kiosk.records.comparisons import Comparison
from tests.procedures.test_versions import CIVIL_STATUS
from tests.procedures.texts import catalogue, procedure

TICKED = datetime(2026, 12, 1, 2, tzinfo=UTC)
UNDER_THE_NEW_LAW = date(2027, 3, 2)
DOCUMENTS = shipped_documents()


def form_on(code: str, day: date) -> Procedure:
    form = catalogue().in_force(code, day)
    assert form is not None
    return form


def state_on(form: Procedure, day: date, rows: list[Comparison]) -> ProcedureComparison:
    return comparison._state(form, rows, {}, LawOfDay(DOCUMENTS, day))


def ticks(form: Procedure, at: datetime = TICKED) -> list[Comparison]:
    """Return a tick of every fact of a procedure, as it is on that day."""
    return [
        Comparison(procedure=form.code, digest=item.fact.digest, fact=item.fact.id, result="same", actor="CB01", at=at)
        for item in state_on(form, at.date(), []).facts
    ]


@pytest.mark.parametrize("code", CIVIL_STATUS)
def test_no_comparison_of_2026_is_claimed_under_the_civil_status_law_of_2027(code: str) -> None:
    before = form_on(code, TICKED.date())
    rows = ticks(before)
    assert state_on(before, TICKED.date(), rows).summary() is not None
    after = state_on(form_on(code, UNDER_THE_NEW_LAW), UNDER_THE_NEW_LAW, rows)
    assert after.summary() is None
    assert after.done == 0
    assert "đã đối chiếu" not in comparison.form_sentence(after)
    assert "đã đối chiếu" not in comparison.papers_sentence(after)
    assert len(after.changed) >= len(after.listed) - 1, "the note on where to file is new"


def test_a_comparison_under_the_new_law_counts() -> None:
    form = form_on("1.000656", UNDER_THE_NEW_LAW)
    state = state_on(form, UNDER_THE_NEW_LAW, ticks(form, datetime(2027, 3, 1, 2, tzinfo=UTC)))
    assert state.summary() is not None


def test_a_procedure_without_a_new_version_loses_its_claim_with_its_law() -> None:
    form = procedure("2.002516")
    state = state_on(form, UNDER_THE_NEW_LAW, ticks(form))
    assert state.summary() is None
    assert all(item.is_lapsed for item in state.changed)


def test_a_comparison_of_another_ward_that_the_law_outlived_is_no_change_here() -> None:
    form = procedure("2.002516")
    rows = [replace(row, ward="H57.99.02") for row in ticks(form)]
    assert state_on(form, TICKED.date(), rows).summary() is not None
    assert state_on(form, UNDER_THE_NEW_LAW, rows).changed == ()


def test_a_comparison_from_before_a_doubt_does_not_count() -> None:
    form = procedure("1.001731")
    old = ticks(form, datetime(2026, 10, 4, 2, tzinfo=UTC))
    doubtful = {item.fact.id for item in state_on(form, date(2026, 11, 24), old).changed}
    assert doubtful
    assert state_on(form, date(2026, 11, 24), ticks(form)).changed == ()


def test_a_comparison_of_a_read_text_does_not_cover_one_that_nobody_has_read() -> None:
    form = procedure("1.000656")
    assert form.declaration is not None
    unread = replace(
        form, declaration=replace(form.declaration, seen="memory"), times=(replace(form.times[0], seen="memory"),)
    )
    state = state_on(unread, TICKED.date(), ticks(form))
    facts = {item.fact.id: item.result for item in state.facts}
    assert {facts["form"], facts["line-1"], facts["time-1"]} == {""}
    assert facts["fee-ban_sao"] == "same"


def test_what_rests_on_no_text_is_not_asked_to_be_compared() -> None:
    for form in catalogue().all(TICKED.date()):
        listed = state_on(form, TICKED.date(), []).listed
        assert "product" not in {item.fact.seen for item in listed}, form.code
    practice = state_on(procedure("LOCAL-TAPHUAN"), TICKED.date(), [])
    assert practice.listed == ()
    assert practice.summary() is None
    assert compare_rows.procedure_row(practice, DOCUMENTS, TICKED.date()).mark.words == "không dựa vào văn bản"


def test_a_line_of_the_own_sheet_that_differs_withdraws_the_claim_of_the_page() -> None:
    form = procedure("2.002516")
    rows = ticks(form)
    wrong = [replace(row, result="differs", note="Văn bản ghi khác") if row.fact == "line-3" else row for row in rows]
    assert state_on(form, TICKED.date(), rows).summary() is not None
    assert state_on(form, TICKED.date(), wrong).summary() is None


@pytest.mark.parametrize("code", ["1.002755", "1.004194", "1.004222", "1.010038"])
def test_a_waiver_that_ended_raises_no_alarm(code: str) -> None:
    form = form_on(code, UNDER_THE_NEW_LAW)
    state = state_on(form, UNDER_THE_NEW_LAW, ticks(form))
    assert state.summary() is not None, "its last day was compared with it"
    assert compare_rows.procedure_row(state, DOCUMENTS, UNDER_THE_NEW_LAW).mark.kind == "ok"
    assert "nq6622" not in documents_in_use(form, DOCUMENTS, UNDER_THE_NEW_LAW)
    assert not any("28/02/2027" in item.fact.detail for item in state.listed)
    assert any("28/02/2027" in item.fact.detail for item in state_on(form, TICKED.date(), []).listed)
