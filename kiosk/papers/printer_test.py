"""Papers that try a receipt printer: a test slip, and the calibration slip that a technician looks at.

Both name nobody. The calibration slip has what the three questions of the printers' page are about: two edges, five
darknesses and the place of the cut. The rest of it shows letters with marks and codes as they come out.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.context import Context
from kiosk.papers import letterhead
from printers.document import TITLE, Code, DarknessSamples, Document, Edges, Gap, Pair, Rule, Text

TEST = "test"
CALIBRATION = "calibration"
LETTERS = "aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ đ"
HIGHLANDS = "ŏ ŭ ĕ ĭ ƀ č ñ ê̆ ô̆ ơ̆ ư̆"
SAMPLE = "Ặ Ễ Ộ Ữ đ ư"
SAMPLE_CODE = "PK00-000000-0000-0"


def compose(context: Context, subject: str, facts: Mapping[str, Any]) -> Document | None:
    """Return the paper that tries the printer of a name; None when the printer is gone."""
    section = next((section for section in context.config.printers if section.name == subject), None)
    if section is None:
        return None
    moment = letterhead.format_moment(context.clock.now())
    if facts["paper"] == TEST:
        return Document(
            (
                *letterhead.title("PHIẾU IN THỬ"),
                Text(f"{subject}, {moment}", align="centre"),
                Rule(),
                Text("Đọc được dòng sau là máy in tốt:"),
                Text("Ặ ẫ Ễ ọ Ữ ỵ Đ, Nguyễn Thị Diệu Hiền", size=TITLE, weight="strong"),
            )
        )
    return Document(
        (
            Edges(),
            *letterhead.title("PHIẾU CĂN CHỈNH"),
            Text(f"{subject}, {moment}", align="centre"),
            Pair("Khổ giấy", f"{section.width_mm} mm, {section.dots} điểm"),
            Rule(),
            Text("1. Hai vạch đen ở mép trên có đủ cả hai không?", weight="strong"),
            Text("2. Ô nào đậm vừa, đọc rõ dấu?", weight="strong"),
            DarknessSamples(SAMPLE),
            Text("3. Dao cắt có sát dòng cuối không?", weight="strong"),
            Rule(dashed=True),
            Text(LETTERS),
            Text(LETTERS.upper()),
            Text(f"{HIGHLANDS} {HIGHLANDS.upper()}"),
            Gap(1),
            Code("qr", SAMPLE_CODE, caption=SAMPLE_CODE, beside=(Text("Quét thử mã này"),)),
            Text("Dòng cuối: dưới dòng này còn trắng chừng một ngón tay là vừa."),
        )
    )
