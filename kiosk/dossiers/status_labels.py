"""Labels of a case's state, for pages and papers of the desk.

The desk's state and the portal's state are never mixed: each has its own label.
"""

from kiosk.base import clock
from kiosk.records.submissions import Submission

DESK_LABELS = {
    "waiting": "Chờ tiếp nhận",
    "accepted": "Đã tiếp nhận",
    "supplement": "Đang chờ bổ sung",
    "refused": "Đã từ chối tiếp nhận",
    "stopped": "Đã dừng giải quyết",
    "handed_out": "Đã trả kết quả",
}
PORTAL_LABELS = {
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
DELIVERY_LABELS = {
    "held": "tạm giữ, chưa gửi",
    "queued": "chờ gửi lên cổng",
    "sent": "đã gửi lên cổng",
    "confirmed": "cổng đã nhận đủ",
    "quarantined": "cổng chưa nhận, cần xem lại",
}


def desk_label(submission: Submission) -> str:
    """Return the desk's state; "Đã rút" for a withdrawn form, whatever the desk decided before."""
    return "Đã rút" if submission.delivery == "withdrawn" else DESK_LABELS.get(submission.desk, submission.desk)


def portal_label(submission: Submission) -> str:
    """Return the portal's last status and its time, else the state of delivery; empty where the form is not sent."""
    if submission.system_code and submission.system_at:
        return system_label(submission)
    if submission.portal_code and submission.portal_at:
        at = clock.local(submission.portal_at)
        return f"{PORTAL_LABELS[submission.portal_code]}, theo cổng lúc {at:%H:%M, %d/%m/%Y}"
    return DELIVERY_LABELS.get(submission.delivery or "", "")


def system_label(submission: Submission) -> str:
    """Return the state at the city's system with its time, and the one before it where the state went backwards."""
    if not submission.system_code or submission.system_at is None:
        return ""
    facts = [PORTAL_LABELS[submission.system_code], f"lúc {clock.local(submission.system_at):%H:%M, %d/%m/%Y}"]
    if submission.official_no:
        facts.insert(0, submission.official_no)
    label = f"Ở hệ thống thành phố: {', '.join(facts)}"
    if submission.system_former_at and (submission.system_former_code or 0) > submission.system_code:
        former = PORTAL_LABELS[submission.system_former_code or 1]
        label += f" (trước đó {former}, lúc {clock.local(submission.system_former_at):%H:%M, %d/%m/%Y})"
    return label
