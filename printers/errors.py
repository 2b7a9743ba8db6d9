"""Errors of printing, by what the caller does next.

    PrinterError
    ├── NotSent      nothing is on paper: it is safe to retry, or to use another printer
    └── Unknown      it may be on paper: never retry automatically, ask a person
    WrongState       the job has another state than the caller expects: read it again

A reason is a code for the program; `ADVICE` has its Vietnamese text for the officer, with what to do.
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
    "error",
    "not_out",
    "no_printer",
    "not_composed",
    "gone",
    "tray_empty",
    "jam",
    "door_open",
    "toner_out",
    "stopped",
    "no_queue",
    "no_pdf",
    "refused",
    "aborted",
    "unplugged",
    "two_alike",
    "no_access",
    "busy",
    "no_driver",
    "no_device",
    "cups_down",
    "encrypted",
]

ADVICE: dict[str, str] = {
    "unreachable": "Không tới được máy in. Xem máy in đã bật chưa, dây mạng cắm chặt chưa.",
    "mute": "Máy in không trả lời. Tắt máy in, chờ 10 giây rồi bật lại; máy in loại không biết báo thì ghi"
    " need_status = false vào đoạn [[printer]] của kiosk.toml.",
    "garbage": "Máy in trả lời sai. Xem lại loại máy in và địa chỉ trong cài đặt.",
    "paper_near_end": "Sắp hết giấy. Để sẵn cuộn giấy mới.",
    "paper_out": "Hết giấy. Mở nắp, thay cuộn mới, mặt in quay lên, đóng nắp lại.",
    "cover_open": "Nắp máy in đang mở. Đóng nắp cho tới khi nghe tiếng khớp.",
    "offline": "Máy in đang dừng. Bấm nút nạp giấy một lần; nếu vẫn dừng thì tắt rồi bật lại.",
    "cutter": "Dao cắt bị kẹt. Tắt máy in, mở nắp, gỡ giấy kẹt, đóng nắp rồi bật lại.",
    "broken": "Máy in báo hỏng. Tắt máy in, chờ 10 giây rồi bật lại; nếu còn báo thì gọi người sửa.",
    "stalled": "Máy in ngừng nhận giữa chừng. Xem giấy và nắp máy in.",
    "cut_off": "Đường tới máy in bị ngắt giữa chừng. Xem dây và nguồn điện của máy in.",
    "no_answer": "Đã gửi hết nhưng máy in không báo đã in xong. Xem giấy và nắp máy in; lần nào cũng vậy mà phiếu"
    " vẫn ra thì ghi confirm = false vào đoạn [[printer]] của kiosk.toml.",
    "too_long": "In quá lâu nên máy dừng chờ. Xem giấy và nắp máy in.",
    "no_status": "Máy in này không biết báo. Nhìn phiếu ở máy in.",
    "restart": "Máy khởi động lại giữa lúc in. Xem phiếu đã ra chưa.",
    "error": "Máy gặp lỗi giữa lúc in. Xem phiếu đã ra chưa.",
    "not_out": "Phiếu không ra. Máy đã in lại bản khác, có chữ BẢN IN LẠI.",
    "no_printer": "Chưa có máy in nào cho loại phiếu này trong cài đặt.",
    "not_composed": "Chưa soạn được phiếu. Báo người trông máy.",
    "gone": "Tờ khai của phiếu này không còn trong máy.",
    "tray_empty": "Khay hết giấy. Nạp giấy vào khay, đẩy khay vào hết cỡ.",
    "jam": "Kẹt giấy. Mở nắp, rút tờ giấy kẹt ra, đóng nắp lại.",
    "door_open": "Nắp hoặc khay máy in đang mở. Đóng lại cho khít.",
    "toner_out": "Hết mực. Thay hộp mực.",
    "stopped": "Máy in đang dừng. Xem lời báo trên máy in; hàng đợi CUPS bị dừng thì chạy cupsenable.",
    "no_queue": "Địa chỉ máy in sai: nơi đó không có hàng đợi này. Xem lại address của [[office_printer]].",
    "no_pdf": "Máy in này không nhận tệp PDF. Lập hàng đợi CUPS cho nó, xem docs/technician.md.",
    "refused": "Máy in không nhận việc. Xem lời báo trên máy in và quyền in của hàng đợi.",
    "aborted": "Máy in bỏ dở giữa chừng. Xem giấy đã ra tờ nào chưa.",
    "unplugged": "Không thấy máy in. Xem máy in đã bật chưa, cắm lại dây USB hoặc dây COM.",
    "two_alike": "Có hai máy in giống hệt nhau, cài đặt không phân biệt được. Chọn lại máy in theo cổng USB.",
    "no_access": "Máy chưa được phép dùng máy in này. Đặt tệp udev của kiosk, rút dây USB rồi cắm lại.",
    "busy": "Chương trình khác đang giữ máy in. Bỏ máy in này khỏi CUPS, rút dây USB rồi cắm lại.",
    "no_driver": "Máy thiếu phần dùng USB. Cài gói libusb-1.0-0, hoặc nạp mô-đun usblp.",
    "no_device": "Địa chỉ máy in là một tệp thường, không phải máy in. Xem lại address của [[printer]].",
    "cups_down": "CUPS trên máy này không chạy. Chạy systemctl start cups.",
    "encrypted": "Máy in chỉ nhận in có mã hóa (IPPS). Bật IPP ở trang của máy in, hoặc lập hàng đợi CUPS cho nó.",
}


class PrinterError(Exception):
    """Base class: a reason and, for the log, the message of the device or the library."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason: Reason = reason


class NotSent(PrinterError):  # an outcome as much as an error
    """Nothing is on paper."""


class Unknown(PrinterError):
    """Some of the document may be on paper."""


class WrongState(Exception):
    """The job is in another state than this step needs, or does not exist."""
