"""A stand-in for `scanimage`: a feeder with the papers of a folder, which stops with a status of SANE."""

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from kiosk.paper_scanner import sane
from kiosk.paper_scanner.separators import code_of
from kiosk.papers import separator_sheets
from kiosk.papers.separator_sheets import SeparatorSheet

A4 = (1654, 2339)
"""Dots of A4 at 200 dpi."""
OPTIONS = """    --mode Gray|Color [Gray]
    --resolution 75|150|200|300dpi [75]
    --source Flatbed|ADF|ADF Duplex [Flatbed]
    -x 0..215.9mm [215.9]
    -y 0..297mm [297]
"""
PROGRAM = """#!/bin/sh
cd "{folder}"
echo "$@" >> asked
for word; do case $word in --all-options) cat options; exit ;; --batch=*) batch=${{word#--batch=}} ;; esac; done
into=${{batch%/*}}
for paper in $(ls papers); do
  mv "papers/$paper" "$into/$paper"
  echo "$into/$paper"
done
exec sh ending
"""


class Feeder:
    """The stand-in's feeder: papers to scan, and the status that the next run ends with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "papers").mkdir(parents=True)
        (folder / "options").write_text(OPTIONS)
        program = folder / "scanimage"
        program.write_text(PROGRAM.format(folder=folder))
        program.chmod(0o700)
        self.program = program
        self.ends_with(7)

    def put(self, *papers: bytes) -> None:
        """Put papers into the feeder."""
        count = len(list((self.folder / "papers").iterdir()))
        for number, paper in enumerate(papers, start=count + 1):
            (self.folder / "papers" / f"{number:03}.pnm").write_bytes(paper)

    def ends_with(self, status: int) -> None:
        """End the next runs with this status."""
        (self.folder / "ending").write_text(f"exit {status}")

    def waits(self) -> None:
        """Let the next runs wait after the last paper until they are stopped."""
        (self.folder / "ending").write_text("exec sleep 60")

    def waits_for_stop(self) -> None:
        """As SANE's program, end the page that moves after the first SIGTERM, and break it off at the second."""
        (self.folder / "ending").write_text(
            "trap 'stops=x$stops; [ $stops = x ] || exit 143' TERM\n"
            "until [ $stops ]; do sleep 0.05; done\nsleep 1; echo whole > ended; exit 0"
        )

    @property
    def asked(self) -> list[str]:
        """The arguments of each run."""
        return (self.folder / "asked").read_text().splitlines()


@pytest.fixture
def feeder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Feeder:
    """Return an empty feeder that the kiosk scans from."""
    feeder = Feeder(tmp_path / "feeder")
    monkeypatch.setattr(sane, "PROGRAM", str(feeder.program))
    return feeder


def paper(text: str = "GIẤY", *, colour: str = "black", dpi: int = 200) -> bytes:
    """Return an A4 page with a line of ink as PNM in grey, or in colours; an empty text gives a blank page.

    Another text gives another line, so that no two pages are the same file.
    """
    mode = "L" if colour == "black" else "RGB"
    image = Image.new(mode, (A4[0] * dpi // 200, A4[1] * dpi // 200), "white")
    if text:
        ImageDraw.Draw(image).rectangle((300, 400, 900 + sum(text.encode()) % 300, 440), fill=colour)
    head = f"{'P5' if mode == 'L' else 'P6'}\n# SANE data follows\n{image.width} {image.height}\n255\n"
    return head.encode() + image.tobytes()


def separator(paper_id: str, *, name: str = "Giấy tập", turn: float = 0) -> bytes:
    """Return the printed separator sheet of a paper as PNM in grey, turned by degrees."""
    sheet = separator_sheets.pdf([SeparatorSheet(name=name, code=code_of(paper_id))])
    image = pypdfium2.PdfDocument(sheet)[0].render(scale=A4[0] / separator_sheets.WIDTH).to_pil().convert("L")
    image = image.rotate(turn, fillcolor="white")
    return b"P5 %d %d 255\n" % image.size + image.tobytes()
