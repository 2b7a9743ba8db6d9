"""The OpenCPS adapter against a twin: each trap, with a naive client that falls into it."""

import http.client
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from sync import errors, link, outbox
from sync.encoding import sha256_hex
from sync.errors import BadPortal
from sync.parcel import Outcome, Parcel
from sync.portals.eforms import EForm, EFormCase, EFormSite
from sync.portals.http_client import HttpClient
from sync.portals.opencps import OpenCps
from sync.step_ledger import MAX_TRIES, StepwiseAdapter, read_steps
from tests.sync.harness import Harness
from tests.sync.opencps import GROUP, OpenCpsTwin

BIRTH = "1.001193"


class OpenCpsHarness(Harness):
    """Harness whose portal is an OpenCPS; its forms have the members that a kiosk's forms have."""

    def __init__(self, twin: OpenCpsTwin, account: str = "") -> None:
        super().__init__()
        self.cases: dict[str, EFormCase] = {}
        forms = {BIRTH: EForm(1201, "TK-KHAISINH")}
        site = EFormSite(group_id=GROUP, agency="H57.99.01", forms=forms, case_of=self.cases.get, account=account)
        self.adapter = OpenCps(twin.url, site, HttpClient(seconds=5))
        self.portal = StepwiseAdapter(self.store, self.adapter)
        self.boot()

    def close(self) -> None:
        self.portal.close()
        super().close()

    def submit_case(self, n: int = 1, revision: int = 1, before: str | None = None, procedure: str = BIRTH) -> str:
        """Enqueue a frozen form of case `n`; return its id."""
        subject = next(self._ids)
        receipt_no = f"PK03-261124-{n:04d}-F"
        content = {"submissionId": subject, "receiptNo": receipt_no, "revision": revision, "procedureCode": procedure,
                "form": {"answers": {"ho_ten": "Tôn Nữ Hạ Chi", "lan": revision}}}  # fmt: skip
        body = json.dumps(content, ensure_ascii=False).encode()
        self.desk.loads[subject] = Parcel(
            submission_id=subject, digest=sha256_hex(body), body=body, receipt_no=receipt_no, supersedes=before
        )
        self.cases[subject] = EFormCase(f"KH{n:016X}", receipt_no, revision)
        with self.store.write() as db:
            outbox.enqueue(db, subject, self.time.now, parent=before)
        return subject

    def rows_match(self, twin: OpenCpsTwin, subject: str) -> list[bool]:
        """Return for each row under a subject's number whether it has the subject's form."""
        load = self.desk.loads[subject]
        return [
            json.loads(row["eFormData"]) == json.loads(load.body) for row in twin.rows_of(self.cases[subject].number)
        ]

    def outcome(self, subject: str) -> Outcome:
        return [outcome for outcome_subject, outcome in self.desk.outcomes if outcome_subject == subject][-1]


@pytest.fixture
def twin() -> Iterator[OpenCpsTwin]:
    twin = OpenCpsTwin()
    yield twin
    twin.close()


@pytest.fixture
def harness(twin: OpenCpsTwin) -> Iterator[OpenCpsHarness]:
    harness = OpenCpsHarness(twin)
    yield harness
    harness.close()


def naive_post(twin: OpenCpsTwin, form: dict[str, str], group: int | None = GROUP) -> bool:
    """Store a form as a naive client does; return whether it believes in success: any 2xx."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"groupId": str(group)} if group else {})
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(twin.url).port, timeout=60)
    try:
        connection.request("POST", "/o/rest/v2/eforms", urlencode(form), headers)
        return 200 <= connection.getresponse().status < 300
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def test_a_form_is_stored_once_and_the_officer_gets_its_number(harness: OpenCpsHarness, twin: OpenCpsTwin) -> None:
    subject = harness.submit_case()
    harness.drain()
    assert harness.state(subject) == "done"
    assert harness.rows_match(twin, subject) == [True]
    posted = twin.posts[0]
    assert (posted["serviceInfoId"], posted["fileTemplateNo"], posted["govAgencyCode"]) == (
        "1201", "TK-KHAISINH", "H57.99.01",
    )  # fmt: skip
    receipt = harness.outcome(subject).receipt
    assert receipt is not None
    assert receipt.note == "mã tờ khai trên OpenCPS KH0000000000000001, mã bí mật 1000"


# Faults after which a naive client believes that it has delivered.
MISLEADING_FAULTS = ["sign-in page", "captive", "once swallowed"]


@pytest.mark.parametrize("fault", MISLEADING_FAULTS)
def test_a_200_alone_is_no_success(harness: OpenCpsHarness, twin: OpenCpsTwin, fault: str) -> None:
    twin.fault = fault
    assert naive_post(twin, {"eFormNo": "KHNAIVE", "eFormData": "{}"})
    assert twin.rows_of("KHNAIVE") == []

    twin.fault = fault
    subject = harness.submit_case()
    harness.run_until_idle()
    assert harness.state(subject) != "done"
    twin.fault = ""
    harness.drain()
    assert harness.state(subject) == "done"
    assert harness.rows_match(twin, subject) == [True]


def test_203_means_not_signed_in_and_pauses_everything(twin: OpenCpsTwin) -> None:
    twin.account = "mot-cua:dung"
    assert naive_post(twin, {"eFormNo": "KHNAIVE", "eFormData": "{}"})
    assert naive_post(twin, {"eFormNo": "KHNAIVE", "eFormData": "{}"}, group=None)
    assert twin.rows == []

    wrong = OpenCpsHarness(twin, "mot-cua:sai")
    first = wrong.submit_case(1)
    second = wrong.submit_case(2)
    wrong.drain(hours=0.1)
    assert link.state(wrong.store.db).paused == "auth"
    assert (wrong.state(first), wrong.state(second)) == ("todo", "todo")
    assert wrong.attempts(first) == 0
    assert len(twin.posts) == 0
    wrong.close()

    right = OpenCpsHarness(twin, "mot-cua:dung")
    subject = right.submit_case()
    right.drain()
    assert right.rows_match(twin, subject) == [True]
    right.close()


@pytest.mark.parametrize("fault", ["once lost", "once 500", "once cut"])
def test_after_a_lost_answer_it_looks_before_it_sends_again(
    harness: OpenCpsHarness, twin: OpenCpsTwin, fault: str
) -> None:
    # Without a number of its own each attempt makes another form.
    twin.fault = fault
    for _ in range(2):
        naive_post(twin, {"eFormData": "{}"})
    assert len(twin.rows) == 2
    twin.rows.clear()
    twin.posts.clear()

    twin.fault = fault
    subject = harness.submit_case()
    harness.run_until_idle()
    assert harness.state(subject) == "unknown"
    harness.drain()
    assert harness.state(subject) == "done"
    assert (harness.rows_match(twin, subject), len(twin.posts)) == ([True], 1)
    assert "KH0000000000000001" in str(harness.outcome(subject).receipt)


def test_a_request_that_never_arrived_is_sent_again(harness: OpenCpsHarness, twin: OpenCpsTwin) -> None:
    twin.fault = "once reset"
    subject = harness.submit_case()
    harness.drain()
    assert (harness.rows_match(twin, subject), len(twin.posts)) == ([True], 2)


def test_two_tries_at_once_would_make_two_rows_so_there_is_one_at_a_time(
    harness: OpenCpsHarness, twin: OpenCpsTwin
) -> None:
    twin.fault = "slow"
    form = {"eFormNo": "KHNAIVE", "eFormData": "{}"}
    threads = [threading.Thread(target=naive_post, args=(twin, form)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(twin.rows_of("KHNAIVE")) == 2
    twin.fault = ""
    subjects = [harness.submit_case(n) for n in range(1, 4)]
    harness.drain()
    assert [harness.rows_match(twin, subject) for subject in subjects] == [[True]] * 3


def test_a_correction_takes_the_place_of_the_one_before_under_the_same_number(
    harness: OpenCpsHarness, twin: OpenCpsTwin
) -> None:
    first = harness.submit_case()
    second = harness.submit_case(revision=2, before=first)
    harness.drain()
    assert (harness.state(first), harness.state(second)) == ("done", "done")
    assert harness.rows_match(twin, second) == [True]
    assert [row["secret"] for row in twin.rows] == ["1000"]


def test_an_old_revision_that_is_looked_at_late_does_not_overwrite_the_new_one(
    harness: OpenCpsHarness, twin: OpenCpsTwin
) -> None:
    first = harness.submit_case()
    harness.drain()
    second = harness.submit_case(revision=2, before=first)
    harness.drain()
    with harness.store.write() as db:
        outbox.reopen(db, first, harness.time.now)
        db.execute("update steps set is_done = 0 where subject = ?", [first])
    posts = len(twin.posts)
    harness.drain()
    assert harness.state(first) == "done"
    assert (harness.rows_match(twin, second), len(twin.posts)) == ([True], posts)


def test_somebody_elses_data_under_our_number_are_set_aside_for_a_person(
    harness: OpenCpsHarness, twin: OpenCpsTwin
) -> None:
    twin.fault = "once lost"
    subject = harness.submit_case()
    harness.run_until_idle()
    twin.overwrite("KH0000000000000001", {"receiptNo": "PK99-261124-0001-X", "revision": 1})
    harness.drain()
    assert harness.state(subject) == "refused"
    assert harness.outcome(subject).kind == "conflict"


@pytest.mark.parametrize("description", ["Cant find process", "No permission create dossier"])
def test_a_wrong_setting_stops_one_form_and_no_other(
    harness: OpenCpsHarness, twin: OpenCpsTwin, description: str
) -> None:
    twin.fault = "once 403"
    twin.description = description
    first = harness.submit_case(1)
    second = harness.submit_case(2)
    harness.drain()
    assert (harness.state(first), harness.state(second)) == ("refused", "done")
    assert [error.code for error in harness.outcome(first).errors] == ["403"]


def test_another_403_is_tried_a_few_times(harness: OpenCpsHarness, twin: OpenCpsTwin) -> None:
    twin.fault = "once 403"
    twin.description = "DuplicateDossierCounterException"
    subject = harness.submit_case()
    harness.drain()
    assert harness.state(subject) == "done"

    twin.fault = "403"
    stuck = harness.submit_case(2)
    other = harness.submit_case(3)
    harness.drain()
    assert (harness.state(stuck), harness.state(other)) == ("refused", "refused")
    assert len([post for post in twin.posts if post["eFormNo"].endswith("2")]) == MAX_TRIES


def test_a_form_that_is_echoed_and_not_kept_does_not_count(harness: OpenCpsHarness, twin: OpenCpsTwin) -> None:
    twin.fault = "once forgets"
    assert naive_post(twin, {"eFormNo": "KHNAIVE", "eFormData": "{}"})
    assert twin.rows_of("KHNAIVE") == []
    twin.fault = "once forgets"
    subject = harness.submit_case()
    harness.drain()
    assert (harness.state(subject), harness.rows_match(twin, subject)) == ("done", [True])


def test_a_procedure_without_an_eform_and_an_act_of_the_desk_are_set_aside(
    harness: OpenCpsHarness, twin: OpenCpsTwin
) -> None:
    subject = harness.submit_case(procedure="1.004873")
    other = harness.submit_case(2)
    harness.drain()
    act = harness.add_event(other, 1)
    harness.drain()
    assert (harness.state(subject), harness.state(act), harness.state(other)) == ("refused", "refused", "done")
    assert "chưa được khai báo" in harness.outcome(subject).errors[0].message
    assert len(twin.posts) == 1


def test_a_sign_in_page_is_no_greeting_and_costs_no_form_an_attempt(harness: OpenCpsHarness, twin: OpenCpsTwin) -> None:
    subject = harness.submit_case()
    for fault in ("sign-in page", "captive", "to sign-in"):
        twin.fault = fault
        harness.drain(hours=0.5)
        assert (harness.state(subject), harness.attempts(subject)) == ("todo", 0)
        assert link.state(harness.store.db).is_up is False
    assert twin.posts == []
    assert not any("eforms" in request for request in twin.requests)


def test_a_portal_that_asks_for_time_gets_it(harness: OpenCpsHarness, twin: OpenCpsTwin) -> None:
    subject = harness.submit_case()
    twin.fault = "503"
    harness.run_until_idle()
    assert link.state(harness.store.db).paused == "rate"
    assert harness.attempts(subject) == 0


def test_an_audit_sends_again_what_a_restored_portal_has_lost(harness: OpenCpsHarness, twin: OpenCpsTwin) -> None:
    first = harness.submit_case(1)
    second = harness.submit_case(2)
    corrected = harness.submit_case(3)
    harness.drain()
    again = harness.submit_case(3, revision=2, before=corrected)
    harness.drain()
    twin.rows = [row for row in twin.rows if row["eFormNo"] != "KH0000000000000001"]
    with harness.store.write() as db:
        link.request_audit(db)
    harness.drain()
    assert [harness.rows_match(twin, subject) for subject in (first, second, again)] == [[True]] * 3
    assert [kind for subject, kind in outcome_kinds(harness) if kind == "lost"] == ["lost"]
    assert harness.state(corrected) == "done"


def outcome_kinds(harness: OpenCpsHarness) -> list[tuple[str, str]]:
    return [(subject, outcome.kind) for subject, outcome in harness.desk.outcomes]


def test_no_number_and_no_secret_is_in_the_ledger(harness: OpenCpsHarness, twin: OpenCpsTwin) -> None:
    subject = harness.submit_case()
    harness.drain()
    rows: list[Any] = list(harness.store.db.query("select * from steps"))
    assert [row["subject"] for row in rows] == [subject]
    assert "KH0" not in str(rows)
    assert {row["fact"] for row in rows} == {""}
    assert read_steps(harness.store.db, subject)["drop"].is_done


def test_nothing_personal_leaves_in_the_clear() -> None:
    site = EFormSite(group_id=GROUP, agency="H57.99.01", forms={}, case_of=lambda _: None)
    with pytest.raises(BadPortal):
        OpenCps("http://mot-cua.example.vn/o/rest/v2", site, HttpClient())
    OpenCps("https://mot-cua.example.vn/o/rest/v2", site, HttpClient()).close()


def test_a_greeting_without_a_date_is_none(twin: OpenCpsTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = OpenCpsHarness(twin)
    monkeypatch.setattr(twin._server, "respond", lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    with pytest.raises(errors.Unsure):
        harness.adapter.hello()
    harness.close()
