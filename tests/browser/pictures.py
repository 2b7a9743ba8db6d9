"""The README's pictures, from a practice kiosk that runs: `python -m tests.browser.pictures`.

A whole birth registration is walked by touch; four of its pages go to docs/pictures, all of them on a contact sheet in
build/pictures.
"""

import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGS, CHROMIUM, GLASS
from tests.browser.kiosks import Practice, until
from tests.browser.walking import Person

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "pictures"
ALL = ROOT / "build" / "pictures"
WIDE = 540
COLORS = 64
FOR_README = {"start": "start", "confirm": "step", "check": "check"}


def take(person: Person, taken: list[Path], name: str) -> None:
    """Take the page as it stands; the README's among them are kept small."""
    person.page.wait_for_timeout(200)
    path = ALL / f"{len(taken) + 1:02d}-{name}.png"
    person.page.screenshot(path=path)
    taken.append(path)
    if name in FOR_README:
        small(path, KEPT / f"{FOR_README[name]}.png")


def small(path: Path, to: Path) -> None:
    """Save a picture as wide as the README shows it, in few colours."""
    with Image.open(path) as picture:
        high = round(picture.height * WIDE / picture.width)
        picture.convert("RGB").resize((WIDE, high), Image.Resampling.LANCZOS).quantize(COLORS).save(to, optimize=True)


def contact_sheet(taken: list[Path]) -> Path:
    """Lay all pages side by side."""
    sheet = Image.new("RGB", (6 * 280, (len(taken) + 5) // 6 * 490), "white")
    for at, path in enumerate(taken):
        with Image.open(path) as one:
            sheet.paste(one.convert("RGB").resize((270, 480)), (at % 6 * 280, at // 6 * 490))
    sheet.save(ALL / "contact.png")
    return ALL / "contact.png"


def main() -> None:
    for folder in (ALL, KEPT):
        folder.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        kiosk = Practice(Path(folder))
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        try:
            person = Person(browser.new_context(**GLASS).new_page(), kiosk.address)  # type: ignore[arg-type]
            person.seen = lambda name: take(person, taken, name)
            person.file_birth()
            take(person, taken, "done")
            paper = kiosk.data / "paper"
            until(lambda: list(paper.glob("*.png")))
            small(sorted(paper.glob("*.png"))[-1], KEPT / "slip.png")
        finally:
            browser.close()
            kiosk.stop()
    print(contact_sheet(taken))


if __name__ == "__main__":
    main()
