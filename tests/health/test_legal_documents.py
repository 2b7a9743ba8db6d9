"""Repealed documents: the alarm of a procedure that rests on one, and of one that is about to be replaced."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.health import checks, legal_documents
from kiosk.health.check_result import CheckResult
from kiosk.procedures.documents import documents_of
from kiosk.procedures.loader import CATALOGUE, Catalogue, read_procedure

REGISTER = """
[cu]
title = "Thông tư cũ"
to = 2026-12-31
replaced_by = "moi"
seen = "secondary"

[moi]
title = "Thông tư mới"
from = 2027-01-01
seen = "secondary"

[het_han]
title = "Nghị quyết miễn phí"
to = 2026-12-31
seen = "secondary"

[nghi_ngo]
title = "Nghị định cũ"
unsure_from = 2026-10-05
replaced_by = "moi"
seen = "secondary"
"""
Look = Callable[[str, str, str], CheckResult]


@pytest.fixture
def look(app: Flask, tmp_path: Path) -> Look:
    """Return a function: the result on a day, of a catalogue with one procedure; its law and its fee name documents."""

    def look(day: str, law: str, fee: str) -> CheckResult:
        (tmp_path / "documents.toml").write_text(REGISTER, "utf-8")
        procedure = read_procedure(CATALOGUE / "1.004194.toml")
        fees = tuple(replace(item, sources=(fee,) if fee else (), seen="secondary") for item in procedure.fees)
        rested = replace(procedure, law=(law,) if law else (), fees=fees)
        rested = replace(rested, times=(), papers=(), notes=(), checks=(), situations=(), declaration=None)
        context: Context = app.extensions["context"]
        documents, errors = documents_of([tmp_path])
        assert errors == []
        changed = replace(
            context,
            catalogue=Catalogue([rested], documents=documents),
            clock=FixedClock(datetime.fromisoformat(f"{day}T03:00:00").replace(tzinfo=UTC)),
        )
        (result,) = (item for item in checks.look(changed) if item.name == "Văn bản pháp luật")
        return result

    return look


DAYS = [
    ("2026-12-01", "", "ok"),
    ("2026-12-02", "LEGAL-02", "warning"),
    ("2026-12-31", "LEGAL-02", "warning"),
    ("2027-01-01", "LEGAL-01", "warning"),
    ("2028-05-01", "LEGAL-01", "warning"),
]


@pytest.mark.parametrize("law", ["cu", "het_han"])
@pytest.mark.parametrize(("day", "code", "state"), DAYS)
def test_a_law_is_reported_thirty_days_before_its_end_and_after_it(
    look: Look, law: str, day: str, code: str, state: str
) -> None:
    result = look(day, law, "")
    assert (result.code, result.state) == (code, state)


@pytest.mark.parametrize(("day", "code", "state"), DAYS)
def test_the_document_of_a_fee_counts_as_much_as_the_law(look: Look, day: str, code: str, state: str) -> None:
    result = look(day, "", "cu")
    assert (result.code, result.state) == (code, state)


def test_the_alarm_names_document_day_successor_and_procedure(look: Look) -> None:
    result = look("2027-01-05", "cu", "")
    assert result.todo[0] == "Thông tư cũ hết hiệu lực từ 01/01/2027, thay bằng Thông tư mới: thủ tục 1.004194."
    assert len(result.todo) > 1


@pytest.mark.parametrize("day", ["2026-12-15", "2027-03-01"])
def test_a_fee_that_ends_with_its_document_is_no_alarm(app: Flask, tmp_path: Path, day: str) -> None:
    (tmp_path / "documents.toml").write_text(REGISTER, "utf-8")
    procedure = read_procedure(CATALOGUE / "1.004194.toml")
    fee = replace(procedure.fees[0], sources=("het_han",), seen="secondary", waivers=(), to=date(2026, 12, 31))
    few = replace(procedure, law=(), fees=(fee,), times=(), papers=(), notes=(), checks=(), declaration=None)
    context: Context = app.extensions["context"]
    clock = FixedClock(datetime.fromisoformat(f"{day}T03:00:00").replace(tzinfo=UTC))
    few = replace(few, situations=(), fields=())
    catalogue = Catalogue([few], documents=documents_of([tmp_path])[0])
    assert legal_documents.check(replace(context, catalogue=catalogue, clock=clock)).code == ""


def test_a_document_in_doubt_is_a_note_and_no_alarm(look: Look) -> None:
    result = look("2026-11-24", "nghi_ngo", "")
    assert (result.code, result.state) == ("", "note")
    assert "Nghị định cũ (1.004194)" in result.words


def test_a_procedure_on_documents_in_force_is_no_alarm(look: Look) -> None:
    assert look("2027-01-01", "moi", "moi").state == "ok"


def test_the_shipped_catalogue_rests_on_nothing_repealed(app: Flask) -> None:
    context: Context = app.extensions["context"]
    (result,) = (item for item in checks.look(context) if item.name == "Văn bản pháp luật")
    assert result.code == ""
