"""The way of a form to the city, told attempt by attempt: the technician's pages and the desk share it.

Here are only classes, codes and times. What the portal said in words is laid beside it by the desk alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlite_utils import Database

import sync.attempts
from kiosk.context import Context
from kiosk.health.connection import PAUSES
from kiosk.portal.delivery import ANSWERS
from kiosk.procedures.model import Procedure
from kiosk.records.refusals import Objection, Refusal
from kiosk.vietnam.calendar import short_time
from sync.attempts import Attempt
from sync.outbox import Standing

DONE = {"created": "Cổng đã nhận", "duplicate": "Cổng đã có sẵn tờ này, không gửi trùng"}
REFUSED: Mapping[str, str] = {
    "conflict": "Cổng không nhận: mã này ở cổng đã có với nội dung khác",
    "invalid": "Cổng không nhận: có mục chưa đúng",
    "too-large": "Lớn hơn mức mà cổng nhận",
    "not-read": "Cổng không đọc được",
    "unreadable": "Máy không mở được bản ghi này",
    "withdrawn": "Đã rút khỏi hàng gửi",
}
AGAIN: Mapping[str, str] = {
    "released": "Cán bộ cho gửi lại",
    "lost": "Cổng khôi phục từ bản cũ nên thiếu tờ này, máy gửi lại",
    "absent": "Đã hỏi: cổng chưa có, máy gửi lại",
    "retry": "Cổng đang bận, xin gửi lại sau",
    "wait": "Cổng chờ tờ trước của hồ sơ này",
}
PUT_BACK: Mapping[str, str] = {
    "link": "Chưa gửi được vì đường truyền, chưa có gì rời máy",
    "size": "Gửi chung nhiều tờ thì quá lớn, máy chia nhỏ",
    "poison": "Trong gói có tờ mà cổng không đọc được, máy chia nhỏ để tìm",
}
UNKNOWN: Mapping[str, str] = {
    "carried": "Đã chép ra USB, chờ biên nhận",
    "interrupted": "Máy tắt giữa lúc gửi, chưa rõ đã tới chưa",
    "absent": "Đã hỏi mà cổng chưa có",
}
UNSURE = "Đã gửi mà không nghe trả lời, chưa rõ đã tới chưa"
ACTS: Mapping[str, str] = {
    "accepted": "tiếp nhận",
    "supplement": "yêu cầu bổ sung",
    "refused": "từ chối",
    "extended": "hẹn lại",
    "stopped": "dừng giải quyết",
    "handed_out": "trả kết quả",
    "document": "bản chụp giấy tờ",
}
PARTS: Mapping[str, str] = {
    "receiptNo": "mã phiếu",
    "revision": "số lần sửa",
    "unitCode": "mã đơn vị",
    "procedureCode": "mã thủ tục",
    "applicant": "người nộp",
    "submitter": "người đi nộp thay",
    "form": "tờ khai",
    "documents": "giấy tờ kèm theo",
    "fees": "phí, lệ phí",
}


@dataclass(frozen=True)
class Turn:
    """One attempt as a page tells it: which number, when, what became of it, in words and by class and code.

    What happened again and again is one turn: from ``since`` until ``at``, so many ``times``.
    """

    no: int
    at: str
    icon: str
    words: str
    code: str
    is_of_line: bool
    since: str = ""
    times: int = 1


def turns(context: Context, db: Database, standing: Standing) -> list[Turn]:
    """List a subject's attempts, and what the line went through while it waited, in order."""
    is_over = standing.state in ("done", "refused")
    until = sync.attempts.last(db, standing.subject.id) if is_over else None
    return folded(
        [turn(context, one) for one in sync.attempts.around(db, standing.subject.id, standing.created, until)]
    )


def folded(listed: list[Turn]) -> list[Turn]:
    """Tell the same turn once, from when to when and how often; a failure of a form and of its line is one turn."""
    found: list[Turn] = []
    for one in listed:
        last = found[-1] if found else None
        if last and (last.words, last.code) == (one.words, one.code):
            found[-1] = replace(one, since=last.since or last.at, times=last.times + 1)
        elif last and one.is_of_line and not last.is_of_line and one.code and one.code == last.code:
            continue
        else:
            found.append(one)
    return found


def turn(context: Context, one: Attempt) -> Turn:
    """Tell one attempt."""
    icon, words = _of_line(one) if one.subject is None else _of_subject(one)
    code = ": ".join(filter(None, [one.reason, one.code]))
    return Turn(one.no, short_time(one.at, context.clock.today()), icon, words, code, one.subject is None)


def _of_line(one: Attempt) -> tuple[str, str]:
    if one.became == "up":
        return "check", "Có đường truyền lại"
    if one.became == "paused":
        return "pause", f"Tạm dừng: {_pause(one.reason)}"
    if one.became == "down":
        return "offline", "Không tới được cổng"
    return "warn", "Cổng trả lời không rõ"


def _of_subject(one: Attempt) -> tuple[str, str]:
    code = one.code or ""
    if one.became == "done":
        return "shield", DONE.get(code, DONE["created"])
    if one.became == "refused":
        return "warn", REFUSED.get(code, "Cổng không nhận")
    if one.became == "unknown":
        return "clock", UNKNOWN.get(code, UNSURE)
    return "clock", AGAIN.get(code) or PUT_BACK.get(one.reason or "") or f"Tạm dừng: {_pause(one.reason)}"


def _pause(reason: str | None) -> str:
    alarm = PAUSES.get(reason or "")
    return alarm.why if alarm else "máy thử lại sau"


def fields(refusal: Refusal | None, procedure: Procedure | None) -> list[str]:
    """Name the fields that the portal objects to, as the form calls them, each with the portal's code."""
    return [_named(one, procedure) for one in refusal.fields if one.key or one.code] if refusal else []


def pointed(pointer: str, procedure: Procedure | None) -> str:
    """Name the field of a portal's pointer as the form calls it; empty for what the form does not know."""
    key = pointer.removeprefix(ANSWERS).partition("/")[0]
    if procedure and pointer.startswith(ANSWERS) and key in procedure.names:
        return procedure.names[key]
    return PARTS.get(pointer.lstrip("/").partition("/")[0], "")


def _named(one: Objection, procedure: Procedure | None) -> str:
    names = procedure.names if procedure else {}
    name = names.get(one.key) or PARTS.get(one.key, "")
    return f"{name} ({one.code})" if name and one.code else name or f"mã {one.code}"
