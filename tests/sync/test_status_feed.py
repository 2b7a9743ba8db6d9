"""The changes feed: nothing is lost, no revision goes back, and a restored portal is read from the start."""

from dataclasses import replace

import pytest

from sync import link
from tests.sync.harness import DeskCallbacks, Harness, PowerCut


def code_and_revision(harness: Harness, form: str) -> tuple[int, int]:
    return harness.store.db.execute("select code, revision from desk where subject = ?", [form]).fetchone()


def pull_all(harness: Harness) -> None:
    while harness.pull():
        pass


def test_every_change_arrives_page_by_page(harness: Harness) -> None:
    forms = [harness.submit() for _ in range(5)]
    harness.run_until_idle()
    for form in forms:
        harness.portal.change_status(form, 4)
    pull_all(harness)
    assert {code_and_revision(harness, form) for form in forms} == {(4, 2)}


def test_a_status_may_go_back_but_a_revision_never(harness: Harness) -> None:
    form = harness.submit()
    harness.run_until_idle()
    first = harness.portal.feed[0]
    harness.portal.change_status(form, 5)
    harness.portal.change_status(form, 4)
    harness.portal.feed.append(first)
    pull_all(harness)
    assert code_and_revision(harness, form) == (4, 3)


def test_an_old_receipt_in_a_late_answer_is_not_applied(harness: Harness) -> None:
    form = harness.submit()
    harness.portal.fault = "answer lost"
    harness.run_until_idle()
    harness.portal.heal()
    harness.time.advance(600)
    first = harness.portal.receipts[form]
    harness.portal.change_status(form, 4)
    pull_all(harness)
    harness.portal.receipts[form] = first
    harness.drain()
    assert (code_and_revision(harness, form), harness.delivery(form)) == ((4, 2), "sent")
    assert harness.desk.outcomes[-1][1].receipt is None


def test_the_cursor_moves_only_with_the_receipts_of_its_page(harness: Harness) -> None:
    form = harness.submit()
    harness.run_until_idle()
    harness.portal.change_status(form, 4)

    class Failing(DeskCallbacks):
        def apply_receipt(self, db: object, receipt: object) -> None:
            raise PowerCut

    harness.desk.__class__ = Failing
    with pytest.raises(PowerCut):
        harness.pull()
    assert link.load_cursor(harness.store.db) is None
    harness.desk.__class__ = DeskCallbacks
    pull_all(harness)
    assert code_and_revision(harness, form) == (4, 2)


def test_a_cursor_that_the_portal_does_not_know_restarts_the_feed_and_audits(harness: Harness) -> None:
    forms = [harness.submit() for _ in range(4)]
    harness.run_until_idle()
    harness.portal.change_status(forms[0], 5)
    harness.portal.change_status(forms[0], 9)
    pull_all(harness)
    harness.portal.restore(2, "e2")
    assert harness.pull()
    assert link.state(harness.store.db).is_auditing
    pull_all(harness)
    harness.drain()
    assert set(harness.portal.bodies) == set(forms)
    harness.portal.change_status(forms[0], 4)
    pull_all(harness)
    assert code_and_revision(harness, forms[0]) == (4, 2)


def test_a_restore_without_a_new_epoch_is_noticed_by_the_cursor(harness: Harness) -> None:
    forms = [harness.submit() for _ in range(6)]
    harness.run_until_idle()
    pull_all(harness)
    harness.portal.restore(2, harness.portal.epoch)
    pull_all(harness)
    harness.run_until_idle()
    assert set(harness.portal.bodies) == set(forms)


def test_no_request_is_sent_while_delivery_is_paused(harness: Harness) -> None:
    harness.submit()
    harness.portal.fault = "401"
    harness.run_until_idle()
    calls = len(harness.portal.calls)
    assert not harness.pull()
    assert len(harness.portal.calls) == calls


@pytest.mark.parametrize("fault", ["down", "captive", "500"])
def test_a_failing_feed_makes_the_connection_wait(harness: Harness, fault: str) -> None:
    harness.round()
    harness.portal.fault = fault
    assert not harness.pull()
    state = link.state(harness.store.db)
    assert (state.is_up, state.failures) == (False, 1)
    calls = len(harness.portal.calls)
    assert not harness.pull()
    assert len(harness.portal.calls) == calls


def test_a_receipt_of_an_unknown_form_is_ignored(harness: Harness) -> None:
    form = harness.submit()
    harness.run_until_idle()
    receipt = harness.portal.receipts[form]
    harness.portal.feed.append(replace(receipt, submission_id="another"))
    pull_all(harness)
    assert harness.store.db.execute("select count(*) from desk where subject = 'another'").fetchone()[0] == 0
