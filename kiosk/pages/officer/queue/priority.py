"""Page of a ticket's priority: confirm, set or clear it, with a reason for the audit trail."""

from typing import get_args

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import calling
from kiosk.acts.calling import PriorityReason
from kiosk.base.errors import NotFound
from kiosk.config.ward_sections import QueueSettings
from kiosk.pages.access import allow, context
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.records import tickets
from kiosk.records.tickets import Priority, Ticket

GROUPS: dict[str, str] = {
    "elderly": "người cao tuổi",
    "disabled": "người khuyết tật",
    "pregnant": "phụ nữ mang thai",
    "infant": "có con nhỏ đi cùng",
    "merit": "người có công với cách mạng",
    "returning": "quay lại, mang thêm giấy",
}
REASONS: dict[str, str] = {
    "seen": "nhìn thấy",
    "paper": "xem giấy tờ",
    "asked": "hỏi và được trả lời",
    "mistaken": "bấm nhầm ở máy",
}


@officer.get("/ticket/<ticket_id>/priority")
@allow("officer")
def priority(ticket_id: str) -> str:
    """Show the declared priority, and ask for the real one."""
    return _page(_ticket(ticket_id))


@officer.post("/ticket/<ticket_id>/priority")
@allow("officer")
def set_priority(ticket_id: str) -> Answer | str:
    """Set the group, or none, with the reason."""
    ticket = _ticket(ticket_id)
    group = request.form.get("group", "")
    priority = next((priority for priority in get_args(Priority) if priority == group and priority in GROUPS), None)
    reason = next((reason for reason in get_args(PriorityReason) if reason == request.form.get("reason", "")), None)
    if priority is None and group != "none":
        return _page(ticket, "Mời chọn nhóm ưu tiên, hoặc “không ưu tiên”.")
    if reason is None:
        return _page(ticket, "Mời chọn vì sao biết. Lý do được giữ trong nhật ký.")
    if not calling.set_priority(context(), ticket_id, priority=priority, reason=reason, actor=sitting().person.code):
        return redirect(url_for("officer.desk", said="late"), 303)
    return redirect(url_for("officer.desk", said="priority"), 303)


def rule_in_words(rule: QueueSettings) -> str:
    """Return the rule of kiosk/queue/call_order.py in words, for a waiting citizen."""
    turns = "một số ưu tiên" if rule.ratio == 1 else f"{rule.ratio} số ưu tiên"
    return (
        f"Gọi {turns} rồi đến một số thường, ai lấy số trước được gọi trước. Số thường chờ quá {rule.max_wait_minutes} "
        f"phút thì gọi trước hết. Gọi mà không có mặt thì xếp lại cuối hàng, sau {rule.absent_minutes} phút "
        f"gọi lại; vắng {rule.absences} lần thì hủy số."
    )


def _page(ticket: Ticket, wrong: str = "") -> str:
    return render(
        "officer/priority.html",
        ticket=ticket,
        groups=GROUPS,
        reasons=REASONS,
        wrong=wrong,
        chosen=request.form.get("group") or ticket.priority or ("none" if ticket.is_confirmed else ""),
        why=request.form.get("reason", ""),
        rule=rule_in_words(context().config.queue),
    )


def _ticket(ticket_id: str) -> Ticket:
    """Return a ticket of today that waits or is at a counter; NotFound for any other."""
    with context().store.read() as db:
        ticket = tickets.find(db, ticket_id)
    is_today = ticket is not None and ticket.day == context().clock.today()
    if ticket is None or not is_today or ticket.state not in (*tickets.IN_LINE, *tickets.AT_COUNTER):
        raise NotFound("Số này không còn chờ và không ở quầy nào.", "This number neither waits nor is at a counter.")
    return ticket
