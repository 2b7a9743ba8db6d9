"""Guide of one page: the day at the counter, keys, what to do in trouble; the words of the sheet for the table."""

from kiosk.pages.access import allow
from kiosk.pages.officer.session.blueprint import officer, render
from kiosk.papers import guide as sheet


@officer.get("/guide")
@allow("officer")
def guide() -> str:
    """Show the guide."""
    return render("officer/guide.html", sections=sheet.SECTIONS, troubles=sheet.TROUBLES, keys=sheet.KEYS)
