"""Rows 14 to 16 and 18: the portal will not take one form; that one is set aside with its reason, all others go on."""

import json
from dataclasses import replace

import pytest

from kiosk.config import load
from kiosk.context import Context
from kiosk.records import refusals, submissions
from kiosk.wiring import open_enrolling_portal
from sync.encoding import sha256_hex
from sync.parcel import Parcel
from tests.faults import breaking
from tests.faults.breaking import SUBMISSIONS
from tests.faults.filing import hand_in
from tests.faults.machine import Kiosk
from tests.faults.processes import SCALE, until
from tests.faults.table import Seen
from tests.faults.ward import Ward

pytestmark = pytest.mark.faults
FORMS = 7
LONG = 90 + 600 * SCALE
ASIDE = "1 tờ khai cần xem lại"


def one_is_set_aside(ward: Ward, forms: list[str], bad: str, row: Seen) -> None:
    """Wait until all but one are confirmed; that one is in quarantine and not at the portal."""
    good = [form for form in forms if form != bad]
    ward.kiosk.until_confirmed(good, LONG)
    until(lambda: ward.kiosk.delivery([bad]) == {"quarantined": 1}, LONG)
    assert ward.is_whole(good)
    row.read(ward.kiosk.reads(), ASIDE)
    standing = ward.kiosk.standing(bad)
    row.saw(
        kiosk=f"{len(good)} confirmed, 1 quarantined ({standing.last_class}: {standing.last_code})",
        portal=f"{len(good)} held, the same bytes",
    )


@pytest.mark.row(14)
def test_a_form_that_is_too_large(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    ward.line.shut()
    forms = ward.kiosk.file(FORMS)
    ward.line.break_(breaking.refuses_above(3, forms[4], "413 Content Too Large"), SUBMISSIONS)
    ward.line.open()
    one_is_set_aside(ward, forms, forms[4], row)
    assert ward.kiosk.standing(forms[4]).last_class == "size"
    assert forms[4] not in ward.portal.held()


@pytest.mark.row(15)
def test_a_form_that_spoils_its_batch(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    ward.line.shut()
    forms = ward.kiosk.file(FORMS)
    ward.line.break_(breaking.refuses_above(50, forms[2], "400 Bad Request"), SUBMISSIONS)
    ward.line.open()
    one_is_set_aside(ward, forms, forms[2], row)
    assert ward.kiosk.standing(forms[2]).last_class == "poison"
    assert ward.kiosk.attempts(forms) == 0
    assert forms[2] not in ward.portal.held()


@pytest.mark.row(16)
def test_a_form_that_the_portal_finds_invalid(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    ward.line.shut()
    forms = ward.kiosk.file(FORMS)
    bad = hand_in(_of_another_ward(ward.kiosk))[0]
    forms.append(bad)
    ward.line.heal()
    one_is_set_aside(ward, forms, bad, row)
    assert ward.kiosk.standing(bad).last_code == "invalid"
    assert "/unitCode" in said_to_the_officer(ward.kiosk, bad)
    assert bad not in ward.portal.held()


@pytest.mark.row(18)
def test_other_bytes_under_the_same_id(own_ward: Ward, row: Seen) -> None:
    ward = own_ward
    ward.line.shut()
    forms = ward.kiosk.file(FORMS)
    _forestall(ward, forms[3])
    before = ward.portal.held()[forms[3]]
    ward.line.heal()
    one_is_set_aside(ward, forms, forms[3], row)
    assert ward.kiosk.standing(forms[3]).last_code == "conflict"
    assert ward.portal.held()[forms[3]] == before


def said_to_the_officer(kiosk: Kiosk, form: str) -> str:
    """Open the portal's words against a form, as the desk does."""
    with kiosk.context.store.read() as db:
        found = refusals.last(db, form)
    assert found is not None
    assert found.words is not None
    return kiosk.context.vault.open(refusals.MESSAGES, form, found.words).decode()


def _of_another_ward(kiosk: Kiosk) -> Context:
    config = kiosk.context.config
    return replace(kiosk.context, config=replace(config, ward=replace(config.ward, unit_code="H57.99.02")))


def _forestall(ward: Ward, form: str) -> None:
    """Let the portal hold other bytes under a form's id: a kiosk that was put back from a copy did that once."""
    with ward.kiosk.context.store.read() as db:
        found = submissions.find(db, form)
        sealed = submissions.body(db, form)
    assert found is not None
    assert sealed is not None
    said = json.loads(ward.kiosk.context.vault.open(submissions.BODY, form, sealed)) | {
        "completedAt": "2026-11-24T01:00:00Z"
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    config = load(ward.kiosk.settings)
    url = f"http://127.0.0.1:{ward.portal.port}"
    portal = open_enrolling_portal(replace(config, portal=replace(config.portal, url=url)))
    assert portal is not None
    sent = portal.send([Parcel(submission_id=form, digest=sha256_hex(body), body=body, receipt_no=found.receipt_no)])
    assert sent.outcomes[form].kind == "created"
    portal.close()
