"""Versions of a procedure: a version takes effect on its day, and a draft keeps the version that it began with."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.acts import deciding
from kiosk.acts.deciding import AcceptanceInput
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.dossiers.opened import open_submission
from kiosk.papers.declaration import declaration
from kiosk.procedures.loader import CATALOGUE, BadProcedure, read_procedure
from kiosk.web.app import create_app
from tests.journeys import submission_checks
from tests.journeys.people import begin_birth, child, father, mother_registers, peoples, reach_check_page, submit
from tests.journeys.walker import Walker
from tests.procedures.texts import CONTINUED, FILES, catalogue

LAST = date(2027, 2, 28)
FIRST = date(2027, 3, 1)
CIVIL_STATUS = (
    *("1.000656", "1.000689", "1.000894", "1.001022", "1.001193", "1.001766"),
    *("1.004746", "1.004772", "1.004837", "1.004859", "1.004873", "1.004884", "1.005461"),
    *("2.000528", "2.000635", "2.000806", "2.002516", "3.000722"),
)


def test_the_civil_status_law_changes_every_form_of_civil_status_on_its_day() -> None:
    assert tuple(f"{code}@2027-03-01" for code in CIVIL_STATUS) == CONTINUED
    before = {form.code: form.version for form in catalogue().all(LAST)}
    after = {form.code: form.version for form in catalogue().all(FIRST)}
    assert before.keys() == after.keys()
    assert tuple(sorted(code for code in after if after[code] != before[code])) == CIVIL_STATUS


@pytest.mark.parametrize("name", CONTINUED)
def test_a_later_version_keeps_the_boxes_and_is_marked_as_not_compared(name: str) -> None:
    later = FILES[name]
    earlier = FILES[name.partition("@")[0]]
    assert (later.fields, later.steps, later.papers) == (earlier.fields, earlier.steps, earlier.papers)
    assert "luat_ho_tich_2026" in later.law
    assert later.declaration is not None
    assert later.declaration.seen not in {None, "official"}
    assert earlier.declaration is not None
    assert later.declaration.lines == earlier.declaration.lines
    kept = [note for note in earlier.notes if note.id != "noi_lam"]  # any ward is competent from then on
    assert len(later.notes) == len(kept) + 1


@pytest.mark.parametrize("code", CIVIL_STATUS)
def test_from_that_day_any_ward_may_register(code: str) -> None:
    rules = {check.rule for check in FILES[f"{code}@2027-03-01"].checks}
    assert not rules & {"in_ward", "any_in_ward"}


@pytest.mark.parametrize("code", CIVIL_STATUS)
def test_no_fee_waiver_outlives_its_last_day(code: str) -> None:
    form = catalogue().in_force(code, FIRST)
    assert form is not None
    assert not [fee.id for fee in form.fees if fee.to and fee.to >= FIRST]


def test_a_form_begun_on_the_last_day_keeps_its_version(practice: Config) -> None:
    clock = FixedClock(datetime(2027, 2, 28, 16, 50, tzinfo=UTC))
    app = create_app(practice, clock)
    walker = Walker(app).go("/")
    try:
        begin_birth(walker)
        mother_registers(walker)
        clock.jump(20 * 60)
        father(walker)
        child(walker)
        peoples(walker)
        reach_check_page(walker)
        submit(walker)
        assert submission_checks.checked_body(walker.context, "A")["form"]["formVersion"] == "2026-11"
    finally:
        walker.context.store.close()


@pytest.mark.parametrize(("accepted_on", "version"), [(date(2027, 2, 28), "2026-11"), (date(2027, 3, 3), "2027-03")])
def test_a_case_goes_on_under_the_law_of_the_day_of_its_acceptance(
    practice: Config, accepted_on: date, version: str
) -> None:
    clock = FixedClock(datetime(2027, 2, 28, 3, tzinfo=UTC))
    app = create_app(practice, clock)
    walker = Walker(app).go("/")
    try:
        reach_check_page(peoples(child(father(mother_registers(begin_birth(walker))))))
        submit(walker)
        submission = submission_checks.only_submission(walker.context)
        clock.jump((accepted_on - date(2027, 2, 28)).days * 86400)
        assert deciding.accept(walker.context, CaseRequest(submission.id, 0, "CB01"), AcceptanceInput(term=0))
        accepted = declaration(walker.context, submission.id)
        clock.jump(9 * 86400)
        opened = open_submission(walker.context, submission.id)
        assert opened is not None
        assert opened.procedure.version == version
        assert declaration(walker.context, submission.id) == accepted, "the day of printing changes nothing"
    finally:
        walker.context.store.close()


def test_a_ward_s_own_version_continues_a_shipped_file(tmp_path: Path) -> None:
    later = tmp_path / "1.001193@2027-03-01.toml"
    later.write_text((CATALOGUE / later.name).read_text("utf-8"), "utf-8")
    assert read_procedure(later) == FILES["1.001193@2027-03-01"]


def test_what_a_version_continues_must_be_there(tmp_path: Path) -> None:
    later = tmp_path / "moi.toml"
    text = (CATALOGUE / "1.001193@2027-03-01.toml").read_text("utf-8")
    later.write_text(text.replace('extends = "1.001193.toml"', 'extends = "khong-co.toml"'), "utf-8")
    with pytest.raises(BadProcedure) as caught:
        read_procedure(later)
    assert "moi.toml có 1 chỗ phải sửa:\n  - dòng 4: extends: 'khong-co.toml' không đọc được" in caught.value.vi
