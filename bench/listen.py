"""Time from the touch on "Nghe" until the first sound, against a bare page that plays the same recording at a touch.

Both pages are in one Chromium at a sixth of the processor's speed, in turns; each has loaded the recording before the
touch. What the browser needs to start a sound is in both, so the ratio is what the page's own script adds. A person
takes a sound within 200 ms for the answer to the touch. The bare page needs about 60 ms, so 3.5 times is the most; the
start page needed 5 times before it loaded its first sentence with the page (313 ms).
"""

import array
import logging
import math
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench._figures import Figures, range_words
from bench._serving import serving
from bench.paint import ARGS, CHROMIUM, SLOWER, kiosk, open_touchscreen
from kiosk.context import Context
from kiosk.voice import opus, page_clips, sound

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
      this.addEventListener("playing", () => done([performance.now() - touched, this.src]), { once: true });
      return play.call(this);
    };
  });
"""

BARE = """(address) => {
  const sound = new Audio(address);
  sound.preload = "auto";
  addEventListener("click", () => sound.play());
}"""
"""Script of the bare page: `address` is that of the recording."""


def record_greeting(context: Context) -> None:
    """Make a clip of each sentence of the start page's question: a tone."""
    tone = array.array("h", [round(9000 * math.sin(n / 9)) for n in range(round(sound.SAMPLE_RATE * SECONDS))])
    folder = page_clips.made_folder(page_clips.pages_folder(context.config), "vi")
    folder.mkdir(parents=True)
    for clip in page_clips.all_clips(TEXTS, "vi"):
        opus.write_clip(folder / f"{clip.name}{opus.SUFFIX}", tone.tobytes())


def first_sound(browser: Browser, address: str, touched: str, recording: str = "") -> tuple[float, str]:
    """Touch a part of a page in a new browser context; return ms until the sound, and the address of its recording.

    Args:
        touched: selector of what is touched.
        recording: the address that the bare page plays; "" for a page with its own script.
    """
    browser_context = open_touchscreen(browser, address)
    browser_context.add_init_script(WATCH)
    page = browser_context.new_page()
    browser_context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => true)")
    if recording:
        page.evaluate(BARE, recording)
    page.wait_for_timeout(READ)
    page.locator(touched).first.tap()
    milliseconds, played = page.evaluate("first")
    browser_context.close()
    return milliseconds, played


def run() -> Figures:
    """Measure ten first touches of each page; nothing is in a cache."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tool:
        app = kiosk(Path(folder))
        context: Context = app.extensions["context"]
        record_greeting(context)
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        with serving(app) as address:
            pairs = []
            for _ in range(TOUCHES):
                milliseconds, recording = first_sound(browser, address, ".listen")
                pairs.append((milliseconds, first_sound(browser, f"{address}/empty", "p", recording)[0]))
        browser.close()
        context.store.close()
    ratios = [milliseconds / bare for milliseconds, bare in pairs]
    return [
        ("touch on Nghe until its sound / bare page's", statistics.median(ratios), f"<= 3.5 {range_words(ratios)}"),
        ("  on the start page, ms", statistics.median(milliseconds for milliseconds, _ in pairs), ""),
        ("  on the bare page, ms", statistics.median(bare for _, bare in pairs), ""),
    ]
