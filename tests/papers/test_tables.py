"""Tables of a declaration: persons side by side, lists, and the attachment sheet for the other rows."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.context import Context
from kiosk.papers import declaration as declarations
from kiosk.papers import tables
from kiosk.procedures.answers import complete
from kiosk.procedures.base import Words
from kiosk.procedures.model import Declaration, DeclarationLine, Field, Signature
from printers.render.page_layout import lay_sheet
from printers.render.primitives import Page, TextMark
from printers.sheet import Answer, Box, FormLine, FormText, Grid, Sheet
from tests.papers.forms import BIRTH, STAY, made_up_answers


def sheet_of(context: Context, code: str, form: Declaration | None = None, **answers: Any) -> Sheet:
    procedure = context.catalogue.in_force(code, context.clock.today())
    assert procedure is not None
    complete_answers = complete(
        procedure, made_up_answers(procedure) | answers, office=context.office, today=context.clock.today()
    )
    header = declarations.FormHeader(
        ward="phường Phú Xuân", machine="máy PK03", receipt_no="PK03-261124-0017-V", at=context.clock.now()
    )
    form = form or procedure.declaration
    assert form is not None
    return declarations.sheet(procedure, form, answers=complete_answers, header=header)


def members(count: int) -> list[dict[str, Any]]:
    row = {"ngay_sinh": "1984-07-22", "gioi_tinh": "nam", "so_dinh_danh": "046084000987", "quan_he": "o_nho"}
    return [{"ho_ten": f"Phan Văn {number}"} | row for number in range(1, count + 1)]


def grids(sheet: Sheet) -> list[Grid]:
    return [block for block in sheet.blocks if isinstance(block, Grid)]


def words(page: Page) -> str:
    return " ".join(mark.text for mark in page.marks if isinstance(mark, TextMark))


def test_two_persons_stand_side_by_side_with_the_questions_at_the_left(context: Context) -> None:
    form = Declaration(
        title="TỜ KHAI",
        issued_by="không ai",
        lines=(
            DeclarationLine(cells=("Thông tin", "Bên nữ", "Bên nam")),
            DeclarationLine(cells=("Họ, chữ đệm, tên", "{me_ho_ten}", "{cha_ho_ten}")),
            DeclarationLine(cells=("Nơi cư trú (4)", "{me_noi_cu_tru}", "{nyc_dien_thoai}")),
            DeclarationLine(cells=("Bản sao", "Có {de_nghi_cap_ban_sao?true} Không {de_nghi_cap_ban_sao?false}", "")),
        ),
        signatures=(),
    )
    (grid,) = grids(sheet_of(context, BIRTH, form, nyc_dien_thoai=None))
    assert grid.head == ("Thông tin", "Bên nữ", "Bên nam")
    name, home, copies = grid.rows
    assert name == (FormLine((FormText("Họ, chữ đệm, tên"),)), "NGUYỄN THỊ DIỆU HIỀN", "TRẦN VĂN PHƯỚC")
    assert home[0] == FormLine((FormText("Nơi cư trú", note="(4)"),))
    assert home[2] == "", "an answer that is not there leaves its cell empty"
    assert isinstance(copies[1], FormLine)
    assert [part.ticked for part in copies[1].parts if isinstance(part, Box)] == [True, False]
    (page,) = lay_sheet(Sheet((grid,), title="x"))
    marks = {mark.text: mark for mark in page.marks if isinstance(mark, TextMark)}
    assert marks["Họ, chữ đệm, tên"].face.startswith("serif")
    assert marks["TRẦN VĂN PHƯỚC"].face.startswith("sans")
    left = marks["NGUYỄN THỊ DIỆU HIỀN"]
    right = marks["TRẦN VĂN PHƯỚC"]
    assert left.y == right.y
    assert left.x + left.width < right.x


@pytest.mark.parametrize("count", [0, 1, 4, 6])
def test_rows_that_fit_need_no_other_sheet(context: Context, count: int) -> None:
    sheet = sheet_of(context, STAY, thanh_vien=members(count))
    (grid,) = grids(sheet)
    assert len(grid.rows) == max(count, tables.MIN_ROWS)
    assert all("TỜ ĐÍNH KÈM" not in words(page) for page in lay_sheet(sheet))


def test_rows_that_do_not_fit_are_on_an_attachment_sheet(context: Context) -> None:
    sheet = sheet_of(context, STAY, thanh_vien=members(30))
    form, attached = grids(sheet)
    shown = len(form.rows)
    assert shown >= tables.MIN_ROWS
    assert [row[0] for row in (*form.rows, *attached.rows)] == [str(n) for n in range(1, 31)]
    assert attached.head == form.head
    first, *_, last = [words(page) for page in lay_sheet(sheet)]
    assert f"Còn {30 - shown} dòng, từ số {shown + 1} đến số 30, ghi ở Tờ đính kèm." in first
    assert "NGƯỜI KÊ KHAI" in first, "one still signs on the form itself"
    assert "TỜ ĐÍNH KÈM" in last
    assert "11. Những thành viên trong hộ gia đình cùng thay đổi (tiếp theo):" in last
    assert "số phiếu PK03-261124-0017-V" in last
    assert "NGƯỜI KÊ KHAI" in last
    assert f"PHAN VĂN {shown + 1}" in last
    assert "PHAN VĂN 30" in last


def test_one_signs_on_the_same_page_with_lists_of_any_length(context: Context) -> None:
    for count in (0, 4, 5, 7, 9, 12, 30):
        first, *others = [words(page) for page in lay_sheet(sheet_of(context, STAY, thanh_vien=members(count)))]
        assert "NGƯỜI KÊ KHAI" in first
        assert all("NGƯỜI KÊ KHAI" not in page or "TỜ ĐÍNH KÈM" in page for page in others)


def test_a_single_row_that_is_left_is_named_alone() -> None:
    rows = tables.RemainingRows(DeclarationLine("11."), Field("x", "group_list", Words("x", "x")), 6)
    (text,) = tables.remainder_line(rows, 7).parts
    assert text == FormText("Còn 1 dòng, số 7, ghi ở Tờ đính kèm.", italic=True)


def test_two_lists_share_one_attachment_sheet(context: Context) -> None:
    procedure = context.catalogue.in_force(STAY, context.clock.today())
    assert procedure is not None
    again = replace(procedure.by_key["thanh_vien"], key="them")
    lines = (DeclarationLine("1. Một:", table="thanh_vien"), DeclarationLine("2. Hai:", table="them"))
    form = Declaration(
        title="TỜ KHAI",
        issued_by="không ai",
        lines=lines,
        signatures=(Signature("NGƯỜI KHAI", "(Ký)", "nguoi_ke_khai"),),
    )
    header = declarations.FormHeader(
        ward="phường Phú Xuân", machine="máy PK03", receipt_no="PK03-261124-0017-V", at=context.clock.now()
    )
    both = replace(procedure, fields=(*procedure.fields, again))
    answers = {"thanh_vien": members(40), "them": members(40)}
    sheet = declarations.sheet(both, form, answers=answers, header=header)
    numbers = [[row[0] for row in grid.rows] for grid in grids(sheet)]
    assert len(numbers) == 4
    assert numbers[0] + numbers[2] == numbers[1] + numbers[3] == [str(n) for n in range(1, 41)]


def test_a_column_of_yes_and_no_is_crossed_and_one_to_sign_is_empty() -> None:
    name = Words("x", "x")
    item = Field(
        "nganh",
        "group_list",
        name,
        fields=(
            Field("ten", "text", name, official="Tên ngành"),
            Field("chinh", "boolean", name, official="Chính"),
            Field("ky", "signature", name, official="Chữ ký", asked=False),
        ),
    )
    grid = tables.list_grid(item, [{"ten": "Bán phở", "chinh": True}, {"ten": "Bán bún", "chinh": False}])
    assert grid.head == ("TT", "Tên ngành", "Chính", "Chữ ký")
    assert grid.rows[:2] == (("1", "Bán phở", "X", ""), ("2", "Bán bún", "", ""))


def test_many_columns_are_set_smaller_and_keep_their_words_whole() -> None:
    name = Words("x", "x")
    labels = ("Họ tên", "Ngày, tháng, năm sinh", "Số định danh cá nhân", "Giới tính", "Quốc tịch", "Dân tộc",
              "Nơi thường trú", "Nơi ở hiện tại", "Chữ ký")  # fmt: skip
    fields = tuple(Field(f"c{at}", "text", name, official=label) for at, label in enumerate(labels))
    row = {f"c{at}": text for at, text in enumerate(("CÔNG TẰNG TÔN NỮ", "22/07/1984", "046084000987"))}
    grid = tables.list_grid(Field("x", "group_list", name, fields=fields), [row])
    (page,) = lay_sheet(Sheet((grid, FormLine((Answer(""),))), title="x"))
    marks = [mark for mark in page.marks if isinstance(mark, TextMark)]
    assert any(mark.text == "046084000987" for mark in marks)
    assert all(mark.x + mark.width <= page.width - 53 for mark in marks)


def test_a_line_that_leads_to_a_table_is_on_its_page() -> None:
    table = tables.list_grid(Field("x", "group_list", Words("x", "x"), fields=()), [])
    for count in range(20, 40):
        lines = tuple(FormLine((FormText("Dòng:"), Answer(str(number)))) for number in range(count))
        leading = FormLine((FormText("11. Những thành viên:"),), keep_with_next=True)
        for page in lay_sheet(Sheet((*lines, leading, table), title="x")):
            assert ("11. Những thành viên:" in words(page)) == ("TT" in words(page))
