"""A procedure as a workbook: the round trip changes nothing; mistakes name their cell; a third language is complete."""

import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from kiosk.cli import main
from kiosk.cli.procedure_xlsx import book_of, workbook_of
from kiosk.procedures.checks import RULES
from kiosk.procedures.kinds import NAMES
from kiosk.procedures.languages import texts_of
from kiosk.procedures.loader import CATALOGUE, read_procedure
from kiosk.procedures.sheet_columns import TITLES
from kiosk.procedures.toml_writer import write_toml

FORM = Path(__file__).parents[1] / "procedures" / "ward_form.toml"
HEAD = 4  # row of the column titles


def cell_of(sheet: Any, column: str, key: str) -> Any:
    """Return the cell of a column in the row that has a key, id or place."""
    titles = [cell.value for cell in sheet[HEAD]]
    for row in sheet.iter_rows(min_row=HEAD + 1):
        if key in [cell.value for cell in row]:
            return row[titles.index(column)]
    raise AssertionError(key)


def export(folder: Path, *more: str) -> Path:
    out = folder / "form.xlsx"
    assert main(["procedure", "export-xlsx", str(FORM), "--out", str(out), *more]) == 0
    return out


@pytest.mark.parametrize("path", sorted(CATALOGUE.glob("*.toml")), ids=lambda path: path.stem)
def test_the_round_trip_of_every_procedure_changes_nothing(path: Path, tmp_path: Path) -> None:
    table = tomllib.loads(path.read_text("utf-8"))
    out = tmp_path / "form.xlsx"
    out.write_bytes(workbook_of(table))
    book = book_of(out)
    assert book.errors == []
    assert book.table == table
    assert tomllib.loads(write_toml(book.table)) == table


def test_a_procedure_goes_out_by_its_code_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["procedure", "export-xlsx", "2.000815"]) == 0
    assert main(["procedure", "import-xlsx", "2.000815.xlsx"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "2.000815.xlsx"
    assert read_procedure(tmp_path / "2.000815.toml") == read_procedure(CATALOGUE / "2.000815.toml")
    names = openpyxl.load_workbook(tmp_path / "2.000815.xlsx").sheetnames
    assert {"Thủ tục", "Ô", "Lựa chọn", "Trang", "Kiểm", "Giấy", "Phí", "Chữ"} <= set(names)


def test_an_unknown_code_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "export-xlsx", "9.999999"]) == 2
    assert "Không có thủ tục mang mã '9.999999'." in capsys.readouterr().err


def test_an_unknown_language_is_one_sentence_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "export-xlsx", "2.000815", "--language", "xx"]) == 2
    assert capsys.readouterr().err.startswith("Không có tiếng mang mã 'xx'; có: fr, zh, ")


def test_a_code_that_the_workbook_made_a_number_names_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export(tmp_path)
    book = openpyxl.load_workbook(path)
    cell_of(book["Thủ tục"], "giá trị", "code").value = 1.00483
    book.save(path)
    assert main(["procedure", "import-xlsx", str(path)]) == 2
    assert "bảng tính đã đổi thành số 1.00483 và bỏ số 0 ở cuối" in capsys.readouterr().err


def test_what_an_official_changes_in_the_workbook_is_in_the_file(tmp_path: Path) -> None:
    path = export(tmp_path)
    book = openpyxl.load_workbook(path)
    cell_of(book["Phí"], "amount", "truc_tiep").value = "12.000 đồng"
    cell_of(book["Thủ tục"], "giá trị", "effective_from").value = "01/12/2026"
    cell_of(book["Ô"], "label", "email").value = "Email"
    new = {"key": "so_phong", "kind": "number", "label": "Mấy phòng?", "label_en": "How many rooms?"}
    for column, value in new.items():
        titles = [cell.value for cell in book["Ô"][HEAD]]
        book["Ô"].cell(book["Ô"].max_row + (column == "key"), titles.index(column) + 1).value = value
    book.save(path)
    changed = book_of(path)
    assert changed.errors == []
    assert (changed.table["fee"][0]["amount"], str(changed.table["effective_from"])) == (12000, "2026-12-01")
    labels = {item["key"]: (item.get("label"), item.get("label_en")) for item in changed.table["field"]}
    assert labels["email"] == ("Email", "E-mail, if you use it")
    assert labels["so_phong"] == ("Mấy phòng?", "How many rooms?")


MISTAKES = [
    ("Phí", "amount", "truc_tiep", "mười nghìn", "phải là số nguyên, không phải 'mười nghìn'"),
    ("Ô", "required", "ho_ten", "vâng", "ghi có hoặc không, không phải 'vâng'"),
    ("Thủ tục", "giá trị", "effective_from", "31/11/2026", "phải là ngày, như 2026-11-24 hay 24/11/2026, không phải"),
    ("Giấy", "when", "cho_o", '[{ key = "o_dau", is = }]', "viết như trong tệp: "),
    ("Lựa chọn", "thuộc", "tap_the", "situation[odau]", "không có chỗ nào tên 'situation[odau]'"),
    ("Trang", "ask_en", "nguoi_o", " ", "thiếu chữ tiếng Anh (cần cả hai thứ tiếng)"),
    ("Ô", "kind", "email", "emal", "'emal' phải là một trong: "),
    ("Kiểm", "keys", "chu_ho_trung", '["so_dinh"]', "không có ô 'so_dinh'; có phải "),
    ("Trang", "ask_en", "nguoi_o", None, "thiếu chữ tiếng Anh (cần cả hai thứ tiếng)"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[-1])
def test_a_mistake_in_a_workbook_names_its_sheet_and_cell(
    mistake: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, column, key, wrong, message = mistake
    path = export(tmp_path)
    book = openpyxl.load_workbook(path)
    cell = cell_of(book[sheet], column, key)
    cell.value = wrong
    book.save(path)
    assert main(["procedure", "import-xlsx", str(path)]) == 2
    error = capsys.readouterr().err
    place = f"trang tính “{sheet}”, ô {cell.coordinate}: " if wrong is not None else "trang tính “Trang”, ô "
    assert place in error
    assert message in error


def test_a_text_that_differs_in_the_sheet_of_texts_names_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export(tmp_path, "--language", "fr")
    book = openpyxl.load_workbook(path)
    vietnamese = cell_of(book["Chữ"], "vi", "field[email].label")
    vietnamese.value = "Chữ khác"
    english = cell_of(book["Chữ"], "en", "field[email].label")
    english.value = "Another text"
    book.save(path)
    assert main(["procedure", "import-xlsx", str(path)]) == 2
    error = capsys.readouterr().err
    assert f"trang tính “Chữ”, ô {vietnamese.coordinate}: chữ tiếng Việt ở đây khác chữ ở trang tính" in error
    assert f"trang tính “Chữ”, ô {english.coordinate}: chữ tiếng Anh ở đây khác chữ ở trang tính" in error


@pytest.mark.parametrize(
    ("sheet", "new", "message"),
    [
        ("Chép", "Chep", "thiếu trang tính “Chép”; có phải “Chep” đã đổi tên?"),
        ("Ô", "Các ô", "thiếu trang tính “Ô”"),
        ("Chữ", "", "thiếu trang tính “Chữ”"),
        ("Thủ tục", "", "thiếu trang tính “Thủ tục”"),
    ],
)
def test_a_sheet_that_is_renamed_or_deleted_is_named_and_nothing_is_lost(
    sheet: str, new: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = export(tmp_path)
    book = openpyxl.load_workbook(path)
    if new:
        book[sheet].title = new
    else:
        del book[sheet]
    book.save(path)
    assert main(["procedure", "import-xlsx", str(path)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "form.xlsx có 2 chỗ phải sửa:" in error, "no second error that is only a consequence"
    assert not path.with_suffix(".toml").exists()


def test_a_sheet_that_is_not_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = export(tmp_path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Nháp")
    book.save(path)
    assert main(["procedure", "import-xlsx", str(path)]) == 0
    out = capsys.readouterr().out
    assert "trang tính “Nháp” không đọc" in out
    assert "Danh sách" not in out


def test_every_sheet_has_all_its_heads_english_beside_each_text_and_lists_to_choose_from(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(export(tmp_path))
    heads = {sheet.title: [cell.value for cell in sheet[HEAD]] for sheet in book}
    assert {"say", "say_en", "when", "seen"} <= set(heads["Lời dặn"]), "though the form has no other note"
    assert {"to", "source", "value", "when"} <= set(heads["Chép"])
    assert {"thuộc", "say", "say_en", "channel"} <= set(heads["Miễn qua mạng"])
    for names in (heads[name] for name in TITLES.values()):
        for name in (name for name in names if str(name).endswith("_en")):
            assert names.index(name) == names.index(name.removesuffix("_en")) + 1
    lists = book["Danh sách"]
    offered: dict[tuple[str, str], list[object]] = {}
    for sheet, column in (("Ô", "kind"), ("Ô", "required"), ("Kiểm", "rule"), ("Kiểm", "level"), ("Giấy", "kind")):
        cell = f"{get_column_letter(heads[sheet].index(column) + 1)}{HEAD + 1}"
        (rule,) = [rule for rule in book[sheet].data_validations.dataValidation if cell in rule.sqref]
        cells = lists[rule.formula1.partition("!")[2].replace("$", "")]
        offered[sheet, column] = [row[0].value for row in cells]
    assert offered["Ô", "kind"] == [*NAMES, "signature", "consent_block"]
    assert offered["Ô", "required"] == ["có", "không"]
    assert offered["Kiểm", "rule"] == sorted(RULES)
    assert offered["Kiểm", "level"] == ["error", "warn"]
    assert offered["Giấy", "kind"] == ["nop", "xuat_trinh", "ghi_to_khai"]


def test_a_file_that_is_no_workbook_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"no workbook")
    assert main(["procedure", "import-xlsx", str(tmp_path / "x.xlsx")]) == 2
    assert "x.xlsx có 1 chỗ phải sửa:\n  - không mở được; phải là bảng tính .xlsx" in capsys.readouterr().err


def translated(path: Path, leave_out: str = "") -> Path:
    """Fill the column "fr" of a workbook beside every Vietnamese text."""
    book = openpyxl.load_workbook(BytesIO(path.read_bytes()))
    sheet = book["Chữ"]
    titles = [cell.value for cell in sheet[HEAD]]
    for row in sheet.iter_rows(min_row=HEAD + 1):
        if row[0].value != leave_out:
            row[titles.index("fr")].value = f"fr {row[titles.index('vi')].value}"
    book.save(path)
    return path


def test_a_third_language_is_complete(tmp_path: Path) -> None:
    path = translated(export(tmp_path, "--language", "fr"))
    assert main(["procedure", "import-xlsx", str(path)]) == 0
    procedure = read_procedure(tmp_path / "form.toml")
    texts = list(texts_of(procedure))
    assert procedure.languages == ("fr",)
    assert len(texts) > 100
    assert [place for place, words in texts if words.of("fr") != f"fr {words.vi}"] == []
    assert all(words.of("vi") == words.vi and words.of("en") == words.en for _, words in texts)
    again = tmp_path / "again.xlsx"
    again.write_bytes(workbook_of(tomllib.loads((tmp_path / "form.toml").read_text("utf-8"))))
    assert book_of(again).table == tomllib.loads((tmp_path / "form.toml").read_text("utf-8"))


def test_a_text_without_the_third_language_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = translated(export(tmp_path, "--language", "fr"), leave_out="step[nguoi_o].ask")
    assert main(["procedure", "import-xlsx", str(path)]) == 2
    assert "thiếu chữ tiếng 'fr' (languages ở đầu tệp có tiếng ấy)" in capsys.readouterr().err
