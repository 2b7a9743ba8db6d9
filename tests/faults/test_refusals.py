"""Rows 14 to 16 and 18: the portal refuses one form, which is set aside with the reason; all others are delivered."""

import json
from dataclasses import replace

import pytest

from kiosk.config import load
from kiosk.context import Context
from kiosk.records import refusals, submissions
from kiosk.startup.wiring import open_enrolling_portal
from sync.encoding import sha256_hex
from sync.parcel import Parcel
from tests.faults import network_faults
from tests.faults.machine import Kiosk
from tests.faults.network_faults import SUBMISSIONS
from tests.faults.processes import SCALE, wait_until
from tests.faults.submitting import submit_form
from tests.faults.table import RowResult
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults
FORMS = 7
TIMEOUT = 90 + 600 * SCALE
SET_ASIDE_TEXT = "1 tờ khai cần xem lại"


def expect_one_set_aside(ward: Ward, forms: list[str], bad: str, row: RowResult) -> None:
    """Wait until all but one are confirmed and that one is in quarantine."""
    good = [form for form in forms if form != bad]
    ward.kiosk.wait_until_confirmed(good, TIMEOUT)
    wait_until(lambda: ward.kiosk.delivery([bad]) == {"quarantined": 1}, TIMEOUT)
    assert ward.has_all(good)
    row.expect_text(ward.kiosk.read_page(), SET_ASIDE_TEXT)
    status = ward.kiosk.outbox_status(bad)
    row.observe(
        kiosk=f"{len(good)} confirmed, 1 quarantined ({status.last_class}: {status.last_code})",
        portal=f"{len(good)} stored, the same bytes",
    )


@pytest.mark.row(14)
def test_a_form_that_is_too_large(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    ward.proxy.close()
    forms = ward.kiosk.submit(FORMS)
    ward.proxy.inject(network_faults.refuse_batches(3, forms[4], "413 Content Too Large"), SUBMISSIONS)
    ward.proxy.listen()
    expect_one_set_aside(ward, forms, forms[4], row)
    assert ward.kiosk.outbox_status(forms[4]).last_class == "size"
    assert forms[4] not in ward.portal.digests()


@pytest.mark.row(15)
def test_one_bad_form_of_a_refused_batch(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    ward.proxy.close()
    forms = ward.kiosk.submit(FORMS)
    ward.proxy.inject(network_faults.refuse_batches(50, forms[2], "400 Bad Request"), SUBMISSIONS)
    ward.proxy.listen()
    expect_one_set_aside(ward, forms, forms[2], row)
    assert ward.kiosk.outbox_status(forms[2]).last_class == "poison"
    assert ward.kiosk.attempts(forms) == 0
    assert forms[2] not in ward.portal.digests()


@pytest.mark.row(16)
def test_an_invalid_form(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    ward.proxy.close()
    forms = ward.kiosk.submit(FORMS)
    bad = submit_form(_context_of_another_ward(ward.kiosk))[0]
    forms.append(bad)
    ward.proxy.end_fault()
    expect_one_set_aside(ward, forms, bad, row)
    assert ward.kiosk.outbox_status(bad).last_code == "invalid"
    assert "/unitCode" in refusal_messages(ward.kiosk, bad)
    assert bad not in ward.portal.digests()


@pytest.mark.row(18)
def test_other_bytes_under_the_same_id(own_ward: Ward, row: RowResult) -> None:
    ward = own_ward
    ward.proxy.close()
    forms = ward.kiosk.submit(FORMS)
    _send_other_bytes(ward, forms[3])
    before = ward.portal.digests()[forms[3]]
    ward.proxy.end_fault()
    expect_one_set_aside(ward, forms, forms[3], row)
    assert ward.kiosk.outbox_status(forms[3]).last_code == "conflict"
    assert ward.portal.digests()[forms[3]] == before


def refusal_messages(kiosk: Kiosk, submission_id: str) -> str:
    """Return the portal's messages about a refused submission, as the desk opens them."""
    with kiosk.context.store.read() as db:
        refusal = refusals.last(db, submission_id)
    assert refusal is not None
    assert refusal.words is not None
    return kiosk.context.vault.open(refusals.MESSAGES, submission_id, refusal.words).decode()


def _context_of_another_ward(kiosk: Kiosk) -> Context:
    config = kiosk.context.config
    return replace(kiosk.context, config=replace(config, ward=replace(config.ward, unit_code="H57.99.02")))


def _send_other_bytes(ward: Ward, submission_id: str) -> None:
    """Send other bytes with the id of a submission, as a kiosk after a restore might."""
    with ward.kiosk.context.store.read() as db:
        submission = submissions.find(db, submission_id)
        sealed = submissions.body(db, submission_id)
    assert submission is not None
    assert sealed is not None
    content = json.loads(ward.kiosk.context.vault.open(submissions.BODY, submission_id, sealed))
    content["completedAt"] = "2026-11-24T01:00:00Z"
    body = json.dumps(content, ensure_ascii=False).encode()
    config = load(ward.kiosk.settings)
    url = f"http://127.0.0.1:{ward.portal.port}"
    portal = open_enrolling_portal(replace(config, portal=replace(config.portal, url=url)))
    assert portal is not None
    parcel = Parcel(submission_id=submission_id, digest=sha256_hex(body), body=body, receipt_no=submission.receipt_no)
    sent = portal.send([parcel])
    assert sent.outcomes[submission_id].kind == "created"
    portal.close()
