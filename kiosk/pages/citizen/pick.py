"""The picker at the touchscreen: wards, peoples, countries (kiosk/pages/forms/picker.py)."""

from flask import redirect, request
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.errors import NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.form import asked_for, in_hand
from kiosk.pages.forms import picker
from kiosk.pages.forms.parsing import Asked
from kiosk.pages.forms.picker import Sought
from kiosk.pages.forms.view_models import Pick
from kiosk.procedures import journey


@citizen.route("/form/<page>/pick/<key>", methods=["GET", "POST"])
@for_("citizen")
def pick(page: str, key: str) -> Answer | str:
    """Show the wards that fit what is typed; keep the one that is touched."""
    held, asked = _asked(page)
    if request.method == "GET":
        return render("citizen/pick.html", pick=_shown(held, asked, key))
    item = picker.item_of(asked.procedure, key)
    address = picker.choose(asked, item, request.form, lambda change: applying.update_draft(context(), held.id, change))
    return redirect(address, 303)


@citizen.get("/form/<page>/pick/<key>/rows")
@for_("citizen")
def rows(page: str, key: str) -> str:
    """Return the wards that fit, while they are typed."""
    held, asked = _asked(page)
    return render("citizen/pick_rows.html", pick=_shown(held, asked, key))


def _asked(page_id: str) -> tuple[OpenedDraft, Asked]:
    held, procedure = in_hand()
    page = journey.find_page(procedure, held.draft, context().clock.today(), page_id)
    if page is None:
        raise NotFound
    return held, asked_for(procedure, page)


def _shown(held: OpenedDraft, asked: Asked, key: str) -> Pick:
    sought = Sought(request.args.get("q"), request.args.get("chosen", ""))
    return picker.show(asked, held.draft, picker.item_of(asked.procedure, key), sought)
