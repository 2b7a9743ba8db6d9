"""Need lists of kiosks: the gateway stores one of each, refuses what is none, and older sides go on."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sync.errors import BadRequestBody, TooLarge
from sync.gateway import need_lists
from sync.gateway.kiosks import add_code
from sync.gateway.settings import Enrolment
from sync.portals import need_list as need_list_format
from sync.portals.kiosk_sync import KioskSync
from tests.sync.contract_checks import SCHEMAS, conforms, validator
from tests.sync.portal_responses import json_response
from tests.sync.practice_gateway import UNIT, Kiosk, PracticeGateway
from tests.sync.test_kiosk_reports import REPORT, changed, sent_report

NEED: dict[str, Any] = {
    "unitCode": UNIT,
    "content": "2026.11.24",
    "procedures": [
        {
            "code": "1.004222",
            "name": "Đăng ký thường trú",
            "line": "Về ở lâu dài.",
            "group": "Chỗ ở",
            "opening": "",
            "first": [{"kind": "note", "lead": "", "text": "Đăng ký ở phường nơi về ở."}],
            "questions": [
                {
                    "key": "nha",
                    "ask": "Chỗ ở mới là của ai?",
                    "options": [
                        {"id": "cua_toi", "label": "Nhà của tôi", "hint": ""},
                        {"id": "nguoi_than", "label": "Nhà người thân", "hint": "Cha mẹ, vợ chồng, con"},
                        {"id": "ghe", "label": "Ghe thuyền", "hint": ""},
                    ],
                },
                {
                    "key": "tuoi",
                    "ask": "Người về ở đủ 18 tuổi chưa?",
                    "options": [
                        {"id": "du", "label": "Đủ 18", "hint": ""},
                        {"id": "chua", "label": "Chưa đủ", "hint": ""},
                    ],
                },
            ],
            "papers": [
                {
                    "use": "hand-in",
                    "name": "Giấy về chỗ ở",
                    "note": "Bản chính.",
                    "spared": ["Cán bộ tra được thì không phải nộp"],
                    "optional": False,
                },
                {"use": "show", "name": "Căn cước", "note": "Của người về ở.", "spared": [], "optional": False},
                {"use": "sign", "name": "Chữ ký của cha mẹ", "note": "", "spared": [], "optional": True},
            ],
            "facts": [
                {"kind": "time", "lead": "7 ngày làm việc.", "text": ""},
                {"kind": "fee", "lead": "Lệ phí: 20.000 đồng.", "text": "Trẻ em được miễn."},
                {"kind": "each", "lead": "Bản sao: 8.000 đồng", "text": "một bản, nếu cần."},
            ],
            "results": [
                {"papers": [0, 1], "facts": [0, 1, 2], "notes": [], "elsewhere": "", "other": ""},
                {"papers": [0, 1, 2], "facts": [0, 1], "notes": ["Cha mẹ cùng ký."], "elsewhere": "", "other": ""},
                {"papers": [], "facts": [], "notes": [], "elsewhere": "Mời lấy số, cán bộ làm.", "other": ""},
            ],
            "cases": [
                {"answers": ["cua_toi", "du"], "result": 0},
                {"answers": ["cua_toi", "chua"], "result": 1},
                {"answers": ["nguoi_than", "du"], "result": 0},
                {"answers": ["nguoi_than", "chua"], "result": 1},
                {"answers": ["ghe", "du"], "result": 2},
                {"answers": ["ghe", "chua"], "result": 2},
            ],
            "law": "Luật Cư trú 2020",
            "compared": "Đã đối chiếu ngày 24/11/2026.",
        },
        {
            "code": "2.000815",
            "name": "Chứng thực bản sao",
            "line": "Bản sao có giá trị như bản chính.",
            "group": "Bản sao",
            "opening": "",
            "first": [],
            "questions": [],
            "papers": [{"use": "show", "name": "Bản chính", "note": "", "spared": [], "optional": False}],
            "facts": [],
            "results": [{"papers": [0], "facts": [], "notes": [], "elsewhere": "", "other": ""}],
            "cases": [{"answers": [], "result": 0}],
            "law": "",
            "compared": "",
        },
    ],
}
"""A list with questions, a situation for an officer, and a procedure without a question."""


def edited(edit: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return the list after an edit of it."""
    body = copy.deepcopy(NEED)
    edit(body)
    return body


def put(kiosk: Kiosk, body: dict[str, Any]) -> str:
    """Send a list; return the digest that the gateway names."""
    answer = kiosk.send_request("PUT", "/need-list", body)
    assert answer.status == 200, answer.body
    return str(conforms(answer, "put", "/need-list")["needList"]["digest"])


def report(kiosk: Kiosk, digest: str = "") -> dict[str, Any]:
    """Send a report that names a list; return the member of the answer about it."""
    members = {"needList": {"digest": digest}} if digest else {}
    answer = kiosk.send_request("POST", "/report", changed(**members))
    assert answer.status == 200, answer.body
    held: dict[str, Any] = conforms(answer, "post", "/report")["needList"]
    return held


def stored(practice: PracticeGateway) -> list[dict[str, Any]]:
    return [json.loads(content) for (content,) in practice.sql("select content from need_lists order by kiosk_id")]


def test_a_list_is_stored_and_the_next_report_is_told_so(practice: PracticeGateway) -> None:
    validator(SCHEMAS["NeedList"]).validate(NEED)
    kiosk = practice.enrolled_kiosk()
    digest = need_list_format.digest(NEED)
    assert report(kiosk, digest) == {}
    assert put(kiosk, NEED) == digest
    assert report(kiosk, digest) == {"digest": digest}
    assert stored(practice) == [NEED]


def test_a_list_replaces_the_one_before_and_a_report_confirms_only_its_own(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    first = put(kiosk, NEED)
    second = put(kiosk, edited(lambda body: body.update(content="2026.12.1")))
    assert [each["content"] for each in stored(practice)] == ["2026.12.1"]
    ((before,),) = practice.sql("select confirmed_at from need_lists")
    practice.clock.offset += timedelta(minutes=5)
    assert report(kiosk, first) == {"digest": second}
    assert practice.sql("select confirmed_at from need_lists") == [(before,)]
    assert report(kiosk, second) == {"digest": second}
    ((after,),) = practice.sql("select confirmed_at from need_lists")
    assert after > before


def test_a_report_that_names_no_list_deletes_the_one_of_its_kiosk(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    other = enrol_another(practice)
    put(kiosk, NEED)
    put(other, NEED)
    assert report(kiosk) == {}
    assert practice.sql("select kiosk_id from need_lists") == [("PK04",)]
    assert report(other) == {}
    assert shown(practice) == ""


def test_only_members_of_the_contract_are_stored_and_others_count_for_the_digest(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    body = edited(lambda body: body["procedures"][0].update(who="Chị Lan"))
    assert put(kiosk, body) == need_list_format.digest(body) != need_list_format.digest(NEED)
    assert stored(practice) == [NEED]


def _procedure(body: dict[str, Any]) -> dict[str, Any]:
    procedure: dict[str, Any] = body["procedures"][0]
    return procedure


WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "another unit": (lambda body: body.update(unitCode="H57.99.02"), "/unitCode", "foreign-unit"),
    "markup in a text": (lambda body: _procedure(body).update(law="<b>Luật</b>"), "/procedures/0/law", "pattern"),
    "markup in a name": (
        lambda body: _procedure(body)["papers"][0].update(name="<script>x</script>"),
        "/procedures/0/papers/0/name",
        "pattern",
    ),
    "an address as a code": (lambda body: _procedure(body).update(code="../h/x"), "/procedures/0/code", "pattern"),
    "two lines": (lambda body: _procedure(body).update(line="một\nhai"), "/procedures/0/line", "pattern"),
    "a text that is too long": (
        lambda body: _procedure(body).update(line="x" * 1201),
        "/procedures/0/line",
        "maxLength",
    ),
    "an unknown use": (
        lambda body: _procedure(body)["papers"][0].update(use="burn"),
        "/procedures/0/papers/0/use",
        "enum",
    ),
    "no list": (lambda body: body.update(procedures="all"), "/procedures", "type"),
    "a member is missing": (lambda body: _procedure(body).pop("cases"), "/procedures/0/cases", "required"),
    "a code twice": (lambda body: body["procedures"][1].update(code="1.004222"), "/procedures/1/code", "twice"),
    "a question twice": (
        lambda body: _procedure(body)["questions"][1].update(key="nha"),
        "/procedures/0/questions",
        "twice",
    ),
    "a combination is missing": (lambda body: _procedure(body)["cases"].pop(), "/procedures/0/cases", "case"),
    "a combination twice": (
        lambda body: _procedure(body)["cases"].append(_procedure(body)["cases"][0]),
        "/procedures/0/cases",
        "case",
    ),
    "an answer that nobody can give": (
        lambda body: _procedure(body)["cases"][0].update(answers=["cua_toi", "ghe"]),
        "/procedures/0/cases",
        "case",
    ),
    "an answer too few": (
        lambda body: _procedure(body)["cases"][0].update(answers=["cua_toi"]),
        "/procedures/0/cases",
        "case",
    ),
    "a result that does not exist": (
        lambda body: _procedure(body)["cases"][0].update(result=3),
        "/procedures/0/cases",
        "place",
    ),
    "a paper that does not exist": (
        lambda body: _procedure(body)["results"][0].update(papers=[3]),
        "/procedures/0/results/0",
        "place",
    ),
    "a fact that does not exist": (
        lambda body: _procedure(body)["results"][1].update(facts=[9]),
        "/procedures/0/results/1",
        "place",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_list_is_refused_with_its_place_and_the_last_good_one_stays(
    practice: PracticeGateway, name: str
) -> None:
    edit, pointer, code = WRONG[name]
    kiosk = practice.enrolled_kiosk()
    put(kiosk, NEED)
    answer = kiosk.send_request("PUT", "/need-list", edited(edit))
    assert answer.status == 422
    errors = conforms(answer, "put", "/need-list")["errors"]
    assert (pointer, code) in {(error["pointer"], error["code"]) for error in errors}
    assert stored(practice) == [NEED]


def test_an_oversized_list_is_refused_also_when_it_is_compressed(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    large = edited(lambda body: body.update(padding="x" * (5 << 20)))
    assert kiosk.send_request("PUT", "/need-list", large).status == 413, "gzip, below the limit before it is inflated"
    kiosk.portal._gzip_from = 10**9
    assert kiosk.send_request("PUT", "/need-list", large).status == 413
    assert stored(practice) == []


def test_a_request_without_a_signature_stores_nothing(practice: PracticeGateway) -> None:
    client = practice.gateway.app.test_client()
    answer = client.put("/kiosk-sync/v1/need-list", json=NEED)
    assert answer.status_code == 401
    assert stored(practice) == []


def shown(practice: PracticeGateway) -> str:
    """Return the content version of the list that the ward's pages show; empty for none."""
    with practice.engine.begin() as db:
        found = need_lists.find_list(db, UNIT)
    return found.need_list.content if found else ""


def enrol_another(practice: PracticeGateway) -> Kiosk:
    """Enrol PK04, the other machine of the ward."""
    with practice.engine.begin() as db:
        add_code(db, Enrolment("OTHER-KIOSK-CODE", "PK04", UNIT), practice.clock(), may_replace=False)
    other = practice.new_kiosk()
    other.identity = other.portal._identity = replace(other.identity, kiosk_id="PK04")
    other.portal.enrol("OTHER-KIOSK-CODE", UNIT)
    return other


def test_two_machines_of_a_ward_do_not_replace_each_others_list(practice: PracticeGateway) -> None:
    first = practice.enrolled_kiosk()
    second = enrol_another(practice)
    old = put(first, NEED)
    practice.clock.offset += timedelta(minutes=1)
    new = put(second, edited(lambda body: body.update(content="2026.12.1")))
    for _ in range(3):
        practice.clock.offset += timedelta(minutes=5)
        assert report(first, old) == {"digest": old}
        assert report(second, new) == {"digest": new}
        assert shown(practice) == "2026.12.1"
    practice.clock.offset += timedelta(days=2)
    report(first, old)
    assert shown(practice) == "2026.11.24", "the machine with the newest list is gone"


def test_the_list_of_a_revoked_machine_is_not_shown(practice: PracticeGateway) -> None:
    put(practice.enrolled_kiosk(), NEED)
    assert shown(practice) == "2026.11.24"
    practice.sql("update kiosks set revoked_at = '2026-11-24T00:00:00.000Z'")
    assert shown(practice) == ""


def test_a_kiosk_of_an_older_release_sends_none_and_is_served(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    assert kiosk.send_request("POST", "/report", REPORT).status == 200
    assert stored(practice) == []
    assert shown(practice) == ""


def test_the_adapter_sends_a_list_of_the_contract(practice: PracticeGateway) -> None:
    kiosk = practice.enrolled_kiosk()
    need_list = need_list_format.decode(NEED)
    assert kiosk.portal.put_need_list(need_list)
    digest = need_list_format.digest(need_list_format.encode(need_list))
    assert report(kiosk, digest) == {"digest": digest}
    assert stored(practice) == [NEED]


@pytest.mark.parametrize("status", ["404 Not Found", "405 Method Not Allowed"])
def test_a_gateway_of_an_older_release_takes_no_list_and_that_is_no_fault(open_portal: Any, status: str) -> None:
    problem = {"type": "/problems/http-404", "title": "Cổng không làm được yêu cầu này.", "status": 404}
    portal: KioskSync = open_portal(json_response(status, problem))
    assert portal.put_need_list(need_list_format.decode(NEED))


@pytest.mark.parametrize(
    ("status", "error"), [("422 Unprocessable Content", BadRequestBody), ("413 Content Too Large", TooLarge)]
)
def test_a_gateway_that_refuses_a_list_says_so_to_the_caller(
    open_portal: Any, status: str, error: type[Exception]
) -> None:
    problem = {"type": "/problems/shape", "title": "Nội dung khác quy ước.", "status": int(status[:3])}
    portal: KioskSync = open_portal(json_response(status, problem))
    with pytest.raises(error):
        portal.put_need_list(need_list_format.decode(NEED))


@pytest.mark.parametrize(
    ("member", "held"),
    [({"needList": {}}, ""), ({"needList": {"digest": "a" * 64}}, "a" * 64), ({"needList": {"digest": 5}}, ""),
     ({}, None), ({"needList": "x"}, None)],
)  # fmt: skip
def test_the_answer_to_a_report_names_the_list_or_that_lists_are_unknown(
    open_portal: Any, member: dict[str, Any], held: str | None
) -> None:
    answer = {"protocol": "kiosk-sync/1", "release": {}} | member
    portal: KioskSync = open_portal(json_response("200 OK", answer))
    assert portal.report(sent_report()).need_list == held
