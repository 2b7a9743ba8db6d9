"""First paint of the start page and of a form step at a sixth of the processor's speed, beside an empty page.

The empty page comes from the same server, in turns with the real one; each load has a browser context of its own, so
that nothing is remembered, except for the step, which follows the start page as it does for a citizen.
"""

import logging
import os
import statistics
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench._serving import serving
from bench.submit import draft
from kiosk.app import create_app
from kiosk.config import load
from kiosk.context import Context
from kiosk.pages.access import for_

CHROMIUM = "/usr/bin/chromium"
PAIRS = 15
SLOWER = 6
ARGS = ["--disable-gpu", "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
BEFORE = "/form/nguoi_khai"
STEP = "/form/ten_be"
EMPTY = "<!doctype html><html lang=vi><meta charset=utf-8><title>_</title><p>Kính chào"
WATCH = """
  window.seen = { shift: 0, script: 0 };
  new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.shift += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    const scripts = list.getEntries().flatMap((frame) => frame.scripts);
    for (const script of scripts) seen.script = Math.max(seen.script, script.duration);
  }).observe({ type: "long-animation-frame", buffered: true });
"""


@dataclass(frozen=True)
class Load:
    """One page, loaded: ms to the first paint, bytes and requests over the wire, ms of the longest script."""

    paint: float
    size: int
    requests: int
    script: float
    shift: float


PAINTED = """() => new Promise((done) => {
  const look = () => performance.getEntriesByName("first-contentful-paint").length ? done() : setTimeout(look, 20);
  look();
})"""
"""Waits for the first paint; the page's policy forbids what Playwright itself would wait with."""


def loaded(browser_context: BrowserContext, address: str) -> Load:
    """Open an address in a new page and look on until it is quiet."""
    page = browser_context.new_page()
    page.add_init_script(WATCH)
    wire = browser_context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: list[float] = []
    asked: list[str] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wire.on("Network.responseReceived", lambda event: asked.append(event["response"]["url"]) if _sent(event) else None)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    page.evaluate(PAINTED)  # a busy machine is late
    page.wait_for_timeout(400)
    found = _looked(page)
    page.close()
    return Load(
        paint=found["paint"], size=int(sum(sizes)), requests=len(asked), script=found["script"], shift=found["shift"]
    )


def _sent(event: dict[str, Any]) -> bool:
    return not event["response"].get("fromDiskCache") and not event["response"]["url"].startswith("data:")


def _looked(page: Page) -> dict[str, Any]:
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    found: dict[str, Any] = page.evaluate(f"() => ({{ ...seen, paint: {paint} }})")
    return found


def first(browser: Browser, address: str) -> Load:
    """Load a page as the first one that this browser ever sees."""
    browser_context = browser.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
    found = loaded(browser_context, address)
    browser_context.close()
    return found


def following(browser: Browser, address: str, path: str, cookie: str) -> Load:
    """Load a page after the one before it, as a citizen comes to it."""
    browser_context = browser.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
    browser_context.add_cookies([{"name": "kiosk_tap", "value": cookie, "url": address}])
    loaded(browser_context, address + BEFORE)
    found = loaded(browser_context, address + path)
    browser_context.close()
    return found


def kiosk(folder: Path) -> Flask:
    """The practice kiosk, and beside its pages an empty one."""
    app = create_app(replace(load(), root=folder).practising())
    app.add_url_rule("/empty", "empty", for_("anyone")(lambda: EMPTY))
    return app


def figures(name: str, pairs: list[tuple[Load, Load]], most_bytes: int) -> list[tuple[str, float, str]]:
    """What is asked of a page, from its loads in turns with the empty page's."""
    ratios = [real.paint / empty.paint for real, empty in pairs]
    real = [one for one, _ in pairs]
    spread = f"range {min(ratios):.2f} to {max(ratios):.2f}"
    return [
        (f"{name}: first paint / empty page's", statistics.median(ratios), f"<= 2.0 ({spread})"),
        (f"{name}: first paint, ms", statistics.median(one.paint for one in real), ""),
        (f"{name}: requests", max(one.requests for one in real), "<= 6"),
        (f"{name}: kB over the wire", max(one.size for one in real) / 1000, f"<= {most_bytes}"),
        (f"{name}: longest script, ms", statistics.median(one.script for one in real), "<= 50"),
        (f"{name}: layout shift", max(one.shift for one in real), "<= 0"),
    ]


def run() -> list[tuple[str, float, str]]:
    """Fifteen pairs of each page."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tool:
        app = kiosk(Path(folder))
        context: Context = app.extensions["context"]
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with serving(app) as address:
            first(browser, address + "/empty")
            start = [(first(browser, address + "/"), first(browser, address + "/empty")) for _ in range(PAIRS)]
            step = []
            for number in range(PAIRS):
                cookie, _ = draft(context, number)
                step.append((following(browser, address, STEP, cookie), following(browser, address, "/empty", cookie)))
        browser.close()
        context.store.close()
    return figures("start page", start, 150) + figures("form step", step, 15)
