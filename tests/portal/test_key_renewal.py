"""Key renewal at a gateway on a real socket: after a power cut anywhere the kiosk has a key that the gateway knows."""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk import codes
from kiosk.acts import renewing as acts
from kiosk.clock import FixedClock
from kiosk.config import Config
from kiosk.context import Context
from kiosk.portal import key_renewal
from kiosk.portal.key_renewal import EnrollingPortal
from kiosk.portal.signing_key import portal_key
from kiosk.records import renewals
from kiosk.wiring import open_enrolling_portal
from kiosk.worker import Worker
from sync import errors, link
from sync.backoff import BackoffSettings
from sync.gateway import Enrolment, Gateway, GatewaySettings, kiosks, serve_in_thread
from sync.portals.kiosk_sync import KioskSync
from tests.journeys import filed
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker

UNIT = "H57.99.01"
FIRST = "AAAA-AAAA-AAAA"
SECOND = "CCCC-CCCC-CCCC"
AT_ONCE = BackoffSettings(first=0.0, longest=0.0, spread=0.0, pause=0.0, greeting=60.0)


class PowerCut(BaseException):
    """The process ends at this very line."""


class Cut:
    """A portal whose connection or kiosk fails at a chosen moment."""

    def __init__(self, portal: EnrollingPortal, moment: str) -> None:
        self.portal = portal
        self.moment = moment

    def enrol(self, code: str, unit_code: str) -> str:
        if self.moment == "line":
            raise errors.NotSent("refused")
        if self.moment == "before":
            raise PowerCut
        name = self.portal.enrol(code, unit_code)
        if self.moment == "answer lost":
            raise errors.Unsure("answer lost")
        if self.moment == "after":
            raise PowerCut
        return name

    def close(self) -> None:
        self.portal.close()


@pytest.fixture
def gateway(tmp_path: Path, clock: FixedClock) -> Iterator[Gateway]:
    path = str(tmp_path / "gateway.db")
    here = (Enrolment(FIRST, "PK03", UNIT),)
    made, thread = serve_in_thread(
        GatewaySettings(database=path, operator_password=codes.token(), now=clock.now, token=codes.token, practice=True,
                 enrolment=here)
    )  # fmt: skip
    yield made
    made.close()
    thread.join(5)


@pytest.fixture
def practice(practice: Config, gateway: Gateway) -> Config:
    return replace(practice, portal=replace(practice.portal, url=gateway.url))


@pytest.fixture
def context(app: Flask) -> Context:
    here: Context = app.extensions["context"]
    return here


@pytest.fixture
def enrolled(context: Context, gateway: Gateway, clock: FixedClock) -> Context:
    """Return a live kiosk, with a code at the gateway that may replace its key."""
    portal = _open(context, portal_key(context.config.portal_key_path))
    portal.enrol(FIRST, UNIT)
    portal.close()
    with gateway.app.extensions["gateway"].engine.begin() as db:
        kiosks.add_code(db, Enrolment(SECOND, "PK03", UNIT), clock.now(), may_replace=True)
    return context


def _open(context: Context, seed: bytes) -> KioskSync:
    return open_enrolling_portal(context.config, seed)


def _step(context: Context) -> bool:
    return key_renewal.step(context, lambda seed: _open(context, seed))


def _known(context: Context, seed: bytes) -> bool:
    portal = _open(context, seed)
    try:
        portal.changes(None)
    except errors.NotKnown:
        return False
    finally:
        portal.close()
    return True


def _state(context: Context) -> str:
    with context.store.read() as db:
        found = renewals.latest(db)
    assert found is not None
    return found.state


def _key(context: Context) -> bytes:
    return context.config.portal_key_path.read_bytes()


def test_nothing_is_done_that_nobody_asked_for(enrolled: Context) -> None:
    before = _key(enrolled)
    assert not _step(enrolled)
    assert _key(enrolled) == before


def test_a_new_key_takes_the_place_of_the_old_one(enrolled: Context) -> None:
    before = _key(enrolled)
    acts.request_renewal(enrolled, SECOND, "CB09")
    assert _step(enrolled)
    after = _key(enrolled)
    assert after != before
    assert (_known(enrolled, after), _known(enrolled, before)) == (True, False)
    assert _state(enrolled) == "done"
    assert enrolled.config.portal_key_path.stat().st_mode & 0o777 == 0o600
    assert not _step(enrolled)


def test_a_wrong_code_leaves_the_old_key_in_force(enrolled: Context) -> None:
    before = _key(enrolled)
    acts.request_renewal(enrolled, "XXXX-XXXX-XXXX", "CB09")
    assert not _step(enrolled)
    assert (_state(enrolled), _key(enrolled)) == ("refused", before)
    assert _known(enrolled, before)
    acts.request_renewal(enrolled, SECOND, "CB09")
    assert _step(enrolled)
    assert _known(enrolled, _key(enrolled))


def test_a_code_that_comes_while_another_is_refused_is_tried_next(enrolled: Context) -> None:
    acts.request_renewal(enrolled, "XXXX-XXXX-XXXX", "CB09")

    def typed_meanwhile(seed: bytes) -> EnrollingPortal:
        acts.request_renewal(enrolled, SECOND, "CB09")
        return _open(enrolled, seed)

    assert not key_renewal.step(enrolled, typed_meanwhile)
    assert _state(enrolled) == "asked"
    assert _step(enrolled)
    assert _state(enrolled) == "done"


def test_a_dead_line_leaves_it_asked_for(enrolled: Context) -> None:
    acts.request_renewal(enrolled, SECOND, "CB09")
    assert not key_renewal.step(enrolled, lambda seed: Cut(_open(enrolled, seed), "line"))
    with enrolled.store.read() as db:
        found = renewals.pending(db)
    assert found is not None
    assert found.last_code == "link: refused"


@pytest.mark.parametrize("moment", ["before", "after", "answer lost"])
def test_cut_at_any_moment_it_goes_on_where_it_was(enrolled: Context, moment: str) -> None:
    acts.request_renewal(enrolled, SECOND, "CB09")
    with suppress(PowerCut):
        assert not key_renewal.step(enrolled, lambda seed: Cut(_open(enrolled, seed), moment))
    assert _step(enrolled)
    assert _known(enrolled, _key(enrolled))
    assert _state(enrolled) == "done"


def test_cut_between_the_file_and_the_store_the_new_key_is_known_again(
    enrolled: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts.request_renewal(enrolled, SECOND, "CB09")

    def cut(context: Context, no: int) -> None:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(acts, "record_renewal", cut)
        with pytest.raises(PowerCut):
            _step(enrolled)
    key = _key(enrolled)
    assert _state(enrolled) == "asked"
    assert _step(enrolled)
    assert (_key(enrolled), _state(enrolled)) == (key, "done")
    assert _known(enrolled, key)


def test_the_worker_sends_with_the_new_key_and_the_pause_is_over(enrolled: Context, walker: Walker) -> None:
    submit(birth_until_check(walker))
    with closing(Worker(enrolled, _open(enrolled, b"x" * 32), {}, AT_ONCE)) as worker:
        _work(worker)
        with enrolled.store.read() as db:
            assert link.state(db).paused == "auth"
        acts.request_renewal(enrolled, SECOND, "CB09")
        _work(worker)
    assert filed.only_submission(enrolled).delivery == "confirmed"
    with enrolled.store.read() as db:
        assert link.state(db).paused is None


def _work(worker: Worker) -> None:
    for _ in range(8):
        worker.context.clock.advance(30)  # type: ignore[attr-defined]
        for _ in range(4):
            worker.step()
