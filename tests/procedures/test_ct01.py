"""Form CT01 of the residence procedures, compared line by line with the copied form (expected/ct01.form.json)."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kiosk.procedures.loader import CATALOGUE, BadProcedure, read_procedure
from kiosk.procedures.model import Declaration
from kiosk.procedures.shared_parts import choice_sets
from printers.render.pdf import render_sheet
from tests.papers.forms import made_up_answers, words_of_pdf
from tests.papers.pictures import declaration_sheet
from tests.procedures.texts import FILES, procedure

TEXT = (CATALOGUE / "1.010041.toml").read_text("utf-8")
FORM: dict[str, Any] = json.loads((Path(__file__).parent / "expected" / "ct01.form.json").read_text("utf-8"))
CODES = sorted(code for code, form in FILES.items() if form.declaration and form.declaration.form_code == "Mẫu CT01")
WAYS = re.compile(r"Việc lấy ý kiến của .*?\(văn bản này không phải công chứng, chứng thực\)\.")


def form_of(code: str) -> Declaration:
    form = procedure(code).declaration
    assert form is not None
    return form


def official_lines(form: Declaration) -> list[str]:
    """Return the printed words of the form, an item each: its number, its words and the number of its note."""
    texts = []
    for line in form.lines:
        pieces = re.split(r"\{[^{}]+\}\s*", line.text)
        texts += [piece.strip().rstrip(":").strip() for piece in pieces if piece.strip()]
    return texts


def notes_of(form: Declaration) -> dict[str, str]:
    """Return the notes by number."""
    pairs = (note.partition(" ") for note in form.footnotes)
    return {number.strip("()"): words for number, _, words in pairs}


def test_five_procedures_share_the_form() -> None:
    assert set(CODES) == {"1.002755", "1.004194", "1.004222", "1.010038", "1.010041"}
    assert len({form_of(code).footnotes for code in CODES}) == 1
    assert len({form_of(code).signatures for code in CODES}) == 1


@pytest.mark.parametrize("code", CODES)
def test_every_line_has_the_words_and_the_order_of_the_form(code: str) -> None:
    printed = official_lines(form_of(code))
    wanted = []
    for line in FORM["lines"]:
        number = f"{line['no']}. " if line["no"] else ""
        wanted.append(f"{number}{line['text']}" + (f" ({line['n']})" if "n" in line else ""))
    ten = wanted.index("10. Nội dung đề nghị (3)")
    assert printed[:ten] == wanted[:ten]
    assert printed[ten].startswith(wanted[ten] + ": ")
    assert printed[-1] == wanted[-1]
    assert [line.boxes for line in form_of(code).lines if line.boxes] == ["so_dinh_danh", "chu_ho_so_dinh_danh"]
    (members,) = (line for line in form_of(code).lines if line.table)
    columns = procedure(code).by_key[members.table].fields
    assert ["TT", *(column.official for column in columns)] == FORM["lines"][-1]["table"]


@pytest.mark.parametrize("number", ["1", "2", "3", "4", "7", "8"])
def test_a_note_has_the_words_of_the_form(number: str) -> None:
    assert notes_of(form_of(CODES[0]))[number] == FORM["notes"][number]


@pytest.mark.parametrize(
    ("number", "person"), [("5", "chủ sở hữu chỗ ở hợp pháp"), ("6", "cha, mẹ hoặc người giám hộ")]
)
def test_a_note_with_the_ways_of_note_4_prints_them_in_full_with_its_person(number: str, person: str) -> None:
    notes = notes_of(form_of(CODES[0]))
    (ways,) = WAYS.findall(notes[number])
    before, after = notes[number].split(ways)
    copied = FORM["notes"][number]
    assert copied.startswith(before.strip())
    assert copied.endswith(after.strip())
    assert "phương thức a, b, c" not in notes[number]
    (of_the_head,) = WAYS.findall(notes["4"])
    named = ways.replace(" (VNeID)", "")
    assert named == of_the_head.replace("Chủ hộ", person[:1].upper() + person[1:]).replace("chủ hộ", person)


@pytest.mark.parametrize("code", CODES)
def test_four_signature_columns_begin_with_their_date_line(code: str) -> None:
    columns = form_of(code).signatures
    assert [column.title for column in columns] == [f"{item['title']} ({item['n']})" for item in FORM["signatures"]]
    for column, item in zip(columns, FORM["signatures"], strict=True):
        assert re.sub("…+", "…", column.date_line) == item["date_line"]
        assert [f"{label} …" for label in column.under] == item["under"]
        assert (column.when, column.note) == ((), "")


@pytest.mark.parametrize("code", CODES)
def test_the_paper_names_the_circular_and_has_all_words_of_the_form(code: str) -> None:
    form = procedure(code)
    words = words_of_pdf(render_sheet(declaration_sheet(form, made_up_answers(form))))
    squashed = re.sub(r"\s+", "", words)
    for text in (FORM["issued_by"], *FORM["header"], FORM["title"], *form_of(code).footnotes):
        assert re.sub(r"\s+", "", text) in squashed
    assert "Thông tư 53/2025" not in words


def test_the_former_name_of_the_commune_is_printed_only_where_it_was_given() -> None:
    form = procedure("1.004222")
    given = made_up_answers(form)
    with_name = words_of_pdf(render_sheet(declaration_sheet(form, given | {"dia_gioi_cu": "xã Phú Hậu"})))
    without = words_of_pdf(render_sheet(declaration_sheet(form, given | {"dia_gioi_cu": None})))
    assert "Địa giới hành chính theo giấy tờ: xã Phú Hậu" in with_name
    assert "Địa giới hành chính theo giấy tờ" not in without


# --- relations


def test_the_relations_to_the_head_are_the_closed_list_of_the_circular() -> None:
    head, *others = choice_sets()["quan_he_chu_ho"]
    assert head["value"] == "Chủ hộ"
    assert [option["value"] for option in others] == FORM["relations"]
    assert len(FORM["relations"]) == 54


@pytest.mark.parametrize("code", CODES)
def test_a_relation_is_chosen_and_never_typed(code: str) -> None:
    form = procedure(code)
    (members,) = (item for item in form.fields if item.kind == "group_list")
    relations = [form.by_key["quan_he_chu_ho"], *(column for column in members.fields if column.key == "quan_he")]
    for item in relations:
        assert item.kind == "choice"
        assert [option.value for option in item.options] == ["Chủ hộ", *FORM["relations"]]
        assert item.more is not None
        assert item.more.vi == "Quan hệ khác"
        assert item.quick[-2:] == ("o_thue", "o_nho")


# --- the shared file


def test_a_shared_form_that_does_not_exist_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "thu.toml"
    path.write_text(TEXT.replace('form = "ct01"', 'form = "ct1"'), "utf-8")
    with pytest.raises(BadProcedure) as caught:
        read_procedure(path)
    assert "declaration.form: không có mẫu chung 'ct1'; có phải 'ct01'?" in str(caught.value)
    line = next(number for number, words in enumerate(path.read_text("utf-8").splitlines(), 1) if '"ct1"' in words)
    assert f"dòng {line}:" in str(caught.value)


def test_a_procedure_replaces_words_of_the_shared_form(tmp_path: Path) -> None:
    path = tmp_path / "thu.toml"
    path.write_text(TEXT.replace('form = "ct01"', 'form = "ct01"\nsubtitle = "(bản tập)"'), "utf-8")
    own = read_procedure(path)
    assert own.declaration is not None
    assert (own.declaration.subtitle, own.declaration.title) == ("(bản tập)", FORM["title"])
