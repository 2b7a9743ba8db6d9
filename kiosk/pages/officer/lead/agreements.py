"""Lead's page of where forms go: what a technician asks to change, what was changed past the pages, what is in use."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import agreeing
from kiosk.base import clock
from kiosk.base.errors import NotFound, SettingsChanged
from kiosk.config import reading_settings
from kiosk.pages.access import allow, context
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.portal import authority
from kiosk.records import change_requests, staff
from kiosk.records.change_requests import ChangeRequest, ReadingChange
from kiosk.vietnam.calendar import short_time

SHOWN = 20
NAMES = {
    "portal.kind": ("Gửi tờ khai đi đâu", "Cổng này nhận mọi tờ khai."),
    "portal.url": ("Địa chỉ cổng", "Máy ở địa chỉ này nhận mọi tờ khai."),
    "portal.public_url": ("Địa chỉ cho điện thoại", "Mã trên phiếu đưa điện thoại người dân tới đây."),
    "portal.ca": ("Chứng thư của cổng", "Máy tin cổng nào có chứng thư này."),
    "portal.stick_key": ("Khóa USB của cổng", "Ai có khóa này đọc được tờ khai chép ra USB."),
    "scanner.port": ("Cổng của đầu quét thẻ", "Thẻ căn cước được đọc từ đây."),
    "scanner.screen": ("Màn hình nhận thẻ quét", "Thẻ quét ở máy hiện ở màn hình này."),
    "backup.path": ("Thư mục sao lưu", "Bản sao có khóa mã nằm ở đây."),
    "backup.second": ("Thư mục sao lưu thứ hai", "Bản sao từng phút có khóa mã nằm ở đây."),
    "updates.root": ("Gốc tin cậy của bản phát hành", "Máy cài bản mới theo chữ ký của gốc này."),
    "recovery": (
        "Giấy khôi phục mới",
        "Ai có giấy này và một bản sao thì đọc được mọi hồ sơ.",
    ),
    "standby": ("Máy dự phòng", "Máy này tự mở được bản sao."),
}
"""Label of a setting, and what it decides; printers are named by their address."""
PRINTER = "Phiếu có họ tên in ra ở địa chỉ này."
SAID = {
    "agreed": "Đã đồng ý, máy đã đổi.",
    "refused": "Đã từ chối, máy không đổi gì.",
    "seen": "Đã ghi là người phụ trách biết việc này.",
    "gone": "Việc này đã có người trả lời rồi.",
    "stale": "Cài đặt đã đổi từ lúc kỹ thuật xin, nên chưa đổi gì. Nhờ kỹ thuật xin lại.",
}
ANSWERS = {
    "open": "",
    "agreed": "đồng ý",
    "refused": "từ chối",
    "replaced": "được xin lại",
    "seen": "đã biết",
}


@dataclass(frozen=True)
class ShownChange:
    """A change in words."""

    label: str
    about: str
    old: str
    new: str


@dataclass(frozen=True)
class ShownRequest:
    """A request in words; `was_found`: changed past the pages, so there is nothing to agree to."""

    id: str
    who: str
    at: str
    changes: tuple[ShownChange, ...]
    was_found: bool
    answer: str
    by: str


@officer.get("/agreements")
@allow("lead")
def agreements() -> str:
    """Show what waits for an answer, the answers of before, and the settings in use."""
    with context().store.read() as db:
        names = staff.names(db)
        waiting = [_shown(each, names) for each in change_requests.list_open(db)]
        answered = [_shown(each, names) for each in change_requests.latest(db, SHOWN)]
    config = context().config
    in_use = [
        _words(ReadingChange(name, "", value)) for name, value in reading_settings.values(config).items() if value
    ]
    said = SAID.get(request.args.get("said", ""), "")
    return render("officer/agreements.html", waiting=waiting, answered=answered, in_use=in_use, said=said)


@officer.post("/agreements/<request_id>/<answer>")
@allow("lead")
def answer_request(request_id: str, answer: str) -> Answer:
    """Agree to a change, refuse it, or say that one past the pages was seen."""
    lead = sitting().person.code
    said = {"agree": "agreed", "refuse": "refused", "seen": "seen"}.get(answer)
    if said is None:
        raise NotFound
    try:
        if answer == "refuse":
            agreeing.refuse(context(), request_id, lead)
        else:
            agreeing.agree(context(), request_id, lead)
    except SettingsChanged:
        said = "stale"
    except NotFound:
        said = "gone"
    return redirect(url_for("officer.agreements", said=said), 303)


def _shown(one: ChangeRequest, names: dict[str, str]) -> ShownRequest:
    return ShownRequest(
        id=one.id,
        who=names.get(one.actor, "Kỹ thuật"),
        at=short_time(clock.timestamp(one.made_at), context().clock.today()),
        changes=tuple(_words(change) for change in one.changes),
        was_found=one.kind == "found",
        answer=ANSWERS[one.state],
        by=names.get(one.decided_by or "", ""),
    )


def _words(change: ReadingChange) -> ShownChange:
    if reading_settings.is_printer(change.name):
        table, kind, address = change.name.split(" ", 2)
        label = f"Máy in {'A4' if table == 'office_printer' else 'phiếu'} “{change.new}”"
        return ShownChange(label=label, about=PRINTER, old="", new=f"{kind} {address}".strip())
    label, about = NAMES[change.name]
    if change.name == reading_settings.CA_NAME:
        path = context().config.root / reading_settings.path_of(change.new)
        about = " ".join(filter(None, (f"{authority.describe(path)}.".lstrip("."), about)))
    return ShownChange(label=label, about=about, old=change.old, new=change.new)
