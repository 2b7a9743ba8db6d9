"""Made-up view models, one for each state of a citizen page: what the gallery shows and the measures are taken on.

A new template or state gets its scene here, or nobody looks at it.
"""

from typing import Any

import segno

from kiosk.pages.showing import (
    CheckRow,
    Done,
    Fact,
    FactRow,
    Missing,
    Notice,
    OldWard,
    Option,
    Paper,
    Person,
    Pick,
    PickRow,
    ProcedureTile,
    Question,
    Row,
    Step,
    Suggestion,
)

BIRTH = "Đăng ký khai sinh"
EVENTS = (
    Option("co_con", "Sinh con", "Đăng ký khai sinh cho bé"),
    Option("ket_hon", "Cưới hỏi", "Kết hôn, xác nhận tình trạng hôn nhân"),
    Option("cho_o", "Chỗ ở", "Thường trú, tạm trú, xác nhận cư trú"),
    Option("nguoi_mat", "Người thân qua đời", "Khai tử, hỗ trợ mai táng"),
    Option("giay_to", "Sao giấy, chứng thực", "Bản sao, chữ ký, sửa giấy hộ tịch"),
    Option("gia_yeu", "Trợ cấp", "Hằng tháng, hưu trí xã hội"),
    Option("lam_an", "Buôn bán", "Đăng ký hộ kinh doanh"),
    Option("hoc", "Học làm trên mạng", "Lớp tập huấn của phường"),
)
FOUND = (
    ProcedureTile(
        "khai_sinh", "Đăng ký ", "khai sinh", "", "Cho bé mới sinh, làm trong ngày", "/need/khai_sinh", "baby"
    ),
    ProcedureTile("trich_luc", "Bản sao giấy ", "khai sinh", "", "Bản sao trích lục hộ tịch", "/need/trich_luc", "doc"),
    ProcedureTile(
        "cai_chinh", "Sửa giấy ", "khai sinh", "", "Thay đổi, cải chính hộ tịch", "/need/cai_chinh", "pencil"
    ),
)


def step(**changes: Any) -> Step:
    """A page of the birth registration."""
    plain: dict[str, Any] = {
        "id": "me",
        "title": "Người mẹ là ai?",
        "official": "",
        "help": "",
        "post": "/form/me",
        "back": "/form/truoc",
        "onward": "Tiếp tục",
        "number": 2,
        "total": 8,
        "procedure": BIRTH,
    }
    return Step(**(plain | changes))


ETHNIC = Question(
    part="ethnicity",
    key="me_dan_toc",
    label="Dân tộc",
    hint="thẻ không ghi",
    options=(Option("Kinh", "Kinh"), Option("Tà-ôi", "Tà-ôi"), Option("Cơ-tu", "Cơ-tu")),
    more=tuple(Option(n, n) for n in ("Bru-Vân Kiều", "Chăm", "Ê-đê", "Hoa", "Mường", "Nùng", "Tày", "Thái")),
)
MOTHER = (
    Fact("Họ và tên", "Nguyễn Thị Diệu Hiền", big=True),
    Fact("Ngày sinh", "12/03/1996"),
    Fact("Số định danh", "•••• •••• 0123", secret="046196000123"),
    Fact("Nơi ở trên thẻ", "Tổ 5, Phú Hậu, Thành phố Huế, Thừa Thiên Huế"),
)
WARD = OldWard(
    "me_noi_cu_tru",
    "phường Phú Hậu",
    "phường Phú Xuân",
    "tháng 7/2025",
    (Option("here", "Phải, vẫn ở đó"), Option("moved", "Đã chuyển đi")),
)
WAITING = Person(
    waiting=True,
    ask_card="Xin đưa thẻ căn cước của mẹ vào ô sáng dưới màn hình",
    scan_post="/form/me/card",
    scan_poll="/form/me/scan",
    by_hand_post="/form/me",
    skip_label="Không khai phần mẹ, chỉ khai cha",
    skip_post="/form/me",
)
READ = Person(waiting=False, ask_card="", facts=MOTHER, by_card=True, old_ward=WARD, rescan_post="/form/me")
FATHER_WRONG = (
    Question("text", "cha_ho_ten", "Họ, chữ đệm, tên", value="Trần Văn Phước", keyboard="name"),
    Question(
        "text",
        "cha_so",
        "Số định danh",
        value="046 093 000 45",
        hint="12 số trên thẻ",
        keyboard="id",
        error="Số định danh mới có 11 số, phải đủ 12 số",
    ),
    Question(
        "date",
        "cha_ngay_sinh",
        "Ngày sinh",
        value={"d": "31", "m": "9", "y": "1993"},
        error="Tháng 9 chỉ có 30 ngày",
        keyboard="date",
        wrong_boxes="d",
    ),
)
CHECK_ROWS = (
    CheckRow("Bé", "Trần Nguyễn Bảo Ngọc", ("Nữ, sinh 12/11/2026, dân tộc Kinh",), "/form/be"),
    CheckRow(
        "Nơi sinh, quê quán",
        "",
        ("Bệnh viện Trung ương Huế, phường Thuận Hóa. Quê phường Phú Xuân, Huế",),
        "/form/noi",
    ),
    CheckRow("Mẹ", "Nguyễn Thị Diệu Hiền", ("Sinh 12/03/1996, số •••• 0123",), "/form/me"),
    CheckRow("Cha", "Trần Văn Phước", ("Sinh 02/09/1993, số •••• 0456",), "/form/cha"),
    CheckRow("Người đi khai", "", ("Mẹ của bé. Điện thoại 0905 000 123",), "/form/nk"),
    CheckRow("Bản sao", "", ("Xin 2 bản, 16.000 đồng",), "/form/ban_sao"),
)
OFFLINE = Notice(
    "warn",
    "Đường truyền lên thành phố đang mất.",
    "Tờ khai đã ghi trong máy của phường, có mạng sẽ tự gửi. Bà con không phải làm lại.",
    icon="unplugged",
)


def qr(text: str) -> str:
    """A code as the done page gets it."""
    code: str = segno.make_qr(text, error="m").svg_inline(border=1, omitsize=True, svgclass=None, lineclass=None)
    return code


DONE = Done(
    procedure=BIRTH,
    number="A017",
    receipt_no="PK03-261125-0017-V",
    qr_svg=qr("PK03-261125-0017-V"),
    ahead="Còn 6 người phía trước, chừng 15 đến 25 phút",
    steps=(
        ("Cầm phiếu, ngồi chờ", "Phiếu đang in. Chưa ra thì nhớ số A017."),
        ("Nghe gọi số, đưa giấy tờ", "Giấy chứng sinh, căn cước của mẹ và cha."),
        ("Ký tờ khai, nhận giấy hẹn", "Đủ giấy thì nhận giấy khai sinh trong ngày."),
    ),
    line=OFFLINE,
    seconds=60,
)
NEED = {
    "title": BIRTH,
    "procedure_code": "khai_sinh",
    "rows": (
        FactRow("clock", "Xong trong ngày.", "Nộp sau 15 giờ thì ngày làm việc sau mới có."),
        FactRow(
            "money",
            "Không mất tiền",
            "nếu khai trong 60 ngày từ ngày sinh. Quá hạn thì thu theo mức của thành phố; hộ nghèo, gia đình có công, "
            "người khuyết tật được miễn.",
        ),
        FactRow(
            "doc",
            "Bản sao: 8.000 đồng",
            "một bản, nếu cần. Người có định danh điện tử mức 2 và đủ điều kiện được miễn đến hết 28/02/2027.",
        ),
    ),
    "situations": (
        Question(
            "choice",
            "cha_me",
            "Cha mẹ của bé đã đăng ký kết hôn chưa?",
            options=(Option("da_ket_hon", "Đã đăng ký", chosen=True), Option("chua", "Chưa")),
        ),
        Question(
            "choice",
            "ai",
            "Hôm nay ai đi khai?",
            options=(Option("cha_me", "Cha hoặc mẹ", chosen=True), Option("khac", "Người khác")),
        ),
    ),
    "papers": (
        Paper("chung_sinh", "Nộp", True, "Giấy chứng sinh", "bản chính", False),
        Paper("the", "Cho xem", False, "Căn cước", "của người đi khai", False),
        Paper("ket_hon", "Cho xem", False, "Giấy kết hôn", "của cha mẹ, nếu phường chưa tra được", True),
    ),
    "law": "Luật Hộ tịch 2014, Thông tư 04/2024/TT-BTP",
    "checked_on": "20/11/2026",
    "notices": (),
    "post": "/begin/khai_sinh",
    "say": None,
}
OFFICER_SAY = Notice(
    "info",
    "Việc này cán bộ khai giúp.",
    "Khai sinh và nhận con làm chung một lần, có thêm tờ khai. Mời lấy số để gặp cán bộ.",
    go=("/ticket", "Lấy số"),
)
MISSING = {
    "number": 7,
    "total": 8,
    "procedure": BIRTH,
    "notices": (),
    "doubts": (),
    "fill": (
        Missing(
            1, "Nơi sinh còn thiếu địa chỉ", "Đã có “Bệnh viện Trung ương Huế”, còn thiếu phường.", "/form/noi_sinh"
        ),
    ),
    "bring": (
        Missing(
            2,
            "Giấy chứng sinh, bản chính",
            "Bệnh viện cấp khi bé ra viện. Mất thì xin cấp lại ở đó; không có, cán bộ hướng dẫn làm giấy cam đoan.",
        ),
        Missing(3, "Căn cước của cha", "Lúc nãy gõ tay, nên quầy cần xem thẻ. Có trên VNeID cũng được."),
    ),
    "back": "/form/truoc",
    "onward": "/form/check",
}
CHECK = {
    "rows": CHECK_ROWS,
    "oath": "Tôi cam đoan những điều khai trên là đúng và chịu trách nhiệm về lời khai.",
    "reuse": "Giữ thông tin của tôi 12 tháng để lần sau khỏi khai lại. Không chọn vẫn nộp được.",
    "fee": "",
    "errors": (),
    "post": "/form/submit",
    "number": 8,
    "total": 8,
    "procedure": BIRTH,
    "back": "/form/missing",
}
NAME = step(
    id="ten_be",
    title="Tên của bé là gì?",
    official="Mục “Họ, chữ đệm, tên” của người được khai sinh",
    number=4,
    keyboard_open=True,
    questions=(
        Question(
            "text",
            "con_ho_ten",
            "Họ của bé",
            value="Trần Nguyễn Bảo Ngọc",
            keyboard="name",
            echo="Trên giấy khai sinh sẽ ghi",
            hint="Xin nhìn kỹ từng dấu: tên này theo bé suốt đời.",
            suggestions=(Suggestion("Trần (họ cha)", "Trần"), Suggestion("Nguyễn (họ mẹ)", "Nguyễn")),
        ),
    ),
)
BORN = step(
    id="ngay_sinh",
    title="Bé sinh ngày nào?",
    help="Ghi đúng như giấy chứng sinh.",
    example="23 / 10 / 2026",
    number=5,
    keyboard_open=True,
    questions=(
        Question(
            "date",
            "con_ngay_sinh",
            "",
            value={"d": "12", "m": "11", "y": "2026"},
            keyboard="date",
            note="Thứ Năm, ngày mười hai, tháng mười một, năm hai nghìn không trăm hai mươi sáu",
        ),
    ),
    notices=(Notice("ok", "", "Bé được 13 ngày, còn trong hạn 60 ngày: không mất lệ phí."),),
)
MIXED = step(
    id="nguoi_khai",
    title="Người đi khai là ai với bé?",
    number=6,
    questions=(
        Question(
            "choice",
            "quan_he",
            "Quan hệ với bé",
            options=(
                Option("me", "Mẹ", chosen=True),
                Option("cha", "Cha"),
                Option("ong_ba", "Ông, bà"),
                Option("khac", "Người thân khác"),
            ),
            official="Trên tờ khai: Quan hệ với người được khai sinh",
        ),
        Question(
            "text",
            "dien_thoai",
            "Số điện thoại",
            value="0905 000 123",
            keyboard="phone",
            optional=True,
            unknown="Không có điện thoại",
        ),
        Question(
            "number",
            "so_ban",
            "Lấy thêm mấy bản sao?",
            value="2",
            low=0,
            high=20,
            hint="mỗi bản 8.000 đồng",
            keyboard="number",
        ),
        Question(
            "place",
            "que_quan",
            "Quê quán",
            value={"title": "Phường Phú Xuân", "note": "Thành phố Huế", "detail": ""},
        ),
        Question("boolean", "khac_noi", "Nhận giấy qua bưu điện", value=False),
    ),
)
DOCUMENT = step(
    id="giay_to",
    title="Giấy tờ của cha là loại nào?",
    number=3,
    questions=(
        Question(
            "document",
            "cha_giay_to",
            "Giấy tờ tùy thân",
            value={
                "loai": "can_cuoc",
                "so": "046093000456",
                "ngay_cap": {"d": "10", "m": "5", "y": "2021"},
                "noi_cap": "Bộ Công an",
            },
            options=(
                Option("can_cuoc", "Căn cước", chosen=True),
                Option("ho_chieu", "Hộ chiếu"),
                Option("cmnd", "Chứng minh nhân dân"),
                Option("khac", "Giấy khác"),
            ),
        ),
    ),
)
PEOPLE = step(
    id="cung_o",
    title="Có ai ở cùng không?",
    help="Mỗi người một dòng, quét thẻ cho nhanh.",
    number=5,
    procedure="Đăng ký tạm trú",
    rows=(
        Row("Trần Thị Mẫu", "Con, sinh 2014", "/form/cung_o/0", "/form/cung_o/0/remove"),
        Row("Hồ Văn Thử", "Cha, sinh 1954", "/form/cung_o/1", "/form/cung_o/1/remove"),
    ),
    add_label="Thêm một người",
    add_post="/form/cung_o",
    unknown_label="Không có ai ở cùng",
    unknown_post="/form/cung_o",
)
WARD_PICK = Pick(
    title="Người mẹ ở phường, xã nào?",
    official="",
    post="/form/me/pick/noi",
    rows_url="/form/me/pick/noi/rows",
    back="/form/me",
    query="phu xuan",
    rows=(
        PickRow("19753", "Phường ", "Phú Xuân", "", "Thành phố Huế"),
        PickRow("20308", "Xã Phú Hồ", "", "", "Thành phố Huế, gồm xã Phú Xuân cũ"),
        PickRow("24400", "Xã ", "Phú Xuân", "", "Tỉnh Đắk Lắk"),
    ),
    status="Có 3 nơi mang tên này, mới hoặc cũ",
    procedure=BIRTH,
    number=2,
    total=8,
    unknown="Không thấy tên, không nhớ",
)
SIZES = (Option("", "Vừa", chosen=True), Option("large", "To"), Option("xl", "Rất to"))
EASIER = {
    "groups": (
        Question("choice", "size", "Cỡ chữ", options=SIZES),
        Question(
            "choice",
            "theme",
            "Màu nền",
            options=(Option("", "Nền sáng", chosen=True), Option("dark", "Nền tối, chữ trắng")),
        ),
        Question(
            "choice", "lang", "Ngôn ngữ", options=(Option("vi", "Tiếng Việt", chosen=True), Option("en", "English"))
        ),
    ),
    "back": "/form/ten_be",
}
STATUS_FOUND = {
    "title": "Đang giải quyết",
    "text": "Đăng ký khai sinh. Hẹn trả 16 giờ, thứ Sáu 27/11/2026.",
    "as_of": "Theo thành phố báo lúc 8:31, 25/11/2026",
    "do": "Không phải làm gì. Đúng ngày thì mang giấy hẹn đến nhận.",
    "steps": (
        ("Đã nộp tờ khai ở máy", "8:31, 25/11/2026"),
        ("Cán bộ đã nhận hồ sơ", "8:52, 25/11/2026"),
        ("Đang giải quyết", ""),
    ),
}
SERIES = (
    Option("A-HOTICH", "Hộ tịch", "Khai sinh, kết hôn, khai tử. 6 người chờ"),
    Option("B-CHUNGTHUC", "Chứng thực", "Sao y, chữ ký. 3 người chờ"),
    Option("C-CONGAN", "Cư trú", "Thường trú, tạm trú. Chưa ai chờ"),
    Option("D-XAHOI", "Trợ cấp, chính sách", "Người già, khuyết tật. 2 người chờ"),
    Option("E-KHAC", "Việc khác", "Chưa rõ thì chọn ô này"),
)

SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "01-start": ("citizen/start.html", {}),
    "02a-choose": ("citizen/choose.html", {"events": EVENTS, "event": "", "query": "", "tiles": (), "status": ""}),
    "02b-search": (
        "citizen/choose.html",
        {
            "events": EVENTS,
            "event": "",
            "query": "khai sinh",
            "tiles": FOUND,
            "status": "Có 3 thủ tục hợp với “khai sinh”",
        },
    ),
    "02c-event": (
        "citizen/choose.html",
        {"events": EVENTS, "event": "co_con", "query": "", "tiles": FOUND[:2], "status": ""},
    ),
    "03-need": ("citizen/need.html", NEED),
    "03b-officer": ("citizen/need.html", NEED | {"say": OFFICER_SAY}),
    "04-scan": ("citizen/step.html", {"step": step(official="Mục “Người mẹ” trên tờ khai", person=WAITING)}),
    "05-confirm": ("citizen/step.html", {"step": step(person=READ, questions=(ETHNIC,), onward="Đúng rồi")}),
    "06-name": ("citizen/step.html", {"step": NAME}),
    "07-ward": ("citizen/pick.html", {"pick": WARD_PICK}),
    "08-birth": ("citizen/step.html", {"step": BORN}),
    "08b-mixed": ("citizen/step.html", {"step": MIXED}),
    "08c-document": ("citizen/step.html", {"step": DOCUMENT}),
    "08d-people": ("citizen/step.html", {"step": PEOPLE}),
    "09-missing": ("citizen/missing.html", MISSING),
    "10-check": ("citizen/check.html", CHECK),
    "10b-check-error": ("citizen/check.html", CHECK | {"errors": (("oath", "Chưa đánh dấu lời cam đoan"),)}),
    "11-done": ("citizen/done.html", {"done": DONE}),
    "13-error": (
        "citizen/step.html",
        {
            "step": step(
                title="Người cha là ai?",
                number=3,
                questions=FATHER_WRONG,
                errors=(("cha_so", FATHER_WRONG[1].error), ("cha_ngay_sinh", FATHER_WRONG[2].error)),
            )
        },
    ),
    "26-easier": ("citizen/easier.html", EASIER),
    "27-status": ("citizen/status.html", {"form": {"code": "", "last4": ""}, "found": None, "errors": ()}),
    "27b-found": (
        "citizen/status.html",
        {"form": {"code": "PK03-261125-0017-V", "last4": "0123"}, "found": STATUS_FOUND, "errors": ()},
    ),
    "28-ticket": ("citizen/ticket.html", {"series": SERIES, "post": "/ticket", "drawn": None}),
    "28b-drawn": (
        "citizen/ticket.html",
        {"series": (), "drawn": {"number": "B004", "name": "Chứng thực", "ahead": "Còn 3 người phía trước"}},
    ),
    "29-leave": ("citizen/leave.html", {"back": "/form/me"}),
    "30-fault": (
        "error.html",
        {
            "title": "Máy trục trặc một chút",
            "text": "Những gì đã khai vẫn còn. Mời gọi cán bộ và đọc mã ở dưới.",
            "code": "K-14",
            "action": ("/", "Về trang đầu"),
        },
    ),
}
