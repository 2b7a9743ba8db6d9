"""Tests of the log: one JSON line an event, and no personal data."""

import ast
import json
import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.base import log
from kiosk.base.errors import DraftGone, StoreUnavailable
from kiosk.config import ROOT
from sync import errors

NAME = "Hồ Thị Canary"


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Yield the file of an open log."""
    handler = log.open_log(tmp_path / "log" / "kiosk.log")
    yield tmp_path / "log" / "kiosk.log"
    log.close_log(handler)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_event_is_one_line_of_words_and_facts(path: Path) -> None:
    logging.getLogger("kiosk.acts").info("submitted", extra={"receipt_no": "PK03-261124-0017-F", "ms": 12.5})
    (line,) = lines(path)
    assert line.pop("at").endswith("Z")
    facts = {"receipt_no": "PK03-261124-0017-F", "ms": 12.5}
    assert line == {"level": "info", "from": "kiosk.acts", "event": "submitted", **facts}


def test_a_name_does_not_pass_whoever_logs_it(path: Path) -> None:
    try:
        raise ValueError(NAME)
    except ValueError as error:
        logger = logging.getLogger("kiosk.acts")
        logger.exception("could not keep %s", NAME, extra={"state": NAME, "name_of_child": NAME})
        logger.error("refused", exc_info=KeyError(NAME, error))
        logging.getLogger("waitress").handle(logging.makeLogRecord({"name": "waitress", "msg": NAME, "levelno": 30}))
    assert NAME not in path.read_text(encoding="utf-8")
    assert json.dumps(NAME)[1:-1] not in path.read_text(encoding="utf-8")
    assert lines(path)[0]["dropped"] == ["name_of_child", "state"]
    assert lines(path)[0]["error"]["class"] == "ValueError"


@pytest.mark.parametrize(
    "value", [46190000001, "046190000001", "0912345678", "a b", "x" * 65, "Huế", b"x", ["x"], {"x": 1}, ""]
)
def test_a_fact_that_may_be_personal_is_left_out(path: Path, value: object) -> None:
    logging.getLogger("kiosk").info("seen", extra={"code": value})
    assert lines(path)[0]["dropped"] == ["code"]
    assert "code" not in lines(path)[0]


@given(st.text())
def test_whatever_is_logged_is_one_plain_line(text: str) -> None:
    record = logging.makeLogRecord({"name": "kiosk", "msg": text, "code": text, "reason": text})
    line = log.JsonFormatter().format(record)
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line)["event"] == text[:120]


def test_an_error_tells_class_code_place_and_cause(path: Path) -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as cause:
            raise DraftGone from cause
    except DraftGone:
        logging.getLogger("kiosk").exception("gone")
    error = lines(path)[0]["error"]
    assert (error["class"], error["code"], error["cause"]["class"]) == ("DraftGone", "K-20", "KeyError")
    assert error["at"][0].startswith("test_log.py:")


def test_ids_pass_however_many_digits_they_hold(path: Path) -> None:
    submission_id = "019ab0c1-2345-7890-8123-123456789012"
    logging.getLogger("sync.engine").info("sent", extra={"submission_id": submission_id})
    assert lines(path)[0]["submission_id"] == submission_id


def test_the_log_is_turned_over_and_only_the_owner_reads_it(path: Path) -> None:
    logger = logging.getLogger("kiosk")
    for handler in logging.getLogger().handlers:
        if isinstance(handler, log.RotatingFileHandler):
            handler.maxBytes = 500
    for count in range(60):
        logger.info("counted", extra={"count": count})
    files = sorted(file.name for file in path.parent.iterdir())
    assert files == ["kiosk.log", *(f"kiosk.log.{number}" for number in range(1, log.COPIES + 1))]
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    assert lines(path)[-1]["count"] == 59


def test_a_log_that_cannot_be_written_is_one_clear_sentence() -> None:
    with pytest.raises(StoreUnavailable, match="log"):
        log.open_log(Path("/proc/kiosk.log"))


def _facts(tree: ast.AST) -> set[str]:
    """Return the names of all facts that a module logs."""
    given = [word.value for call in ast.walk(tree) if isinstance(call, ast.Call) for word in call.keywords
             if word.arg == "extra" and isinstance(word.value, ast.Dict)]  # fmt: skip
    return {str(key.value) for facts in given for key in facts.keys if isinstance(key, ast.Constant)}


def test_every_fact_that_the_code_logs_is_written() -> None:
    dropped = {}
    for package in ("kiosk", "sync", "printers"):
        for path in (ROOT / package).rglob("*.py"):
            names = _facts(ast.parse(path.read_text("utf-8"))) - log.FACTS
            if names:
                dropped[str(path.relative_to(ROOT))] = names
    assert dropped == {}


def test_a_failure_of_the_connection_keeps_its_class_and_code(path: Path) -> None:
    for error in (errors.Unsure("foreign answer"), errors.NotSent("gaierror"), errors.TooFast("429", 3)):
        logging.getLogger("sync.link").warning("sync failed", extra={"class": error.reason, "code": error.fact})
    facts = [(line["class"], line["code"]) for line in lines(path)]
    assert facts == [("unknown", "foreign-answer"), ("link", "gaierror"), ("rate", "429")]
    assert not [line for line in lines(path) if "dropped" in line]


def test_the_log_of_a_command_is_made_at_its_first_record(tmp_path: Path) -> None:
    path = tmp_path / "data" / "log" / "kiosk.log"
    handler = log.open_command_log(path)
    assert not path.parent.parent.exists()
    logging.getLogger("kiosk.backup.restore").warning("store restored", extra={"number": 3})
    log.close_log(handler)
    assert [(line["event"], line["number"]) for line in lines(path)] == [("store restored", 3)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("is_read_by_a_person", [True, False])
def test_where_the_log_cannot_be_written_the_journal_gets_it_and_a_terminal_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_read_by_a_person: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_read_by_a_person)
    (tmp_path / "log").write_text("a file in the place of the folder")
    handler = log.open_command_log(tmp_path / "log" / "kiosk.log")
    logging.getLogger("kiosk.backup.restore").warning("store restored")
    log.close_log(handler)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [json.loads(line)["event"] for line in printed.err.splitlines()] == (
        [] if is_read_by_a_person else ["store restored"]
    )
