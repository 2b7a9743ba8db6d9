"""Pictures of the README, from a running practice kiosk: `python -m tests.browser.pictures`.

A whole birth registration is filled in by touch. Three of its pages and the slip go to docs/pictures, all pages to a
contact sheet in build/pictures.
"""

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import TOUCHSCREEN
from tests.browser.kiosks import PracticeKiosk, until
from tests.browser.person import Person
from tests.chromium import ARGS, CHROMIUM

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "pictures"
ALL = ROOT / "build" / "pictures"
WIDTH = 540
COLORS = 64
FOR_README = {"start": "start", "confirm": "step", "check": "check"}


def save_page(person: Person, pictures: list[Path], name: str) -> None:
    """Save a picture of the current page, and a small one if the README shows it."""
    person.page.wait_for_timeout(200)
    path = ALL / f"{len(pictures) + 1:02d}-{name}.png"
    person.page.screenshot(path=path)
    pictures.append(path)
    if name in FOR_README:
        save_small(path, KEPT / f"{FOR_README[name]}.png")


def save_small(path: Path, to: Path, width: int | None = WIDTH) -> None:
    """Save a picture in the width that the README shows, or in its own, with few colours."""
    with Image.open(path) as picture:
        small = picture.convert("RGB")
        if width is not None:
            height = round(picture.height * width / picture.width)
            small = small.resize((width, height), Image.Resampling.LANCZOS)
        small.quantize(COLORS).save(to, optimize=True)


def contact_sheet(pictures: list[Path]) -> Path:
    """Put all pages side by side into one picture; return its path."""
    sheet = Image.new("RGB", (6 * 280, (len(pictures) + 5) // 6 * 490), "white")
    for at, path in enumerate(pictures):
        with Image.open(path) as picture:
            sheet.paste(picture.convert("RGB").resize((270, 480)), (at % 6 * 280, at // 6 * 490))
    sheet.save(ALL / "contact.png")
    return ALL / "contact.png"


def main() -> None:
    for folder in (ALL, KEPT):
        folder.mkdir(parents=True, exist_ok=True)
    pictures: list[Path] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        kiosk = PracticeKiosk(Path(folder))
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        try:
            person = Person(browser.new_context(**TOUCHSCREEN).new_page(), kiosk.address)  # type: ignore[arg-type]
            person.seen = lambda name: save_page(person, pictures, name)
            person.file_birth()
            save_page(person, pictures, "done")
            paper = kiosk.data / "paper"
            until(lambda: list(paper.glob("*.png")))
            save_small(sorted(paper.glob("*.png"))[-1], KEPT / "slip.png")
        finally:
            browser.close()
            kiosk.stop()
    print(contact_sheet(pictures))


if __name__ == "__main__":
    main()
