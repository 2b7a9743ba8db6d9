"""Guide for the officer's table: keys, the day from the first call to the last, phone numbers, A4.

`python -m kiosk.papers.guide FILE` (`make sheets`) writes it. It has no ward and no phone number: those are written by
hand, so it stays valid when a number changes.
"""

import sys
from pathlib import Path

from printers.document import Block
from printers.sheet import Columns, FormLine, FormText, Grid, Heading, Sheet, Title

SMALL = 9.5
"""Size of the tables, in points."""
KEYS = (
    ("F1", "Khóa máy khi rời bàn"),
    ("F2", "Gọi số tiếp"),
    ("F3", "Gọi lại"),
    ("F4", "Vắng"),
    ("F6", "Giữ lại"),
    ("F7", "Đã tới"),
    ("F8", "Xong"),
    ("F9", "Tiếp nhận"),
    ("F10", "In giấy của bước này"),
    ("Ctrl Enter", "Ghi, sang trang sau"),
    ("Ctrl Z", "Hoàn tác"),
    ("Ctrl K, ?", "Tìm, xem phím"),
    ("Esc", "Thôi, về tờ khai"),
    ("1 đến 9", "Đã xem giấy"),
    ("B T", "Bổ sung, từ chối"),
    ("S G P N", "Sửa, ghi chú, phí, đọc"),
)
MORNING = (
    "Mở trang */officer/*, gõ tên, mật khẩu, chọn quầy của mình.",
    "Xem máy in phiếu còn giấy, bảng treo tường có hiện số.",
    "Giờ trên máy sai thì báo kỹ thuật trước khi gọi.",
)
CALL = (
    "*F2*: máy gọi theo lệ của phường. Bấm hai lần tính một lần. "
    "Người trước chưa có quyết định thì máy hỏi: *1* đến *4*.",
    "Chưa thấy ai: *F3* gọi lại. Vẫn không thấy: *F4*, số xếp lại cuối hàng; ba lần thì đóng.",
    "Về lấy giấy: *F6* giữ số, lúc trở lại gọi ngay, không lấy số mới.",
    "Nhầm dãy thì bấm *Chuyển*; số giữ nguyên.",
    "Khung vàng, chuông kêu: người dân gọi ở máy ngoài sảnh. Bấm *Tôi tới* hoặc Alt T.",
)
ACCEPT = (
    "Hỏi lại chỗ tô vàng. Xem thẻ thật. Xem từng giấy, đánh dấu giấy đã xem.",
    "Nhập vào hệ thống của thành phố bằng nút *Chép*, lấy mã hồ sơ.",
    "*F9*, gõ mã hồ sơ, chọn ngày hẹn, lại *F9*. *F10* in; hai bên ký, liên 1 giao người nộp.",
    "Chưa có mã hồ sơ: *F10* in *Giấy tiếp nhận tạm*; có mã thì ghi mã, in lại.",
    "Bấm nhầm: *Ctrl Z* khi dải xanh còn hiện. Muộn hơn thì nhờ người phụ trách mở lại.",
)
MORE = (
    "Thiếu giấy: *Yêu cầu bổ sung*, ghi hết trong một lần, in phiếu, rồi *F6* giữ số.",
    "Không nhận được: *Từ chối*, ghi lý do để người nộp biết phải làm gì.",
    "Trễ hẹn: *Xin lỗi, hẹn lại* trước khi quá hạn; thủ trưởng ký, cả thông báo dừng.",
    "*Trả kết quả*: xem Giấy tiếp nhận, căn cước; nhận thay có ủy quyền. Người nhận ký.",
)
TROUBLES = (
    ("Mất mạng", "Cứ gọi, cứ nhận. Có mạng máy tự gửi, không gửi hai lần."),
    ("Phiếu không ra", "Thay giấy, đóng nắp. Vẫn không ra thì ghi tay số, báo kỹ thuật."),
    ("Trang không mở", "Gọi miệng theo phiếu, báo kỹ thuật. Số và tờ khai không mất."),
    ("Quên mật khẩu", "Nhờ người phụ trách cấp lại."),
    (
        "Rời bàn, xong ca",
        "Rời bàn: *F1*. Xong ca: *Đăng xuất*. Không đọc to tên, số định danh.",
    ),
)
SECTIONS = (
    ("Buổi sáng", MORNING),
    ("Gọi số", CALL),
    ("Tiếp nhận", ACCEPT),
    ("Khi chưa nhận được, khi trễ, khi trả", MORE),
)
"""Titles and numbered lines of the guide; words between asterisks are bold. The desk shows them on a page too."""
_CONTACTS = ("Kỹ thuật của phường", "Người phụ trách quầy", "Hỗ trợ của thành phố")


def sheet() -> Sheet:
    """Return the guide."""
    troubles = tuple((FormLine(_parse(f"*{trouble}*")), FormLine(_parse(action))) for trouble, action in TROUBLES)
    numbers = ((FormLine((FormText("Số:"),)),) * len(_CONTACTS),)
    blocks: tuple[Block, ...] = (
        Title(("VIỆC Ở QUẦY TRONG NGÀY",), subtitle="Mỗi quầy một tờ, để ở bàn"),
        Columns(
            (*_section(*SECTIONS[0]), *_section(*SECTIONS[1])),
            (
                Heading("Phím tắt"),
                Grid(head=("Phím", "Nút"), rows=KEYS, shares=(1, 2), aligns=("centre",), size=SMALL),
            ),
            share=0.62,
        ),
        *_section(*SECTIONS[2]),
        *_section(*SECTIONS[3]),
        Heading("Khi trục trặc"),
        Grid(head=("Thấy", "Làm"), rows=troubles, shares=(1, 2.9), size=SMALL),
        Heading("Gọi ai"),
        Grid(head=_CONTACTS, rows=numbers, shares=(1,) * len(_CONTACTS), size=SMALL, min_row_height=8),
    )
    return Sheet(blocks, "Việc ở quầy trong ngày", foot="Đầy đủ hơn: docs/officer.md.")


def _section(name: str, lines: tuple[str, ...]) -> tuple[Block, ...]:
    return (Heading(name), *(FormLine(_parse(f"{number}. {line}")) for number, line in enumerate(lines, 1)))


def _parse(text: str) -> tuple[FormText, ...]:
    """Return words of the form; those between asterisks are bold."""
    return tuple(FormText(part, bold=bool(number % 2)) for number, part in enumerate(text.split("*")) if part)


if __name__ == "__main__":
    from printers.render.pdf import render_sheet

    Path(sys.argv[1]).write_bytes(render_sheet(sheet()))
