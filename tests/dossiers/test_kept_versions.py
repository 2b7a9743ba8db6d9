"""A form outlives the file of its version: drafts, kept forms and cases go on when a version has left the catalogue."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from kiosk.acts import applying, wiping
from kiosk.base.clock import FixedClock
from kiosk.cli import main
from kiosk.config import Config
from kiosk.context import Context
from kiosk.health import checks
from kiosk.health.check_result import CheckResult
from kiosk.papers import declaration, slip
from kiosk.procedures import procedure_json
from kiosk.procedures.loader import CATALOGUE, read_procedure
from kiosk.records import procedure_versions, submissions
from kiosk.startup.context_factory import create_store
from kiosk.web.app import create_app
from tests.faults.submitting import COPY, fill_in_form, submit_draft, submit_form
from tests.journeys.queue_harness import press
from tests.pages.officer.sitting import Desk

OWN = "2026-99"
FILE = "2.000635@own.toml"
TEXT = f'extends = "2.000635.toml"\nversion = "{OWN}"\neffective_from = 2026-11-01\n'
FALSE_SENTENCE = "tờ khai đã xóa"


@pytest.fixture
def own_file(practice: Config) -> Path:
    folder = practice.root / "thu-tuc"
    folder.mkdir()
    file = folder / FILE
    file.write_text(TEXT, "utf-8")
    return file


@pytest.fixture
def start(practice: Config, clock: FixedClock, own_file: Path) -> Iterator[Callable[[], Flask]]:
    """Return a function that starts the kiosk of a ward with a procedure of its own; the one before is closed."""
    config = replace(practice, procedures=replace(practice.procedures, own="thu-tuc"))
    create_store(config)
    apps: list[Flask] = []

    def start() -> Flask:
        for app in apps:
            context_of(app).store.close()
        apps[:] = [create_app(config, clock)]
        return apps[0]

    yield start
    for app in apps:
        context_of(app).store.close()


def context_of(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


def delete(file: Path) -> None:
    file.unlink()


def replace_version(file: Path) -> None:
    file.write_text(TEXT.replace(OWN, "2027-01"), "utf-8")


def check(app: Flask) -> CheckResult:
    (result,) = [result for result in checks.look(context_of(app)) if result.name == "Tệp thủ tục"]
    return result


@pytest.mark.parametrize("lose", [delete, replace_version], ids=["deleted", "new version"])
def test_a_filed_form_opens_at_the_desk_with_its_papers(
    start: Callable[[], Flask], own_file: Path, lose: Callable[[Path], None]
) -> None:
    context = context_of(start())
    submission_id, receipt_no = submit_form(context, COPY)
    before = declaration.pdf(context, submission_id)
    lose(own_file)
    app = start()
    context = context_of(app)
    in_force = context.catalogue.in_force(COPY, context.clock.today())
    assert in_force is not None
    assert in_force.version != OWN
    desk = Desk(app)
    press(context_of(app), 1)
    desk.go("/officer/")
    assert receipt_no in desk.words
    assert FALSE_SENTENCE not in desk.words
    assert slip.compose(context, submission_id, {}) is not None
    after = declaration.pdf(context, submission_id)
    assert before is not None
    assert after is not None
    assert abs(len(after) - len(before)) < 200
    assert check(app).state == "note"
    assert f"{COPY} bản {OWN} (1 tờ)" in check(app).words


def test_a_draft_goes_on_and_is_filed_in_its_own_version(start: Callable[[], Flask], own_file: Path) -> None:
    finished = fill_in_form(context_of(start()), COPY)
    delete(own_file)
    context = context_of(start())
    assert applying.current_draft(context, finished.session).draft.version == OWN
    submission_id, _receipt_no = submit_draft(context, finished)
    with context.store.read() as db:
        submission = submissions.find(db, submission_id)
    assert submission is not None
    assert submission.version == OWN


def test_a_version_is_deleted_when_nothing_has_it(
    start: Callable[[], Flask], own_file: Path, clock: FixedClock
) -> None:
    context = context_of(start())
    submission_id, _receipt_no = submit_form(context, COPY)
    delete(own_file)
    context = context_of(start())
    wiping.wipe_expired(context)
    with context.store.write() as db:
        assert (COPY, OWN) in procedure_versions.list_all(db)
        submissions.set_desk(db, submission_id, desk="handed_out", now=clock.now())
        submissions.set_delivery(db, submission_id, delivery="confirmed", now=clock.now())
    clock.advance(timedelta(days=context.config.keep.body_days + 1).total_seconds())
    wiping.wipe_expired(context)
    with context.store.read() as db:
        assert submissions.body(db, submission_id) is None
        assert procedure_versions.list_all(db) == []


def test_a_store_of_an_earlier_release_keeps_the_versions_that_it_has(
    start: Callable[[], Flask], own_file: Path
) -> None:
    context = context_of(start())
    submission_id, _receipt_no = submit_form(context, COPY)
    with context.store.write() as db:
        db.execute("delete from procedure_versions")
        db.execute("delete from marks where key = 'procedure-versions'")
    start()
    delete(own_file)
    context = context_of(start())
    assert slip.compose(context, submission_id, {}) is not None


def test_a_version_that_cannot_be_read_is_an_alarm_and_the_desk_says_that_the_form_is_there(
    start: Callable[[], Flask], own_file: Path
) -> None:
    context = context_of(start())
    submit_form(context, COPY)
    with context.store.write() as db:
        db.execute("update procedure_versions set content = '{}'")
    delete(own_file)
    app = start()
    assert (check(app).state, check(app).code) == ("fault", "FORM-02")
    desk = Desk(app)
    press(context_of(app), 1)
    desk.go("/officer/")
    assert FALSE_SENTENCE not in desk.words
    assert "còn nguyên trong máy" in desk.words
    own_file.write_text(TEXT, "utf-8")
    assert check(start()).code == ""


OTHER_QUESTION = '[[step]]\nid = "loai_khac"\nask = "Bản gốc là giấy gì?"\nask_en = "Which paper is it?"\n'
OTHER_FEE = 'minutes = 9\n[[fee]]\nid = "moi"\nname = "Thêm"\nname_en = "More"\namount = 1000\nseen = "product"\n'


def test_questions_that_change_under_their_version_are_an_alarm_and_a_new_version_ends_it(
    start: Callable[[], Flask], own_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = context_of(start())
    submission_id, _receipt_no = submit_form(context, COPY)
    own_file.write_text(TEXT + OTHER_FEE, "utf-8")
    app = start()
    assert check(app).state == "ok", "an answer does not belong to a fee"
    settings = context.config.root / "here.toml"
    folder = context.config.folder
    settings.write_text(f'[kiosk]\ndata = "{folder}"\n[procedures]\nown = "thu-tuc"\n', "utf-8")
    in_catalogue = own_file.with_name("2.000635.toml")
    in_catalogue.write_text((CATALOGUE / "2.000635.toml").read_text("utf-8"), "utf-8")
    command = ["--config", str(settings), "procedure", "check", str(own_file)]
    assert main(command) == 0
    assert "ghi version mới" not in capsys.readouterr().out
    own_file.write_text(TEXT + OTHER_QUESTION, "utf-8")
    app = start()
    assert (check(app).state, check(app).code) == ("warning", "FORM-03")
    assert f"{COPY} bản {OWN} (1 tờ)" in check(app).words
    assert main(command) == 0
    out = capsys.readouterr().out
    assert f"dòng 2: version: câu hỏi hay tờ khai đã đổi mà vẫn là bản '{OWN}', trong máy đã có tờ khai" in out
    own_file.write_text((TEXT + OTHER_QUESTION).replace(OWN, "2027-01"), "utf-8")
    app = start()
    assert check(app).code == ""
    kept = context_of(app).catalogue.version(COPY, OWN)
    assert kept is not None
    assert kept.by_step["loai_khac"].ask.vi != "Bản gốc là giấy gì?"
    assert slip.compose(context_of(app), submission_id, {}) is not None


def test_a_kept_version_is_read_by_a_release_with_other_fields() -> None:
    procedure = read_procedure(CATALOGUE / "2.000635.toml")
    assert procedure_json.load(procedure_json.dump(procedure)) == procedure
    plain = json.loads(procedure_json.dump(procedure))
    plain["fields"]["Procedure"].append("of_a_later_release")
    for entry in plain["entries"]:
        if entry[0] == "Procedure":
            entry.append("a value")
    assert procedure_json.load(json.dumps(plain).encode()) == procedure
    for broken in (
        b"{}",
        b"[]",
        b'{"fields": {}, "entries": [["Procedure"]]}',
        b'{"fields": {}, "entries": [["dict"]]}',
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - it has no words: the caller logs the version
            procedure_json.load(broken)
