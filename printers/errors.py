"""What can go wrong with paper, sorted by what the caller does next.

    PrinterError
    ├── NotSent      nothing reached the paper: trying again, or another printer, is safe
    ├── Unknown      it may be on paper: never print again by itself, ask a person
    └── WrongState   a job that is not where the caller thinks: look again

A reason is a word for the program; ADVICE says it to the officer, with what to do.
"""

from typing import Literal

Reason = Literal[
    "unreachable",
    "mute",
    "garbage",
    "paper_out",
    "cover_open",
    "offline",
    "cutter",
    "broken",
    "stalled",
    "cut_off",
    "no_answer",
    "too_long",
    "no_status",
    "restart",
    "no_printer",
    "not_composed",
    "gone",
]

ADVICE: dict[str, str] = {
    "unreachable": "Không tới được máy in. Xem máy in đã bật chưa, dây mạng cắm chặt chưa.",
    "mute": "Máy in không trả lời. Tắt máy in, chờ 10 giây rồi bật lại.",
    "garbage": "Máy in trả lời sai. Xem lại loại máy in và địa chỉ trong cài đặt.",
    "paper_near_end": "Sắp hết giấy. Để sẵn cuộn giấy mới.",
    "paper_out": "Hết giấy. Mở nắp, thay cuộn mới, mặt in quay lên, đóng nắp lại.",
    "cover_open": "Nắp máy in đang mở. Đóng nắp cho tới khi nghe tiếng khớp.",
    "offline": "Máy in đang dừng. Bấm nút nạp giấy một lần; nếu vẫn dừng thì tắt rồi bật lại.",
    "cutter": "Dao cắt bị kẹt. Tắt máy in, mở nắp, gỡ giấy kẹt, đóng nắp rồi bật lại.",
    "broken": "Máy in báo hỏng. Tắt máy in, chờ 10 giây rồi bật lại; nếu còn báo thì gọi người sửa.",
    "stalled": "Máy in ngừng nhận giữa chừng. Xem giấy và nắp máy in.",
    "cut_off": "Đường tới máy in bị ngắt giữa chừng. Xem dây mạng và nguồn điện.",
    "no_answer": "Đã gửi hết nhưng máy in không báo đã in xong. Xem giấy và nắp máy in.",
    "too_long": "In quá lâu nên máy dừng chờ. Xem giấy và nắp máy in.",
    "no_status": "Máy in này không biết báo đã in xong. Xem phiếu đã ra chưa.",
    "restart": "Máy khởi động lại giữa lúc in. Xem phiếu đã ra chưa.",
    "no_printer": "Chưa có máy in nào cho loại phiếu này trong cài đặt.",
    "not_composed": "Chưa soạn được phiếu. Báo người trông máy.",
    "gone": "Tờ khai của phiếu này không còn trong máy.",
}


class PrinterError(Exception):
    """The root: a reason and, for the log, what the device or the library said."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: Reason = reason


class NotSent(PrinterError):  # noqa: N818  # an outcome as much as an error
    """Nothing reached the paper."""


class Unknown(PrinterError):  # noqa: N818
    """Some of it may be on paper."""


class WrongState(Exception):  # noqa: N818
    """The job is in another state than this step needs, or is not there."""
