"""The residence certificate: the online way comes first, and the ward says whether its counter takes it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import pytest

from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.ward_sections import ProceduresSettings
from kiosk.context import Context
from kiosk.web.app import create_app
from tests.journeys.walker import Walker

CODE = "1.010041"
ASK = "Muốn làm tại quầy, mời hỏi Công an."


class Opener(Protocol):
    """Opens the page before the form at a kiosk with some settings."""

    def __call__(self, **settings: tuple[str, ...]) -> Walker: ...


@pytest.fixture
def opened(practice: Config, clock: FixedClock) -> Iterator[Opener]:
    contexts: list[Context] = []

    def open_page(**settings: tuple[str, ...]) -> Walker:
        app = create_app(replace(practice, procedures=ProceduresSettings(**settings)), clock)  # type: ignore[arg-type]
        contexts.append(app.extensions["context"])
        return Walker(app).go(f"/need/{CODE}")

    yield open_page
    for context in contexts:
        context.store.close()


def test_an_unanswered_switch_sends_people_to_ask(opened: Opener) -> None:
    walker = opened()
    first = walker.page.index("Tự làm được trên VNeID")
    assert first < walker.page.index("Trong 1 ngày làm việc")
    assert ASK in walker.words
    assert walker.fill(can_gi="thuong_tru").at == "/form/nguoi_xin"


def test_a_counter_that_takes_it_is_not_asked(opened: Opener) -> None:
    walker = opened(at_counter=(CODE,))
    assert "Tự làm được trên VNeID" in walker.words
    assert ASK not in walker.words
    assert walker.fill(can_gi="thuong_tru").at == "/form/nguoi_xin"


def test_a_counter_that_does_not_take_it_gets_no_form(opened: Opener) -> None:
    walker = opened(online_only=(CODE,))
    assert "Quầy không nhận tờ khai giấy" in walker.words
    assert "Khai ngay" not in walker.words
    assert walker.post(f"/begin/{CODE}", can_gi="thuong_tru").at == "/ticket"
