"""x."""

from kiosk.pages.guard import for_
from kiosk.pages.officer.blueprint import officer


@officer.get("/day")
@for_("officer")
def day() -> str:
    """x."""
    return ""
