"""Page of the kiosk's key for the portal: its state, and a renewal with a one-time code."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import renewing
from kiosk.base import clock
from kiosk.base.errors import NotAllowed
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.records import renewals
from kiosk.records.renewals import Renewal
from kiosk.vietnam.calendar import short_time

LONGEST = 80


@technician.get("/key")
@allow("technician")
def key() -> str:
    """Show the state of the key, and ask for a code."""
    return _page()


@technician.post("/key")
@allow("technician")
def renew_key() -> Answer | tuple[str, int]:
    """Request a new key: the worker fetches it, and the page shows the progress."""
    code = request.form.get("code", "")[:LONGEST]
    try:
        renewing.request_renewal(context(), code, actor())
    except NotAllowed as error:
        return _page(error.vi, code), 422
    return redirect(url_for("technician.key"), 303)


def _page(wrong: str = "", typed: str = "") -> str:
    config = context().config
    with context().store.read() as db:
        latest = renewals.latest(db)
    return render(
        "technician/key.html",
        state=latest.state if latest else "",
        words=_words(latest),
        may_renew=config.portal.capabilities.can_be_enrolled,
        unit=config.ward.unit_code,
        wrong=wrong,
        typed=typed,
    )


def _words(renewal: Renewal | None) -> str:
    if renewal is None:
        return "Khóa này chưa đổi lần nào từ trang này."
    at = short_time(clock.timestamp(renewal.ended_at or renewal.asked_at), context().clock.today())
    if renewal.state == "done":
        return f"Đã đổi khóa lúc {at}. Máy đang gửi bằng khóa mới."
    if renewal.state == "refused":
        return (
            f"Cổng không nhận mã lúc {at} (mã lỗi {renewal.last_code}). Khóa cũ vẫn giữ nguyên. "
            "Mã dùng một lần, trong 24 giờ, sai 5 lần thì hỏng: xin mã khác."
        )
    why = f" Chưa tới được cổng ({renewal.last_code}), máy tự thử lại." if renewal.last_code else ""
    return f"Đang xin cổng nhận khóa mới, từ lúc {at}.{why}"
