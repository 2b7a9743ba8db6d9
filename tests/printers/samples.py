"""Made-up documents for the tests of printing."""

from io import BytesIO

from PIL import Image

from printers.document import (
    BODY,
    FIGURE,
    TITLE,
    BigNumber,
    Bridge,
    Code,
    Cut,
    Document,
    Frame,
    Gap,
    Pair,
    Picture,
    Rule,
    Run,
    Table,
    Text,
    Tick,
)

RECEIPT = "PK03-261125-0017-V"


def ticket(*, practice: bool = False) -> Document:
    """Return a queue ticket."""
    return Document(
        (
            Bridge(),
            Text("PHƯỜNG PHÚ XUÂN", size=TITLE, weight="strong", align="centre"),
            Text("Trung tâm Phục vụ hành chính công", align="centre"),
            Rule(),
            Text("SỐ THỨ TỰ", size=TITLE, weight="strong", align="centre"),
            BigNumber("A017"),
            Text("Hộ tịch, xin nghe gọi quầy", size=TITLE, weight="strong", align="centre"),
            Rule(),
            Pair("Lấy số lúc", "8:31, thứ Tư 25/11/2026"),
            Pair("Phía trước", "6 người"),
            Pair("Chờ chừng", "15 đến 25 phút"),
            Rule(dashed=True),
            Code(
                "qr",
                RECEIPT,
                caption=RECEIPT,
                beside=(
                    Text("Tới quầy xin đưa:", weight="strong"),
                    Text("phiếu này, căn cước, giấy chứng sinh"),
                ),
                module=7,
            ),
            Rule(),
            Text("Gọi mà không có mặt thì xếp lại cuối hàng và được gọi lại. Vắng 3 lần thì xin lấy số mới."),
            Gap(1),
            Text((Run("Số dùng trong ngày. Tổng đài "), Run("1900 1075", "strong"))),
        ),
        practice=practice,
    )


def slip(*, practice: bool = False) -> Document:
    """Return the slip of a submitted form."""
    return Document(
        (
            Bridge(),
            Text("PHƯỜNG PHÚ XUÂN", weight="strong", align="centre"),
            Text("Trung tâm Phục vụ hành chính công", align="centre"),
            Rule(),
            Text("PHIẾU XÁC NHẬN", size=TITLE, weight="strong", align="centre"),
            Text("ĐÃ NHẬP TỜ KHAI TẠI MÁY", size=TITLE, weight="strong", align="centre"),
            Frame("Chưa phải Giấy tiếp nhận hồ sơ"),
            Rule(),
            Text("Đăng ký khai sinh", size=TITLE, weight="strong"),
            Pair("Khai cho bé", "Trần Nguyễn Bảo Ngọc"),
            Pair("Người khai", "Nguyễn Thị Diệu Hiền"),
            Pair("Số định danh", "•••• •••• 0123"),
            Pair("Nộp lúc", "8:31, 25/11/2026, máy 1"),
            Pair("Số thứ tự", "A017", size=FIGURE),
            Rule(),
            Text("Cần mang đến quầy", size=TITLE, weight="strong"),
            Tick("Giấy chứng sinh, bản chính"),
            Tick("Căn cước của mẹ và cha (thẻ hoặc VNeID)"),
            Tick("Giấy kết hôn, nếu quầy hỏi"),
            Text(
                (
                    Run("Lệ phí: khai sinh "),
                    Run("0 đồng", "strong"),
                    Run(", 2 bản sao "),
                    Run("16.000 đồng.", "strong"),
                )
            ),
            Rule(dashed=True),
            Code(
                "qr",
                RECEIPT,
                caption=RECEIPT,
                caption_size=TITLE,
                beside=(
                    Text("Xem đã làm đến đâu:", weight="strong"),
                    Text("đưa mã này vào máy, bấm 4 số cuối của căn cước."),
                ),
            ),
            Rule(),
            Text(
                "Tờ khai đã ghi trong máy của phường và tự gửi lên thành phố khi có đường truyền. "
                "Bà con không phải khai lại."
            ),
            Gap(1),
            Text((Run("Tổng đài "), Run("1900 1075", "strong")), size=BODY),
        ),
        practice=practice,
    )


def every_block() -> Document:
    """Return a document with each kind of block that tickets and slips do not have."""
    png = BytesIO()
    Image.new("L", (40, 20), 0).save(png, "PNG")
    return Document(
        (
            Text("Phiếu thử", size=TITLE, weight="strong", align="centre"),
            Table(
                rows=(("Khai sinh", "0 đồng"), ("2 bản sao", "16.000 đồng")),
                shares=(2, 1),
                aligns=("left", "right"),
                head=("Việc", "Tiền"),
            ),
            Code("qr", RECEIPT),
            Code("code128", "PK00-000000-0000"),
            Gap(2),
            Picture(png.getvalue(), width=30, alt_text="vạch đen"),
            Cut(),
        )
    )
