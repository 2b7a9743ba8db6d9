"""Made-up view models, one for each state of a citizen page; the gallery shows them and the tests measure them.

A new template or state needs a scene here, else it is not measured.
"""

from dataclasses import replace
from typing import Any

import segno

from kiosk.base import clock
from kiosk.config import Config
from kiosk.dossiers.need_rows import FactRow, PaperRow
from kiosk.pages.beside.menu import TrayCard
from kiosk.pages.citizen.keep import KeepOffer
from kiosk.pages.citizen.paper_feeder import FeederPicture, FeederView
from kiosk.pages.citizen.photographed_papers import CopyCost, PhotographedPaper
from kiosk.pages.citizen.privacy import privacy_rows
from kiosk.pages.citizen.ticket import PRIORITY_GROUPS
from kiosk.pages.forms.faces import faces_page
from kiosk.pages.forms.view_models import (
    CheckRow,
    DonePage,
    EventTile,
    ListPrint,
    MissingItem,
    Notice,
    Option,
    PayPage,
    ProcedureTile,
    Question,
)
from kiosk.procedures.practice_tasks import practice_tasks
from kiosk.records.scans import DraftPage
from printers.printable_text import add_no_break_spaces
from tests.look.steps import (
    BIRTH,
    BORN,
    BORN_WHERE,
    COPIES,
    COPIES_SUM,
    DEATH_NOTICE,
    DOCUMENT,
    ETHNIC,
    FATHER_WRONG,
    KINDS,
    MIXED,
    NAME,
    PEOPLE,
    PHONE,
    READ,
    READ_FIVE_FACTS,
    THINGS,
    WAITING,
    WARD_PICK,
    step,
)

EVENTS = (
    EventTile("co_con", "Sinh con", "Đăng ký khai sinh cho bé", "/choose?event=co_con"),
    EventTile("ket_hon", "Kết hôn", "Kết hôn, xác nhận tình trạng hôn nhân", "/choose?event=ket_hon"),
    EventTile("cho_o", "Chỗ ở", "Thường trú, tạm trú, xác nhận cư trú", "/choose?event=cho_o"),
    EventTile("nguoi_mat", "Nhà có người mất", "Khai tử, hỗ trợ mai táng", "/choose?event=nguoi_mat"),
    EventTile("giay_to", "Sao giấy, chứng thực", "Bản sao, chữ ký, sửa giấy hộ tịch", "/choose?event=giay_to"),
    EventTile("gia_yeu", "Trợ cấp", "Hằng tháng, hưu trí xã hội", "/choose?event=gia_yeu"),
    EventTile("lam_an", "Buôn bán", "Đăng ký hộ kinh doanh", "/choose?event=lam_an"),
    EventTile("hoc", "Học dịch vụ công", "Lớp tập huấn của phường", "/choose?event=hoc"),
)

FOUND = (
    ProcedureTile(
        code="khai_sinh",
        before="Đăng ký ",
        match="khai sinh",
        after="",
        line="Cho bé mới sinh, làm trong ngày",
        address="/need/khai_sinh",
        event="co_con",
    ),
    ProcedureTile(
        code="trich_luc",
        before="Bản sao giấy ",
        match="khai sinh",
        after="",
        line="Bản sao trích lục hộ tịch",
        address="/need/trich_luc",
        event="giay_to",
    ),
    ProcedureTile(
        code="cai_chinh",
        before="Sửa giấy ",
        match="khai sinh",
        after="",
        line="Thay đổi, cải chính hộ tịch",
        address="/need/cai_chinh",
        event="giay_to",
    ),
)

MADE_UP_CARDS = (
    TrayCard(key="me", vi="Mẹ", en="Mother", name="Nguyễn Thị Diệu Hiền", year="1996"),
    TrayCard(key="cha", vi="Cha", en="Father", name="Trần Văn Phước", year="1993"),
)
BESIDE = {
    "beside": True,
    "practice": True,
    "has_form": False,
    "nothing_to_lose": True,
    "visit_code": 3,
    "visit_mark": "0a1b2c3d4e5f6071",
    "shows_tips": True,
    "tray_cards": MADE_UP_CARDS,
    "tray_codes": (),
}
RESULT: dict[str, Any] = {
    "task": practice_tasks()[0],
    "number": 1,
    "total": 3,
    "findings": (
        (True, "Đưa thẻ, máy đọc được ngay", "Đã đọc 2 thẻ."),
        (True, "Gõ đúng tên, đủ dấu", "“Trần Nguyễn Bảo Mẫu”, tự sửa chỗ sai."),
        (False, "Nên tập thêm: dấu hỏi và dấu ngã", "Nhìn hình trên phím, chạm lần nữa để xóa dấu."),
    ),
    "next_task": practice_tasks()[1],
    "can_print": True,
    "job": None,
}

CHECK_ROWS = (
    CheckRow(group="Bé", name="Trần Nguyễn Bảo Ngọc", lines=("Nữ, sinh 12/11/2026, dân tộc Kinh",), change="/form/be"),
    CheckRow(
        group="Nơi sinh, quê quán",
        name="",
        lines=("Bệnh viện Trung ương Huế, phường Thuận Hóa. Quê phường Phú Xuân, Huế",),
        change="/form/noi",
    ),
    CheckRow(group="Mẹ", name="Nguyễn Thị Diệu Hiền", lines=("Sinh 12/03/1996, số •••• 0123",), change="/form/me"),
    CheckRow(group="Cha", name="Trần Văn Phước", lines=("Sinh 02/09/1993, số •••• 0456",), change="/form/cha"),
    CheckRow(group="Người đi khai", name="", lines=("Mẹ của bé. Điện thoại 0905 000 123",), change="/form/nk"),
    CheckRow(group="Bản sao", name="", lines=("Xin 2 bản, 16.000 đồng",), change="/form/ban_sao"),
)

OFFLINE = Notice(
    "warn",
    "Đang mất mạng.",
    "Tờ khai đã lưu ở phường, có mạng máy tự gửi, không phải khai lại.",
    icon="unplugged",
)


def qr(text: str) -> str:
    """Return a QR code as SVG, as on the page after Submit."""
    code: str = segno.make_qr(text, error="m").svg_inline(border=1, omitsize=True, svgclass=None, lineclass=None)
    return code


FIRST = {"go": "/priority/1", "said": ""}
DRAWN = {
    "number": "B004",
    "name": "Chứng thực",
    "ahead": "Còn 3 người phía trước, chừng 15 đến 25 phút",
    "first": FIRST,
}

DONE = DonePage(
    procedure=BIRTH,
    number="A017",
    receipt_no="PK03-261125-0017-V",
    qr_svg=qr("https://mot-cua.hue.example/h/abcdefghijklmnop#PK03-261125-0017-V"),
    ahead="Còn 6 người phía trước, chừng 15 đến 25 phút",
    steps=(
        ("Cầm phiếu, ngồi chờ", "Phiếu đang in. Chưa ra thì nhớ số A017."),
        ("Nghe gọi số, đưa giấy tờ", "Giấy chứng sinh, căn cước của mẹ và cha."),
        ("Ký tờ khai, nhận Giấy tiếp nhận", "Đủ giấy thì nhận giấy khai sinh trong ngày."),
    ),
    delivery_notice=OFFLINE,
    seconds=60,
    opinion="/opinion",
)

DONE_FEE = replace(
    DONE,
    pay="Trả 12.000 đồng",
    paper_url="/result/paper",
    slip_words={
        "printing": "Phiếu đang in. Chưa ra thì nhớ số A017.",
        "printed": "Phiếu đã in. Mời lấy ở khe giấy và giữ lại.",
        "no_paper": "Máy hết giấy. Xin nhớ số A017.",
        "failed": "Phiếu chưa in được. Xin nhớ số A017.",
    },
)

PAY = PayPage(
    procedure="Chứng thực bản sao từ bản chính",
    state="waits 0",
    is_here=False,
    number="B009",
    ahead="",
    label="Lệ phí",
    amount="12.000 đồng",
    qr_svg=qr("00020101021238540010A00000072701240006970436011000000000000208QRIBFTTA53037045405120005802VN62170813"),
    purpose="PHI PK03ABCDEFGH",
    steps=(
        ("Quét mã bằng ứng dụng ngân hàng", "Xin đừng sửa số tiền, nội dung."),
        ("Xem đúng tên người nhận", "UBND PHƯỜNG PHÚ XUÂN, 0000000000"),
        ("Tiền mặt thì đưa ở quầy", "Được miễn thì đừng trả, hỏi ở quầy."),
    ),
    notice=Notice("info", "Chưa thấy tiền về.", "Về tới là báo ngay.", icon="clock"),
    warning="",
    seconds=120,
)
PAID = replace(
    PAY,
    is_here=True,
    ahead="Còn 2 người phía trước, chừng 8 đến 15 phút",
    steps=(
        ("Không phải trả ở quầy nữa", "Quầy cũng đã thấy tiền về."),
        ("Nghe gọi số, đến quầy", "Biên lai lấy ở quầy."),
    ),
    notice=Notice("ok", "Đã nhận 12.000 đồng.", "Ngân hàng báo lúc 8:47: đủ tiền, đúng mã."),
    seconds=60,
)
SHORT = Notice("warn", "Đã nhận 6.000 đồng.", "Quét mã mới, hoặc trả thêm ở quầy.")

NEED = {
    "title": BIRTH,
    "procedure_code": "khai_sinh",
    "asks": False,
    "is_begun": False,
    "change": "/need/khai_sinh?change=1",
    "known": {"cha_me": "da_ket_hon", "ai": "cha_me"},
    "list_print": ListPrint(copy=1, paper_url=""),
    "first": (),
    "rows": (
        FactRow("clock", "Xong trong ngày.", "Nộp sau 15 giờ thì ngày làm việc sau mới có."),
        FactRow(
            "money",
            "Không mất tiền",
            "nếu khai trong 60 ngày từ ngày sinh. Quá hạn thì theo mức Hội đồng nhân dân thành phố quy định; cán bộ "
            "báo số tiền. Gia đình có công với cách mạng, hộ nghèo, người khuyết tật được miễn.",
        ),
        FactRow(
            "doc",
            "Bản sao: 8.000 đồng",
            "một bản, nếu cần.",
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
        PaperRow(
            id="chung_sinh",
            tag="Nộp",
            stays=True,
            name="Giấy chứng sinh (bản chính)",
            text="",
            optional=False,
            spared=("Cán bộ tra được thì không phải nộp", "Không phải công chứng"),
        ),
        PaperRow(id="the", tag="Đưa xem", stays=False, name="Căn cước của người đi khai", text="", optional=False),
        PaperRow(
            id="ket_hon",
            tag="Đưa xem",
            stays=False,
            name="Giấy kết hôn của cha mẹ",
            text="",
            optional=True,
        ),
    ),
    "law": "Luật Hộ tịch 2014, Thông tư 04/2024/TT-BTP",
    "compared": "Theo nguồn thứ cấp, phường chưa đối chiếu.",
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
    "photographed": None,
    "list_print": ListPrint(copy=1, paper_url=""),
    "number": 7,
    "total": 8,
    "procedure": BIRTH,
    "notices": (),
    "doubts": (),
    "fill": (
        MissingItem(
            number=1,
            title="Nơi sinh còn thiếu địa chỉ",
            text="Đã có “Bệnh viện Trung ương Huế”, còn thiếu phường.",
            go="/form/noi_sinh",
        ),
    ),
    "bring": (
        MissingItem(
            2,
            "Giấy chứng sinh, bản chính",
            "Bệnh viện cấp khi bé ra viện. Mất thì xin cấp lại ở đó; không có, cán bộ hướng dẫn làm giấy cam đoan.",
        ),
        MissingItem(3, "Căn cước của cha", "Lúc nãy gõ tay, nên quầy cần xem thẻ. Có trên VNeID cũng được."),
    ),
    "back": "/form/truoc",
}

FORMER = Notice(
    "warn",
    "Đã có tờ khai hôm 12/11/2026.",
    "Khai lúc 09:12. Đã gửi, chờ cán bộ nhận. Vẫn gửi thêm được, tờ cũ còn nguyên. Muốn làm tiếp tờ cũ thì hỏi cán bộ.",
)
MESSAGE_QUESTION = (
    "Nhắn tin tới số ••••\u00a0•••\u00a0123 khi có tin về hồ sơ.",
    "Đã nhận, thiếu giấy, đổi ngày, có kết quả. Không bắt buộc, thôi lúc nào cũng được. Tin không có tên ai.",
)
CHECK = {
    "bring": 2,
    "former": None,
    "photographed": None,
    "offers_priority": True,
    "wants_priority": True,
    "rows": CHECK_ROWS,
    "oath": (
        "Tôi cam đoan nội dung đề nghị đăng ký khai sinh trên đây là đúng sự thật, được sự thỏa thuận nhất trí của "
        "các bên liên quan theo quy định pháp luật. Tôi chịu hoàn toàn trách nhiệm trước pháp luật về nội dung cam "
        "đoan của mình."
    ),
    "reuse": "Giữ thông tin 12 tháng để lần sau không phải khai lại. Không chọn vẫn gửi được.",
    "fee": "",
    "errors": (),
    "post": "/form/submit",
    "number": 8,
    "total": 8,
    "procedure": BIRTH,
    "back": "/form/missing",
}

SIZES = (Option("", "Vừa", chosen=True), Option("large", "To"), Option("xl", "Rất to"))


def easier(*own_languages: Option) -> dict[str, object]:
    """Return the page of text size, ground and language."""
    grounds = (Option("", "Nền sáng", chosen=True), Option("dark", "Nền tối, chữ trắng"))
    languages = (Option("vi", "Tiếng Việt", chosen=True), Option("en", "English"), *own_languages)
    return {
        "groups": (
            Question("choice", "size", "Cỡ chữ", options=SIZES),
            Question("choice", "theme", "Màu nền", options=grounds),
            Question("choice", "lang", "Ngôn ngữ", options=languages),
        ),
        "back": "/form/ten_be",
    }


STATUS_CASE = {
    "may_rejoin": True,
    "is_open": True,
    "title": "Đang giải quyết",
    "text": "Đăng ký khai sinh. Hẹn trả 16 giờ, thứ Sáu 27/11/2026.",
    "as_of": "Hệ thống thành phố cập nhật lúc 8:31, 25/11/2026",
    "next_step": "Không phải làm gì. Đúng ngày thì mang Giấy tiếp nhận đến nhận.",
    "steps": (
        ("Đã gửi tờ khai ở máy", "8:31, 25/11/2026"),
        ("Cán bộ đã nhận hồ sơ", "8:52, 25/11/2026"),
        ("Đang giải quyết", ""),
    ),
}

SERIES = tuple(
    {
        "id": series,
        "label": label,
        "examples": examples,
        "hint": add_no_break_spaces(hint),
        "has_minutes": "phút" in hint,
    }
    for series, label, examples, hint in (
        ("A-HOTICH", "Hộ tịch", "Khai sinh, kết hôn, khai tử", "6 người chờ, chừng 15 đến 25 phút"),
        ("B-CHUNGTHUC", "Chứng thực", "Chứng thực bản sao", "13 người chờ, chừng 105 đến 165 phút"),
        ("C-CONGAN", "Cư trú", "Tạm trú, thường trú, tách hộ", "Chưa có ai chờ"),
        ("D-XAHOI", "Trợ cấp, chính sách", "Trợ cấp hưu trí xã hội", "Hôm nay đã hết số"),
        ("E-KINHDOANH", "Hộ kinh doanh", "Đăng ký hộ kinh doanh", "14 người chờ, chừng 100 đến 130 phút"),
        ("F-KHAC", "Việc khác", "", "2 người chờ"),
    )
)

PAGES = tuple(
    DraftPage(
        id=f"page-{number}",
        draft_id="draft",
        paper="chung_sinh",
        name="name",
        key=b"",
        sha256="",
        bytes=1,
        flaw=flaw,
        at=clock.parse_timestamp("2026-11-24T01:05:00.000Z"),
        is_scanned=False,
    )
    for number, flaw in enumerate(("", "glare"), 1)  # type: ignore[assignment] # both are flaws
)
WITH_CAMERA = {"has_paper_camera": lambda: True}
"""A touchscreen with a camera for papers; without it a scene shows one with a paper scanner alone."""
PHOTOGRAPHED = PhotographedPaper(id="chung_sinh", name="Giấy chứng sinh", pages=PAGES, is_taken=True)
OF_PAPERS = {
    "procedure": BIRTH,
    "number": 8,
    "total": 8,
    "count": 2,
    "max_pages": 20,
    "few_left": 2,
    "originals": False,
    "kept": False,
    **WITH_CAMERA,
}
NOT_YET = PhotographedPaper(id="uy_quyen", name="Văn bản ủy quyền của cha, mẹ", pages=(), is_taken=True)
PAPERS = OF_PAPERS | {"papers": (PHOTOGRAPHED, NOT_YET), "back": "/form/missing?bring=1", "onward": "/form/check"}
CAMERA = OF_PAPERS | {
    "paper": PHOTOGRAPHED,
    "paper_number": 1,
    "papers": 2,
    "skip": "/form/papers",
    "back": "/form/papers",
    "waits": True,
    "feeder": "/form/papers/chung_sinh/feeder",
}
OF_FEEDER = OF_PAPERS | {
    "paper": PHOTOGRAPHED,
    "room": 18,
    "is_glass": False,
    "camera": "/form/papers/chung_sinh",
    "skip": "/form/papers",
    "back": "/form/papers/chung_sinh",
}
SCANNED = tuple(FeederPicture(picture=place, number=number) for place, number in enumerate((1, 2, None, 3), start=1))
PAPER_PAGE = OF_PAPERS | {"paper": PHOTOGRAPHED, "page_number": 1, "left": 18, "onward": "/form/papers"}

SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "01-start": ("citizen/start.html", {}),
    "01b-class": (
        "citizen/start.html",
        {"near_class": {"go": "/need/lop", "left": 6, "when": "Sáng thứ Bảy, 28/11"}, "queue": "6 người chờ"},
    ),
    "01c-placed": (
        "citizen/start.html",
        {
            "near_class": {"go": "/need/lop", "left": 6, "when": "Sáng thứ Bảy, 28/11"},
            "queue": "6 người chờ",
            "placed": [
                {
                    "name": "Chứng thực bản sao",
                    "code": "2.000815",
                    "event": "giay_to",
                    "go": "",
                    "begin": "/begin/2.000815",
                    "line": "Chứng thực bản sao từ bản chính: bằng cấp, học bạ, sổ đất, giấy khai sinh.",
                },
                {
                    "name": "Xác nhận tình trạng hôn nhân",
                    "code": "1.004873",
                    "event": "ket_hon",
                    "go": "/need/1.004873",
                    "line": "Giấy xác nhận đã kết hôn hay chưa, để cưới, mua bán đất, vay tiền.",
                },
            ],
            "call_page": "/",
        },
    ),
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
    "03a-situation": ("citizen/need.html", NEED | {"asks": True}),
    "03b-officer": ("citizen/need.html", NEED | {"say": OFFICER_SAY}),
    "04-scan": ("citizen/step.html", {"step": step(official="Mục “Người mẹ” trên tờ khai", person=WAITING)}),
    "05-confirm": (
        "citizen/step.html",
        {
            "step": step(
                official="Mục “Người mẹ” trên tờ khai", person=READ, questions=(ETHNIC,), submit_label="Đúng rồi"
            )
        },
    ),
    "05c-phone": (
        "citizen/step.html",
        {
            "step": step(
                title="Chủ hộ kinh doanh là ai?",
                official="Phần “Tôi là” trên giấy đề nghị",
                person=READ_FIVE_FACTS,
                questions=(PHONE,),
                submit_label="Đúng rồi",
            )
        },
    ),
    "05b-kept": (
        "citizen/step.html",
        {"step": step(person=replace(READ, kept="nơi ở, số •••• ••• 777"), questions=(), submit_label="Đúng rồi")},
    ),
    "06-name": ("citizen/step.html", {"step": NAME}),
    "07-ward": ("citizen/pick.html", {"pick": WARD_PICK}),
    "08-birth": ("citizen/step.html", {"step": BORN}),
    "08b-mixed": ("citizen/step.html", {"step": MIXED}),
    "08c-document": ("citizen/step.html", {"step": DOCUMENT}),
    "08e-born-where": ("citizen/step.html", {"step": BORN_WHERE}),
    "08f-kinds": ("citizen/step.html", {"step": KINDS}),
    "08g-things": ("citizen/step.html", {"step": THINGS}),
    "08h-notice": ("citizen/step.html", {"step": DEATH_NOTICE}),
    "08d-people": ("citizen/step.html", {"step": PEOPLE}),
    "08i-copies": ("citizen/step.html", {"step": COPIES}),
    "08j-copies-sum": ("citizen/step.html", {"step": COPIES_SUM}),
    "09-missing": ("citizen/missing.html", MISSING),
    "10-check": ("citizen/check.html", CHECK),
    "10b-check-error": ("citizen/check.html", CHECK | {"errors": (("oath", "Chưa đánh dấu lời cam đoan"),)}),
    "10c-check-short": ("citizen/check.html", CHECK | {"oath": "", "bring": 0, "offers_priority": False}),
    "09b-missing-camera": ("citizen/missing.html", MISSING | WITH_CAMERA | {"photographed": 0}),
    "10d-check-pages": ("citizen/check.html", CHECK | WITH_CAMERA | {"photographed": 2}),
    "10e-check-former": ("citizen/check.html", CHECK | {"former": FORMER}),
    "10f-check-messages": ("citizen/check.html", CHECK | {"message_question": MESSAGE_QUESTION}),
    "71-papers": ("citizen/papers.html", PAPERS),
    "71a-papers-scanner": ("citizen/papers.html", PAPERS | {"has_paper_camera": lambda: False}),
    "71b-camera": ("citizen/camera.html", CAMERA),
    "73-feeder": ("citizen/feeder.html", OF_FEEDER | {"view": FeederView(state="laying", pages=0)}),
    "73a-feeder-empty": (
        "citizen/feeder.html",
        OF_FEEDER | {"view": FeederView(state="laying", pages=0, is_empty=True)},
    ),
    "73e-feeder-glass": (
        "citizen/feeder.html",
        OF_FEEDER | {"view": FeederView(state="laying", pages=0), "is_glass": True, "camera": "", "originals": True},
    ),
    "73b-feeder-jam": ("citizen/feeder.html", OF_FEEDER | {"view": FeederView(state="jam", pages=2)}),
    "73c-feeder-done": (
        "citizen/feeder.html",
        OF_FEEDER | {"view": FeederView(state="done", pages=4, blanks=1, can_keep_blanks=True, shown=SCANNED)},
    ),
    "73f-feeder-cost": (
        "citizen/feeder.html",
        OF_FEEDER
        | {
            "originals": True,
            "view": FeederView(
                state="done",
                pages=4,
                blanks=1,
                can_keep_blanks=True,
                shown=SCANNED,
                cost=CopyCost(copies=2, amount="10.000 đồng", more=""),
                cost_with_blanks=CopyCost(copies=2, amount="12.000 đồng", more=""),
            ),
        },
    ),
    "73d-feeder-trouble": ("citizen/feeder.html", OF_FEEDER | {"view": FeederView(state="trouble", pages=2)}),
    "72-page": ("citizen/paper_page.html", PAPER_PAGE | {"page": PAGES[0]}),
    "72b-page-flaw": ("citizen/paper_page.html", PAPER_PAGE | {"page": PAGES[1], "left": 2}),
    "11-done": ("citizen/done.html", {"done": DONE, "first": FIRST}),
    "11b-done-fee": ("citizen/done.html", {"done": DONE_FEE, "first": FIRST}),
    "74-pay": ("citizen/pay.html", {"pay": PAY}),
    "74b-pay-short": ("citizen/pay.html", {"pay": replace(PAY, notice=SHORT, label="Còn thiếu", amount="6.000 đồng")}),
    "81b-paid": ("citizen/pay.html", {"pay": PAID}),
    "37-faces": ("citizen/opinion.html", {"faces": faces_page(str), "max_text": 300}),
    "37b-no-face": ("citizen/opinion.html", {"faces": faces_page(str, is_wrong=True), "max_text": 300}),
    "37c-thanks": ("citizen/thanks.html", {"seconds": 3}),
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
    "26-easier": ("citizen/easier.html", easier()),
    "26b-own-language": ("citizen/easier.html", easier(Option("ktv", "Cơ Tu"))),
    "26c-privacy": ("citizen/privacy.html", {"rows": privacy_rows(Config(), "vi"), "back": "/form/nguoi_me"}),
    "27-status": ("citizen/status.html", {"form": {"code": "", "last4": ""}, "case": None, "errors": ()}),
    "27b-found": (
        "citizen/status.html",
        {"form": {"code": "PK03-261125-0017-V", "last4": "0123"}, "case": STATUS_CASE, "errors": ()},
    ),
    "28-ticket": ("citizen/ticket.html", {"series": SERIES, "post": "/ticket", "drawn": None}),
    "28c-spent": (
        "citizen/ticket.html",
        {"series": (), "drawn": None, "spent": {"name": "Chứng thực", "hour": "7:00", "day": "25/11/2026"}},
    ),
    "28e-pause": ("citizen/ticket.html", {"series": (), "drawn": None, "pause": 20}),
    "28d-priority": (
        "citizen/priority.html",
        {
            "groups": [
                {"id": group, "label": label, "hint": hint, "icon": icon}
                for group, (label, hint, icon) in PRIORITY_GROUPS.items()
            ],
            "back": "/ticket",
            "chosen": "infant",
            "rule": "Gọi 1 số ưu tiên rồi đến một số thường. Ai chờ quá 45 phút thì được gọi trước.",
        },
    ),
    "28b-drawn": (
        "citizen/ticket.html",
        {"series": (), "drawn": DRAWN},
    ),
    "36-practice-card": (
        "citizen/step.html",
        BESIDE
        | {
            "step": step(title="Thẻ của ai?", person=WAITING),
            "facts": ("Mẹ bé đi khai: chạm thẻ “Mẹ”. Điện thoại 0905 000 123.",),
        },
    ),
    "37-practice-story": (
        "practice/story.html",
        BESIDE
        | {
            "task": practice_tasks()[0],
            "number": 1,
            "total": 3,
            "story": practice_tasks()[0].story,
            "cards": MADE_UP_CARDS,
        },
    ),
    "38-practice-menu": ("practice/menu.html", BESIDE | {"tasks": practice_tasks()}),
    "39-practice-result": ("practice/result.html", BESIDE | RESULT),
    "39b-practice-printing": ("practice/result.html", BESIDE | RESULT | {"job": 1, "next_task": None}),
    "29b-other-form": (
        "citizen/other_form.html",
        {
            "title": "Bản sao trích lục hộ tịch",
            "offer": KeepOffer(
                procedure="Đăng ký khai sinh",
                reached="đã khai tới phần “Người cha”.",
                until="thứ Tư, 02/12/2026",
                needs_digits=False,
                number="",
                key="",
            ),
            "go_on": "/form/nguoi_cha",
            "post": "/begin/2.000635",
            "known": {"giay_nao": "khai_sinh"},
        },
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

FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "02d-rows": ("citizen/choose_rows.html", {"tiles": FOUND[:1], "status": "Có 1 thủ tục"}),
    "07b-rows": ("citizen/pick_rows.html", {"pick": replace(WARD_PICK, rows=WARD_PICK.rows[:1], status="Có 1 nơi")}),
}
