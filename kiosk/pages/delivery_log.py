"""Log of the attempts to deliver a form or desk event, in words: for the technician's pages and the desk.

Classes, codes and times only. The desk alone adds the portal's own words, which may quote an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlite_utils import Database

import sync.attempts
from kiosk.context import Context
from kiosk.health.connection import PAUSES
from kiosk.portal.delivery import ANSWER_POINTER
from kiosk.procedures.model import Procedure
from kiosk.records.refusals import Refusal, RefusedField
from kiosk.vietnam.calendar import short_time
from sync.attempts import Attempt
from sync.outbox import OutboxStatus

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
NO_ANSWER = "Đã gửi mà không nghe trả lời, chưa rõ đã tới chưa"
EVENT_NAMES: Mapping[str, str] = {
    "accepted": "tiếp nhận",
    "supplement": "yêu cầu bổ sung",
    "refused": "từ chối",
    "extended": "hẹn lại",
    "stopped": "dừng giải quyết",
    "handed_out": "trả kết quả",
    "document": "bản chụp giấy tờ",
    "reopened": "mở lại hồ sơ",
    "numbered": "mã hồ sơ",
    "messages": "nhận tin nhắn",
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
class LogEntry:
    """One attempt, or a change of the connection, as a page shows it.

    An entry that repeats is shown once: `times` attempts from `since` to `at`.
    """

    no: int
    at: str
    icon: str
    words: str
    code: str
    is_of_line: bool
    since: str = ""
    times: int = 1


def entries(context: Context, db: Database, standing: OutboxStatus) -> list[LogEntry]:
    """Return a subject's attempts and the changes of the connection while it waited, oldest first."""
    is_over = standing.state in ("done", "refused")
    until = sync.attempts.last_no(db, standing.subject.id) if is_over else None
    attempts = sync.attempts.of_subject_and_link(db, standing.subject.id, since=standing.created, until=until)
    return merge_repeats([entry(context, attempt) for attempt in attempts])


def merge_repeats(listed: list[LogEntry]) -> list[LogEntry]:
    """Merge equal neighbours into one entry; drop a failure of the connection that repeats a subject's failure."""
    merged: list[LogEntry] = []
    for current in listed:
        last = merged[-1] if merged else None
        if last and (last.words, last.code) == (current.words, current.code):
            merged[-1] = replace(current, since=last.since or last.at, times=last.times + 1)
        elif last and current.is_of_line and not last.is_of_line and current.code and current.code == last.code:
            continue
        else:
            merged.append(current)
    return merged


def entry(context: Context, attempt: Attempt) -> LogEntry:
    """Return one attempt in words."""
    icon, words = _link_words(attempt) if attempt.subject is None else _subject_words(attempt)
    return LogEntry(
        no=attempt.no,
        at=short_time(attempt.at, context.clock.today()),
        icon=icon,
        words=words,
        code=": ".join(filter(None, [attempt.reason, attempt.code])),
        is_of_line=attempt.subject is None,
    )


def _link_words(attempt: Attempt) -> tuple[str, str]:
    """Return icon and words for a change of the connection."""
    if attempt.became == "up":
        return "check", "Có đường truyền lại"
    if attempt.became == "paused":
        return "pause", f"Tạm dừng: {_pause_reason(attempt.reason)}"
    if attempt.became == "down":
        return "offline", "Không tới được cổng"
    return "warn", "Cổng trả lời không rõ"


def _subject_words(attempt: Attempt) -> tuple[str, str]:
    """Return icon and words for an attempt to deliver a subject."""
    code = attempt.code or ""
    if attempt.became == "done":
        return "shield", DONE.get(code, DONE["created"])
    if attempt.became == "refused":
        return "warn", REFUSED.get(code, "Cổng không nhận")
    if attempt.became == "unknown":
        return "clock", UNKNOWN.get(code, NO_ANSWER)
    put_back = AGAIN.get(code) or PUT_BACK.get(attempt.reason or "")
    return "clock", put_back or f"Tạm dừng: {_pause_reason(attempt.reason)}"


def _pause_reason(reason: str | None) -> str:
    alarm = PAUSES.get(reason or "")
    return alarm.why if alarm else "máy thử lại sau"


def refused_fields(refusal: Refusal | None, procedure: Procedure | None) -> list[str]:
    """Return the fields that the portal objects to, as the form calls them, each with the portal's code."""
    if refusal is None:
        return []
    return [_field_label(field, procedure) for field in refusal.fields if field.key or field.code]


def field_name(pointer: str, procedure: Procedure | None) -> str:
    """Return the form's name of the field at a JSON pointer; empty for a field that the form does not have."""
    key = pointer.removeprefix(ANSWER_POINTER).partition("/")[0]
    if procedure and pointer.startswith(ANSWER_POINTER) and key in procedure.labels:
        return procedure.labels[key]
    return PARTS.get(pointer.lstrip("/").partition("/")[0], "")


def _field_label(field: RefusedField, procedure: Procedure | None) -> str:
    names = procedure.labels if procedure else {}
    name = names.get(field.key) or PARTS.get(field.key, "")
    if not name:
        return f"mã {field.code}"
    return f"{name} ({field.code})" if field.code else name
