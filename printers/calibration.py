"""The calibration ticket: shows a technician what a printer does to lengths, letters, codes and blackness."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw

from printers.document import TITLE, Code, Cut, Document, Gap, Pair, Picture, Rule, Text
from printers.settings import PrinterSettings

LETTERS = "aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ đ"
HIGHLANDS = "ŏŭĕĭƀčñ ê̆ ô̆ ơ̆ ư̆"


def calibration(paper: PrinterSettings) -> Document:
    """A ruler in mm, all letters in both cases, both codes, a black bar, a cut."""
    return Document(
        (
            Text("Phiếu căn chỉnh máy in", size=TITLE, weight="strong", align="centre"),
            Pair("Máy in", paper.name),
            Pair("Khổ giấy", f"{paper.width_mm:g} mm, {paper.dots} chấm, {paper.dpi} dpi"),
            Picture(_drawn(_ruler, paper), width=_inner(paper), alt_text="thước mm"),
            Rule(),
            Text(LETTERS),
            Text(LETTERS.upper()),
            Text(f"{HIGHLANDS} {HIGHLANDS.upper()}"),
            Text("Chữ đậm: Ẳ Ễ Ộ Ự Ỹ 0123456789", weight="strong"),
            Rule(dashed=True),
            Code("qr", "PK00-000000-0000-0", caption="PK00-000000-0000-0", beside=(Text("Quét thử mã này"),)),
            Code("code128", "PK00-000000-0000"),
            Gap(2),
            Picture(_drawn(_bar, paper), width=_inner(paper), alt_text="vạch đen"),
            Cut(),
        )
    )


def _inner(paper: PrinterSettings) -> float:
    """The width between the margins, in mm."""
    return (paper.dots - 2 * paper.margin) * 25.4 / paper.dpi


def _drawn(draw: Callable[[ImageDraw.ImageDraw, int, PrinterSettings], None], paper: PrinterSettings) -> bytes:
    picture = Image.new("1", (paper.dots - 2 * paper.margin, paper.mm(8)), 1)
    draw(ImageDraw.Draw(picture), picture.width, paper)
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _ruler(pen: ImageDraw.ImageDraw, width: int, paper: PrinterSettings) -> None:
    """A stroke a millimetre, longer at 5 and 10."""
    for mm in range(int(width * 25.4 / paper.dpi) + 1):
        tall = paper.mm(7 if mm % 10 == 0 else 5 if mm % 5 == 0 else 3)
        pen.rectangle((paper.mm(mm), 0, paper.mm(mm) + 1, tall), fill=0)


def _bar(pen: ImageDraw.ImageDraw, width: int, paper: PrinterSettings) -> None:
    """Solid black: shows worn dots of the head as white lines."""
    pen.rectangle((0, 0, width, paper.mm(6)), fill=0)
