# ruff: noqa: E501 - an error a line
"""`kiosk procedure check` finds the mistakes that a parser cannot see, and what it accepts works."""

from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.cli.procedure import errors_in_use
from kiosk.config import Config
from kiosk.procedures.advice import advice
from kiosk.procedures.checks import RULES, TAKES
from kiosk.procedures.loader import CATALOGUE, read_procedure
from tests.procedures.test_file_errors import errors_in

STAY = Path(__file__).with_name("ward_form.toml").read_text("utf-8")
AGE = "args = { low = 18, high = 126 }"
CONTRADICTION = 'when = [{ key = "o_dau", is = "thue" }, { key = "o_dau", is = "tap_the" }]'
EMAIL = 'key = "email"\n'
PHONE = 'key = "dien_thoai"\n'
HEAD = 'to = "chu_ho_ten"\nsource = "ho_ten"\n'

CHECK = '\n[[check]]\nid = "thu"\nrule = "{rule}"\nkeys = [{keys}]\n{args}level = "error"\nat = "nguoi_o"\nsay = "Sai."\nsay_en = "Wrong."\n'


def with_check(rule: str, keys: str, args: str = "") -> str:
    """Return the file with one more check before its declaration."""
    more = CHECK.format(rule=rule, keys=keys, args=f"args = {args}\n" if args else "")
    return STAY.replace("\n[declaration]\n", f"{more}\n[declaration]\n", 1)


MISTAKES = [
    (with_check("age_between", '"ngay_sinh"'), "check[thu].args: rule 'age_between' cần ít nhất một trong args = { low = ..., high = ... }"),
    (with_check("age_between", '"ngay_sinh"', '{ lo = 18 }'), "check[thu].args: rule 'age_between' không có 'lo'; args của nó: một trong: low, high; có phải 'low'?"),
    (with_check("age_between", '"ngay_sinh"', '{ low = "18" }'), "check[thu].args: low phải là một số nguyên, không phải '18'"),
    (with_check("not_older_than", '"ngay_sinh"'), "check[thu].args: rule 'not_older_than' cần args = { days = ... }: một số nguyên"),
    (with_check("not_future", '"ho_ten"'), "check[thu].keys: rule 'not_future' chỉ xem được ô loại một trong: date; ô 'ho_ten' là person_name"),
    (with_check("in_order", '"ngay_sinh"'), "check[thu].keys: rule 'in_order' cần từ 2 ô, ở đây có 1"),
    (with_check("rows_unique", '"thanh_vien"', '{ column = "so" }'), "check[thu].args: column: danh sách 'thanh_vien' không có cột 'so'"),
    (with_check("sex_is", '"so_dinh_danh"', '{ sex = "nư" }'), "check[thu].args: sex phải là \"nam\" hoặc \"nu\", không phải 'nư'"),
    (STAY.replace('to = "chu_ho_ten"', 'to = "ngay_sinh"', 1), "copy[1]: ô 'ho_ten' là person_name, ô 'ngay_sinh' là date: không chép sang nhau được"),
    (STAY.replace(EMAIL, f'{EMAIL}when = [{{ key = "email", is = "x" }}]\n', 1), "field[email].when: các ô 'email' chờ nhau theo vòng tròn"),
    (STAY.replace(EMAIL, f'{EMAIL}when = [{{ key = "dien_thoai", not = "1" }}]\n', 1).replace(PHONE, f'{PHONE}when = [{{ key = "email", not = "1" }}]\n', 1), "field[dien_thoai].when: các ô 'dien_thoai', 'email' chờ nhau theo vòng tròn: không ô nào được hỏi"),
    (STAY.replace('fields = ["email"]', f'fields = ["email"]\n{CONTRADICTION}', 1), "step[thu_dien_tu].when: trang này không bao giờ hiện: các điều kiện trái nhau; không ai trả lời được email"),
    (STAY.replace(EMAIL, f"{EMAIL}{CONTRADICTION}\n", 1), "field[email].when: ô này không bao giờ được hỏi: các điều kiện trái nhau"),
    (STAY.replace('fields = ["email"]', 'fields = ["email", "quan_he_chu_ho"]', 1), "ô 'quan_he_chu_ho' có ở hai trang"),
    (STAY.replace(PHONE, f'{PHONE}when = [{{ key = "email", not = "x" }}]\n', 1), "field[dien_thoai].when: điều kiện hỏi 'email', mà trang sau mới hỏi điều đó; đổi thứ tự hai [[step]]"),
    (STAY.replace("years = 18, yes", "yes", 1), "situation[chua_thanh_nien].age_under: thiếu years; cần { key, years, yes, no }"),
    (STAY.replace('age_under = { key = "ngay_sinh"', 'age_under = { key = "ho_ten"', 1), "situation[chua_thanh_nien].age_under: ô 'ho_ten' phải thuộc loại một trong: date"),
    (STAY.replace('sex = "gioi_tinh", id', 'sex = "ngay_sinh", id', 1), "fills: sex của thẻ chỉ điền được ô loại một trong:"),
    (STAY.replace('suggest = { today = ["Hôm nay", "Today"] }', 'suggest = { today = "Hôm nay" }', 1), 'suggest: today viết như today = ["Hôm nay", "Today"]'),
    (STAY.replace(EMAIL, f"{EMAIL}default = 5\n", 1), "field[email].default: 5 không phải câu trả lời của ô loại email"),
    (STAY.replace('is = "tap_the"', "age_under = 5", 1), "note[1].when: age_under, age_at_least hỏi một ngày sinh; 'o_dau' không phải ô ngày"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[message for _, message in MISTAKES])
def test_a_mistake_between_tables_is_named(text: str, message: str, tmp_path: Path) -> None:
    assert text != STAY
    errors = errors_in(text, tmp_path)
    assert any(message in error for error in errors), errors
    assert all(error.startswith("dòng ") for error in errors)


def test_the_possible_answers_of_a_yes_no_field_are_written_as_in_a_file(tmp_path: Path) -> None:
    text = STAY.replace('kind = "email"', 'kind = "boolean"').replace('is = "tap_the"', 'is = "co"', 1)
    text = text.replace('when = [{ key = "o_dau", is = "co"', 'when = [{ key = "email", is = "co"', 1)
    assert any("chỉ trả lời một trong: true, false" in error for error in errors_in(text, tmp_path))


def test_every_rule_declares_what_it_takes() -> None:
    assert TAKES.keys() == RULES.keys()


def in_use(text: str, folder: Path, config: Config | None = None) -> list[str]:
    """Return the errors of a file that loads."""
    path = folder / "x.toml"
    path.write_text(text, "utf-8")
    return [str(error) for error in errors_in_use(read_procedure(path), config or Config())]


def test_a_required_field_that_no_page_of_a_branch_asks_is_named(tmp_path: Path) -> None:
    text = STAY.replace(
        'fields = ["noi_dung_de_nghi"]', 'fields = ["noi_dung_de_nghi"]\nwhen = [{ key = "o_dau", is = "thue" }]', 1
    )
    assert text != STAY
    (error,) = in_use(text, tmp_path)
    assert error.startswith("field[noi_dung_de_nghi]: bắt buộc, mà không trang nào hỏi khi o_dau = nguoi_than")


def test_a_series_that_the_ward_does_not_have_is_named(tmp_path: Path) -> None:
    (error,) = in_use(STAY.replace('series = "C-CONGAN"', 'series = "C-CONG"'), tmp_path)
    assert error.startswith("series: phường không có dãy số 'C-CONG'; có một trong: ")
    assert error.endswith("có phải 'C-CONGAN'?")


def test_few_search_words_and_a_long_question_are_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = STAY.index("search = [")
    text = STAY[:start] + 'search = ["tạm trú"]' + STAY[STAY.index("\n]", start) + 2 :]
    text = text.replace('ask = "Đang ở nhà của ai?"', f'ask = "{"ai " * 21}?"')
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    assert main(["procedure", "check", str(path)]) == 0
    out = capsys.readouterr().out
    assert "search: mới có 1 từ để tìm, nên có từ 15 trở lên" in out
    assert "situation[o_dau].ask: câu hỏi dài 22 chữ; nên dưới 20" in out


@pytest.mark.parametrize("path", sorted(CATALOGUE.glob("*.toml")), ids=lambda path: path.stem)
def test_the_shipped_files_are_accepted_without_advice(path: Path) -> None:
    procedure = read_procedure(path)
    assert errors_in_use(procedure, Config()) == []
    assert list(advice(procedure)) == []
