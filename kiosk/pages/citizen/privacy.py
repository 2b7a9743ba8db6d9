"""Notice of privacy: what the kiosk keeps, for what, who sees it, how long, and the rights (law 91/2025/QH15)."""

from flask import request

from kiosk.base.i18n import N_, translator
from kiosk.config import Config
from kiosk.pages.access import allow, context, visitor
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.local_path import local_path
from kiosk.papers.letterhead import hotline_number

REPLY_DAYS = 2
"""Working days until the ward answers a request about one's own data (decree 356/2025/NĐ-CP, art. 5)."""
TERM_HEADING = N_("Giữ bao lâu?")
ORIGINALS = N_("Ảnh giấy cần chứng thực: xóa cuối ngày.")
KEPT_ORIGINALS = N_("Ảnh giấy cần chứng thực: phường giữ một bản theo luật.")
"""Sentences of the term where a touchscreen has a camera."""
ROWS = (
    (
        N_("Máy giữ gì?"),
        (N_("Những gì ông/bà khai và giấy tờ nộp kèm."), N_("Máy không lấy ảnh trong thẻ, không ghi hình người.")),
    ),
    (N_("Để làm gì?"), (N_("Để giải quyết thủ tục mà ông/bà chọn, theo luật."),)),
    (N_("Ai xem?"), (N_("Cán bộ của phường và hệ thống của thành phố."), N_("Không đưa ai khác."))),
    (
        TERM_HEADING,
        (
            N_("Khai dở: xóa khi ông/bà rời máy, chậm nhất sau %(draft_hours)s giờ."),
            N_("Giữ lại có phiếu: %(kept_days)s ngày."),
            N_("Đã nộp: xóa khi xong việc được %(body_days)s ngày, chỉ còn mã và giờ."),
        ),
    ),
    (
        N_("Ông/bà có quyền gì?"),
        (
            N_("Được xem, sửa, xóa, rút lại đồng ý và khiếu nại."),
            N_("Mời nói với cán bộ ở quầy, hoặc gọi số %(hotline)s."),
            N_("Phường trả lời trong %(reply_days)s ngày làm việc."),
        ),
    ),
    (N_("Trẻ em"), (N_("Cha, mẹ hoặc người giám hộ khai thay."),)),
    (N_("Luật nào?"), (N_("Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Nghị định 356/2025/NĐ-CP."),)),
)
"""Heading and sentences of each row of the notice."""


def privacy_rows(config: Config, lang: str) -> list[tuple[str, list[str]]]:
    """Return heading and sentences of each row, with the times and the telephone of this ward."""
    _ = translator(lang)
    keep = config.keep
    values = {
        "draft_hours": keep.draft_hours,
        "kept_days": keep.kept_days,
        "body_days": keep.body_days,
        "hotline": hotline_number(config),
        "reply_days": REPLY_DAYS,
    }
    originals = KEPT_ORIGINALS if keep.originals else ORIGINALS
    rows = []
    for heading, sentences in ROWS:
        takes_papers = config.screen.cameras or config.paper_scanner.screen_device
        has_originals = heading == TERM_HEADING and takes_papers
        shown = (*sentences, originals) if has_originals else sentences
        rows.append((_(heading), [_(sentence, **values) for sentence in shown]))
    return rows


@citizen.get("/privacy")
@allow("citizen")
def privacy() -> str:
    """Show the notice; the page that it was opened on stays as it is."""
    rows = privacy_rows(context().config, visitor().lang)
    return render("citizen/privacy.html", rows=rows, back=local_path(request.args.get("back", "")))
