"""Forms enclosed with a declaration: printed, listed, sworn and compared with it where their condition holds."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.cli.declaration_print import every_branch
from kiosk.comparison.fact_contents import contents_of
from kiosk.config import Config
from kiosk.dossiers import case_summary
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.papers import case_papers, declaration
from kiosk.papers.declaration import complete_sheet
from kiosk.procedures.answers import complete
from kiosk.procedures.loader import BadProcedure, read_procedure
from kiosk.procedures.model import Procedure
from kiosk.procedures.printed_forms import has_oath
from kiosk.procedures.samples import sample_answers
from kiosk.records.submissions import Submission
from printers.render.pdf import render_sheet
from tests.papers.forms import DAY, words_of_pdf
from tests.papers.pictures import AT, HEADER, OFFICE

FORM = Path(__file__).parents[1] / "procedures" / "ward_form.toml"
LIST = "DANH SÁCH NGƯỜI CÙNG ĐẾN Ở"


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return read_procedure(FORM)


def answers_of(procedure: Procedure, where: str) -> dict[str, Any]:
    given = sample_answers(procedure, OFFICE, DAY) | {"o_dau": where}
    return complete(procedure, given=given, office=OFFICE, today=DAY)


def words(procedure: Procedure, where: str) -> str:
    return words_of_pdf(render_sheet(complete_sheet(procedure, answers=answers_of(procedure, where), header=HEADER)))


def test_a_list_is_printed_behind_the_declaration_only_where_it_is_needed(procedure: Procedure) -> None:
    text = words(procedure, "tap_the")
    assert 0 < text.index("TỜ KHAI THAY ĐỔI THÔNG TIN CƯ TRÚ") < text.index(LIST)
    assert "NGƯỜI LẬP DANH SÁCH" in text
    assert LIST not in words(procedure, "thue")


def test_each_form_has_its_own_pages_and_the_code_of_the_case(procedure: Procedure) -> None:
    sheet = complete_sheet(procedure, answers=answers_of(procedure, "tap_the"), header=HEADER)
    (enclosed,) = sheet.annexes
    assert (enclosed.qr, enclosed.receipt, enclosed.size) == (HEADER.receipt_no, HEADER.receipt_no, "A4")
    assert enclosed.title == LIST.capitalize()


@pytest.mark.parametrize(("where", "expected"), [("tap_the", True), ("thue", False)])
def test_an_oath_of_an_enclosed_form_is_asked_where_the_form_is_printed(
    procedure: Procedure, where: str, expected: bool
) -> None:
    assert has_oath(procedure, answers_of(procedure, where), DAY) is expected


def opened(procedure: Procedure, where: str) -> OpenedSubmission:
    submission = Submission(
        id="",
        receipt_no=HEADER.receipt_no,
        procedure=procedure.code,
        version=procedure.version,
        unit="",
        day=DAY,
        seq=17,
        completed_at=AT,
        digest="",
    )
    answers = answers_of(procedure, where)
    return OpenedSubmission(submission=submission, procedure=procedure, answers=answers, applicant={}, ticket=None)


@pytest.mark.parametrize(("where", "count"), [("tap_the", 2), ("thue", 1)])
def test_the_acceptance_and_the_desk_name_each_printed_form(procedure: Procedure, where: str, count: int) -> None:
    received = case_summary.papers_received(opened(procedure, where), {})
    assert [name for name, _kind, _count in received] == [
        "Tờ khai thay đổi thông tin cư trú",
        LIST.capitalize(),
    ][:count]
    assert case_papers.enclosed_words(opened(procedure, where)) == (" và 1 giấy kèm" if count == 2 else "")


def test_the_comparison_has_the_lines_of_every_form_and_its_picture(procedure: Procedure) -> None:
    facts = {fact.id: fact for fact in contents_of(procedure, DAY)}
    assert LIST in facts["form"].detail
    labels = [fact.label for fact in facts.values() if fact.kind == "line"]
    assert labels[-3:] == [f"Dòng {number}, {LIST}" for number in (1, 2, 3)]
    assert len(labels) == len({fact.digest for fact in facts.values() if fact.kind == "line"})
    assert LIST in words_of_pdf(render_sheet(declaration.blank(procedure, foot="", at=AT)))
    alone = {fact.id: fact for fact in contents_of(replace(procedure, enclosed=()), DAY)}
    assert alone["form"].digest != facts["form"].digest


def test_the_print_of_the_author_shows_the_enclosed_form(procedure: Procedure) -> None:
    printed = every_branch(procedure, Config(), DAY)
    assert LIST in words_of_pdf(printed.pdf)


MISTAKES = {
    'when = [{ key = "o_dau", is = "tap_the" }]\n\n[[enclosed.line]]': (
        'when = [{ key = "o_dua", is = "tap_the" }]\n\n[[enclosed.line]]',
        "enclosed[danh_sach].when: điều kiện hỏi 'o_dua'",
    ),
    "Kèm theo tờ khai của {ho_ten}": (
        "Kèm theo tờ khai của {hoten}",
        "enclosed[danh_sach].line[1]: không có ô 'hoten'",
    ),
    'text = "Những người cùng đến ở:"\ntable = "thanh_vien"': (
        'text = "Những người cùng đến ở:"\ntable = "ho_ten"',
        'table cần một ô kind = "group_list"',
    ),
    'issued_by = "mẫu của phường"\nseen = "product"': (
        'issued_by = "mẫu của phường"',
        "enclosed[danh_sach]: thiếu 'seen'",
    ),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_a_mistake_in_an_enclosed_form_is_named_with_its_line(right: str, tmp_path: Path) -> None:
    wrong, message = MISTAKES[right]
    text = FORM.read_text("utf-8")
    assert right in text
    path = tmp_path / "form.toml"
    path.write_text(text.replace(right, wrong), "utf-8")
    with pytest.raises(BadProcedure) as raised:
        read_procedure(path)
    (error,) = raised.value.errors
    assert message in error
    line = int(error.removeprefix("dòng ").partition(":")[0])
    assert line >= text[: text.index("[[enclosed]]")].count("\n")


def test_an_enclosed_form_needs_a_declaration(tmp_path: Path) -> None:
    text = FORM.read_text("utf-8")
    head, _, rest = text.partition("\n[declaration]\n")
    path = tmp_path / "form.toml"
    path.write_text(head + rest[rest.index("\n[[enclosed]]") :], "utf-8")
    with pytest.raises(BadProcedure, match=r"giấy kèm theo tờ khai thì phải có \[declaration\]"):
        read_procedure(path)
