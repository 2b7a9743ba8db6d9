"""Fee slip: fees, sum and payment QR; it has no name and is no receipt."""

from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image
from vietnam_qr_pay import QRPay

from kiosk import papers
from kiosk.acts import charging
from kiosk.acts.charging import FeeInput, FeeRequest
from kiosk.config import FeesSettings
from kiosk.context import Context
from kiosk.dossiers import payment_keys
from kiosk.dossiers.filing import FilingResult
from printers.document import Document
from printers.render import raster
from printers.render import text as plain_text
from printers.settings import PrinterSettings
from tests.papers import pictures
from tests.papers.forms import BIRTH, HandIn
from tests.papers.test_declaration import differing

WIDE = PrinterSettings()
NARROW = PrinterSettings(width_mm=58, dots=384)
ACCOUNT = FeesSettings(bank="970436", account="0123456789", holder="TRUNG TAM PVHCC PHUONG PHU XUAN")
COPIES = FeeInput("ban_sao", 16_000, 16_000)


@pytest.fixture
def live(context: Context) -> Context:
    """Return a context of a ward with an account."""
    return replace(context, config=replace(context.config, fees=ACCOUNT))


@pytest.fixture
def practising(live: Context) -> Context:
    return replace(live, config=replace(live.config, kiosk=replace(live.config.kiosk, practice=True)))


def with_fees(context: Context, hand_in: HandIn, *fees: FeeInput, paid: bool = False) -> FilingResult:
    filed = hand_in(BIRTH)
    case = FeeRequest(filed.submission.id, filed.submission.receipt_no, 0)
    if paid:
        charging.record_payment(context, case, fees_input=fees, method="cash", actor="CB01")
    else:
        charging.request_fees(context, case, fees_input=fees, actor="CB01")
    return filed


def composed(context: Context, filed: FilingResult) -> Document:
    paper = papers.compose(context, "fee", filed.submission.id, {})
    assert paper is not None
    return paper


def words(context: Context, filed: FilingResult) -> str:
    return " ".join(plain_text.render(composed(context, filed), columns=200).replace("\u00a0", " ").split())


def picture_of(paper: Document, settings: PrinterSettings) -> Image.Image:
    (picture,) = raster.render(paper, settings)
    return picture.convert("L")


def test_a_press_for_two_copies_prints_two_slips(live: Context, hand_in: HandIn) -> None:
    filed = with_fees(live, hand_in, COPIES)
    paper = papers.compose(live, "fee", filed.submission.id, {"paper": "fee", "copies": 2})
    assert isinstance(paper, Document)
    first, second = raster.render(paper, WIDE)
    assert first == second == picture_of(composed(live, filed), WIDE).convert("1")


@pytest.mark.parametrize("settings", [WIDE, NARROW], ids=["80 mm", "58 mm"])
def test_the_code_on_the_paper_pays_what_the_words_say(
    live: Context, hand_in: HandIn, settings: PrinterSettings
) -> None:
    filed = with_fees(live, hand_in, COPIES)
    (code,) = zxingcpp.read_barcodes(picture_of(composed(live, filed), settings))
    payment = QRPay(code.text)
    assert payment.is_valid
    assert (payment.consumer.bank_bin, payment.consumer.bank_number, payment.amount) == (
        "970436",
        "0123456789",
        "16000",
    )
    key = payment_keys.receipt_key(live, filed.submission.receipt_no)
    assert payment.additional_data.purpose == f"PHI {key}"
    printed = words(live, filed)
    for text in ("Bản sao giấy khai sinh, 2 bản", "16.000 đồng", "Bằng chữ: mười sáu nghìn đồng", ACCOUNT.holder,
                 "Chuyển khoản hoặc tiền mặt", filed.submission.receipt_no, f"PHI {key}"):  # fmt: skip
        assert text in printed


def test_it_says_that_it_is_no_receipt_and_names_nobody(live: Context, hand_in: HandIn) -> None:
    printed = words(live, with_fees(live, hand_in, COPIES))
    assert "Chưa phải biên lai thu tiền" in printed
    assert "không thay biên lai" in printed
    for name in ("hiền", "ngọc", "phước", "046196000123"):
        assert name not in printed.lower()


def test_without_an_account_it_is_cash_and_no_code(context: Context, hand_in: HandIn) -> None:
    filed = with_fees(context, hand_in, COPIES)
    assert "Nộp tiền mặt tại quầy" in words(context, filed)
    assert "huyển khoản" not in words(context, filed)
    assert zxingcpp.read_barcodes(picture_of(composed(context, filed), WIDE)) == []


def test_in_practice_the_code_leads_to_no_account_and_says_so(practising: Context, hand_in: HandIn) -> None:
    filed = with_fees(practising, hand_in, COPIES)
    (code,) = zxingcpp.read_barcodes(picture_of(composed(practising, filed), WIDE))
    assert "970436" not in code.text
    assert ACCOUNT.account not in code.text
    assert QRPay(code.text).consumer.bank_bin == "000000"
    printed = words(practising, filed)
    assert "Mã tập, không chuyển được tiền" in printed
    assert "TẬP" in printed
    assert ACCOUNT.holder not in printed


def test_once_paid_a_slip_that_waited_says_so_and_has_no_code(live: Context, hand_in: HandIn) -> None:
    filed = with_fees(live, hand_in, COPIES, paid=True)
    assert "Đã thu tiền mặt lúc 8:30, 24/11/2026" in words(live, filed)
    assert "Phải nộp" not in words(live, filed)
    assert zxingcpp.read_barcodes(picture_of(composed(live, filed), WIDE)) == []


def test_who_is_spared_reads_why_and_pays_the_rest(live: Context, hand_in: HandIn) -> None:
    printed = words(live, with_fees(live, hand_in, FeeInput("qua_han", None, 0, exemption="ho_ngheo"), COPIES))
    assert "miễn" in printed
    assert "Lý do miễn: người thuộc hộ nghèo" in printed
    assert "Phải nộp 16.000 đồng" in printed


def test_a_corrected_sum_does_not_say_how_many(live: Context, hand_in: HandIn) -> None:
    printed = words(
        live, with_fees(live, hand_in, FeeInput(fee="ban_sao", listed=16_000, amount=8_000, reason="counted"))
    )
    assert "2 bản" not in printed
    assert "Phải nộp 8.000 đồng" in printed


def test_a_code_of_the_most_that_may_be_taken_still_fits_the_narrow_roll(live: Context, hand_in: HandIn) -> None:
    long = replace(
        live, config=replace(live.config, fees=FeesSettings(bank="970436", account="9" * 19, holder="P" * 70))
    )
    filed = with_fees(long, hand_in, FeeInput(fee="ban_sao", listed=16_000, amount=100_000_000, reason="other"))
    picture = picture_of(composed(long, filed), NARROW)
    (code,) = zxingcpp.read_barcodes(picture)
    assert QRPay(code.text).amount == "100000000"
    ink = picture.point([255] + [0] * 255).getbbox()
    assert ink is not None
    assert (ink[0], ink[2]) == (NARROW.margin, NARROW.dots - NARROW.margin)


def test_without_a_fee_there_is_no_slip(live: Context, hand_in: HandIn) -> None:
    filed = hand_in(BIRTH)
    assert papers.compose(live, "fee", filed.submission.id, {}) is None
    assert papers.compose(live, "fee", "nothing", {}) is None


@pytest.mark.parametrize("width", pictures.PAPER_WIDTHS)
def test_the_slip_looks_as_it_did(width: int) -> None:
    assert differing(pictures.golden_fee(width), f"fee-{width}") < 0.02
