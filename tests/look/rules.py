"""Options for axe: the rules of WCAG 2.2 AA and best practice; only violations are reported.

Axe takes two thirds of the time of a measured page, so pages with the same markup are not checked for it again.
"""

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
AXE_OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
"""For the dark pages, which have the markup and sizes of the usual ones."""
