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

OTHER_FIELDS = """
[[field]]
key = "viec"
kind = "choice"
label = "Việc gì?"
label_en = "What for?"

[[field.options]]
id = "cuoi"
label = "Cưới hỏi"
label_en = "Wedding"

[[field.options]]
id = "khac"
label = "Việc khác"
label_en = "Another"

[[field]]
key = "khac"
kind = "text"
label = "Ghi rõ việc"
label_en = "Which one"
when = [{ key = "viec", is = "khac" }]
"""
WITH_OTHER = (
    STAY.replace("\n[[step]]", f"{OTHER_FIELDS}\n[[step]]", 1)
    .replace('fields = ["noi_dung_de_nghi"]', 'fields = ["noi_dung_de_nghi", "viec", "khac"]', 1)
    .replace("6. Email: {email}", "6. Email: {email}   Việc: {viec} {khac}", 1)
)
CHECK = '\n[[check]]\nid = "thu"\nrule = "{rule}"\nkeys = [{keys}]\n{args}level = "error"\nat = "nguoi_o"\nsay = "Sai."\nsay_en = "Wrong."\n'


def with_check(rule: str, keys: str, args: str = "") -> str:
    """Return the file with one more check before its declaration."""
    more = CHECK.format(rule=rule, keys=keys, args=f"args = {args}\n" if args else "")
    return STAY.replace("\n[declaration]\n", f"{more}\n[declaration]\n", 1)


OPTION = '\n[[field.options]]\nid = "a"\nlabel = "Một"\nlabel_en = "One"\n'
TWICE = f'kind = "email"\nlabel = "Thư"\nlabel_en = "Mail"\n{OPTION}{OPTION}\n[[field]]\nkey = "them"\n'

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
    (STAY.replace("6. Email: {email}", "6. Email: {email", 1), "declaration.line[5]: dấu ngoặc nhọn không thành cặp"),
    (STAY.replace("6. Email: {email}", "6. Email: {{email}}", 1), "declaration.line[5]: dấu ngoặc nhọn không thành cặp"),
    (STAY.replace("cho {ho_ten} tại", "cho {ho_ten} } tại", 1), "summary: dấu ngoặc nhọn không thành cặp"),
    (STAY.replace("{gioi_tinh}", "{gioi_tinh?nuu}", 1), "declaration.line[3]: ô vuông {gioi_tinh?nuu}: 'nuu' phải là một trong: nam, nu; có phải 'nu'?"),
    (STAY.replace("{email}", "{email?co}", 1), "declaration.line[5]: ô vuông {email?co}: 'co' hỏi một ô không có lựa chọn"),
    (STAY.replace('table = "thanh_vien"', 'table = "ho_ten"', 1), "declaration.line[9]: table cần một ô kind = \"group_list\"; ô 'ho_ten' là person_name"),
    (STAY.replace('table = "thanh_vien"', 'each = "ho_ten"', 1), "declaration.line[9]: each cần một ô kind = \"group_list\"; ô 'ho_ten' là person_name"),
    (STAY.replace('boxes = "so_dinh_danh"', 'boxes = "dien_thoai"', 1), "declaration.line[4]: boxes cần một ô kind = \"id_number\"; ô 'dien_thoai' là phone"),
    (STAY.replace('id = "nguoi_than"', 'id = "thue"', 1).replace('"thue", "nguoi_than"', '"thue"', 1), "situation[o_dau].options: lựa chọn 'thue' có hai lần; mỗi id chỉ dùng một lần"),
    (STAY.replace(EMAIL, f"{EMAIL}{TWICE}", 1).replace('kind = "email"', 'kind = "choice"', 1), "field[email].options: lựa chọn 'a' có hai lần"),
    (STAY.replace(EMAIL, f"{EMAIL}{TWICE}", 1), "field[email].options: ô loại email không có lựa chọn; chỉ một trong: boolean, choice,"),
    (STAY.replace('fields = ["dien_thoai"]', 'fields = ["dien_thoai", "ho_ten"]', 1), "step[nguoi_o].fields: ô 'ho_ten' vừa ở fields vừa ở fills: trang hỏi hai lần"),
    (STAY.replace("days = 3\n", "days = -3\n", 1), "time[1].days: số ngày không được âm; trong ngày thì ghi 0"),
    (STAY.replace('code = "H57', 'code = "H57/', 1), "code: 'H57/.000002' chỉ được có chữ không dấu, số, dấu chấm và gạch ngang"),
    (STAY.replace('id = "thu_dien_tu"', 'id = "thu.tu"', 1), "step[thu.tu].id: 'thu.tu' chỉ được có chữ không dấu, số và dấu gạch dưới"),
    (STAY.replace("amount = 15000", "amount = 20_000_000_000", 1), "fee[truc_tiep].amount: lệ phí trên 1.000.000.000 đồng: xem lại số 0"),
    (STAY.replace(HEAD, f'{HEAD}\n[[copy]]\nto = "ho_ten"\nsource = "chu_ho_ten"\n\n[[copy]]\nto = "chu_ho_ten"\nsource = "ho_ten"\n', 1), "'ho_ten' và 'chu_ho_ten' chép của nhau theo vòng tròn; bỏ một [[copy]]"),
    (STAY.replace('ask = "Ai đến ở?"', 'ask = "Ai đến ở? 🏠"', 1), "có hình '🏠' trong một câu: máy in không in được; xóa hình đó"),
    (STAY.replace(EMAIL, f"{EMAIL}required = true\nasked = false\n", 1), "field[email].asked: bắt buộc (required) mà không hỏi (asked = false): không ai trả lời được"),
    (STAY.replace(EMAIL, f"{EMAIL}high = 5\n", 1), "field[email].high: ô loại email không xem high; chỉ một trong: choice_text, date,"),
    (STAY.replace('key = "thanh_vien"\n', 'key = "thanh_vien"\nlow = 1\n', 1), "field[thanh_vien].low: ô loại group_list không xem low; chỉ một trong: money, number"),
    (STAY.replace('key = "thanh_vien"\n', 'key = "thanh_vien"\nhigh = 21\n', 1), "field[thanh_vien].high: danh sách có từ 1 đến 20 dòng"),
    (STAY.replace('key = "ngay_sinh"\n', 'key = "ngay_sinh"\nhigh = 5\n', 1).replace("high = 0\n", "", 1), "field[ngay_sinh].high: ô ngày chỉ nhận high = 0: không sau hôm nay"),
    (STAY.replace('is = "tap_the"', "age_under = 5", 1), "note[1].when: age_under hỏi một ngày; 'o_dau' không phải ô ngày"),
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


# text of the file with something that loads and does not do what was meant, the note of the command
ADVICE = [
    (WITH_OTHER, "field[khac].when: ô này luôn hiện: điều kiện hỏi 'viec' ở cùng trang."),
    (STAY.replace("   6. Email: {email}", "", 1).replace('kind = "email"', 'kind = "text"', 1), "field[email]: câu trả lời không in ở dòng nào của tờ khai"),
    (STAY.replace('ask_en = "Who is staying?"', 'ask_en = "Ai đến ở?"', 1), "step[nguoi_o].ask: chữ tiếng Anh giống hệt chữ tiếng Việt"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), ADVICE, ids=[message for _, message in ADVICE])
def test_what_loads_and_does_not_do_what_was_meant_is_noted(text: str, message: str, tmp_path: Path) -> None:
    assert text != STAY
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    notes = [str(note) for note in advice(read_procedure(path))]
    assert any(note.startswith(message) for note in notes), notes
    assert len(notes) == 1


@pytest.mark.parametrize("path", sorted(CATALOGUE.glob("*.toml")), ids=lambda path: path.stem)
def test_the_shipped_files_are_accepted_without_advice(path: Path) -> None:
    procedure = read_procedure(path)
    assert errors_in_use(procedure, Config()) == []
    assert list(advice(procedure)) == []
