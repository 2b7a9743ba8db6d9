"""Diagnostics bundle: what support needs, and nothing of a person: marked names and numbers pass through the kiosk."""

import io
import json
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.acts import signing
from kiosk.base.log import close_log, open_log
from kiosk.cli import main
from kiosk.config import Config
from kiosk.context import Context
from kiosk.health import checks, diagnostics
from tests.journeys import submission_checks
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker

STAFF = "Hồ Khuỵu Nghuếch"
LOGIN = "khuyunghuech"
ACCOUNT = "0123456789"
HOLDER = "NGUYEN THOONG KHUYU"


@pytest.fixture
def context(walker: Walker) -> Context:
    """Return a kiosk that has served a person, with a log and people of its own."""
    context = walker.context
    fees = replace(context.config.fees, bank="970436", account=ACCOUNT, holder=HOLDER)
    context.config = replace(context.config, fees=fees)
    handler = open_log(context.config.log_path)
    submit(birth_until_check(walker))
    number = submission_checks.only_submission(context).receipt_no
    logging.getLogger("kiosk.acts").info("submitted", extra={"receipt_no": number, "ms": 12})
    logging.getLogger("kiosk.acts").error("out of service", extra={"code": "K-19", "reason": STAFF})
    close_log(handler)
    signing.add_person(context, LOGIN, STAFF, role="lead", password="mật khẩu riêng")
    return context


def opened(context: Context) -> dict[str, str]:
    content = diagnostics.bundle(context, checks.look(context))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def strings(value: Any) -> Iterator[str]:
    """Yield all texts of a form that may name a person."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


def canaries(context: Context) -> set[str]:
    """Return the answers of the form that are names, numbers or addresses, and what else names somebody."""
    submission = submission_checks.only_submission(context)
    body = submission_checks.opened_body(context, submission)
    answers = {text for text in strings(body) if len(text) > 8 and (" " in text or text.isdigit())}
    assert len(answers) > 5
    return answers | {STAFF, LOGIN, ACCOUNT, HOLDER, submission.receipt_no, submission.id}


def test_no_name_number_or_answer_of_anybody_is_in_the_bundle(context: Context) -> None:
    files = opened(context)
    found = {(name, text) for name, content in files.items() for text in canaries(context) if text in content}
    assert found == set()


def test_the_search_for_names_finds_one(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "OF_PERSONS", frozenset())
    assert submission_checks.only_submission(context).receipt_no in opened(context)["log.jsonl"]


def test_the_bundle_has_what_support_asks_for(context: Context) -> None:
    files = opened(context)
    assert set(files) == {"README.txt", "checks.json", "settings.json", "counts.json", "machine.json", "log.jsonl"}
    counts = json.loads(files["counts.json"])
    assert counts["rows"]["submissions"] == 1
    assert counts["outbox"] == [["todo", None, None, 1]]
    assert json.loads(files["settings.json"])["portal"]["kind"] == "kiosk-sync"
    assert "K-19" in files["log.jsonl"]
    assert {check["name"] for check in json.loads(files["checks.json"])} >= {"Máy in", "Ổ đĩa"}


def test_every_listed_section_is_one_of_the_settings() -> None:
    assert [name for name in diagnostics.SECTIONS if not hasattr(Config(), name)] == []


def test_the_command_writes_the_bundle_and_says_where_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text("")
    assert main(["--config", str(settings), "init"]) == 0
    main(["--config", str(settings), "doctor", "--bundle", str(tmp_path / "support.zip")])
    assert zipfile.is_zipfile(tmp_path / "support.zip")
    assert main(["--config", str(settings), "doctor", "--bundle", str(tmp_path / "none" / "support.zip")]) == 2
    assert "Không ghi được" in capsys.readouterr().err
