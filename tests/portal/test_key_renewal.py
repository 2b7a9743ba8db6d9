"""Key renewal at a gateway on a real socket: after a power cut anywhere the kiosk has a key that the gateway knows."""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kiosk.acts import renewing as acts
from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.context import Context
from kiosk.portal import key_renewal
from kiosk.portal.key_renewal import EnrollingPortal
from kiosk.portal.signing_key import portal_key
from kiosk.records import renewals
from kiosk.startup.wiring import open_enrolling_portal
from kiosk.worker import Worker
from sync import errors, link
from sync.backoff import BackoffSettings
from sync.gateway import Enrolment, Gateway, GatewaySettings, kiosks, serve_in_thread
from sync.portals.kiosk_sync import KioskSync
from tests.faults.submitting import submit_form
from tests.journeys import submission_checks
from tests.journeys.walker import Walker
from tests.sync.harness import PowerCut

UNIT = "H57.99.01"
FIRST = "AAAA-AAAA-AAAA"
SECOND = "CCCC-CCCC-CCCC"
AT_ONCE = BackoffSettings(first=0.0, longest=0.0, spread=0.0, pause=0.0, greeting=60.0)


class FailingPortal:
    """A portal whose connection or kiosk fails at a chosen moment."""

    def __init__(self, portal: EnrollingPortal, moment: str) -> None:
        self.portal = portal
        self.moment = moment

    def enrol(self, code: str, unit_code: str) -> str:
        if self.moment == "down":
            raise errors.NotSent("refused")
        if self.moment == "before":
            raise PowerCut
        key_id = self.portal.enrol(code, unit_code)
        if self.moment == "answer lost":
            raise errors.Unsure("answer lost")
        if self.moment == "after":
            raise PowerCut
        return key_id

    def close(self) -> None:
        self.portal.close()


@pytest.fixture
def gateway(tmp_path: Path, clock: FixedClock) -> Iterator[Gateway]:
    path = str(tmp_path / "gateway.db")
    enrolments = (Enrolment(FIRST, "PK03", UNIT),)
    gateway, thread = serve_in_thread(
        GatewaySettings(database=path, operator_password=codes.token(), now=clock.now, token=codes.token, practice=True,
                 enrolment=enrolments)
    )  # fmt: skip
    yield gateway
    gateway.close()
    thread.join(5)


@pytest.fixture
def practice(practice: Config, gateway: Gateway) -> Config:
    return replace(practice, portal=replace(practice.portal, url=gateway.url))


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    return context


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


def _is_known(context: Context, seed: bytes) -> bool:
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
        renewal = renewals.latest(db)
    assert renewal is not None
    return renewal.state


def _key(context: Context) -> bytes:
    return context.config.portal_key_path.read_bytes()


def test_no_renewal_happens_without_a_request(enrolled: Context) -> None:
    before = _key(enrolled)
    assert not _step(enrolled)
    assert _key(enrolled) == before


def test_a_new_key_replaces_the_old_one(enrolled: Context) -> None:
    before = _key(enrolled)
    acts.request_renewal(enrolled, SECOND, "CB09")
    assert _step(enrolled)
    after = _key(enrolled)
    assert after != before
    assert (_is_known(enrolled, after), _is_known(enrolled, before)) == (True, False)
    assert _state(enrolled) == "done"
    assert enrolled.config.portal_key_path.stat().st_mode & 0o777 == 0o600
    assert not _step(enrolled)


def test_a_wrong_code_leaves_the_old_key_in_force(enrolled: Context) -> None:
    before = _key(enrolled)
    acts.request_renewal(enrolled, "XXXX-XXXX-XXXX", "CB09")
    assert not _step(enrolled)
    assert (_state(enrolled), _key(enrolled)) == ("refused", before)
    assert _is_known(enrolled, before)
    acts.request_renewal(enrolled, SECOND, "CB09")
    assert _step(enrolled)
    assert _is_known(enrolled, _key(enrolled))


def test_a_code_typed_while_another_is_refused_is_tried_next(enrolled: Context) -> None:
    acts.request_renewal(enrolled, "XXXX-XXXX-XXXX", "CB09")

    def open_after_new_request(seed: bytes) -> EnrollingPortal:
        acts.request_renewal(enrolled, SECOND, "CB09")
        return _open(enrolled, seed)

    assert not key_renewal.step(enrolled, open_after_new_request)
    assert _state(enrolled) == "asked"
    assert _step(enrolled)
    assert _state(enrolled) == "done"


def test_a_renewal_without_a_connection_stays_requested(enrolled: Context) -> None:
    acts.request_renewal(enrolled, SECOND, "CB09")
    assert not key_renewal.step(enrolled, lambda seed: FailingPortal(_open(enrolled, seed), "down"))
    with enrolled.store.read() as db:
        renewal = renewals.pending(db)
    assert renewal is not None
    assert renewal.last_code == "link: refused"


@pytest.mark.parametrize("moment", ["before", "after", "answer lost"])
def test_a_renewal_continues_after_a_power_cut_at_any_moment(enrolled: Context, moment: str) -> None:
    acts.request_renewal(enrolled, SECOND, "CB09")
    with suppress(PowerCut):
        assert not key_renewal.step(enrolled, lambda seed: FailingPortal(_open(enrolled, seed), moment))
    assert _step(enrolled)
    assert _is_known(enrolled, _key(enrolled))
    assert _state(enrolled) == "done"


def test_after_a_power_cut_between_file_and_store_the_new_key_is_used(
    enrolled: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts.request_renewal(enrolled, SECOND, "CB09")

    def cut_power(context: Context, no: int) -> None:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(acts, "record_renewal", cut_power)
        with pytest.raises(PowerCut):
            _step(enrolled)
    key = _key(enrolled)
    assert _state(enrolled) == "asked"
    assert _step(enrolled)
    assert (_key(enrolled), _state(enrolled)) == (key, "done")
    assert _is_known(enrolled, key)


def test_the_worker_sends_with_the_new_key_and_the_pause_is_over(enrolled: Context, walker: Walker) -> None:
    submit_form(walker.context)
    with closing(Worker(enrolled, _open(enrolled, b"x" * 32), {}, AT_ONCE)) as worker:
        _run_worker(worker)
        with enrolled.store.read() as db:
            assert link.state(db).paused == "auth"
        acts.request_renewal(enrolled, SECOND, "CB09")
        _run_worker(worker)
    assert submission_checks.only_submission(enrolled).delivery == "confirmed"
    with enrolled.store.read() as db:
        assert link.state(db).paused is None


def _run_worker(worker: Worker) -> None:
    for _ in range(8):
        worker.context.clock.advance(30)  # type: ignore[attr-defined]
        for _ in range(4):
            worker.step()
