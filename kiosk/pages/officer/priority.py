"""A number's priority, confirmed, set or cleared with a reason that the trail keeps; and the rule in words."""

from typing import get_args

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import calling
from kiosk.acts.calling import Reason
from kiosk.config.sections import Queue
from kiosk.errors import NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.records import tickets
from kiosk.records.tickets import Priority, Ticket

GROUPS: dict[str, str] = {
    "elderly": "người cao tuổi",
    "disabled": "người khuyết tật",
    "pregnant": "phụ nữ mang thai",
    "infant": "có con nhỏ đi cùng",
    "merit": "người có công",
    "returning": "quay lại, mang thêm giấy",
}
REASONS: dict[str, str] = {
    "seen": "nhìn thấy",
    "paper": "xem giấy tờ",
    "asked": "hỏi và được trả lời",
    "mistaken": "bấm nhầm ở máy",
}


@officer.get("/ticket/<ticket_id>/priority")
@for_("officer")
def priority(ticket_id: str) -> str:
    """Show what the number says of itself, and ask what is so."""
    return _page(_found(ticket_id))


@officer.post("/ticket/<ticket_id>/priority")
@for_("officer")
def set_priority(ticket_id: str) -> Answer | str:
    """Write down the group, or none, and the reason."""
    found, group, reason = _found(ticket_id), request.form.get("group", ""), request.form.get("reason", "")
    wanted = next((one for one in get_args(Priority) if one == group and one in GROUPS), None)
    why = next((one for one in get_args(Reason) if one == reason), None)
    if wanted is None and group != "none":
        return _page(found, "Mời chọn nhóm ưu tiên, hoặc “không ưu tiên”.")
    if why is None:
        return _page(found, "Mời chọn vì sao biết. Lý do được giữ trong nhật ký.")
    if not calling.set_priority(context(), ticket_id, wanted, why, sitting().person.code):
        return redirect(url_for("officer.desk", said="late"), 303)
    return redirect(url_for("officer.desk", said="priority"), 303)


def rule_in_words(rule: Queue) -> str:
    """Return the rule of kiosk/queue/call_order.py in words, as one explains it to a person who waits."""
    turns = "một số ưu tiên" if rule.ratio == 1 else f"{rule.ratio} số ưu tiên"
    return (
        f"Gọi {turns} rồi đến một số thường, ai lấy số trước được gọi trước. Số thường chờ quá {rule.max_wait_minutes} "
        f"phút thì gọi trước hết. Gọi mà vắng thì xếp lại cuối hàng, {rule.absent_minutes} phút sau mới gọi lại; vắng "
        f"{rule.absences} lần thì bỏ số."
    )


def _page(found: Ticket, wrong: str = "") -> str:
    return render(
        "officer/priority.html", ticket=found, groups=GROUPS, reasons=REASONS, wrong=wrong,
        chosen=request.form.get("group") or (found.priority or ("none" if found.is_confirmed else "")),
        why=request.form.get("reason", ""), rule=rule_in_words(context().config.queue),
    )  # fmt: skip


def _found(ticket_id: str) -> Ticket:
    with context().store.read() as db:
        found = tickets.find(db, ticket_id)
    is_here = found and found.day == context().clock.today() and found.state in (*tickets.IN_LINE, *tickets.AT_COUNTER)
    if found is None or not is_here:
        raise NotFound("Số này không còn chờ và không ở quầy nào.", "This number neither waits nor is at a counter.")
    return found
