"""Pictures of every declaration in the catalogue: `python -m tests.papers.pictures [CODE ...]` fills build/papers.

Each form is printed with typical answers, with the longest, and with only the required ones; contact.png shows all with
typical answers, desk.png the official papers, bring.png the lists of papers to bring, fee.png the fee slip. Look at
them. The tests compare golden pictures, coarse ones of every first page: `python -m tests.papers.pictures --golden`
writes them again.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw

from kiosk.config import Config, FeesSettings
from kiosk.dossiers import checklist
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.papers import declaration as declarations
from kiosk.papers import fee, missing
from kiosk.procedures.answers import Office, complete
from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import Procedure
from kiosk.records.fees import FeeRow
from kiosk.records.submissions import Submission
from printers.render import raster
from printers.render.pdf import render_sheet
from printers.render.pillow_fonts import font
from printers.settings import PrinterSettings
from printers.sheet import Sheet
from tests.papers import desk, made_up
from tests.papers.forms import BIRTH, made_up_answers

OUT = Path("build/papers")
GOLDEN = Path(__file__).parent / "golden"
COARSE = (105, 148)  # two millimetres a dot
AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
OFFICE = Office(
    committee="Ủy ban nhân dân phường Phú Xuân, thành phố Huế",
    police="Công an phường Phú Xuân, thành phố Huế",
    short="phường Phú Xuân",
    ward_code="19753",
    province_code="46",
    economy="Phòng Kinh tế, Hạ tầng và Đô thị phường Phú Xuân",
)
HEADER = declarations.FormHeader(
    ward="phường Phú Xuân",
    machine="máy PK03",
    receipt_no="PK03-261124-0017-V",
    at=AT,
    compared="Mẫu theo nguồn thứ cấp: cán bộ so với mẫu của phường khi nhận.",
)
VARIANTS: dict[str, Callable[[Procedure], dict[str, Any]]] = {
    "typical": made_up_answers,
    "longest": made_up.longest,
    "least": made_up.least,
}
DPI = 80
ACROSS = 5
MARGIN = 12
PAPER_WIDTHS = {80: PrinterSettings(), 58: PrinterSettings(width_mm=58, dots=384)}


def declaration_sheet(
    procedure: Procedure, given: Mapping[str, Any], header: declarations.FormHeader = HEADER
) -> Sheet:
    """Return the declaration of a procedure with given answers."""
    form = procedure.declaration
    assert form is not None
    answers = complete(procedure, given, office=OFFICE, today=AT.date())
    return declarations.sheet(procedure, form, answers=answers, header=header)


def pages(document: bytes, dpi: int) -> list[Image.Image]:
    """Return the pages of a PDF as pictures."""
    pdf = pypdfium2.PdfDocument(document)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in pdf]
    finally:
        pdf.close()


def coarse(page: Image.Image) -> Image.Image:
    """Return a coarse picture: fonts may move a dot, but a block must not move a line."""
    small = page.convert("L").resize(COARSE, Image.Resampling.BOX)
    return small.point([0] * 215 + [255] * 41).convert("1")


def golden(procedure: Procedure) -> Image.Image:
    """Return the coarse picture of a declaration's first page."""
    return coarse(pages(render_sheet(declaration_sheet(procedure, made_up_answers(procedure))), 72)[0])


def golden_paper(number: str) -> Image.Image:
    """Return the coarse picture of an official paper."""
    return coarse(pages(render_sheet(desk.sheets(number)[0]), 72)[0])


def papers_list(procedure: Procedure, known: Mapping[str, Any]) -> Image.Image:
    """Return the list of papers to bring in a situation, as a thermal printer prints it."""
    needed = checklist.papers_needed(procedure, known, AT.date())
    document = missing.papers_list(Config(), procedure, needed, "Danh sách theo nguồn thứ cấp, phường chưa đối chiếu.")
    (picture,) = raster.render(document, PrinterSettings())
    return picture.convert("L")


def situations(procedure: Procedure) -> list[dict[str, str]]:
    """Return the first options with each option of each situation in turn."""
    with_options = [situation for situation in procedure.situations if situation.options]
    usual = {situation.key: situation.options[0].id for situation in with_options}
    every: list[dict[str, str]] = []
    for situation in with_options:
        every += [usual | {situation.key: option.id} for option in situation.options if not option.officer]
    return [known for at, known in enumerate(every) if known not in every[:at]] or [usual]


def golden_list(procedure: Procedure) -> Image.Image:
    """Return the coarse picture of a list in the usual situation."""
    return coarse(papers_list(procedure, situations(procedure)[0]))


def fee_slip(settings: PrinterSettings) -> Image.Image:
    """Return the fee slip of two copies, as a thermal printer prints it."""
    procedure = read_catalogue().in_force(BIRTH, AT.date())
    assert procedure is not None
    number = "PK03-261124-0017-V"
    submission = Submission(
        id="",
        receipt_no=number,
        procedure=BIRTH,
        version=procedure.version,
        unit="",
        day=AT.date(),
        seq=17,
        completed_at=AT,
        digest="",
    )
    due = FeeRow(
        id="",
        submission_id="",
        receipt_no=number,
        fee="ban_sao",
        listed=16_000,
        amount=16_000,
        reason=None,
        exemption=None,
        method=None,
        state="due",
        day=AT.date(),
        actor="CB01",
        at=AT,
    )
    config = replace(
        Config(), fees=FeesSettings(bank="970436", account="0123456789", holder="TRUNG TAM PVHCC PHUONG PHU XUAN")
    )
    opened = OpenedSubmission(
        submission=submission,
        procedure=procedure,
        answers=complete(procedure, made_up_answers(procedure), office=OFFICE, today=AT.date()),
        applicant={},
        ticket=None,
    )
    (picture,) = raster.render(fee.fee_slip(config, opened, [due], key="PK03KM4PQ7SL"), settings)
    return picture.convert("L")


def golden_fee(width: int) -> Image.Image:
    """Return the coarse picture of a fee slip on paper of 80 or 58 mm."""
    return coarse(fee_slip(PAPER_WIDTHS[width]))


def contact_sheet(named: list[tuple[str, Image.Image]]) -> Image.Image:
    """Return pictures in rows, each with its name above."""
    width = max(picture.width for _, picture in named)
    height = max(picture.height for _, picture in named)
    rows = -(-len(named) // ACROSS)
    out = Image.new("RGB", (ACROSS * (width + MARGIN), rows * (height + 3 * MARGIN)), "#888")
    pen = ImageDraw.Draw(out)
    for number, (name, picture) in enumerate(named):
        x = number % ACROSS * (width + MARGIN)
        y = number // ACROSS * (height + 3 * MARGIN)
        pen.text((x + MARGIN, y + 6), name, font=font("sans-600", 18), fill="white")
        out.paste(picture, (x, y + 2 * MARGIN + 4))
    return out


def run(codes: list[str]) -> None:
    """Write the pictures of some procedures, or of all."""
    OUT.mkdir(parents=True, exist_ok=True)
    catalogue = read_catalogue()
    first: list[tuple[str, Image.Image]] = []
    for procedure in catalogue.all(AT.date()):
        if procedure.declaration is None or (codes and procedure.code not in codes):
            continue
        for variant, answers in VARIANTS.items():
            document = render_sheet(declaration_sheet(procedure, answers(procedure)))
            pictures = pages(document, DPI)
            (OUT / f"{procedure.code}-{variant}.pdf").write_bytes(document)
            for number, picture in enumerate(pictures, 1):
                picture.save(OUT / f"{procedure.code}-{variant}-{number}.png", optimize=True)
            print(f"{procedure.code} {procedure.id} {variant}: {len(pictures)} pages")
            if variant == "typical":
                first += [(f"{procedure.code} {procedure.id} {at}", picture) for at, picture in enumerate(pictures, 1)]
    if not codes:
        contact_sheet(write_official_papers()).save(OUT / "desk.png", optimize=True)
        lists = [
            (f"{procedure.id} {', '.join(known.values())}", papers_list(procedure, known).reduce(2))
            for procedure in catalogue.all(AT.date())
            for known in situations(procedure)
        ]
        slips = [(f"{width} mm", fee_slip(settings)) for width, settings in PAPER_WIDTHS.items()]
        sheets = {"contact.png": first, "bring.png": lists, "fee.png": slips}
        for name, named in sheets.items():
            contact_sheet(named).save(OUT / name, optimize=True)
            print(OUT / name)


def write_official_papers() -> list[tuple[str, Image.Image]]:
    """Write the official papers as PDF and as pictures, in every made-up case; return the typical ones."""
    typical: list[tuple[str, Image.Image]] = []
    for variant in desk.VARIANTS:
        for number in desk.NUMBERS:
            document = render_sheet(*desk.sheets(number, variant))
            pictures = pages(document, 2 * DPI)
            (OUT / f"desk-{number}-{variant}.pdf").write_bytes(document)
            for at, picture in enumerate(pictures, 1):
                picture.save(OUT / f"desk-{number}-{variant}-{at}.png", optimize=True)
            print(f"desk {number} {variant}: {len(pictures)} pages")
            if variant == "typical":
                typical += [(f"{number} {at}", picture.reduce(2)) for at, picture in enumerate(pictures, 1)]
    return typical


def write_golden() -> None:
    """Write the pictures that the tests compare."""
    for number in desk.NUMBERS:
        golden_paper(number).save(GOLDEN / f"desk-{number}.png", optimize=True)
    for procedure in read_catalogue().all(AT.date()):
        if procedure.declaration:
            golden(procedure).save(GOLDEN / f"{procedure.code}.png", optimize=True)
        if procedure.code == BIRTH:
            golden_list(procedure).save(GOLDEN / "bring.png", optimize=True)
    for width in PAPER_WIDTHS:
        golden_fee(width).save(GOLDEN / f"fee-{width}.png", optimize=True)


if __name__ == "__main__":
    write_golden() if sys.argv[1:] == ["--golden"] else run(sys.argv[1:])
