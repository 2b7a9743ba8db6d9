"""What axe is asked on every page: the rules of WCAG 2.2 AA and good practice; of what it passed it need not tell."""

AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
