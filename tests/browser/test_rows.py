"""Rows that come while somebody types: a finger that is on its way meant the row that stood there before."""

from playwright.sync_api import Page, expect

from tests.browser.walking import Person

WATCH = """() => {
  const rows = document.getElementById("results");
  const touched = () => {
    const box = rows.querySelector(".tile").getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest(".tile") !== null;
  };
  window.told = { before: touched() };
  new MutationObserver(() => {
    window.told.at = performance.now();
    requestAnimationFrame(function look() {
      const is = touched();
      window.told.first ??= is;
      if (is) window.told.after = performance.now() - window.told.at;
      else requestAnimationFrame(look);
    });
  }).observe(rows, { childList: true });
}"""


def test_new_rows_take_no_touch_for_a_moment(person: Person, page: Page) -> None:
    person.go("/choose?q=sinh")
    expect(page.locator("#results .tile").first).to_be_visible()
    page.evaluate(WATCH)
    person.field("q").fill("ket hon")
    expect(page.locator("#results .tile").first).to_contain_text("kết hôn")
    page.wait_for_timeout(600)
    told = page.evaluate("window.told")
    assert told["before"] is True
    assert told["first"] is False, "a row that has just come takes a touch that was meant for another"
    assert told["after"] > 200
    person.follow(page.locator("#results .tile"))
    assert person.path.startswith("/need/")
