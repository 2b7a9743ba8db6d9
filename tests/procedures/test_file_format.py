"""Files of former formats are read as they are and written again; a later one is refused, the last good text stays."""

from pathlib import Path

import pytest

from kiosk.base import release
from kiosk.cli import main
from kiosk.procedures import file_format
from kiosk.procedures.checks import RULES
from kiosk.procedures.loader import CATALOGUE, BadProcedure, notes_on, read_procedure, read_usable_catalogue
from kiosk.procedures.toml_file import read_toml

FORMATS = Path(__file__).with_name("formats")
"""A frozen file of each former format, by its number."""
FORMER = sorted(int(path.stem) for path in FORMATS.glob("*.toml"))


def test_every_former_format_has_a_frozen_file_and_a_step() -> None:
    assert list(range(1, file_format.FORMAT)) == FORMER
    assert len(file_format.STEPS) == file_format.FORMAT - 1


@pytest.mark.parametrize("number", FORMER)
def test_a_file_of_a_former_format_is_read_as_it_is(number: int) -> None:
    path = FORMATS / f"{number}.toml"
    before = path.read_bytes()
    procedure = read_procedure(path)
    assert path.read_bytes() == before
    assert (procedure.code, procedure.fees[0].amount, procedure.times[0].days) == ("2.000884", 10_000, 0)
    assert {check.rule for check in procedure.checks} <= set(RULES)
    assert all(fact.seen for fact in (*procedure.fees, *procedure.times, *procedure.papers, *procedure.checks))


def test_documents_of_format_1_become_ids_and_what_is_not_known_is_from_memory() -> None:
    procedure = read_procedure(FORMATS / "1.toml")
    assert procedure.law == ("nd23", "nd280")
    assert (procedure.fees[0].sources, procedure.fees[0].seen) == (("tt226",), "secondary")
    assert (procedure.times[0].sources, procedure.times[0].seen) == ((), "memory")
    notes = "\n".join(notes_on(FORMATS / "1.toml"))
    assert "law: câu “Nghị định 23/2015/NĐ-CP, Nghị định 280/2025/NĐ-CP” nay là danh sách mã văn bản" in notes
    assert "điều nay ghi seen thay cho confidence; xem lại từng điều đã đọc ở đâu" in notes


@pytest.mark.parametrize("number", FORMER)
def test_check_says_what_changed_and_writes_the_file_of_today(
    number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = FORMATS / f"{number}.toml"
    out = tmp_path / "moi.toml"
    assert main(["procedure", "check", str(path), "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "'field_of_work' không còn dùng; xóa dòng này" in told
    assert f"{out}: đã ghi theo quy cách {file_format.FORMAT}." in told
    assert read_procedure(out) == read_procedure(path)
    table = read_toml(out).table
    assert (table["format"], table["release"]) == (file_format.FORMAT, release.current().version)
    assert notes_on(out) == []


def test_a_name_that_the_register_lacks_is_told(tmp_path: Path) -> None:
    text = (FORMATS / "1.toml").read_text("utf-8")
    path = tmp_path / "x.toml"
    path.write_text(text.replace("Thông tư 226/2016/TT-BTC", "Thông tư 999/1999/TT-BTC"), "utf-8")
    (note,) = [note for note in notes_on(path) if "999" in note]
    assert note.endswith("kho văn bản không có Thông tư 999/1999/TT-BTC: ghi vào documents.toml rồi thêm mã")
    line = int(note.removeprefix("dòng ").partition(":")[0])
    assert text.splitlines()[line - 1] == "[[fee]]"


NEWER = f'format = {file_format.FORMAT + 1}\nrelease = "9.9.0"\n'


def newer(text: str, head: str = NEWER) -> str:
    return text.replace(f"format = {file_format.FORMAT}\n", f"{head}new_word = true\n")


def test_a_later_format_is_refused_with_the_release_that_it_needs_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(newer((CATALOGUE / "2.000884.toml").read_text("utf-8")), "utf-8")
    with pytest.raises(BadProcedure) as raised:
        read_procedure(path)
    own = release.current().version
    number = file_format.FORMAT
    (error,) = raised.value.errors
    assert error.partition(": ")[2] == (
        f"format: tệp viết theo quy cách {number + 1}; máy đang cài bản {own}, đọc đến quy cách {number}. "
        "Cần bản cài 9.9.0 trở lên"
    )


@pytest.mark.parametrize("value", ['"3"', "0", "true", "-1"])
def test_a_number_that_is_none_is_refused(value: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(newer((CATALOGUE / "2.000884.toml").read_text("utf-8"), f"format = {value}\n"), "utf-8")
    with pytest.raises(BadProcedure, match="format: phải là một số, từ 1 đến 3: quy cách của tệp"):
        read_procedure(path)


def test_the_last_good_text_stays_while_a_file_is_of_a_later_format(tmp_path: Path) -> None:
    own = tmp_path / "own"
    kept = tmp_path / "kept"
    own.mkdir()
    kept.mkdir()
    text = (CATALOGUE / "2.000884.toml").read_text("utf-8")
    (kept / "x.toml").write_text(text.replace("amount = 10000", "amount = 11000"), "utf-8")
    (own / "x.toml").write_text(newer(text), "utf-8")
    catalogue = read_usable_catalogue(CATALOGUE, own, kept=kept)
    version = read_procedure(CATALOGUE / "2.000884.toml").version
    served = catalogue.version("2.000884", version)
    assert served is not None
    assert served.fees[0].amount == 11_000
    assert [error for error in catalogue.errors if "Cần bản cài 9.9.0 trở lên" in error]
    assert catalogue.bad_files == {"x.toml": True}


def test_a_version_extends_a_file_of_a_former_format(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_bytes((FORMATS / "1.toml").read_bytes())
    path = tmp_path / "later.toml"
    path.write_text('extends = "base.toml"\nversion = "2027-03"\neffective_from = 2027-03-01\n', "utf-8")
    assert read_procedure(path).fees == read_procedure(tmp_path / "base.toml").fees


def test_every_shipped_file_has_the_number_of_today() -> None:
    numbers = {path.name: read_toml(path).table.get("format") for path in CATALOGUE.glob("*.toml")}
    assert set(numbers.values()) == {file_format.FORMAT}
