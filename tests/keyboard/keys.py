"""A key of the on-screen keyboard as a finger finds it."""

from playwright.sync_api import Page

PLACE = """(name) => {
  const keys = [...document.querySelectorAll("#keyboard button")]
    .filter((key) => key.checkVisibility({ visibilityProperty: true }));
  const ways = ["key", "tone", "act"].map((kind) => (key) => key.dataset[kind] === name);
  ways.push((key) => key.textContent.trim() === name);
  const found = ways.map((isNamed) => keys.find(isNamed)).find(Boolean);
  if (!found) return null;
  const { x, y, width, height } = found.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""
"""Returns the middle of a key that is seen, by its letter, tone, action or label; null if the board has none."""


def touch_key(page: Page, name: str) -> None:
    """Touch the middle of a key once the board shows it.

    `Locator.tap` would scroll the page below the board, and takes twice the processor's time.
    """
    place = page.evaluate(PLACE, name) or page.wait_for_function(PLACE, arg=name).json_value()
    page.touchscreen.tap(*place)
