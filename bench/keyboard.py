"""Longest task of the on-screen keyboard at a sixth of the processor's speed, against a loop of known length.

The loop runs in the same page right after the keyboard, so that other load delays both. A person notices a task that
takes half as long again as the loop.
"""

import logging
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench._figures import Figures, range_words
from bench._serving import serving
from bench.paint import ARGS, CHROMIUM, LOOP, SLOWER, STEP, kiosk, open_touchscreen
from bench.submit import make_draft
from kiosk.context import Context

LOADS = 10
WATCH = """() => { window.tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ type: "longtask" }); }"""
START_AGAIN = """() => { const address = new URL(document.querySelector('script[src*="keyboard"]').src);
  address.searchParams.append("again", ""); return import(address); }"""


def longest_task(browser: Browser, address: str, cookie: str) -> float:
    """Start the keyboard, open it and type a letter with its tone; return the longest task as a share of the loop."""
    browser_context = open_touchscreen(browser, address, cookie)
    page = browser_context.new_page()
    browser_context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address + STEP)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.evaluate(WATCH)
    page.evaluate(START_AGAIN)
    page.locator("main input[data-keyboard]").first.tap()
    for key in (':text-is("a")', "[data-tone=acute]"):
        page.locator(f"#keyboard button{key}:visible").first.tap()
    page.wait_for_timeout(100)
    ratio: float = max(page.evaluate("tasks"), default=0) / page.evaluate(LOOP)
    browser_context.close()
    return ratio


def run() -> Figures:
    """Measure ten loads of a form step with a name; the best counts, because other programs interrupt."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tool:
        app = kiosk(Path(folder))
        context: Context = app.extensions["context"]
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with serving(app) as address:
            ratios = [longest_task(browser, address, make_draft(context, number)[0]) for number in range(LOADS)]
        browser.close()
        context.store.close()
    return [("longest task / the loop, best of ten", min(ratios), f"<= 1.5 {range_words(ratios)}")]
