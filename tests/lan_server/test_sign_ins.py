"""Sign-ins of strangers hold only a few threads of the LAN: officers' pages go on, and the rest are told to wait."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.records import audit
from kiosk.security import passwords
from tests.lan_server.lan_kiosk import LanKiosk, lan_kiosk

pytestmark = pytest.mark.machine_date


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[LanKiosk]:
    with lan_kiosk(tmp_path) as kiosk:
        yield kiosk


class SlowCheck:
    """Takes the place of argon2's check: it lasts until the test lets it end."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.may_end = threading.Event()

    def verify(self, _hash: str, _password: str) -> bool:
        self.begun.release()
        assert self.may_end.wait(60)
        return False


def test_twelve_sign_ins_at_once_leave_the_pages_their_threads(
    kiosk: LanKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = kiosk.officer()
    slow = SlowCheck()
    monkeypatch.setattr(passwords, "hasher", slow)
    monkeypatch.setattr(passwords, "dummy_hash", lambda: "")
    statuses: list[int] = []
    sent_away = threading.Event()

    def sign_in(number: int) -> None:
        stranger = kiosk.browser(f"127.0.0.{number + 20}")
        answer = stranger.post("/signin", login=f"nguoila{number}", password="x")  # nosec B106 # a guess
        statuses.append(answer.status_code)
        if answer.status_code == 429:
            assert "Mời đợi vài giây rồi bấm lại" in answer.text
            sent_away.set()

    strangers = [threading.Thread(target=sign_in, args=[number]) for number in range(12)]
    for stranger in strangers:
        stranger.start()
    assert slow.begun.acquire(timeout=60)
    assert officer.get("/officer/").status_code == 200, "while a check lasts and others wait"
    assert sent_away.wait(60), "three checks last, the fourth sign-in does not wait for them"
    slow.may_end.set()
    for stranger in strangers:
        stranger.join(60)
    assert statuses.count(429) >= 1
    assert len(statuses) == 12
    assert set(statuses) == {200, 429}
    with kiosk.context.store.read() as db:
        failed = audit.latest(db, ["sign_in_failed"], 50)
    assert len(failed) == statuses.count(200), "who was sent away is not counted as wrong"
