"""Every alarm has a code, and docs/technician.md has a section for each code."""

import re

from kiosk.config import ROOT
from sync.gateway.pages.alarm_labels import ALARM_LABELS

CODE = re.compile(r'"([A-Z]{4,5}-[0-9]{2})"')
HEADING = re.compile(r"^### ([A-Z]{4,5}-[0-9]{2})$", re.MULTILINE)


def _codes() -> set[str]:
    codes: set[str] = set()
    for path in (ROOT / "kiosk" / "health").glob("*.py"):
        codes |= set(CODE.findall(path.read_text("utf-8")))
    return codes


def _sections() -> dict[str, str]:
    text = (ROOT / "docs" / "technician.md").read_text("utf-8")
    parts = HEADING.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_alarm_has_its_page_and_every_page_its_alarm() -> None:
    assert len(_codes()) > 20
    assert set(_sections()) == _codes()


def test_no_page_of_an_alarm_is_twice_or_empty() -> None:
    text = (ROOT / "docs" / "technician.md").read_text("utf-8")
    named = HEADING.findall(text)
    assert len(set(named)) == len(named)
    assert [code for code, section in _sections().items() if len(section.strip()) < 40] == []


def test_every_alarm_has_words_on_the_fleet_page_of_the_gateway() -> None:
    missing = _codes() - ALARM_LABELS.keys()
    assert missing == set(), "add a few words for each to ALARM_LABELS in sync/gateway/pages/alarm_labels.py"
