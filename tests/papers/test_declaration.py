"""Declaration to sign: every answer is on it, and hostile input does no harm."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from kiosk import comparison
from kiosk.acts import comparing
from kiosk.acts.comparing import ShownFact
from kiosk.acts.signing import add_person
from kiosk.base.clock import FixedClock
from kiosk.context import Context
from kiosk.papers import declaration as declarations
from kiosk.papers import signature_blocks
from kiosk.procedures import kinds
from kiosk.procedures.answers import complete
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import Declaration, DeclarationLine, Field, Procedure, Signature
from kiosk.records import submissions
from printers.render import page_layout
from printers.render.pdf import render_sheet
from printers.sheet import Answer, Box, FormLine, FormText, Grid, Heading, LetterBoxes, Sheet
from tests.papers import pictures
from tests.papers.forms import (
    BIRTH,
    DAY,
    DECLARED,
    FORMS,
    STAY,
    HandIn,
    in_gaps,
    made_up_answers,
    unprinted_keys,
    words_of_pdf,
)

HOSTILE = {
    "markup": '<img src="/etc/passwd"> Nguyễn <b',
    "printer commands": "Nguyễn\x1b@\x1dV\x00 Hiền\x10\x14\x01",
    "turned letters": "Nguyễn \u202eHiền\u2066 Thị\u200f",
    "loose marks": "Nguyê\u0303n Thi\u0323 Diê\u0323u Hiê\u0300n",
}


def procedure_of(context: Context, code: str) -> tuple[Procedure, Declaration]:
    procedure = context.catalogue.in_force(code, context.clock.today())
    assert procedure is not None
    assert procedure.declaration is not None
    return procedure, procedure.declaration


def printed(context: Context, submission_id: str) -> bytes:
    document = declarations.pdf(context, submission_id)
    assert document is not None
    return document


def squashed(text: str) -> str:
    """Return words without spaces and in lower case: boxes and line ends split them."""
    return re.sub(r"\s+", "", text).casefold()


def page_pictures(document: bytes, scale: float) -> list[Image.Image]:
    pdf = pypdfium2.PdfDocument(document)
    try:
        return [page.render(scale=scale).to_pil().convert("L") for page in pdf]
    finally:
        pdf.close()


def sheet_with(context: Context, form: Declaration, **answers: Any) -> Sheet:
    """Return a sheet of a made-up form with fields of the birth declaration."""
    procedure, _ = procedure_of(context, BIRTH)
    header = declarations.FormHeader(
        ward="phường Phú Xuân", machine="máy PK03", receipt_no="PK03-261124-0001-0", at=context.clock.now()
    )
    return declarations.sheet(procedure, form, answers=answers, header=header)


def made_up(*lines: DeclarationLine, **more: Any) -> Declaration:
    return Declaration(
        title="TỜ KHAI",
        issued_by="không ai",
        lines=lines,
        signatures=more.pop("signatures", ()),
        **more,
    )


# --- completeness (key by key: test_complete)


@pytest.mark.parametrize("code", FORMS)
def test_every_answer_can_be_read_on_the_paper(context: Context, hand_in: HandIn, code: str) -> None:
    procedure, _ = procedure_of(context, code)
    filed = hand_in(code)
    words = squashed(words_of_pdf(printed(context, filed.submission.id)))
    answers = complete(procedure, made_up_answers(procedure), office=context.office, today=context.clock.today())
    seen = 0
    for item in procedure.fields:
        value = answers.get(item.key)
        is_printed = item.key not in unprinted_keys(code)
        if is_printed and item.asked and value is not None and not is_oath(item):
            for text in written(item, value):
                assert squashed(in_gaps(procedure, item.key, text)) in words, (item.key, text)
                seen += 1
    assert seen >= 14


def is_oath(item: Field) -> bool:
    return bool(item.derive) and item.derive is not None and item.derive.get("from") == "oath"


def written(item: Field, value: Any) -> Iterator[str]:
    if item.kind == "group_list":
        yield from (
            kinds.of(part).on_paper(part, row[part.key]) for row in value for part in item.fields if part.key in row
        )
    elif item.kind == "group":
        yield from (kinds.of(part).on_paper(part, value[part.key]) for part in item.fields if part.key in value)
    elif item.key == "lam_ngay":
        yield signature_blocks.long_date(value)
    else:
        yield kinds.of(item).on_paper(item, value)


@pytest.mark.parametrize("code", DECLARED)
def test_every_word_of_the_form_is_on_the_paper(context: Context, code: str) -> None:
    procedure, form = procedure_of(context, code)
    answers = complete(procedure, made_up_answers(procedure), office=pictures.OFFICE, today=DAY)
    words = squashed(words_of_pdf(render_sheet(pictures.declaration_sheet(procedure, made_up_answers(procedure)))))
    texts = [text for line in form.lines if holds(line.when, answers, DAY) for text in (line.text, *line.cells)]
    for piece in (piece for text in texts for piece in re.split(r"\{[^{}]+\}|\(\d+\)|Có / Không|…+|☐", text)):
        assert squashed(piece) in words, piece
    signed = [place.title for place in form.signatures if holds(place.when, answers, DAY)]
    for text in (form.title, form.subtitle, form.form_code, *form.footnotes, *signed):
        assert squashed(text) in words, text
    assert "độclập-tựdo-hạnhphúc" in words


@pytest.mark.parametrize("code", DECLARED)
def test_every_page_says_where_when_and_that_the_form_was_not_compared(
    context: Context, hand_in: HandIn, code: str
) -> None:
    filed = hand_in(code)
    document = printed(context, filed.submission.id)
    words = words_of_pdf(document)
    pages = len(page_pictures(document, 0.2))
    numbers = re.findall(rf"{filed.submission.receipt_no}, trang (\d+)/(\d+)", words)
    ends = [int(of) for number, of in numbers if number == of]
    assert sum(ends) == len(numbers) == pages  # an enclosed sheet counts its own pages
    assert words.count("Khai tại phường Phú Xuân, máy PK03, 8:30, 24/11/2026.") == pages
    feet = re.findall(
        r"khi ký\. (?:Mẫu theo [^.]+: cán bộ so với mẫu của phường khi nhận|Bản khai tại kiosk, chưa theo mẫu)", words
    )
    assert len(feet) == pages


def test_a_compared_form_says_since_when_and_by_whom_on_every_page(context: Context, hand_in: HandIn) -> None:
    filed = hand_in(BIRTH)
    add_person(context, "thutrang", name="Hoàng Thu Trang", role="lead", password="mật khẩu riêng")
    procedure, _ = procedure_of(context, BIRTH)
    form = next(item for item in comparison.load(context, procedure).facts if item.fact.id == "form")
    comparing.compare(context, ShownFact(BIRTH, "form", form.fact.digest), "same", "", "CB01")
    document = printed(context, filed.submission.id)
    words = " ".join(words_of_pdf(document).split())
    pages = len(page_pictures(document, 0.2))
    assert words.count("Mẫu đã đối chiếu ngày 24/11/2026 (Hoàng Thu Trang).") == pages
    assert "so với mẫu của phường" not in words


# --- layout


def test_signature_and_footnotes_stand_on_the_page_of_a_birth(context: Context, hand_in: HandIn) -> None:
    pdf = pypdfium2.PdfDocument(printed(context, hand_in(BIRTH).submission.id))
    first, *others = [page.get_textpage().get_text_bounded() for page in pdf]
    pdf.close()
    assert "Người yêu cầu" in first
    assert "Đề nghị cấp bản sao" in first
    assert "Chú thích" in first
    assert others == []


def test_what_was_not_answered_is_dots(context: Context) -> None:
    sheet = sheet_with(context, made_up(DeclarationLine("Nơi cư trú (2): {nyc_noi_cu_tru}")))
    assert FormLine((FormText("Nơi cư trú", note="(2)"), FormText(":"), Answer(""))) in sheet.blocks


def test_yes_and_no_are_boxes(context: Context) -> None:
    form = made_up(DeclarationLine("Bản sao (6): Có / Không {de_nghi_cap_ban_sao}   Số lượng: {so_luong_ban_sao} bản"))
    for value, ticks in ((True, [True, False]), (False, [False, True]), (None, [False, False])):
        sheet = sheet_with(context, form, de_nghi_cap_ban_sao=value)
        boxes = [part.ticked for line in lines_of(sheet) for part in line.parts if isinstance(part, Box)]
        assert boxes == ticks


def lines_of(sheet: Sheet) -> list[FormLine]:
    return [block for block in sheet.blocks if isinstance(block, FormLine)]


def test_a_line_too_long_for_its_pairs_is_parted_between_them(context: Context) -> None:
    form = made_up(DeclarationLine("Họ, chữ đệm, tên người mẹ: {me_ho_ten}  Nơi cư trú: {me_noi_cu_tru}"))
    short = sheet_with(context, form, me_ho_ten="Lê An")
    long = sheet_with(context, form, me_ho_ten="Công Tằng Tôn Nữ Hoàng Thị Ngọc Diễm Phương")
    assert [len(line.parts) for line in lines_of(short)] == [4]
    assert [len(line.parts) for line in lines_of(long)] == [2, 2]


def test_neighbouring_cells_make_one_table(context: Context) -> None:
    form = made_up(
        DeclarationLine(cells=("Thông tin", "Mẹ", "Cha")),
        DeclarationLine(cells=("Họ, chữ đệm, tên", "{me_ho_ten}", "{cha_ho_ten}")),
        DeclarationLine("Ghi chú:", indent=True),
    )
    sheet = sheet_with(context, form, me_ho_ten="Lê An", cha_ho_ten="Hồ Văn Bê")
    (grid,) = [block for block in sheet.blocks if isinstance(block, Grid)]
    assert grid.head == ("Thông tin", "Mẹ", "Cha")
    assert [row[1:] for row in grid.rows] == [("LÊ AN", "HỒ VĂN BÊ")]
    assert lines_of(sheet)[-1].indent > 0


def test_a_bold_line_with_an_answer_keeps_its_answer(context: Context) -> None:
    sheet = sheet_with(
        context,
        made_up(DeclarationLine("Cho: {con_ho_ten}", bold=True), DeclarationLine("Đề nghị:", bold=True)),
        con_ho_ten="An",
    )
    assert lines_of(sheet)[0].parts == (FormText("Cho:", bold=True), Answer("AN"))
    assert Heading((FormText("Đề nghị:", bold=True),)) in sheet.blocks


def test_a_number_longer_than_its_boxes_is_written_out(context: Context) -> None:
    form = made_up(DeclarationLine("Số:", boxes="gcnkh_so"))
    assert lines_of(sheet_with(context, form, gcnkh_so="046196000123"))[0].parts[-1] == LetterBoxes("046196000123", 12)
    assert lines_of(sheet_with(context, form, gcnkh_so="1" * 13))[0].parts[-1] == Answer("1" * 13)


def test_an_empty_list_leaves_four_rows_to_write_in(context: Context, hand_in: HandIn) -> None:
    for rows in (None, made_up_answers(procedure_of(context, STAY)[0])["thanh_vien"]):
        sheet = declarations.declaration(context, hand_in(STAY, thanh_vien=rows).submission.id)
        assert sheet is not None
        (grid,) = [block for block in sheet.blocks if isinstance(block, Grid)]
        assert grid.head[:2] == ("TT", "Họ, chữ đệm và tên")
        assert sum(1 for row in grid.rows if not any(row)) == 4 - len(rows or ())


def test_the_residence_form_has_its_four_columns_whoever_signs(context: Context, hand_in: HandIn) -> None:
    minor = squashed(words_of_pdf(printed(context, hand_in(STAY).submission.id)))
    grown = squashed(words_of_pdf(printed(context, hand_in(STAY, ngay_sinh="1980-01-09").submission.id)))
    assert "ýkiếncủachahoặcmẹ" in minor
    assert "ýkiếncủachahoặcmẹ" in grown


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_signature_blocks_stand_side_by_side_with_their_names(context: Context, count: int) -> None:
    blocks = tuple(Signature(f"BÊN {n}", "(Ký; họ và tên (7))", "chu_ky", name="me_ho_ten") for n in range(count))
    words = words_of_pdf(
        render_sheet(sheet_with(context, made_up(DeclarationLine("x"), signatures=blocks), me_ho_ten="Lê An"))
    )
    assert all(f"BÊN {n}" in words.replace("\u00a0", " ") for n in range(count))
    assert words.count("LÊ AN") == count


def test_a_day_that_is_not_known_leaves_gaps() -> None:
    assert signature_blocks.long_date("2026-11-25") == "ngày 25 tháng 11 năm 2026"
    assert signature_blocks.long_date("").startswith("ngày …")


# --- what comes from outside


@pytest.mark.parametrize("code", DECLARED)
def test_the_code_holds_the_receipt_number_and_nothing_else(context: Context, hand_in: HandIn, code: str) -> None:
    filed = hand_in(code)
    texts = [
        code.text
        for page in page_pictures(printed(context, filed.submission.id), 2)
        for code in zxingcpp.read_barcodes(page)
    ]
    assert texts
    assert set(texts) == {filed.submission.receipt_no}  # an enclosed sheet has the code too


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_prints_as_plain_words(context: Context, hand_in: HandIn, name: str) -> None:
    document = printed(context, hand_in(BIRTH, nyc_ho_ten=name).submission.id)
    words = words_of_pdf(document)
    assert "NGUYỄN" in words
    assert all(letter.isprintable() or letter == "\u00a0" for letter in words)
    assert b"root:" not in document


@pytest.mark.parametrize("code", FORMS)
def test_long_names_wrap_and_stay_between_the_margins(context: Context, hand_in: HandIn, code: str) -> None:
    name = "Công Tằng Tôn Nữ Hoàng Thị Ngọc Diễm Phương Khuê Trinh Quỳnh Nguyệt Ánh Xuân"
    procedure, _ = procedure_of(context, code)
    names = {item.key: name for item in procedure.fields if item.kind == "person_name"}
    sheet = declarations.declaration(context, hand_in(code, **names).submission.id)
    assert sheet is not None
    assert squashed(words_of_pdf(render_sheet(sheet))).count(squashed(name)) >= 2
    for page in page_layout.lay_sheet(sheet):
        for mark in page.marks:
            assert mark.x >= 0
            assert mark.x + getattr(mark, "width", 0) <= page.width - 53  # the margin of 19 mm


@pytest.mark.parametrize("code", FORMS)
def test_a_wiped_body_leaves_no_declaration(context: Context, hand_in: HandIn, clock: FixedClock, code: str) -> None:
    filed = hand_in(code)
    clock.advance(40 * 86400)
    with context.store.write() as db:
        submissions.set_delivery(db, filed.submission.id, "confirmed", clock.now() - timedelta(days=1))
        assert submissions.expired_bodies(clock.now(), clock.now()).wipe_all(db) == 1
    assert declarations.pdf(context, filed.submission.id) is None


@pytest.mark.parametrize("code", FORMS)
def test_a_practice_declaration_carries_the_word(context: Context, hand_in: HandIn, code: str) -> None:
    filed = hand_in(code)
    practising = replace(context, config=context.config.practising())
    assert "TẬP" in words_of_pdf(printed(practising, filed.submission.id))
    assert "TẬP" not in words_of_pdf(printed(context, filed.submission.id))


# --- the picture as a whole


@pytest.mark.parametrize("code", DECLARED)
def test_the_first_page_looks_as_it_did(context: Context, code: str) -> None:
    assert differing(pictures.golden(procedure_of(context, code)[0]), code) < 0.02


def test_the_list_of_what_to_bring_looks_as_it_did(context: Context) -> None:
    assert differing(pictures.golden_list(procedure_of(context, BIRTH)[0]), "bring") < 0.02


def differing(seen: Image.Image, name: str) -> float:
    """Return the share of dots that differ from the golden picture."""
    with Image.open(pictures.GOLDEN / f"{name}.png") as golden:
        assert seen.size == golden.size
        before = golden.convert("L").tobytes()
        after = seen.convert("L").tobytes()
    return sum(old != new for old, new in zip(before, after, strict=True)) / len(before)
