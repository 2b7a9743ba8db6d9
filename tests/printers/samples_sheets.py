"""Made-up official sheets for the tests of printing."""

from printers.document import Block, Gap
from printers.sheet import (
    Answer,
    Barcode,
    Box,
    FormLine,
    FormText,
    Grid,
    Heading,
    NationalHeader,
    Part,
    Sheet,
    Signature,
    Signatures,
    Title,
)

RECEIPT = "PK03-261125-0017-V"


def answer_line(*pairs: tuple[str, str, str], space_above: float = 0) -> FormLine:
    """Return a line of the form with triples of label, note number and answer."""
    parts: list[Part] = []
    for label, note, answer in pairs:
        parts += [FormText(label, note=note), FormText(":"), Answer(answer)]
    return FormLine(tuple(parts), space_above=space_above)


def parent(which: str, *, name: str, born: str, number: str) -> tuple[Block, ...]:
    return (
        answer_line((f"Họ, chữ đệm, tên người {which}", "", name), space_above=1),
        answer_line(("Ngày, tháng, năm sinh", "(5)", born), ("Dân tộc", "", "Kinh"), ("Quốc tịch", "", "Việt Nam")),
        answer_line(("Nơi cư trú", "(3)", "Tổ 5, phường Phú Xuân, thành phố Huế")),
        answer_line(("Giấy tờ tùy thân", "(2)", f"Căn cước công dân số {number}, cấp ngày 10/05/2021")),
    )


def declaration(*, practice: bool = False, name: str = "NGUYỄN THỊ DIỆU HIỀN", size: str = "A4") -> Sheet:
    """Return a declaration of birth, filled in."""
    return Sheet(
        (
            NationalHeader(),
            Title(("TỜ KHAI ĐĂNG KÝ KHAI SINH",)),
            FormLine(
                (
                    FormText("Kính gửi", note="(1)"),
                    FormText(":"),
                    Answer("Ủy ban nhân dân phường Phú Xuân, thành phố Huế", grow=0),
                ),
                align="centre",
            ),
            answer_line(("Họ, chữ đệm, tên người yêu cầu", "", name), space_above=1),
            answer_line(("Ngày, tháng, năm sinh", "", "12/03/1996")),
            answer_line(("Giấy tờ tùy thân", "(2)", "Căn cước công dân số 046196000123, cấp ngày 10/05/2021")),
            answer_line(("Nơi cư trú", "(3)", "Tổ 5, phường Phú Xuân, thành phố Huế")),
            answer_line(("Quan hệ với người được khai sinh", "", "Mẹ")),
            Heading("Đề nghị cơ quan đăng ký khai sinh cho người dưới đây:"),
            answer_line(("Họ, chữ đệm, tên", "", "TRẦN NGUYỄN BẢO NGỌC")),
            answer_line(("Ngày, tháng, năm sinh", "", "12/11/2026")),
            answer_line(("ghi bằng chữ", "", "ngày mười hai, tháng mười một, năm hai nghìn không trăm hai mươi sáu")),
            answer_line(("Giới tính", "", "Nữ"), ("Dân tộc", "", "Kinh"), ("Quốc tịch", "", "Việt Nam")),
            answer_line(("Nơi sinh", "(4)", "Bệnh viện Trung ương Huế, phường Thuận Hóa, thành phố Huế")),
            answer_line(("Quê quán", "", "Phường Phú Xuân, thành phố Huế")),
            *parent("mẹ", name="NGUYỄN THỊ DIỆU HIỀN", born="12/03/1996", number="046196000123"),
            *parent("cha", name="TRẦN VĂN PHƯỚC", born="02/09/1993", number="046093000456"),
            FormLine(
                (
                    FormText("Giấy chứng nhận kết hôn của cha, mẹ: số:"),
                    Answer("42/2024"),
                    FormText("ngày:"),
                    Answer("18/03/2024"),
                ),
                space_above=1,
            ),
            FormLine(
                (
                    FormText(
                        "Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật "
                        "về cam đoan của mình."
                    ),
                ),
                align="justify",
                space_above=1.5,
            ),
            Signatures(
                right=Signature("Người yêu cầu"),
                place_date="Làm tại: phường Phú Xuân, ngày 25 tháng 11 năm 2026",
            ),
            FormLine((FormText("Đề nghị cấp bản sao: Có"), Box(ticked=True), FormText("Không"), Box())),
            FormLine((FormText("Số lượng:"), Answer("2", grow=0, align="centre"), FormText("bản"))),
        ),
        title="Tờ khai đăng ký khai sinh",
        qr=RECEIPT,
        foot="Khai tại kiosk, máy 1, lúc 8:31 ngày 25/11/2026. Xin đọc lại trước khi ký.",
        receipt=RECEIPT,
        practice=practice,
    )


def acceptance() -> Sheet:
    """Return form 01: acceptance and appointment."""
    return Sheet(
        (
            NationalHeader(
                agency=("UBND PHƯỜNG PHÚ XUÂN", "TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG"),
                number="Số: 42/TTPVHCC, liên 1",
                place_date="Phú Xuân, ngày 25 tháng 11 năm 2026",
            ),
            Title(("GIẤY TIẾP NHẬN HỒ SƠ", "VÀ HẸN TRẢ KẾT QUẢ")),
            Barcode("H57.99.01-261125-0042", "Mã hồ sơ:", qr="H57.99.01-261125-0042"),
            answer_line(("Bộ phận tiếp nhận và trả kết quả", "", "Trung tâm PVHCC phường Phú Xuân")),
            answer_line(("Tiếp nhận hồ sơ của", "", "NGUYỄN THỊ DIỆU HIỀN, căn cước ••••••••0123")),
            answer_line(("Địa chỉ", "", "Tổ 5, phường Phú Xuân, thành phố Huế")),
            answer_line(("Số điện thoại", "", "0905 000 123")),
            answer_line(("Nội dung yêu cầu giải quyết", "", "Đăng ký khai sinh cho TRẦN NGUYỄN BẢO NGỌC")),
            FormLine((FormText("1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:"),), space_above=0.8),
            Grid(
                head=("STT", "Tên giấy tờ", "Loại", "Số lượng"),
                rows=(
                    ("1", "Tờ khai đăng ký khai sinh", "Bản chính", "1"),
                    ("2", "Giấy chứng sinh", "Bản chính", "1"),
                    ("3", "Căn cước của mẹ và cha (xuất trình)", "Đã trả lại", "2"),
                ),
                shares=(1, 9, 2.5, 1.7),
                aligns=("centre", "left", "centre", "centre"),
            ),
            answer_line(("2. Số lượng hồ sơ", "", "01 bộ")),
            answer_line(("3. Thời gian giải quyết hồ sơ theo quy định là", "", "trong ngày làm việc")),
            answer_line(("4. Thời gian nhận hồ sơ", "", "8 giờ 52 phút, ngày 25/11/2026")),
            answer_line(("5. Thời gian trả kết quả", "", "17 giờ 00 phút, ngày 25/11/2026")),
            answer_line(("6. Nhận kết quả tại", "", "Trung tâm Phục vụ hành chính công, quầy 3")),
            answer_line(("7. Phí, lệ phí", "", "Khai sinh đúng hạn 0 đồng; 2 bản sao 16.000 đồng, đã thu")),
            Gap(1),
            Signatures(
                Signature("NGƯỜI NỘP HỒ SƠ", "(Ký và ghi rõ họ tên)"),
                Signature("NGƯỜI TIẾP NHẬN HỒ SƠ", "(Ký và ghi rõ họ tên)", "Lê Hoài An"),
                space=14,
            ),
        ),
        title="Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        size="A5",
        notice=(
            FormText("Chú ý:", bold=True),
            FormText(
                " Khi nhận kết quả xin mang theo giấy này và căn cước; nhận thay phải có giấy ủy quyền. Tổng đài "
            ),
            FormText("1900 1075", bold=True),
            FormText(". Xem đã làm đến đâu tại kiosk bằng mã trên và 4 số cuối của căn cước."),
        ),
    )
