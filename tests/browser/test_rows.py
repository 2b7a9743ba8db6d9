"""Rows that appear during typing take no touch for a moment: the finger was aimed at the row before.

The moment begins when the rows are painted: the machine of the test paints them late.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.kiosks import until
from tests.browser.person import Person

WATCH = """() => {
  const rows = document.getElementById("results");
  const takesTouch = () => {
    const box = rows.querySelector(".tile").getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest(".tile") !== null;
  };
  window.rows = { before: takesTouch() };
  new MutationObserver(() => {
    const late = performance.now() + 500;
    while (performance.now() < late);
    requestAnimationFrame(function check() {
      const takes = takesTouch();
      window.rows.at ??= performance.now();
      window.rows.first ??= takes;
      if (takes) window.rows.after = performance.now() - window.rows.at;
      else requestAnimationFrame(check);
    });
  }).observe(rows, { childList: true });
}"""


@pytest.mark.smoke
def test_new_rows_take_no_touch_for_a_moment(person: Person, page: Page) -> None:
    person.go("/choose?q=sinh")
    expect(page.locator("#results .tile").first).to_be_visible()
    page.evaluate(WATCH)
    person.field("q").fill("ket hon")
    expect(page.locator("#results .tile").first).to_contain_text("kết hôn")
    until(lambda: page.evaluate("window.rows.after"))
    rows = page.evaluate("window.rows")
    assert rows["before"] is True
    assert rows["first"] is False, "a new row takes a touch that was meant for another"
    assert rows["after"] > 200
    person.follow(page.locator("#results .tile"))
    assert person.path.startswith("/need/")
