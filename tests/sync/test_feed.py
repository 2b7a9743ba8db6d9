"""The cursor of the changes feed, when the gateway was put back and has grown past it again."""

from sync import link
from tests.sync.town import Town


def test_a_store_that_forgot_and_grew_again_is_found_out(town: Town) -> None:
    kiosk = town.enrolled()
    first = kiosk.submit()
    for _ in range(3):
        kiosk.submit()
    kiosk.drain()
    kiosk.pull()
    with kiosk.store.read() as db:
        before = link.state(db).epoch
    # A copy from before the last three; as many others have come since, by a stick or from nowhere that we know.
    town.sql(
        "update submissions set submission_id = 'ffffffff' || substr(submission_id, 9),"
        " received_at = '2026-11-24T01:30:00.000Z'"
        f" where taken_seq > 1 and submission_id <> '{first}'"
    )
    kiosk.pull()
    with kiosk.store.read() as db:
        assert link.state(db).epoch != before
    kiosk.drain()
    kiosk.rest()
    assert len([one for one in town.held() if not one.startswith("ffffffff")]) == 4
