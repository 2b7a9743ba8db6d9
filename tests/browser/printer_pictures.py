"""Picture of the printers' page in docs/technician.md: `python -m tests.browser.printer_pictures` (`make pictures`).

A made-up ward: three printers in use, one of them jammed with two papers waiting, four more that were found.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from playwright.sync_api import sync_playwright

from kiosk.acts import signing
from kiosk.base.clock import FixedClock
from kiosk.config import ROOT, load
from kiosk.context import Context
from kiosk.startup.context_factory import create_store
from kiosk.web.app import create_app
from printers import discovery, spool
from tests.browser.laptop import open_laptop, sign_in_technician
from tests.browser.pictures import save_small
from tests.browser.printer_scene import FILE, FOUND, JAMMED, store_states
from tests.chromium import ARGS, CHROMIUM
from tests.heartbeats import beat
from tests.pages.technician.sitting import PASSWORD

OUT = ROOT / "docs" / "pictures" / "technician"
MORNING = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)


def ward(folder: Path) -> Flask:
    """Return the kiosk of the made-up ward."""
    file = folder / "kiosk.toml"
    file.write_text(
        FILE.replace("HALL", "192.168.1.50:9100").replace("OFFICE", "ipp://192.168.1.51/ipp/print"), encoding="utf-8"
    )
    config = load(file)
    create_store(config)
    app = create_app(config, FixedClock(MORNING))
    context: Context = app.extensions["context"]
    signing.set_technician_password(context, PASSWORD)
    beat(context)
    with context.store.write() as db:
        store_states(db)
        for number in range(2):
            spool.enqueue(
                db,
                key=f"made-up:{number}",
                kind=f"office:{JAMMED}",
                subject="",
                facts={"paper": "declaration"},
                now=context.clock.now(),
            )
    return app


def main() -> None:
    """Take the picture."""
    OUT.mkdir(parents=True, exist_ok=True)
    discovery.find_attached = lambda: list(FOUND)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        app = ward(Path(name))
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with open_laptop(browser, app, "/technician/signin") as page:
            sign_in_technician(page, PASSWORD)
            page.goto("/technician/printers")
            path = Path(name) / "printers.png"
            page.screenshot(path=path, animations="disabled")
            save_small(path, OUT / path.name, width=None)
        browser.close()
        app.extensions["context"].store.close()


if __name__ == "__main__":
    main()
