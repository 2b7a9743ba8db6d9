"""Made-up pages of a form: waiting for a card, a person that was read, names, dates, papers, people, a place."""

from dataclasses import replace
from typing import Any

from kiosk.pages.forms.view_models import (
    CountedList,
    CountRow,
    GroupRow,
    Notice,
    OldWardChoice,
    Option,
    PersonBlock,
    PersonFact,
    PickerPage,
    PickerRow,
    Question,
    StepPage,
    Suggestion,
)

BIRTH = "Đăng ký khai sinh"


def step(**changes: Any) -> StepPage:
    """Return a page of the birth registration."""
    values: dict[str, Any] = {
        "id": "me",
        "title": "Người mẹ là ai?",
        "official": "",
        "help": "",
        "post": "/form/me",
        "back": "/form/truoc",
        "submit_label": "Tiếp tục",
        "part_name": "Mẹ",
        "number": 2,
        "total": 8,
        "procedure": BIRTH,
    }
    return StepPage(**(values | changes))


ETHNIC = Question(
    part="ethnicity",
    key="me_dan_toc",
    label="Dân tộc",
    hint="thẻ không ghi",
    options=(Option("Kinh", "Kinh"), Option("Tà-ôi", "Tà-ôi"), Option("Cơ-tu", "Cơ-tu")),
    pick="Dân tộc khác",
)

MOTHER = (
    PersonFact("Họ và tên", "Nguyễn Thị Diệu Hiền", big=True),
    PersonFact("Ngày sinh", "12/03/1996"),
    PersonFact("Số định danh", "•••• •••• 0123", secret="046196000123"),
    PersonFact("Nơi ở trên thẻ", "Tổ 5, Phú Hậu, Thành phố Huế, Thừa Thiên Huế"),
)

WARD = OldWardChoice(
    key="me_noi_cu_tru",
    old="phường Phú Hậu",
    new="phường Phú Xuân",
    since="tháng 7/2025",
    options=(Option("here", "Phải, vẫn ở đó"), Option("moved", "Đã chuyển đi")),
    ask="Nay vẫn ở đó phải không?",
)

WAITING = PersonBlock(
    waiting=True,
    ask_card="Xin đưa thẻ căn cước của mẹ vào ô sáng dưới màn hình",
    scan_post="/form/me/card",
    scan_poll="/form/me/scan",
    by_hand_post="/form/me",
    skip_label="Không khai phần mẹ, chỉ khai cha",
    skip_post="/form/me",
)

READ = PersonBlock(waiting=False, ask_card="", facts=MOTHER, by_card=True, old_ward=WARD, rescan_post="/form/me")

READ_FIVE_FACTS = replace(READ, facts=(MOTHER[0], PersonFact("Giới tính", "Nữ"), *MOTHER[1:]))

PHONE = Question(
    "text",
    "chu_ho_dien_thoai",
    "Số điện thoại",
    hint="Để phường và thuế gọi khi cần",
    optional=True,
    example="0914 123 456",
    keyboard="phone",
)

DEATH_NOTICE = step(
    id="giay_bao_tu",
    title="Giấy báo tử số mấy?",
    official="Mục 2 trên tờ khai",
    help="Không có giấy ở đây thì để cán bộ tra.",
    number=5,
    questions=(
        Question("text", "so", "Số giấy", optional=True, example="15/GBT", keyboard="text"),
        Question("text", "noi_cap", "Nơi cấp", optional=True, example="Bệnh viện Trung ương Huế", keyboard="text"),
        Question("date", "ngay_cap", "Ngày cấp", takes_year=True, keyboard="date"),
    ),
)

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
    ),
)

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

BORN_IN_WORDS = Notice(
    "info", "Thứ Năm,", "ngày mười hai tháng mười một năm hai nghìn không trăm hai mươi sáu", icon="calendar"
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
        ),
    ),
    read_back_url="/form/ngay_sinh/say",
    date_message=BORN_IN_WORDS,
    possible_messages=(
        BORN_IN_WORDS,
        Notice("warn", "Bé sinh đã quá 60 ngày. Vẫn khai được; có thể phải đóng lệ phí."),
        Notice("warn", "Năm 44 là 1944?", fill=("con_ngay_sinh.y", "1944", "Đúng, ghi 1944")),
    ),
)

MIXED = step(
    id="nguoi_khai",
    title="Người đi khai là gì của bé?",
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

BORN_WHERE = step(
    id="sinh",
    title="Bé sinh ngày nào, ở đâu?",
    help="Ghi đúng như giấy chứng sinh.",
    number=5,
    keyboard_open=True,
    questions=(
        Question("date", "con_sinh", "Ngày sinh của bé", value={"d": "", "m": "", "y": ""}, keyboard="date"),
        Question(
            "place",
            "con_noi_sinh",
            "Nơi sinh",
            value={"title": "", "note": "", "detail": ""},
            options=(Option("birth:0", "Bệnh viện Trung ương Huế"), Option("birth:1", "Trạm y tế phường Phú Xuân")),
            pick="Nơi khác",
        ),
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
        GroupRow(
            title="Trần Thị Mẫu", text="Con, sinh 2014", change="/form/cung_o/0", remove_post="/form/cung_o/0/remove"
        ),
        GroupRow(
            title="Hồ Văn Thử", text="Cha, sinh 1954", change="/form/cung_o/1", remove_post="/form/cung_o/1/remove"
        ),
    ),
    add_label="Thêm một người",
    add_post="/form/cung_o",
    unknown_label="Không có ai ở cùng",
    unknown_post="/form/cung_o",
)

WARD_PICK = PickerPage(
    title="Người mẹ ở phường, xã nào?",
    official="",
    post="/form/me/pick/noi",
    rows_url="/form/me/pick/noi/rows",
    back="/form/me",
    query="phu xuan",
    rows=(
        PickerRow(id="19753", before="Phường ", match="Phú Xuân", after="", note="Thành phố Huế"),
        PickerRow(
            id="20308",
            before="Xã Phú Hồ",
            match="",
            after="",
            note="Thành phố Huế, gồm xã Phú Xuân cũ",
            note_match="Phú Xuân",
        ),
        PickerRow(id="24400", before="Xã ", match="Phú Xuân", after="", note="Tỉnh Đắk Lắk"),
    ),
    status="Có 3 nơi mang tên này, mới hoặc cũ",
    procedure=BIRTH,
    part_name="Mẹ",
    number=2,
    total=8,
    unknown="Không thấy tên, không nhớ",
    hint="Tên cũ cũng được",
)

KINDS = step(
    id="mat_luc_nao",
    title="Mất lúc nào, vì sao?",
    errors=(("gio.h", "Giờ từ 0 đến 23, phút từ 0 đến 59. Mời xem lại."),),
    questions=(
        Question(
            part="time", key="gio", label="Mất lúc mấy giờ?", value={"h": "25", "min": "40"}, optional=True,
            keyboard="date", error="Giờ từ 0 đến 23, phút từ 0 đến 59. Mời xem lại.",
        ),
        Question(
            part="choice_text", key="nguyen_nhan", label="Nguyên nhân mất", value="Ngã xe",
            options=(Option("gia", "Già yếu"), Option("benh", "Bệnh"), Option("khac", "Khác", chosen=True)),
        ),
        Question(
            part="multichoice", key="dang_tat", label="Dạng khuyết tật",
            options=(Option("di", "Vận động", chosen=True), Option("nghe", "Nghe, nói"), Option("nhin", "Nhìn")),
        ),
        Question(
            part="money", key="von", label="Vốn bỏ ra", hint="ước chừng", value="30.000.000", keyboard="number",
            options=(Option("20000000", "20 triệu đồng"), Option("50000000", "50 triệu đồng")),
        ),
        Question(part="longtext", key="ly_do", label="Vì sao phải sửa?", value="Cán bộ ghi nhầm", optional=True),
    ),
)  # fmt: skip


def _count(row: int, column: str, label: str, value: str) -> Question:
    return Question(part="number", key=f"giay_to.{row}.{column}", label=label, value=value, keyboard="number", low=1)


THINGS = step(
    id="giay_to",
    title="Sao y giấy gì, mấy bản?",
    help="Một bản là một bộ đủ trang.",
    rows=tuple(
        GroupRow(
            title=name,
            text="",
            change="",
            remove_post="",
            questions=(
                _count(index, "so_trang", label="Số trang", value=pages),
                _count(index, "so_ban", label="Số bản", value="1"),
            ),
            index=index,
        )
        for index, (name, pages) in enumerate((("Bằng, chứng chỉ", "1"), ("Học bạ", "12")))
    ),
    adds=tuple(Option(n, n) for n in ("Thẻ căn cước", "Giấy khai sinh", "Bằng, chứng chỉ", "Học bạ", "Sổ đỏ, sổ hồng")),
    add_label="Giấy khác",
    add_post="/form/giay_to",
)


def _count_row(
    id: str, label: str, index: int, copies: str = "2", amount: str = "4.000 đồng", pages: str = "1"
) -> CountRow:
    return CountRow(
        id=id, label=label, index=index, copies=copies, pages=pages, most=99, amount=amount, name=f"giay_to.{index}.n"
    )


_BRIEF = (
    ("can_cuoc", "Thẻ căn cước"),
    ("khai_sinh", "Giấy khai sinh"),
    ("bang", "Bằng, chứng chỉ"),
    ("hoc_ba", "Học bạ, bảng điểm"),
    ("so_dat", "Sổ đỏ, sổ hồng"),
    ("ket_hon", "Giấy kết hôn"),
    ("bang_lai", "Bằng lái xe"),
    ("dang_ky_xe", "Đăng ký xe"),
    ("so_bhxh", "Sổ bảo hiểm xã hội"),
    ("ra_vien", "Giấy ra viện"),
)
_CHOSEN = {"khai_sinh": _count_row("khai_sinh", "Giấy khai sinh", 0), "bang": _count_row("bang", "Bằng, chứng chỉ", 1)}
_SUM = CountedList(
    rows=(),
    post="/form/giay_to",
    words="2 giấy, 4 bản",
    total="12.000 đồng",
    rule="2.000 đồng một trang. Từ trang thứ 3 thì 1.000 đồng một trang, nhiều nhất 200.000 đồng một bản.",
    notes=("Bản chính tẩy xóa, rách không đọc được, đóng dấu “Mật” thì không chứng thực được.",),
)
COPIES = step(
    title="Chứng thực giấy gì, mấy bản?",
    help="Một bản là một bộ đủ trang.",
    procedure="Chứng thực bản sao",
    part_name="Giấy cần chứng thực",
    number=1,
    total=2,
    add_label="Giấy khác",
    add_post="/form/giay_to/do/add",
    counted=replace(_SUM, rows=tuple(_CHOSEN.get(id) or CountRow(id=id, label=label) for id, label in _BRIEF)),
)
COPIES_SUM = step(
    title="Ai cần bản sao?",
    help="Tên để ghi vào sổ chứng thực. Không phải nộp bản sao căn cước.",
    procedure="Chứng thực bản sao",
    part_name="Người yêu cầu",
    number=2,
    total=2,
    person=WAITING,
    counted=replace(
        _SUM,
        rows=(
            _count_row("khai_sinh", "Giấy khai sinh", 0, amount="8.000 đồng", pages="2"),
            _count_row("bang", "Bằng, chứng chỉ", 1),
        ),
    ),
)
