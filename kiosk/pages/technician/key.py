"""The machine's key to the portal: how it stands, and a new one by a one-time code."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import renewing
from kiosk.errors import NotAllowed
from kiosk.pages.access import context, for_
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.records import renewals
from kiosk.records.renewals import Renewal
from kiosk.vietnam.calendar import short_time

LONGEST = 80


@technician.get("/key")
@for_("technician")
def key() -> str:
    """Show how the key stands, and ask for a code."""
    return _page()


@technician.post("/key")
@for_("technician")
def renew_key() -> Answer | tuple[str, int]:
    """Ask for a new key; the worker carries it out, and the page shows how far it is."""
    told = request.form.get("code", "")[:LONGEST]
    try:
        renewing.ask(context(), told, actor())
    except NotAllowed as fault:
        return _page(fault.vi, told), 422
    return redirect(url_for("technician.key"), 303)


def _page(wrong: str = "", told: str = "") -> str:
    here = context()
    with here.store.read() as db:
        latest = renewals.latest(db)
    return render(
        "technician/key.html",
        state=latest.state if latest else "",
        words=_words(latest),
        may_renew=here.config.portal.kind == "kiosk-sync",
        unit=here.config.ward.unit_code,
        wrong=wrong,
        told=told,
    )


def _words(found: Renewal | None) -> str:
    if found is None:
        return "Khóa này chưa đổi lần nào từ trang này."
    at = short_time(clock.stamp(found.ended_at or found.asked_at), context().clock.today())
    if found.state == "done":
        return f"Đã đổi khóa lúc {at}. Máy đang gửi bằng khóa mới."
    if found.state == "refused":
        return (
            f"Cổng không nhận mã lúc {at} (mã lỗi {found.last_code}). Khóa cũ vẫn giữ nguyên. "
            "Mã dùng một lần, trong 24 giờ, sai 5 lần thì hỏng: xin mã khác."
        )
    why = f" Chưa tới được cổng ({found.last_code}), máy tự thử lại." if found.last_code else ""
    return f"Đang xin cổng nhận khóa mới, từ lúc {at}.{why}"
