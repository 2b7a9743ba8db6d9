"""Time from the touch on "Nghe" until the browser plays the first sentence, at a sixth of the processor's speed."""

import array
import logging
import math
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench._figures import Figures, range_words
from bench._serving import serving
from bench.paint import ARGS, CHROMIUM, SLOWER, kiosk
from kiosk.context import Context
from kiosk.voice import page_clips, sound

TOUCHES = 10
SECONDS = 3.0
"""Length of the first sentence: a long one takes longer to load."""
READ = 1000
"""Milliseconds that a person looks at the page before the touch."""
TEXTS = ("Kính chào ông/bà.", "Hôm nay ông/bà cần làm việc gì?")
WATCH = """
  window.first = new Promise((done) => {
    let touched = 0;
    addEventListener("pointerdown", () => { touched = performance.now(); }, { capture: true });
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
      this.addEventListener("playing", () => done(performance.now() - touched), { once: true });
      return play.call(this);
    };
  });
"""


def record_greeting(context: Context) -> None:
    """Write a tone as the recording of each sentence of the start page's question."""
    tone = array.array("h", [round(9000 * math.sin(n / 9)) for n in range(round(sound.SAMPLE_RATE * SECONDS))])
    folder = page_clips.recording_folders(page_clips.pages_folder(context.config), "vi")[0]
    folder.mkdir(parents=True)
    for clip in page_clips.all_clips(TEXTS, "vi"):
        sound.write_clip(folder / f"{clip.name}.wav", tone.tobytes())


def first_sound(browser: Browser, address: str) -> float:
    """Touch the key of the start page in a new browser context; return ms until the sound."""
    browser_context = browser.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
    browser_context.add_init_script(WATCH)
    page = browser_context.new_page()
    browser_context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_timeout(READ)
    page.locator(".listen").first.tap()
    milliseconds: float = page.evaluate("first")
    browser_context.close()
    return milliseconds


def run() -> Figures:
    """Measure ten first touches; nothing is in a cache."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tool:
        app = kiosk(Path(folder))
        context: Context = app.extensions["context"]
        record_greeting(context)
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with serving(app) as address:
            times = [first_sound(browser, address) for _ in range(TOUCHES)]
        browser.close()
        context.store.close()
    return [("touch on Nghe until its sound, median, ms", statistics.median(times), f"<= 200 {range_words(times)}")]
