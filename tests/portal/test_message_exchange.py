"""Messages to a phone from the tick at the touchscreen to the end on the status page, over a real socket."""

import urllib.parse
import urllib.request

import pytest

from kiosk.acts import applying, deciding
from kiosk.acts.applying import SubmitConsents
from kiosk.acts.deciding import SupplementInput
from kiosk.dossiers import message_consents, status_page
from kiosk.records.submissions import Submission
from tests.faults.submitting import fill_in_form
from tests.portal.machines import Machine, Province, machines, province

__all__ = ["machines", "province"]

WORDS = "Nhắn tin cho tôi tới số ••••\u00a0•••\u00a0567"
PHONE = "0901234567"


@pytest.fixture
def machine(machines: list[Machine], province: Province) -> Machine:
    """Return a machine whose slips have the address of the gateway, after its first report."""
    machines[0].print_addresses(province.gateway.url)
    return machines[0]


def submit(machine: Machine) -> Submission:
    """Submit a birth registration whose applicant ticked messages."""
    draft = fill_in_form(machine.context)
    applying.update_draft(
        machine.context, draft.draft_id, lambda opened: opened.answers.update({"nyc_dien_thoai": PHONE})
    )
    result = applying.submit(
        machine.context, draft.session, draft.draft_id, consents=SubmitConsents(message_words=WORDS)
    )
    return result.submission


def ask_for_paper(machine: Machine, submission: Submission) -> None:
    supplement = SupplementInput(papers=(), lines=("Giấy chứng sinh",), reason="Thiếu giấy")
    assert deciding.request_supplement(machine.context, machine.request(submission.id), supplement)


def press_end(machine: Machine, province: Province, submission: Submission) -> str:
    """Press "Thôi nhắn tin" on the status page, without a script; return the page."""
    key = status_page.status_key(machine.context, submission.receipt_no, submission.id)
    url = f"{province.gateway.url}/h/{key.key}"
    content = urllib.parse.urlencode({"messages": "end"}).encode()
    with urllib.request.urlopen(urllib.request.Request(url, content), timeout=30) as answer:
        return str(answer.read().decode())


def test_a_tick_brings_messages_until_the_phone_ends_them(machine: Machine, province: Province) -> None:
    submission = submit(machine)
    machine.accept(submission.id, "")
    machine.work()
    assert province.messages() == [], "24 November is a holiday"
    province.clock.advance(24 * 3600)
    (message,) = province.messages()
    assert message.startswith(f"{PHONE}\nHồ sơ {submission.receipt_no}: phường đã nhận.")
    assert "Phường không nhắn tin nữa." in press_end(machine, province, submission)
    machine.work()
    with machine.context.store.read() as db:
        state = message_consents.find_state(db, submission.receipt_no)
    assert state is not None
    assert (state.is_open, state.is_by_citizen) == (False, True), "the desk sees that the citizen ended them"
    ask_for_paper(machine, submission)
    machine.work()
    assert province.messages() == [message], "nothing more is sent"


def test_nobody_is_told_whose_applicant_did_not_tick(machine: Machine, province: Province) -> None:
    submission_id, _ = machine.submit()
    machine.accept(submission_id, "")
    machine.work()
    province.clock.advance(24 * 3600)
    assert province.messages() == [], "also on a working day"
