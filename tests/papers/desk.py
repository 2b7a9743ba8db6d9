"""Made-up cases for the official papers: typical ones, the longest, and the ones with the least data."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from kiosk.config import Config
from kiosk.dossiers.case_summary import CaseSummary, ReceivedPaper
from kiosk.papers.forms import acceptance, extension, handover, refusal, stop, supplement
from kiosk.papers.forms.acceptance import Acceptance
from kiosk.papers.forms.extension import Extension
from kiosk.papers.forms.handover import Handover
from kiosk.papers.forms.stop import Stop
from printers.sheet import Sheet
from tests.papers.made_up import LONG_NAME, LONG_WORDS

AT = datetime(2026, 11, 25, 1, 52, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
RECEIPT = "PK03-261125-0017-V"
OFFICIAL = "H57.99.01-261125-0042"
NUMBER = "046196000123"

USUAL = CaseSummary(
    config=Config(),
    receipt_no=RECEIPT,
    official_no=OFFICIAL,
    procedure="Đăng ký khai sinh",
    applicant="Nguyễn Thị Diệu Hiền",
    id_number=NUMBER,
    address="Tổ 5, phường Phú Xuân, thành phố Huế",
    phone="0905 000 123",
    email="hien.mau@example.vn",
    officer="Lê Hoài An",
    at=AT,
)
LONG = replace(
    USUAL,
    procedure="Cấp bản sao trích lục hộ tịch, bản sao giấy khai sinh; đăng ký khai sinh kết hợp nhận cha, mẹ, con",
    applicant=LONG_NAME,
    address=f"{LONG_WORDS}, phường Phú Xuân, thành phố Huế",
    email="cong.tang.ton.nu.hoang.thi.ngoc.diem@phuong-phu-xuan.example.vn",
    officer=LONG_NAME,
)
LEAST = replace(USUAL, address="", phone="", email="", id_number="", officer="")

ACCEPTED = Acceptance(
    papers=(
        ReceivedPaper("Tờ khai đăng ký khai sinh", "bản chính"),
        ReceivedPaper("Giấy chứng sinh", "bản chính"),
        ReceivedPaper("Giấy chứng nhận kết hôn của cha, mẹ", "bản sao"),
    ),
    sets=1,
    term="trong ngày làm việc",
    received_at=AT,
    due_at=DUE,
    result_at="Trung tâm Phục vụ hành chính công, quầy 3",
    fees="Khai sinh đúng hạn 0 đồng; 2 bản sao 16.000 đồng, đã thu",
)
ACCEPTED_LONG = replace(
    ACCEPTED,
    papers=tuple(ReceivedPaper(f"{LONG_WORDS} ({number})", "bản điện tử", number) for number in range(1, 16)),
    result_at=LONG_WORDS,
    fees=f"{LONG_WORDS}; {LONG_WORDS}",
)
EXTENDED = Extension(
    received_at=AT,
    old_due_at=DUE,
    new_due_at=LATER,
    reason="Đang chờ Công an phường xác nhận nơi cư trú của cha; đã nhắc ngày 26/11/2026.",
)
STOPPED = Stop(
    asked_on=date(2026, 11, 26),
    stage="Chuyên viên Tư pháp - Hộ tịch đang thẩm tra",
    reason="Người nộp đề nghị rút hồ sơ để làm tại nơi cư trú mới.",
    returned="Giấy chứng sinh (bản chính), giấy chứng nhận kết hôn (bản sao)",
)
HANDED_OUT = Handover(
    what="Giấy khai sinh (bản chính) và 2 bản sao trích lục", taken_by="Trần Văn Phước", relation="Chồng", at=DUE
)
ITEMS = ("Giấy chứng sinh, bản chính", "Giấy ủy quyền của mẹ, có chứng thực", "Sửa ngày sinh của cha cho đúng căn cước")
REASON = "Giấy chứng sinh nộp là bản chụp; ngày sinh của cha trên tờ khai khác với căn cước."
REFUSAL_REASON = "Trẻ đã được đăng ký khai sinh tại Ủy ban nhân dân phường Thuận Hóa ngày 20/11/2026, số 118/2026."
LONG_REASON = "\n".join(f"{number}. {LONG_WORDS}; {LONG_WORDS}." for number in range(1, 13))

Papers = dict[str, Callable[[CaseSummary], list[Sheet]]]

TYPICAL: Papers = {
    "01": lambda case: list(acceptance.sheets(case, ACCEPTED)),
    "02": lambda case: [supplement.sheet(case, ITEMS, REASON)],
    "03": lambda case: [refusal.sheet(case, REFUSAL_REASON)],
    "04": lambda case: [extension.sheet(case, EXTENDED)],
    "05": lambda case: [stop.sheet(case, STOPPED)],
    "handover": lambda case: [handover.sheet(case, HANDED_OUT)],
}
LONGEST: Papers = {
    "01": lambda case: list(acceptance.sheets(case, ACCEPTED_LONG)),
    "02": lambda case: [supplement.sheet(case, [f"{LONG_WORDS} ({n})" for n in range(1, 31)], LONG_REASON)],
    "03": lambda case: [refusal.sheet(case, LONG_REASON)],
    "04": lambda case: [extension.sheet(case, replace(EXTENDED, reason=LONG_REASON))],
    "05": lambda case: [
        stop.sheet(case, Stop(asked_on=None, stage=LONG_WORDS, reason=LONG_REASON, returned=LONG_REASON))
    ],
    "handover": lambda case: [
        handover.sheet(case, Handover(what=LONG_REASON, taken_by=LONG_NAME, relation=LONG_WORDS, at=DUE))
    ],
}
BARE: Papers = {
    "01": lambda case: list(acceptance.sheets(case, replace(ACCEPTED, papers=(), due_at=None, fees=""))),
    "02": lambda case: [supplement.sheet(case, (), "")],
    "03": lambda case: [refusal.sheet(case, "")],
    "04": lambda case: [extension.sheet(case, replace(EXTENDED, reason=""))],
    "05": lambda case: [stop.sheet(case, Stop(asked_on=None, stage="", reason="", returned=""))],
    "handover": lambda case: [handover.sheet(case, Handover(what="", taken_by="", relation="", at=DUE))],
}
VARIANTS: dict[str, tuple[CaseSummary, Papers]] = {
    "typical": (USUAL, TYPICAL),
    "longest": (LONG, LONGEST),
    "least": (LEAST, BARE),
}
NUMBERS = tuple(TYPICAL)


def sheets(number: str, variant: str = "typical") -> list[Sheet]:
    """Return an official paper of a made-up case, all its copies."""
    case, papers = VARIANTS[variant]
    return papers[number](case)
