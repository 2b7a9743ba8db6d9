"""Submit stores everything in one write, or nothing."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.list_sections import Series
from kiosk.context import Context
from kiosk.dossiers import filing, kept_details, lookup_digits, lookup_hashes
from kiosk.records import submissions
from kiosk.web.app import create_app
from tests.journeys import submission_checks
from tests.journeys.people import BIRTH, birth_until_check, submit
from tests.journeys.walker import Walker


def test_the_body_has_every_answer_as_the_paper_has_it(birth_filed: Context, walker: Walker) -> None:
    form = submission_checks.checked_body(walker.context, "A")["form"]
    texts = [words for _label, words in form["readable"]]
    assert "TRẦN NGUYỄN BẢO NGỌC" in texts
    assert "12/11/2026" in texts
    assert any("046196000123" in words for words in texts)
    assert all(label and words for label, words in form["readable"])


def test_the_lookup_hash_knows_the_last_four_digits_and_no_body_is_opened(birth_filed: Context, walker: Walker) -> None:
    submission = submission_checks.only_submission(walker.context)
    assert submission.lookup_hash == lookup_hashes.lookup_hash(walker.context, submission.receipt_no, "0123")
    assert submission.lookup_hash != lookup_hashes.lookup_hash(walker.context, submission.receipt_no, "0124")
    assert submission.lookup_hash != lookup_hashes.lookup_hash(walker.context, "PK03-261124-0002-5", "0123")


def test_numbers_are_consecutive_and_begin_again_each_day(app: Flask, clock: FixedClock) -> None:
    for day, numbers in (("261124", ("0001", "0002")), ("261125", ("0001",))):
        for number in numbers:
            walker = Walker(app).go("/")
            submit(birth_until_check(walker))
            assert f"PK03-{day}-{number}-" in walker.words
        clock.advance(24 * 3600)


def test_a_clock_before_the_day_of_the_form_is_not_trusted(walker: Walker) -> None:
    procedure = walker.context.catalogue.in_force(BIRTH, walker.context.clock.today())
    assert procedure is not None
    early = replace(walker.context, clock=FixedClock(datetime(2024, 1, 1, tzinfo=UTC)))
    with walker.context.store.read() as db:
        assert filing.is_clock_trusted(db, walker.context, procedure)
        assert not filing.is_clock_trusted(db, early, procedure)


def test_a_form_records_that_a_clock_which_jumped_is_not_trusted(walker: Walker, clock: FixedClock) -> None:
    submit(birth_until_check(walker))
    assert submission_checks.checked_body(walker.context, "A")["clockTrusted"] is True
    clock.jump(400 * 24 * 3600)
    submit(birth_until_check(Walker(walker.app).go("/")))
    with walker.context.store.read() as db:
        rows = db.execute("select clock_trusted from submissions order by rowid").fetchall()
    assert rows == [(1,), (0,)]


def test_a_series_that_the_ward_has_not_falls_to_the_first(walker: Walker) -> None:
    config = replace(walker.context.config, series=(Series(letter="K", id="K-KHAC", name="Khác", name_en="Other"),))
    assert filing.series_letter(replace(walker.context, config=config), "A-HOTICH") == "K"
    assert filing.series_letter(walker.context, "C-CONGAN") == "C"


def test_without_a_portal_a_form_waits_for_one_and_the_page_promises_none(practice: Config, clock: FixedClock) -> None:
    config = replace(practice, portal=replace(practice.portal, kind="none"))
    app = create_app(config, clock)
    walker = Walker(app).go("/")
    submit(birth_until_check(walker))
    submission = submission_checks.only_submission(walker.context)
    assert submission.delivery == "queued"
    with walker.context.store.read() as db:
        assert [row["n"] for row in db.query("select count(*) as n from outbox")] == [1]
    assert "Cán bộ thấy ngay ở quầy" in walker.words
    walker.context.store.close()


def test_a_submit_that_breaks_off_leaves_the_form_as_it_was(walker: Walker) -> None:
    birth_until_check(walker)
    with walker.context.store.write() as db:
        db.execute("create trigger fall before insert on jobs begin select raise(abort, 'no room'); end")
    with pytest.raises(Exception, match="no room"):
        submit(walker)
    with walker.context.store.read() as db:
        assert submissions.of_day(db, walker.context.clock.today()) == []
        for table in ("tickets", "outbox", "audit", "jobs"):
            assert [row["n"] for row in db.query(f"select count(*) as n from {table}")] == [0], table
    with walker.context.store.write() as db:
        db.execute("drop trigger fall")
    walker.go("/form/check")
    submit(walker)
    submission_checks.checked_body(walker.context, "A")


def test_what_is_kept_for_next_time_is_the_applicants_own(walker: Walker) -> None:
    birth_until_check(walker).fill(oath="1", reuse="1")
    with walker.context.store.read() as db:
        rows = list(db.query("select * from reuse"))
    assert len(rows) == 1
    assert rows[0]["owner"] != walker.context.vault.keyed_hash("applicant", "046196000123")
    kept = walker.context.vault.open(kept_details.BODY, rows[0]["owner"], rows[0]["body"]).decode()
    assert json.loads(kept).keys() == {"residence", "phone"}
    assert "0905000123" in kept
    assert not any(name in kept for name in ("Nguyễn Thị Diệu Hiền", "046196000123", "Trần Văn Phước", "Bảo Ngọc"))


@pytest.mark.parametrize(
    ("number", "born_on", "kind", "digits"),
    [
        ("046196000123", "1996-03-12", "id_number", "0123"),
        ("C1234567", "1996-03-12", "id_number", "4567"),
        ("AB12C45D", "1996-03-12", "birthday", "1203"),
        ("", "1942-09-01", "birthday", "0109"),
        ("", "1942", "none", "----"),
        ("", "1942-09", "none", "----"),
        ("", "", "none", "----"),
        ("046196000١٢٣٤", "", "none", "----"),
    ],
)
def test_a_look_up_asks_for_the_id_number_or_else_for_the_birthday(
    number: str, born_on: str, kind: str, digits: str
) -> None:
    found = lookup_digits.of_person(number, born_on)
    assert (found.kind, found.digits) == (kind, digits)


def test_without_consent_nothing_is_kept_for_next_time(birth_filed: Context, walker: Walker) -> None:
    with walker.context.store.read() as db:
        assert list(db.query("select * from reuse")) == []
