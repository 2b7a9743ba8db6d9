"""How a case stands, in words of the desk: what the desk decided, what the portal said and when.

Desk and portal never mix: each is told for itself.
"""

from kiosk import clock
from kiosk.records.submissions import Submission

DESK = {
    "waiting": "Chờ tiếp nhận",
    "accepted": "Đã tiếp nhận",
    "supplement": "Đang chờ bổ sung",
    "refused": "Đã từ chối tiếp nhận",
    "stopped": "Đã dừng giải quyết",
    "handed_out": "Đã trả kết quả",
}
PORTAL = {
    1: "mới đăng ký",
    2: "được tiếp nhận",
    3: "không được tiếp nhận",
    4: "đang xử lý",
    5: "yêu cầu bổ sung",
    6: "chờ nộp phí, lệ phí",
    7: "công dân xin rút",
    8: "dừng xử lý",
    9: "đã xử lý xong",
    10: "đã trả kết quả",
}
DELIVERY = {
    "held": "tạm giữ, chưa gửi",
    "queued": "chờ gửi lên cổng",
    "sent": "đã gửi lên cổng",
    "confirmed": "cổng đã nhận đủ",
    "quarantined": "cổng chưa nhận, cần xem lại",
}


def desk(found: Submission) -> str:
    """Return what the desk decided; a form that was withdrawn is so whatever the desk said before."""
    return "Đã rút" if found.delivery == "withdrawn" else DESK.get(found.desk, found.desk)


def portal(found: Submission) -> str:
    """Return what the portal said and when, or how far the form is on its way there; empty where it goes nowhere."""
    if found.portal_code and found.portal_at:
        at = clock.local(found.portal_at)
        return f"{PORTAL[found.portal_code]}, theo cổng lúc {at:%H:%M, %d/%m/%Y}"
    return DELIVERY.get(found.delivery or "", "")
