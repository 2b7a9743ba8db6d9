"""One draft at a touchscreen and at a desk: how soon one side sees what the other types, and who takes the turn.

Two Chromium pages share one draft of a kiosk in this process. Each time is from the key or the touch at one side until
the other side shows it. It is divided by the two pauses of docs/decisions/0032 (0.3 s after a key, 0.6 s between two
questions to the server) and the p95 of a page load in the same run: a slow machine makes only the load longer, and a
longer pause of a page makes the figure worse. Pauses and load are about a second on a calm machine. People who sit
together wait a second for their own touch, and two seconds for the other side, before they touch again.
"""

import logging
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench._figures import Figures, p95
from bench._serving import serving
from bench.paint import ARGS, CHROMIUM, PATIENCE, STEP, kiosk, open_touchscreen
from bench.submit import make_draft
from kiosk.acts import signing
from kiosk.context import Context
from kiosk.records import sessions

PASSWORD = "mật khẩu riêng"
CHANGES = 40
TURNS = 12
LOADS = 20
PAUSES = 0.3 + 0.6
"""Seconds."""


def open_desk(browser: Browser, address: str) -> Page:
    """Sign an officer in at counter 1 and return the page."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=address).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/officer/")
    page.fill("#login", "hoaian")
    page.fill("#password", PASSWORD)
    page.check("input[name=counter][value='1']")
    page.click("button.main")
    page.wait_for_load_state()
    return page


def open_screen(browser: Browser, address: str, cookie: str) -> Page:
    """Return a touchscreen at the page of the draft that asks for a name."""
    page = open_touchscreen(browser, address, cookie).new_page()
    page.goto(STEP)
    return page


def share(desk: Page, screen: Page, draft_id: str) -> None:
    """Open the draft at the desk, and give it the turn."""
    desk.goto("/officer/assist/new")
    form = desk.evaluate("document.querySelector('[name=csrf]').value")
    desk.request.post("/officer/assist/open", form={"csrf": form, "draft": draft_id, "reason": "here"})
    desk.goto(f"/officer/assist/{draft_id}/page/{STEP.rpartition('/')[2]}")
    give_to_desk(desk, screen)


def give_to_desk(desk: Page, screen: Page) -> None:
    """Ask for the turn at the desk, and agree at the screen."""
    desk.get_by_role("button", name="Xin lượt").click()
    screen.get_by_role("button", name="Đồng ý").tap()
    screen.wait_for_selector("body.together")
    desk.wait_for_selector("#turn-box[data-mine]")


def seconds_until_seen(desk: Page, screen: Page, number: int) -> float:
    """Type a name at the desk; return the seconds until the screen shows it."""
    name = f"Trần Thị Số {chr(65 + number % 26)}{chr(65 + number // 26)}"
    desk.fill("#con_ho_ten", name)
    begun = time.perf_counter()
    screen.wait_for_function("name => document.body.innerText.includes(name)", arg=name.upper(), polling=20)
    return time.perf_counter() - begun


def seconds_to_load(page: Page) -> float:
    """Load the page of a screen again; return the seconds."""
    begun = time.perf_counter()
    page.reload()
    return time.perf_counter() - begun


def seconds_until_taken(desk: Page, screen: Page) -> tuple[float, float]:
    """Take the turn at the screen; return the seconds until it has its field, and until the desk says so."""
    begun = time.perf_counter()
    screen.get_by_role("button", name="Tôi muốn tự khai").tap()
    screen.wait_for_selector("#con_ho_ten")
    own = time.perf_counter() - begun
    desk.wait_for_selector("#turn-box:not([data-mine])")
    return own, time.perf_counter() - begun


def run() -> Figures:
    """Measure changes of an answer and of the turn."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tool:
        app = kiosk(Path(folder))
        context: Context = app.extensions["context"]
        signing.add_person(context, "hoaian", name="Lê Hoài An", role="officer", password=PASSWORD)
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with serving(app) as address:
            cookie, _ = make_draft(context, 1)
            with context.store.read() as db:
                draft_id = str(db.execute("select draft_id from sessions where draft_id is not null").fetchone()[0])
                assert sessions.of_draft(db, draft_id)
            screen = open_screen(browser, address, cookie)
            desk = open_desk(browser, address)
            share(desk, screen, draft_id)
            load = p95([seconds_to_load(screen) for _ in range(LOADS)])
            seen = [seconds_until_seen(desk, screen, number) for number in range(CHANGES)]
            taken: list[tuple[float, float]] = []
            for _ in range(TURNS):
                taken.append(seconds_until_taken(desk, screen))
                give_to_desk(desk, screen)
        browser.close()
        context.store.close()
    own, other = [list(times) for times in zip(*taken, strict=True)]
    whole = PAUSES + load
    return [
        (
            "a change on the other side, p95 / pauses and a load",
            p95(seen) / whole,
            f"<= 2 (least {min(seen):.2f} s)",
        ),
        ("taking over: the citizen's field, p95 / the same", p95(own) / whole, f"<= 1 (least {min(own):.2f} s)"),
        ("taking over: the desk says so, p95 / the same", p95(other) / whole, f"<= 2 (least {min(other):.2f} s)"),
        ("  a page load, p95, s", load, ""),
    ]
