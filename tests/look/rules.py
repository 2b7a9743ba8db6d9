"""Options for axe, and the run of it: the rules of WCAG 2.2 AA and best practice; only violations are reported.

Axe takes two thirds of the time of a measured page, so pages with the same markup are not checked for it again.
"""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}

AXE_OF_SIZES = {
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]},
    "resultTypes": ["violations"],
}
"""For the pages with larger letters, which have the markup and colours of the usual ones."""
AXE_OF_WORDS = AXE | {"rules": {"color-contrast": {"enabled": False}}}
"""For the pages in English, which have the colours of the usual ones."""
AXE_OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
"""For the dark pages, which have the markup and sizes of the usual ones."""


def find_violations(page: Page, options: dict[str, Any] = AXE) -> list[dict[str, Any]]:
    """Return the violations that axe finds. A page loads axe once, which takes as long as most of its rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations: list[dict[str, Any]] = page.evaluate("async (options) => (await axe.run(options)).violations", options)
    return violations
