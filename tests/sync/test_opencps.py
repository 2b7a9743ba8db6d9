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


class Ward(Harness):
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

    def file(self, n: int = 1, revision: int = 1, before: str | None = None, procedure: str = BIRTH) -> str:
        """Enqueue a frozen form of case `n`; return its id."""
        subject = next(self._ids)
        receipt_no = f"PK03-261124-{n:04d}-F"
        said = {"submissionId": subject, "receiptNo": receipt_no, "revision": revision, "procedureCode": procedure,
                "form": {"answers": {"ho_ten": "Tôn Nữ Hạ Chi", "lan": revision}}}  # fmt: skip
        body = json.dumps(said, ensure_ascii=False).encode()
        self.desk.loads[subject] = Parcel(
            submission_id=subject, digest=sha256_hex(body), body=body, receipt_no=receipt_no, supersedes=before
        )
        self.cases[subject] = EFormCase(f"KH{n:016X}", receipt_no, revision)
        with self.store.write() as db:
            outbox.enqueue(db, subject, self.time.now, parent=before)
        return subject

    def data(self, twin: OpenCpsTwin, subject: str) -> list[bool]:
        """Return for each row under a subject's number whether it has the subject's form."""
        load = self.desk.loads[subject]
        return [
            json.loads(row["eFormData"]) == json.loads(load.body) for row in twin.rows_of(self.cases[subject].number)
        ]

    def outcome(self, subject: str) -> Outcome:
        return [outcome for told, outcome in self.desk.outcomes if told == subject][-1]


@pytest.fixture
def twin() -> Iterator[OpenCpsTwin]:
    twin = OpenCpsTwin()
    yield twin
    twin.close()


@pytest.fixture
def ward(twin: OpenCpsTwin) -> Iterator[Ward]:
    ward = Ward(twin)
    yield ward
    ward.close()


def naive(twin: OpenCpsTwin, said: dict[str, str], group: int | None = GROUP) -> bool:
    """Store a form as a naive client: any 2xx is success."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"groupId": str(group)} if group else {})
    line = http.client.HTTPConnection("127.0.0.1", urlsplit(twin.url).port, timeout=5)
    try:
        line.request("POST", "/o/rest/v2/eforms", urlencode(said), headers)
        return 200 <= line.getresponse().status < 300
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def test_a_form_is_laid_down_once_and_the_officer_hears_its_number(ward: Ward, twin: OpenCpsTwin) -> None:
    subject = ward.file()
    ward.drain()
    assert ward.state(subject) == "done"
    assert ward.data(twin, subject) == [True]
    posted = twin.posts[0]
    assert (posted["serviceInfoId"], posted["fileTemplateNo"], posted["govAgencyCode"]) == (
        "1201", "TK-KHAISINH", "H57.99.01",
    )  # fmt: skip
    receipt = ward.outcome(subject).receipt
    assert receipt is not None
    assert receipt.note == "mã tờ khai trên OpenCPS KH0000000000000001, mã bí mật 1000"


# Each trap: the fault of OpenCPS, and whether a naive client believes that it has delivered.
MISLEADS = ["sign-in page", "captive", "once swallowed"]


@pytest.mark.parametrize("fault", MISLEADS)
def test_a_200_alone_is_no_success(ward: Ward, twin: OpenCpsTwin, fault: str) -> None:
    twin.fault = fault
    assert naive(twin, {"eFormNo": "KHNAIVE", "eFormData": "{}"})
    assert twin.rows_of("KHNAIVE") == []

    twin.fault = fault
    subject = ward.file()
    ward.run_until_idle()
    assert ward.state(subject) != "done"
    twin.fault = ""
    ward.drain()
    assert ward.state(subject) == "done"
    assert ward.data(twin, subject) == [True]


def test_203_means_not_signed_in_and_pauses_everything(twin: OpenCpsTwin) -> None:
    twin.account = "mot-cua:dung"
    assert naive(twin, {"eFormNo": "KHNAIVE", "eFormData": "{}"})
    assert naive(twin, {"eFormNo": "KHNAIVE", "eFormData": "{}"}, group=None)
    assert twin.rows == []

    wrong = Ward(twin, "mot-cua:sai")
    first = wrong.file(1)
    second = wrong.file(2)
    wrong.drain(hours=0.1)
    assert link.state(wrong.store.db).paused == "auth"
    assert (wrong.state(first), wrong.state(second)) == ("todo", "todo")
    assert wrong.attempts(first) == 0
    assert len(twin.posts) == 0
    wrong.close()

    right = Ward(twin, "mot-cua:dung")
    subject = right.file()
    right.drain()
    assert right.data(twin, subject) == [True]
    right.close()


@pytest.mark.parametrize("fault", ["once lost", "once 500", "once cut"])
def test_after_a_lost_answer_it_looks_before_it_lays_down_again(ward: Ward, twin: OpenCpsTwin, fault: str) -> None:
    # Without a number of its own each attempt makes another form.
    twin.fault = fault
    for _ in range(2):
        naive(twin, {"eFormData": "{}"})
    assert len(twin.rows) == 2
    twin.rows.clear()
    twin.posts.clear()

    twin.fault = fault
    subject = ward.file()
    ward.run_until_idle()
    assert ward.state(subject) == "unknown"
    ward.drain()
    assert ward.state(subject) == "done"
    assert (ward.data(twin, subject), len(twin.posts)) == ([True], 1)
    assert "KH0000000000000001" in str(ward.outcome(subject).receipt)


def test_a_request_that_never_arrived_is_laid_down_again(ward: Ward, twin: OpenCpsTwin) -> None:
    twin.fault = "once reset"
    subject = ward.file()
    ward.drain()
    assert (ward.data(twin, subject), len(twin.posts)) == ([True], 2)


def test_two_tries_at_once_would_make_two_rows_so_there_is_one_at_a_time(ward: Ward, twin: OpenCpsTwin) -> None:
    twin.fault = "slow"
    said = {"eFormNo": "KHNAIVE", "eFormData": "{}"}
    tries = [threading.Thread(target=naive, args=(twin, said)) for _ in range(2)]
    for each in tries:
        each.start()
    for each in tries:
        each.join()
    assert len(twin.rows_of("KHNAIVE")) == 2
    twin.fault = ""
    subjects = [ward.file(n) for n in range(1, 4)]
    ward.drain()
    assert [ward.data(twin, subject) for subject in subjects] == [[True]] * 3


def test_a_correction_takes_the_place_of_the_one_before_under_the_same_number(ward: Ward, twin: OpenCpsTwin) -> None:
    first = ward.file()
    second = ward.file(revision=2, before=first)
    ward.drain()
    assert (ward.state(first), ward.state(second)) == ("done", "done")
    assert ward.data(twin, second) == [True]
    assert [row["secret"] for row in twin.rows] == ["1000"]


def test_an_old_revision_that_is_looked_at_late_does_not_overwrite_the_new_one(ward: Ward, twin: OpenCpsTwin) -> None:
    first = ward.file()
    ward.drain()
    second = ward.file(revision=2, before=first)
    ward.drain()
    with ward.store.write() as db:
        outbox.reopen(db, first, ward.time.now)
        db.execute("update steps set is_done = 0 where subject = ?", [first])
    posts = len(twin.posts)
    ward.drain()
    assert ward.state(first) == "done"
    assert (ward.data(twin, second), len(twin.posts)) == ([True], posts)


def test_somebody_elses_words_under_our_number_are_set_aside_for_a_person(ward: Ward, twin: OpenCpsTwin) -> None:
    twin.fault = "once lost"
    subject = ward.file()
    ward.run_until_idle()
    twin.overwrite("KH0000000000000001", {"receiptNo": "PK99-261124-0001-X", "revision": 1})
    ward.drain()
    assert ward.state(subject) == "refused"
    assert ward.outcome(subject).kind == "conflict"


@pytest.mark.parametrize("words", ["Cant find process", "No permission create dossier"])
def test_a_set_up_that_is_wrong_stops_one_form_and_no_other(ward: Ward, twin: OpenCpsTwin, words: str) -> None:
    twin.fault = "once 403"
    twin.description = words
    first = ward.file(1)
    second = ward.file(2)
    ward.drain()
    assert (ward.state(first), ward.state(second)) == ("refused", "done")
    assert [error.code for error in ward.outcome(first).errors] == ["403"]


def test_another_403_is_tried_a_few_times(ward: Ward, twin: OpenCpsTwin) -> None:
    twin.fault = "once 403"
    twin.description = "DuplicateDossierCounterException"
    subject = ward.file()
    ward.drain()
    assert ward.state(subject) == "done"

    twin.fault = "403"
    stuck = ward.file(2)
    other = ward.file(3)
    ward.drain()
    assert (ward.state(stuck), ward.state(other)) == ("refused", "refused")
    assert len([post for post in twin.posts if post["eFormNo"].endswith("2")]) == MAX_TRIES


def test_a_form_that_is_echoed_and_not_kept_does_not_count(ward: Ward, twin: OpenCpsTwin) -> None:
    twin.fault = "once forgets"
    assert naive(twin, {"eFormNo": "KHNAIVE", "eFormData": "{}"})
    assert twin.rows_of("KHNAIVE") == []
    twin.fault = "once forgets"
    subject = ward.file()
    ward.drain()
    assert (ward.state(subject), ward.data(twin, subject)) == ("done", [True])


def test_a_procedure_without_an_eform_and_an_act_of_the_desk_are_set_aside(ward: Ward, twin: OpenCpsTwin) -> None:
    subject = ward.file(procedure="1.004873")
    other = ward.file(2)
    ward.drain()
    act = ward.add_event(other, 1)
    ward.drain()
    assert (ward.state(subject), ward.state(act), ward.state(other)) == ("refused", "refused", "done")
    assert "chưa được khai báo" in ward.outcome(subject).errors[0].message
    assert len(twin.posts) == 1


def test_a_sign_in_page_is_no_greeting_and_costs_no_form_an_attempt(ward: Ward, twin: OpenCpsTwin) -> None:
    subject = ward.file()
    for fault in ("sign-in page", "captive", "to sign-in"):
        twin.fault = fault
        ward.drain(hours=0.5)
        assert (ward.state(subject), ward.attempts(subject)) == ("todo", 0)
        assert link.state(ward.store.db).is_up is False
    assert twin.posts == []
    assert not any("eforms" in asked for asked in twin.requests)


def test_a_portal_that_asks_for_time_gets_it(ward: Ward, twin: OpenCpsTwin) -> None:
    subject = ward.file()
    twin.fault = "503"
    ward.run_until_idle()
    assert link.state(ward.store.db).paused == "rate"
    assert ward.attempts(subject) == 0


def test_an_audit_sends_again_what_a_restored_portal_has_lost(ward: Ward, twin: OpenCpsTwin) -> None:
    first = ward.file(1)
    second = ward.file(2)
    corrected = ward.file(3)
    ward.drain()
    again = ward.file(3, revision=2, before=corrected)
    ward.drain()
    twin.rows = [row for row in twin.rows if row["eFormNo"] != "KH0000000000000001"]
    with ward.store.write() as db:
        link.request_audit(db)
    ward.drain()
    assert [ward.data(twin, subject) for subject in (first, second, again)] == [[True]] * 3
    assert [kind for subject, kind in told(ward) if kind == "lost"] == ["lost"]
    assert ward.state(corrected) == "done"


def told(ward: Ward) -> list[tuple[str, str]]:
    return [(subject, outcome.kind) for subject, outcome in ward.desk.outcomes]


def test_no_number_and_no_secret_stands_in_the_ledger(ward: Ward, twin: OpenCpsTwin) -> None:
    subject = ward.file()
    ward.drain()
    rows: list[Any] = list(ward.store.db.query("select * from steps"))
    assert [row["subject"] for row in rows] == [subject]
    assert "KH0" not in str(rows)
    assert {row["fact"] for row in rows} == {""}
    assert read_steps(ward.store.db, subject)["drop"].is_done


def test_nothing_personal_leaves_in_the_clear() -> None:
    site = EFormSite(group_id=GROUP, agency="H57.99.01", forms={}, case_of=lambda _: None)
    with pytest.raises(BadPortal):
        OpenCps("http://mot-cua.example.vn/o/rest/v2", site, HttpClient())
    OpenCps("https://mot-cua.example.vn/o/rest/v2", site, HttpClient()).close()


def test_a_greeting_without_a_date_is_none(twin: OpenCpsTwin, monkeypatch: pytest.MonkeyPatch) -> None:
    ward = Ward(twin)
    monkeypatch.setattr(twin._server, "say", lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    with pytest.raises(errors.Unsure):
        ward.adapter.hello()
    ward.close()
