"""A printed list of papers to bring: the button, and where its paper is."""

from flask import request, url_for

from kiosk.acts.printing import MAX_LISTS
from kiosk.pages.forms.view_models import ListPrint

MAX_DIGITS = 15


def posted_copy() -> int:
    """Return the number of the copy that a button asks for; 1 where it is no number."""
    copy = request.form.get("copy", "")
    return int(copy) if copy in {str(number) for number in range(1, MAX_LISTS + 1)} else 1


def list_print() -> ListPrint:
    """Return the state of the list that was asked for last on this page, and the number of the next copy."""
    job = request.args.get("job", "")
    copy = request.args.get("copy", "")
    if not all(text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS for text in (job, copy)):
        return ListPrint(copy=1, paper_url="")
    following = int(copy) + 1
    return ListPrint(
        copy=following if following <= MAX_LISTS else 0, paper_url=url_for("citizen.keep_paper", job=int(job))
    )
