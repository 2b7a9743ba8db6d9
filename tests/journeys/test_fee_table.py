"""A fee with rates: the answers choose the amount, and its reason is on the screen, the slip, the desk and form 01."""

from pathlib import Path

import pytest

from kiosk.context import Context
from kiosk.dossiers import desk_services
from kiosk.procedures.loader import BadProcedure, read_procedure
from kiosk.records import fees
from tests.journeys.test_local_fees import Ward, form_01, slip, ward
from tests.journeys.walker import Walker
from tests.pages.officer.test_fees import _called, _hand_in, _press

__all__ = ["ward"]

COPY = "2.000635"
TABLE = """
[[procedure]]
code = "2.000635"
why = "Bảng phí của phường"
[[procedure.fee]]
id = "ban_sao"
amount = 8000
unit = "bản"
unit_en = "copies"
[[procedure.fee.rate]]
label = "Xin giấy kết hôn"
label_en = "Of a marriage"
amount = 7000
when = [{ key = "giay_nao", is = "ket_hon" }]
[[procedure.fee.rate]]
label = "Người ở phường Phú Xuân"
label_en = "Residents of Phú Xuân ward"
amount = 5000
when = [{ key = "nyc_noi_cu_tru.ward", in = ["19753"] }]
[[procedure.fee.rate]]
label = "Đăng ký đã quá 100 ngày"
label_en = "Registered more than 100 days ago"
amount = 3000
when = [{ key = "dk_ngay", days_over = 100 }]
"""
HERE = {"provinceCode": "46", "wardCode": "19753", "detail": "Tổ 5"}
ELSEWHERE = {"provinceCode": "01", "wardCode": "00004", "detail": "Số 1"}
CASES = {
    "by a choice": ({"giay_nao": "ket_hon", "nyc_noi_cu_tru": HERE}, 7000, "xin giấy kết hôn"),
    "by a ward": ({"nyc_noi_cu_tru": HERE, "dk_ngay": "2020-01-01"}, 5000, "người ở phường Phú Xuân"),
    "by days": ({"nyc_noi_cu_tru": ELSEWHERE, "dk_ngay": "2020-01-01"}, 3000, "đăng ký đã quá 100 ngày"),
    "the last day": ({"nyc_noi_cu_tru": ELSEWHERE, "dk_ngay": "2026-08-16"}, 8000, ""),
    "the day after": ({"nyc_noi_cu_tru": ELSEWHERE, "dk_ngay": "2026-08-15"}, 3000, "đăng ký đã quá 100 ngày"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_first_rate_that_holds_gives_the_amount_and_the_reason(ward: Ward, case: str) -> None:
    answers, amount, reason = CASES[case]
    app = ward(TABLE)
    context: Context = app.extensions["context"]
    filed = _hand_in(context, COPY, **({"giay_nao": "khai_sinh", "so_luong": 2} | answers))
    total = f"{2 * amount:,}".replace(",", ".")
    words = f", {reason}, 2 bản, {total} đồng" if reason else f", 2 bản, {total} đồng"
    assert words in slip(context, filed.submission.id)
    assert words in form_01(context, filed.submission.id).replace("\u00a0", " ")


def test_the_desk_shows_the_reason_before_and_after_the_payment(ward: Ward) -> None:
    app = ward(TABLE)
    desk = _called(app, COPY, giay_nao="ket_hon", so_luong=2)
    reason = ", xin giấy kết hôn, 2 bản"
    assert reason in desk.words.replace("\u00a0", " ")
    _press(desk, "cash")
    assert reason in desk.words.replace("\u00a0", " ")
    with app.extensions["context"].store.read() as db:
        (row,) = fees.of_day(db, app.extensions["context"].clock.today())
    assert (row.amount, row.listed, row.reason) == (14_000, 14_000, None)
    assert "Tờ khai nay tính ra" not in desk.words


def test_the_page_of_papers_lists_every_rate_with_its_reason(ward: Ward) -> None:
    walker = Walker(ward(TABLE)).go(f"/need/{COPY}")
    words = walker.words.replace("\u00a0", " ")
    table = (
        "Xin giấy kết hôn: 7.000 đồng; Người ở phường Phú Xuân: 5.000 đồng; "
        "Đăng ký đã quá 100 ngày: 3.000 đồng; trường hợp khác: 8.000 đồng, một bản."
    )
    assert table in words
    walker.go("/easier").fill(form="easier", lang="en").go(f"/need/{COPY}")
    assert "Of a marriage: 7,000 dong;" in walker.words.replace("\u00a0", " ")
    assert "other cases: 8,000 dong, each (copies)." in walker.words.replace("\u00a0", " ")


def test_a_service_without_a_form_has_each_rate(ward: Ward) -> None:
    context: Context = ward(TABLE).extensions["context"]
    options = {option.name: option for option in desk_services.service_options(context) if COPY in option.id}
    found = {name.rpartition(", ")[2]: option.amount for name, option in options.items()}
    assert {"xin giấy kết hôn": 7000, "người ở phường Phú Xuân": 5000, "đăng ký đã quá 100 ngày": 3000}.items() <= (
        found.items()
    )
    assert sorted(option.amount or 0 for option in options.values()) == [3000, 5000, 7000, 8000]
    chosen = next(option for option in options.values() if option.amount == 5000)
    typed = desk_services.LineInput(service=chosen.id, copies="3", pages="", stated="")
    (line,), errors = desk_services.read_lines(context, [typed], list(options.values()))
    assert (line.amount, line.fee, errors) == (15_000, "ban_sao", {})


MISTAKES = {
    'in = ["19753"]': ('in = ["99999"]', "không có phường xã nào mang mã '99999'"),
    '"nyc_noi_cu_tru.ward"': ('"nyc_noi_cu_tru.detail"', "chỉ hỏi được .ward (mã phường xã) hay .province"),
    'key = "dk_ngay", days_over': ('key = "dk_so", days_over', "days_over hỏi một ngày; 'dk_so' không phải ô ngày"),
    'amount = 3000\nwhen = [{ key = "dk_ngay", days_over = 100 }]': ("amount = 3000", "bậc phí phải có when"),
    'is = "ket_hon" }]': (
        'is = "ket_hon" }, { key = "giay_nao", is = "khai_sinh" }]',
        "bậc phí này không bao giờ dùng: các điều kiện trái nhau",
    ),
    "amount = 7000": ("amount = 7000000000", "lệ phí trên 1.000.000.000 đồng"),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_a_mistake_in_a_fee_table_is_named(ward: Ward, right: str) -> None:
    wrong, message = MISTAKES[right]
    assert right in TABLE
    catalogue = ward(TABLE.replace(right, wrong)).extensions["context"].catalogue
    assert [error for error in catalogue.errors if message in error and error.startswith("sua-doi.toml, dòng")]
    assert COPY in catalogue.withheld


WARD_FORM = Path(__file__).parents[1] / "procedures" / "ward_form.toml"
FEE = """
[[fee]]
id = "cho_o"
name = "Chỗ ở tập thể"
name_en = "Dormitory"
amount = 1000
per = "{per}"
unit = "người"
unit_en = "people"
days = [{days}]
seen = "product"
"""


def with_fee(
    folder: Path, per: str = "thanh_vien", days: str = '"noi_dung_de_nghi.tu_ngay", "noi_dung_de_nghi.den_ngay"'
) -> Path:
    text = WARD_FORM.read_text("utf-8")
    path = folder / "form.toml"
    path.write_text(text.replace("\n[[situation]]", f"{FEE.format(per=per, days=days)}\n[[situation]]", 1), "utf-8")
    return path


def test_a_fee_is_multiplied_by_rows_and_by_days_with_both_ends(tmp_path: Path) -> None:
    from kiosk.dossiers.checklist import fee_line, fees_due
    from tests.papers.forms import DAY

    procedure = read_procedure(with_fee(tmp_path))
    stay = {"tu_ngay": "2026-12-01", "den_ngay": "2026-12-03"}
    known = {"thanh_vien": [{}, {}], "noi_dung_de_nghi": stay}
    (fee,) = [fee for fee in fees_due(procedure, known, DAY) if fee.id == "cho_o"]
    line = fee_line(fee, known)
    assert (line.label, line.amount.replace("\u00a0", " ")) == ("chỗ ở tập thể, 2 người, 3 ngày, ", "6.000 đồng")
    for lacking in ({"thanh_vien": [], "noi_dung_de_nghi": stay}, {"thanh_vien": [{}], "noi_dung_de_nghi": {}}):
        assert "cho_o" not in [fee.id for fee in fees_due(procedure, lacking, DAY)]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"per": "ho_ten"}, "phải là ô loại một trong: number, multichoice, group_list; ô 'ho_ten' là person_name"),
        ({"days": '"ngay_sinh"'}, "phải là hai ô ngày"),
        ({"days": '"ho_ten", "ngay_sinh"'}, "phải là hai ô ngày"),
        ({"days": '"tu", "ngay_sinh"'}, "không có ô 'tu'"),
    ],
)
def test_what_multiplies_a_fee_is_checked(tmp_path: Path, changed: dict[str, str], message: str) -> None:
    with pytest.raises(BadProcedure, match=r"dòng \d+: fee\[cho_o\]") as raised:
        read_procedure(with_fee(tmp_path, **changed))
    assert message in str(raised.value)
