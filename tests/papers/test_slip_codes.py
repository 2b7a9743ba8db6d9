"""The code of a slip with and without a public address, and its second part, as a scanner reads them from paper."""

from dataclasses import replace

import pytest
import zxingcpp

from kiosk import papers
from kiosk.context import Context
from kiosk.dossiers import status_page
from kiosk.dossiers.opened import open_submission
from kiosk.dossiers.scanned_code import recognise
from printers.document import Document
from printers.render import raster, text
from printers.settings import PrinterSettings
from tests.papers.forms import BIRTH, COPY, HandIn

PUBLIC = "https://mot-cua.hue.example"
PRINTERS = {"80 mm": PrinterSettings(), "58 mm": PrinterSettings(width_mm=58, dots=384)}


def with_address(context: Context, url: str = PUBLIC) -> None:
    context.config = replace(context.config, portal=replace(context.config.portal, kind="kiosk-sync", public_url=url))


def slip(context: Context, subject: str) -> Document:
    paper = papers.compose(context, "slip", subject, {})
    assert paper is not None
    return paper


def words(paper: Document) -> str:
    return text.render(paper, columns=200)


def codes_on(paper: Document, printer: PrinterSettings) -> list[str]:
    """Return the texts of the codes on a printed slip."""
    pictures = raster.render(paper, printer)
    return [found.text for picture in pictures for found in zxingcpp.read_barcodes(picture.convert("L"))]


def key_of(context: Context, receipt_no: str, first_id: str) -> status_page.StatusKey:
    return status_page.status_key(context, receipt_no, first_id)


@pytest.mark.parametrize("width", PRINTERS)
@pytest.mark.parametrize("code", [BIRTH, COPY])
def test_the_code_of_a_slip_is_an_address_that_a_phone_and_the_kiosks_scanner_read(
    context: Context, hand_in: HandIn, code: str, width: str
) -> None:
    with_address(context)
    submission = hand_in(code).submission
    key = key_of(context, submission.receipt_no, submission.id)
    found = codes_on(slip(context, submission.id), PRINTERS[width])
    assert found[-1] == f"{PUBLIC}/h/{key.key}#{submission.receipt_no}"
    scanned = recognise(found[-1], context.clock.today())
    assert (scanned.kind, scanned.text) == ("slip", submission.receipt_no)


def test_the_second_part_has_the_four_digits_with_number_and_day(context: Context, hand_in: HandIn) -> None:
    with_address(context)
    submission = hand_in(BIRTH).submission
    key = key_of(context, submission.receipt_no, submission.id)
    printed = words(slip(context, submission.id))
    first, _, second = printed.partition("Xé, cất riêng")
    assert key.digits in second
    assert submission.receipt_no in second
    assert key.digits not in first.replace(submission.receipt_no, "")
    assert key.key not in second
    assert "Hiền" not in second


def test_a_slip_without_a_public_address_is_as_before(context: Context, hand_in: HandIn) -> None:
    submission = hand_in(BIRTH).submission
    paper = slip(context, submission.id)
    assert codes_on(paper, PrinterSettings())[-1] == submission.receipt_no
    assert "Xé" not in words(paper)
    assert "điện thoại" not in words(paper)
    opened = open_submission(context, submission.id)
    assert opened is not None
    assert opened.status_page is None


def test_a_reprint_is_the_same_slip(context: Context, hand_in: HandIn) -> None:
    with_address(context)
    submission = hand_in(BIRTH).submission
    assert slip(context, submission.id) == slip(context, submission.id)


@pytest.mark.parametrize("url", ["", "https://another.example"])
def test_a_slip_follows_the_address_that_is_set_when_it_is_printed(context: Context, hand_in: HandIn, url: str) -> None:
    with_address(context)
    submission = hand_in(BIRTH).submission
    with_address(context, url)
    found = codes_on(slip(context, submission.id), PrinterSettings())[-1]
    assert found.startswith(url or submission.receipt_no)


def test_a_form_that_the_portal_got_without_a_key_has_the_bare_number(context: Context, hand_in: HandIn) -> None:
    submission = hand_in(BIRTH).submission
    with_address(context)
    assert codes_on(slip(context, submission.id), PrinterSettings())[-1] == submission.receipt_no


def test_two_dossiers_of_one_number_have_two_keys(context: Context) -> None:
    assert key_of(context, "PK03-261124-0017-F", "a").key != key_of(context, "PK03-261124-0017-F", "b").key


def test_keys_and_digits_are_spread(context: Context) -> None:
    keys = [key_of(context, "PK03-261124-0017-F", str(number)) for number in range(300)]
    assert len({key.key for key in keys}) == 300
    assert all(len(key.key) == 16 and len(key.digits) == 4 for key in keys)
    assert len({key.digits for key in keys}) > 280
