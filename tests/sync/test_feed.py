"""The cursor of the changes feed after a restore, when the counter has grown past the cursor again."""

from sync import link
from tests.sync.practice_gateway import PracticeGateway


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
