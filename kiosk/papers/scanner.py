"""Set-up sheet for a card scanner: settings and a test, A5.

`python -m kiosk.papers.scanner FILE` (`make sheets`) writes it. It has no set-up codes: each maker has its own, in the
manual of the device. The code in the corner is a practice card, so that the sheet itself can be scanned as a test.
"""

import sys
from pathlib import Path

from kiosk.vietnam.id_card import practice_cards
from printers.document import Block, Gap
from printers.render.pdf import render_sheet
from printers.sheet import FormLine, FormText, Grid, Heading, Sheet, Title

_SET = (
    ("1. Về mặc định của hãng", "Factory default, Restore default"),
    ("2. Nối bằng cổng COM qua USB", "USB COM, Virtual COM, CDC"),
    ("3. Gửi nguyên chữ có dấu", "UTF-8, Raw data, No conversion"),
    ("4. Hết mã thì xuống dòng", "Suffix CR, Enter"),
    ("5. Không thêm gì ở đầu", "No prefix, AIM ID off"),
    ("6. Đọc mã QR, tự đọc khi thấy thẻ", "QR on, Presentation, Auto sense"),
)
_WRONG = (
    ("Màn hình báo “Đầu đọc thẻ tạm chưa dùng được”", "Xem dây, tên cổng, quyền của nhóm dialout."),
    ("Có tiếng bíp, màn hình đứng yên", "Quét lại mã số 2; xem tên cổng trong kiosk.toml."),
    ("Tên mất dấu", "Quét lại mã số 2 và số 3."),
    ("“Máy đọc thẻ chưa rõ”", "Quét lại mã số 4 và số 5; lau mặt kính."),
)
_TYPING = (
    "Đặt bàn phím kiểu Mỹ (US), nhanh nhất có thể, hết mã thì gửi Enter. Trong kiosk.toml để port trống.",
    "Kiểu này mất chữ có dấu: máy lấy số, ngày sinh, nam nữ; họ tên và nơi ở người dân gõ lại.",
)


def sheet() -> Sheet:
    """Return the sheet; its code is the practice card of the mother."""
    card = next(card for card in practice_cards() if card.key == "me")
    blocks: tuple[Block, ...] = (
        Title(("CÀI ĐẶT ĐẦU QUÉT THẺ",), subtitle="Dành cho cán bộ kỹ thuật"),
        Gap(2),
        Heading("Quét lần lượt các mã cài đặt này trong sách của đầu quét"),
        Grid(("Để làm gì", "Trong sách thường gọi là"), _SET, (0.5, 0.5)),
        _words("Mỗi hãng một bộ mã riêng, nên tờ này không in mã cài đặt."),
        Heading("Trên máy"),
        _words("Cắm đầu quét. Tên cổng: ls /dev/serial/by-id (hoặc /dev/ttyACM0)."),
        _words(
            "Người chạy máy phải thuộc nhóm dialout. Ghi tên cổng vào kiosk.toml, mục [scanner], port. Chạy lại máy."
        ),
        Heading("Thử"),
        _words(f"Chạy make run, mở trang chờ thẻ, đưa mã ở góc tờ này. Phải hiện đủ dấu: {card.line.split('|')[2]}."),
        Grid(("Thấy", "Làm"), _WRONG, (0.42, 0.58)),
        Heading("Đầu quét chỉ gõ được như bàn phím"),
        *(_words(text) for text in _TYPING),
    )
    return Sheet(blocks, "Cài đặt đầu quét thẻ", size="A5", qr=card.line, foot="Mã ở góc là thẻ tập, không của ai.")


def _words(text: str) -> FormLine:
    return FormLine((FormText(text),))


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(render_sheet(sheet()))
