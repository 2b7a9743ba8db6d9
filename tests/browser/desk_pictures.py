"""Pictures of docs/officer.md: `python -m tests.browser.desk_pictures` (`make pictures`).

A made-up morning at the desk, walked in Chromium at 1366x768. The clock of kiosk and browser stands, so that a second
run differs only where a page has changed. docs/pictures/officer gets the pictures.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from kiosk.acts import signing
from kiosk.base.clock import FixedClock
from kiosk.config import ROOT
from kiosk.config.list_sections import OfficePrinterSection
from kiosk.context import Context
from kiosk.startup.wiring import open_printers
from kiosk.web import loopback_server
from kiosk.worker import Worker
from printers.virtual.office import VirtualOfficePrinter
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.desk_days import play_days
from tests.browser.desk_scenes import OFFICER, SCENES, Stage
from tests.browser.laptop import LAPTOP, PATIENCE
from tests.browser.person import Person
from tests.browser.pictures import save_small
from tests.browser.walks import kiosk
from tests.chromium import ARGS, CHROMIUM
from tests.heartbeats import beat
from tests.serving import served

OUT = ROOT / "docs" / "pictures" / "officer"


@contextmanager
def staged(browser: Browser) -> Iterator[Stage]:
    """Set the scene: a practice kiosk with made-up days, an office printer, and three browsers."""
    with VirtualOfficePrinter() as printer:
        printers = (OfficePrinterSection(name="Máy in A4", address=printer.address),)
        with kiosk(office_printers=printers) as app, served(app, **loopback_server.LIMITS) as address:
            context: Context = app.extensions["context"]
            assert isinstance(context.clock, FixedClock)
            people, password = signing.reset_demo_staff(context)
            officer = next(person.code for person in people if person.login == OFFICER)
            play_days(context, officer, clock=context.clock)
            beat(context)
            office = {
                kind: found for kind, found in open_printers(context.config).items() if kind.startswith("office:")
            }
            screen = browser.new_context(**TOUCHSCREEN)  # type: ignore[arg-type]
            yield Stage(
                context=context,
                clock=context.clock,
                worker=Worker(context, None, office),
                password=password,
                desk=_laptop(browser, address, context),
                citizen=Person(screen.new_page(), address),
                lead=_laptop(browser, address, context),
            )


def _laptop(browser: Browser, address: str, context: Context) -> Page:
    page = browser.new_context(**LAPTOP, base_url=address).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE)
    page.clock.set_fixed_time(context.clock.now())
    return page


def take(name: str, shown: Page | Locator, folder: Path) -> None:
    """Save the picture of a scene, small."""
    path = folder / f"{name}.png"
    shown.screenshot(path=path, animations="disabled")
    save_small(path, OUT / path.name, width=None)


def main() -> None:
    """Walk all scenes, and write their pictures."""
    OUT.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with staged(browser) as stage:
            for name, scene in SCENES.items():
                take(name, scene(stage), Path(folder))
        browser.close()
    print(OUT.relative_to(ROOT))


if __name__ == "__main__":
    main()
