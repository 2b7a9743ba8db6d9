"""The cursor of the changes feed after a restore, when the counter has grown past the cursor again."""

import uuid

from sync import link
from tests.sync.practice_gateway import Kiosk, PracticeGateway


def test_a_restored_store_that_has_grown_again_is_detected(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first = kiosk.submit()
    for _ in range(3):
        kiosk.submit()
    kiosk.drain()
    kiosk.pull_feed()
    with kiosk.store.read() as db:
        before = link.state(db).epoch
    # A backup from before the last three; as many other submissions have arrived since the restore.
    practice.sql(
        "update submissions set submission_id = 'ffffffff' || substr(submission_id, 9),"
        " received_at = '2026-11-24T01:30:00.000Z'"
        f" where taken_seq > 1 and submission_id <> '{first}'"
    )
    practice.sql("delete from receipt_numbers where dossier_id not in (select submission_id from submissions)")
    kiosk.pull_feed()
    with kiosk.store.read() as db:
        assert link.state(db).epoch != before
    kiosk.drain()
    kiosk.run_rounds()
    assert len([id_ for id_ in practice.submission_ids() if not id_.startswith("ffffffff")]) == 4


def test_a_scan_that_a_restored_gateway_has_lost_is_announced_again(practice: PracticeGateway) -> None:
    """Check the notice of the restore: a scan changes no status, and nothing else came after the copy."""
    kiosk, event = _kiosk_whose_scan_is_lost(practice)
    kiosk.pull_feed()
    kiosk.drain()
    assert practice.sql("select event_id from events") == [(event,)]


def test_the_nightly_audit_finds_an_event_that_the_gateway_has_lost(practice: PracticeGateway) -> None:
    kiosk, event = _kiosk_whose_scan_is_lost(practice)
    with kiosk.store.write() as db:
        link.request_audit(db)
    kiosk.run_rounds()
    assert practice.sql("select event_id from events") == [(event,)]
    assert [outcome.kind for subject, outcome in kiosk.outcomes if subject == event] == ["created", "lost", "created"]
    with kiosk.store.read() as db:
        assert not link.state(db).is_auditing


def _kiosk_whose_scan_is_lost(practice: PracticeGateway) -> tuple[Kiosk, str]:
    """Return a kiosk and the event of a scan that came after the copy that the gateway was restored from."""
    kiosk = practice.enrolled_kiosk()
    form = kiosk.submit()
    kiosk.drain()
    kiosk.pull_feed()
    copy = practice.back_up()
    item = {"itemId": str(uuid.uuid4()), "documentCode": "giay_chung_sinh", "name": "Giấy chứng sinh"}
    event = kiosk.add_event(form, 1, "document", document=item)
    kiosk.drain()
    kiosk.pull_feed()
    practice.restore(copy)
    assert practice.sql("select event_id from events") == []
    return kiosk, event
