"""Certified copies: papers and counts, a name, a slip; no form to print."""

from dataclasses import replace

import zxingcpp

from kiosk.acts import charging
from kiosk.acts.charging import FeeInput, FeeRequest
from kiosk.dossiers import payment_keys
from kiosk.papers import declaration, fee, slip
from printers.render import raster, text
from printers.settings import PrinterSettings
from tests.journeys import submission_checks
from tests.journeys.people import reach_check_page, submit
from tests.journeys.walker import Walker
from tests.pages.test_choose import file_forms

CODE = "2.000815"


def _papers(walker: Walker) -> Walker:
    walker.follow("/choose").follow("/choose?event=giay_to").follow(f"/need/{CODE}").fill()
    assert walker.at == "/form/giay_to"
    return walker


def test_two_papers_two_copies_each_take_six_touches_and_a_card(walker: Walker) -> None:
    """At most 12 touches for two papers with two copies each; nothing is typed."""
    file_forms(walker.context, {CODE: 1}, days_ago=1)
    walker.go("/")
    walker.touches = 0
    walker.press(f"/begin/{CODE}")
    assert walker.at == "/form/giay_to"
    for paper in ("bang", "hoc_ba"):
        walker.fill(add=paper)
    walker.fill({"giay_to.0.so_ban": "2", "giay_to.1.so_ban": "2"})
    assert walker.at == "/form/nguoi_yeu_cau"
    assert "2 giấy, 4 bản: 8.000 đồng" in walker.words
    assert "nhiều nhất 200.000 đồng một bản" in walker.words
    walker.scan("me")
    assert walker.at == "/done"
    assert (walker.touches, walker.letters) == (6, 0)


def test_pages_are_counted_beside_the_sum(walker: Walker) -> None:
    _papers(walker).fill(add="bang").fill(add="hoc_ba").fill({"giay_to.0.so_ban": "2"})
    walker.fill({"giay_to.1.so_trang": "12"}, form="counts")
    assert walker.at == "/form/nguoi_yeu_cau"
    assert "3 bản: 18.000 đồng" in walker.words
    walker.scan("me")
    screens = walker.addresses[walker.addresses.index(f"/need/{CODE}") :]
    assert list(dict.fromkeys(screens)) == [f"/need/{CODE}", "/form/giay_to", "/form/nguoi_yeu_cau", "/done"]
    answers = submission_checks.checked_body(walker.context, "B")["form"]["answers"]
    assert answers["giay_to"] == [
        {"ten": "bang", "so_trang": 1, "so_ban": 2},
        {"ten": "hoc_ba", "so_trang": 12, "so_ban": 1},
    ]
    assert answers["dang_ban_sao"] == "giay"
    submission = submission_checks.only_submission(walker.context)
    assert declaration.declaration(walker.context, submission.id) is None
    paper = slip.compose(walker.context, submission.id, {})
    assert paper is not None
    words = " ".join(text.render(paper).split())
    assert "Bản chính từng giấy" in words
    for line in ("Học bạ, bảng điểm, 12 trang 1 bản", "Cộng 3 bản 18.000 đồng", "Mã tập, không chuyển được tiền"):
        assert line in words


def _codes(walker: Walker) -> list[str]:
    paper = slip.compose(walker.context, submission_checks.only_submission(walker.context).id, {})
    assert paper is not None
    printed = raster.render(paper, PrinterSettings())
    return [code.text.rpartition("#")[2] for page in printed for code in zxingcpp.read_barcodes(page)]


def test_the_slip_has_a_code_for_the_payment_until_it_is_paid(walker: Walker) -> None:
    _papers(walker).fill(add="bang").fill({"giay_to.0.so_ban": "2"}).scan("me")
    submission = submission_checks.only_submission(walker.context)
    key = payment_keys.receipt_key(walker.context, submission.receipt_no)
    assert set(_codes(walker)) == {
        submission.receipt_no,
        fee.payment_code(walker.context.config, key, 4000),
    }
    request = FeeRequest(submission.id, submission.receipt_no, seen_count=0)
    paid = [FeeInput(fee="sao_y", listed=4000, amount=4000)]
    assert charging.record_payment(walker.context, request, paid, method="cash", actor="CB01")
    assert _codes(walker) == [submission.receipt_no]


def test_a_ward_without_an_account_takes_cash(walker: Walker) -> None:
    _papers(walker).fill(add="bang").fill().scan("me")
    config = walker.context.config
    walker.context.config = replace(config, kiosk=replace(config.kiosk, practice=False))
    assert not config.fees.account
    assert _codes(walker) == [submission_checks.only_submission(walker.context).receipt_no]


def test_no_card_and_no_number_will_do(walker: Walker) -> None:
    _papers(walker).fill(add="khai_sinh").fill()
    walker.press("by-hand").fill(nyc_ho_ten="Hồ Văn Lão")
    walker.fill(unknown="nyc_so_dinh_danh").fill()
    reach_check_page(walker)
    submit(walker)
    answers = submission_checks.checked_body(walker.context, "B")["form"]["answers"]
    assert answers["nyc_ho_ten"] == "Hồ Văn Lão"
    assert "nyc_so_dinh_danh" not in answers


def test_nothing_is_certified_without_a_paper(walker: Walker) -> None:
    _papers(walker).fill()
    assert walker.at == "/form/giay_to"
    assert "Chưa có giấy nào" in walker.words


def test_a_book_of_many_pages_is_asked_about(walker: Walker) -> None:
    _papers(walker).fill(add="so_bhxh").fill({"giay_to.0.so_trang": "250"})
    walker.scan("me")
    assert walker.at == "/form/missing"
    assert "trên 200 trang" in walker.words


def test_a_foreign_paper_is_spoken_of_before(walker: Walker) -> None:
    walker.go(f"/need/{CODE}")
    assert "hợp pháp hóa lãnh sự" in walker.words


def test_exceptions_of_legalisation_are_named(walker: Walker) -> None:
    words = walker.go(f"/need/{CODE}").words
    for exception in (
        "hộ chiếu, thẻ căn cước, thẻ thường trú, thẻ cư trú, giấy phép lái xe",
        "bằng tốt nghiệp, chứng chỉ và bảng điểm kèm theo bằng tốt nghiệp, chứng chỉ",
    ):
        assert exception in words
