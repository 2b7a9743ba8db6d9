from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printers.document import (
    BODY,
    FIGURE,
    TITLE,
    BigNumber,
    Code,
    Cut,
    DarknessSamples,
    Document,
    Edges,
    Frame,
    Pair,
    Picture,
    Table,
    Text,
    Tick,
)
from printers.fonts.build import HIGHLANDS, vietnamese
from printers.render import raster, receipt_layout
from printers.render.primitives import TextMark
from printers.settings import DARKNESS, PrinterSettings
from tests.printers.samples import RECEIPT, every_block, slip, ticket

WIDE = PrinterSettings()
NARROW = PrinterSettings(width_mm=58, dots=384, margin=12)
FINE = PrinterSettings(dots=832, dpi=300, margin=30)
PAPERS = [WIDE, NARROW, FINE]


def ink(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """Return the box around all black dots."""
    return picture.convert("L").point([255] * 128 + [0] * 128).getbbox()


def words_of(document: Document, paper: PrinterSettings) -> list[str]:
    return [mark.text for mark in receipt_layout.lay_receipt(document, paper).marks if isinstance(mark, TextMark)]


def test_every_letter_stays_inside_its_line() -> None:
    letters = [*vietnamese(), *HIGHLANDS, *HIGHLANDS.upper(), "Ê̆", "Ô̆", "Ơ̆", "Ư̆", "ê̆", "g", "ỵ", "Q", "(", "|"]
    for size in (BODY, TITLE, FIGURE):
        for weight in ("text", "strong"):
            for letter in letters:
                page = receipt_layout.lay_receipt(Document((Text(letter, size=size, weight=weight),)), WIDE)
                box = ink(raster.draw_page(page))
                assert box, letter
                assert box[1] >= 12, f"{letter} is clipped or climbs out of its line at {size}"
                assert box[3] <= page.height - 8, f"{letter} falls out of its line at {size}"


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("document", [ticket(), slip(), ticket(practice=True), every_block()])
def test_nothing_is_drawn_beyond_the_margins(document: Document, paper: PrinterSettings) -> None:
    picture = raster.render(document, paper)[0]
    box = ink(picture)
    assert (picture.mode, picture.width) == ("1", paper.dots)
    assert box
    assert box[0] >= paper.margin - 1
    assert box[2] <= paper.dots - paper.margin + 1


@pytest.mark.parametrize("paper", PAPERS)
def test_ids_times_and_money_are_never_broken(paper: PrinterSettings) -> None:
    lines = " | ".join(words_of(slip(), paper) + words_of(ticket(), paper))
    for whole in (RECEIPT, "8:31", "25/11/2026", "16.000 đồng", "1900 1075", "•••• •••• 0123", "25 phút", "máy 1"):
        assert whole in lines, whole


def test_a_long_id_shrinks_on_a_narrow_roll() -> None:
    document = Document((Text("H57.99.01-261125-0042-H57.99", size=TITLE, weight="strong"),))
    assert words_of(document, NARROW) == ["H57.99.01-261125-0042-H57.99"]
    box = ink(raster.render(document, NARROW)[0])
    assert box
    assert box[2] <= NARROW.dots - NARROW.margin


def test_a_monstrous_word_loses_no_letter() -> None:
    document = Document((Text("Nguyễn" * 60),))
    assert "".join(words_of(document, NARROW)) == "Nguyễn" * 60


@given(st.lists(st.text("aăâbcdđeêơưẳễộỵ0123456789", min_size=1, max_size=30), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None)
def test_wrapping_loses_no_word(words: list[str]) -> None:
    drawn = " ".join(words_of(Document((Text(" ".join(words)),)), NARROW))
    assert drawn.replace(" ", "") == "".join(words)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("document", [ticket(), slip(), every_block()])
def test_the_qr_is_read_from_the_picture(document: Document, paper: PrinterSettings) -> None:
    codes = zxingcpp.read_barcodes(raster.render(document, paper)[0].convert("L"))
    assert RECEIPT in {code.text for code in codes}


def test_the_code_128_is_read_from_the_picture() -> None:
    document = Document((Text("Mã hồ sơ"), Code("code128", "H57.99.01-261125-0042", caption="H57.99.01-261125-0042")))
    (code,) = zxingcpp.read_barcodes(raster.render(document, WIDE)[0].convert("L"))
    assert (code.format, code.text) == (zxingcpp.BarcodeFormat.Code128, "H57.99.01-261125-0042")


@pytest.mark.parametrize("data", ["H57.99.01-261125-0042-H57.99.01-261125-0042", "Đơn 42"])
def test_what_no_code_128_can_hold_becomes_a_qr(data: str) -> None:
    (code,) = zxingcpp.read_barcodes(raster.render(Document((Code("code128", data),)), NARROW)[0].convert("L"))
    assert (code.format, code.text) == (zxingcpp.BarcodeFormat.QRCode, data)


def test_the_qr_keeps_its_quiet_zone() -> None:
    (code,) = [
        mark for mark in receipt_layout.lay_receipt(ticket(), WIDE).marks if isinstance(mark, receipt_layout.Modules)
    ]
    picture = raster.render(ticket(), WIDE)[0].convert("L")
    quiet = 4 * int(code.module_width)
    side = int(code.module_width) * len(code.rows)
    left = int(code.x)
    top = int(code.y)
    assert code.module_width in (7, 8)
    around = picture.crop((left - quiet, top - quiet, left + side + quiet, top + side + quiet))
    around.paste(255, (quiet, quiet, quiet + side, quiet + side))
    assert around.getextrema() == (255, 255)


def test_cuts_make_papers() -> None:
    assert len(raster.render(Document((Text("một"), Cut(), Text("hai"), Cut())), WIDE)) == 2


def test_a_practice_paper_has_the_framed_word() -> None:
    assert words_of(slip(practice=True), WIDE)[0] == "TẬP"
    assert "TẬP" not in words_of(slip(), WIDE)


def test_a_done_box_is_blacker_than_an_empty_one() -> None:
    empty, done = (
        raster.render(Document((Tick("x", done=is_done),)), WIDE)[0].histogram()[0] for is_done in (False, True)
    )
    assert done > empty


def test_columns_of_a_table_stand_apart() -> None:
    table = Table(
        rows=(("Khai sinh", "0 đồng"), ("2 bản sao", "16.000 đồng")),
        shares=(2, 1),
        aligns=("left", "right"),
        head=("Việc", "Tiền"),
    )
    marks = [mark for mark in receipt_layout.lay_receipt(Document((table,)), WIDE).marks if isinstance(mark, TextMark)]
    assert [mark.text for mark in marks] == ["Việc", "Tiền", "Khai sinh", "0 đồng", "2 bản sao", "16.000 đồng"]
    ends = [mark.x + mark.width for mark in marks if "đồng" in mark.text]
    assert ends[0] == pytest.approx(ends[1], abs=1)
    assert ends[0] == pytest.approx(WIDE.dots - WIDE.margin, abs=1)


def test_a_long_value_goes_below_its_label() -> None:
    document = Document((Pair("Nhãn rất dài của một việc", "Giá trị cũng rất dài của việc đó, hai dòng"),))
    marks = [mark for mark in receipt_layout.lay_receipt(document, NARROW).marks if isinstance(mark, TextMark)]
    assert marks[-1].y > marks[0].y
    assert all(mark.x + mark.width <= NARROW.dots - NARROW.margin + 1 for mark in marks)


def test_a_picture_is_drawn_as_wide_as_asked() -> None:
    out = BytesIO()
    Image.new("L", (40, 20), 0).save(out, "PNG")
    box = ink(raster.render(Document((Picture(out.getvalue(), width=30),)), WIDE)[0])
    assert box
    assert box[2] - box[0] == WIDE.mm(30)


def test_a_number_shrinks_to_the_paper() -> None:
    box = ink(raster.render(Document((BigNumber("ƯA0177"), Frame("rất " * 30))), NARROW)[0])
    assert box
    assert box[2] <= NARROW.dots - NARROW.margin + 1


def test_a_darker_printer_has_more_black_in_its_letters_and_the_same_lines() -> None:
    text = Document((Text("Nguyễn Thị Ngọc Ánh"),))
    black = [_count_black(raster.render(text, PrinterSettings(darkness=darkness))[0]) for darkness in DARKNESS]
    assert black == sorted(set(black))
    edges = Document((Edges(),))
    assert len({raster.render(edges, PrinterSettings(darkness=darkness))[0].tobytes() for darkness in DARKNESS}) == 1


def test_the_samples_of_a_calibration_slip_are_as_dark_as_the_printer_would_be() -> None:
    picture = raster.render(Document((DarknessSamples("Ặ Ễ Ộ"),)), PrinterSettings())[0]
    step = (picture.width - 40) // len(DARKNESS)
    fields = [picture.crop((20 + n * step, 0, 20 + (n + 1) * step, picture.height // 2)) for n in range(len(DARKNESS))]
    black = [_count_black(field) for field in fields]
    assert black == sorted(set(black))


@pytest.mark.parametrize("dots", [384, 512, 576])
def test_both_edges_of_a_calibration_slip_are_at_the_ends_of_the_head(dots: int) -> None:
    picture = raster.render(Document((Edges(),)), PrinterSettings(dots=dots))[0]
    box = ink(picture)
    assert box is not None
    assert (box[0], box[2]) == (0, dots)


def _count_black(picture: Image.Image) -> int:
    return picture.convert("L").histogram()[0]
