"""Pictures of every declaration on the shelf: `python -m tests.papers.pictures [CODE ...]` fills build/papers.

Each form is printed with usual answers, with the longest, and with only what must be said; contact.png shows all with
usual answers, desk.png the official papers of the desk, bring.png the lists of what to bring, fee.png the fee slip.
They are for the eye. What tests compare are the golden pictures, coarse ones of every first page:
`python -m tests.papers.pictures --golden` draws them anew, once they were looked at.
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
from tests.papers.forms import BIRTH, told

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
HEAD = declarations.Head(ward="phường Phú Xuân", machine="máy PK03", receipt_no="PK03-261124-0017-V", at=AT)
WAYS: dict[str, Callable[[Procedure], dict[str, Any]]] = {
    "typical": told,
    "longest": made_up.longest,
    "least": made_up.least,
}
DPI = 80
ACROSS = 5
MARGIN = 12
ROLLS = {80: PrinterSettings(), 58: PrinterSettings(width_mm=58, dots=384)}


def drawn(procedure: Procedure, told: Mapping[str, Any], head: declarations.Head = HEAD) -> Sheet:
    """A procedure's declaration with what somebody told."""
    form = procedure.declaration
    assert form is not None
    return declarations.sheet(procedure, form, complete(procedure, told, OFFICE, AT.date()), head)


def pages(document: bytes, dpi: int) -> list[Image.Image]:
    """The pages of a PDF as pictures."""
    pdf = pypdfium2.PdfDocument(document)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in pdf]
    finally:
        pdf.close()


def coarse(page: Image.Image) -> Image.Image:
    """A page on which fonts may move a dot, but a block may not move a line."""
    small = page.convert("L").resize(COARSE, Image.Resampling.BOX)
    return small.point([0] * 215 + [255] * 41).convert("1")


def golden(procedure: Procedure) -> Image.Image:
    """The coarse picture of a declaration's first page."""
    return coarse(pages(render_sheet(drawn(procedure, told(procedure))), 72)[0])


def golden_paper(number: str) -> Image.Image:
    """The coarse picture of a paper of the desk."""
    return coarse(pages(render_sheet(desk.sheets(number)[0]), 72)[0])


def brought(procedure: Procedure, known: Mapping[str, Any]) -> Image.Image:
    """The list of what to bring in a situation, as a thermal printer has it."""
    (picture,) = raster.render(missing.listing(Config(), procedure, known, AT.date()), PrinterSettings())
    return picture.convert("L")


def situations(procedure: Procedure) -> list[dict[str, str]]:
    """Each option of each situation, the others as usual."""
    asked = [one for one in procedure.situations if one.options]
    usual = {one.key: one.options[0].id for one in asked}
    every = [usual | {one.key: option.id} for one in asked for option in one.options if not option.officer]
    return [known for at, known in enumerate(every) if known not in every[:at]] or [usual]


def golden_list(procedure: Procedure) -> Image.Image:
    """The coarse picture of a list in the usual situation."""
    return coarse(brought(procedure, situations(procedure)[0]))


def fee_slip(settings: PrinterSettings) -> Image.Image:
    """The fee slip of two copies, as a thermal printer has it."""
    procedure = read_catalogue().in_force(BIRTH, AT.date())
    assert procedure is not None
    number = "PK03-261124-0017-V"
    filed = Submission(
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
    config = replace(Config(), fees=FeesSettings("970436", "0123456789", "TRUNG TAM PVHCC PHUONG PHU XUAN"))
    held = OpenedSubmission(
        submission=filed,
        procedure=procedure,
        answers=complete(procedure, told(procedure), OFFICE, AT.date()),
        applicant={},
        ticket=None,
    )
    (picture,) = raster.render(fee.paper(config, held, [due]), settings)
    return picture.convert("L")


def golden_fee(width: int) -> Image.Image:
    """The coarse picture of a fee slip on paper of 80 or 58 mm."""
    return coarse(fee_slip(ROLLS[width]))


def sheet_of(found: list[tuple[str, Image.Image]]) -> Image.Image:
    """Pictures in rows, each with its name above."""
    width, height = (max(picture.size[side] for _, picture in found) for side in (0, 1))
    rows = -(-len(found) // ACROSS)
    out = Image.new("RGB", (ACROSS * (width + MARGIN), rows * (height + 3 * MARGIN)), "#888")
    pen = ImageDraw.Draw(out)
    for number, (name, picture) in enumerate(found):
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
        for way, answers in WAYS.items():
            document = render_sheet(drawn(procedure, answers(procedure)))
            found = pages(document, DPI)
            (OUT / f"{procedure.code}-{way}.pdf").write_bytes(document)
            for number, picture in enumerate(found, 1):
                picture.save(OUT / f"{procedure.code}-{way}-{number}.png", optimize=True)
            print(f"{procedure.code} {procedure.id} {way}: {len(found)} pages")
            if way == "typical":
                first += [(f"{procedure.code} {procedure.id} {at}", picture) for at, picture in enumerate(found, 1)]
    if not codes:
        sheet_of(papers_of_the_desk()).save(OUT / "desk.png", optimize=True)
        lists = [
            (f"{one.id} {', '.join(known.values())}", brought(one, known).reduce(2))
            for one in catalogue.all(AT.date())
            for known in situations(one)
        ]
        slips = [(f"{width} mm", fee_slip(settings)) for width, settings in ROLLS.items()]
        sheets = {"contact.png": first, "bring.png": lists, "fee.png": slips}
        for name, sheet in ((name, sheet_of(found)) for name, found in sheets.items()):
            sheet.save(OUT / name, optimize=True)
            print(OUT / name)


def papers_of_the_desk() -> list[tuple[str, Image.Image]]:
    """Write the desk's papers as PDF and as pictures, in every made-up case; return the usual ones."""
    usual: list[tuple[str, Image.Image]] = []
    for way in desk.WAYS:
        for number in desk.NUMBERS:
            document = render_sheet(*desk.sheets(number, way))
            found = pages(document, 2 * DPI)
            (OUT / f"desk-{number}-{way}.pdf").write_bytes(document)
            for at, picture in enumerate(found, 1):
                picture.save(OUT / f"desk-{number}-{way}-{at}.png", optimize=True)
            print(f"desk {number} {way}: {len(found)} pages")
            if way == "typical":
                usual += [(f"{number} {at}", picture.reduce(2)) for at, picture in enumerate(found, 1)]
    return usual


def draw_golden() -> None:
    """Write the pictures that tests compare."""
    for number in desk.NUMBERS:
        golden_paper(number).save(GOLDEN / f"desk-{number}.png", optimize=True)
    for procedure in read_catalogue().all(AT.date()):
        if procedure.declaration:
            golden(procedure).save(GOLDEN / f"{procedure.code}.png", optimize=True)
        if procedure.code == BIRTH:
            golden_list(procedure).save(GOLDEN / "bring.png", optimize=True)
    for width in ROLLS:
        golden_fee(width).save(GOLDEN / f"fee-{width}.png", optimize=True)


if __name__ == "__main__":
    draw_golden() if sys.argv[1:] == ["--golden"] else run(sys.argv[1:])
