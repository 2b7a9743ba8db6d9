"""The picker at the touchscreen: wards, peoples, countries (kiosk/pages/forms/picker.py)."""

from flask import redirect, request
from werkzeug.wrappers import Response as Answer

from kiosk.acts import applying
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.errors import NotFound
from kiosk.pages.access import allow, context
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.form import current_form, form_context
from kiosk.pages.forms import picker
from kiosk.pages.forms.parsing import FormContext
from kiosk.pages.forms.picker import PickQuery
from kiosk.pages.forms.view_models import PickerPage
from kiosk.procedures import journey


@citizen.route("/form/<page>/pick/<key>", methods=["GET", "POST"])
@allow("citizen")
def pick(page: str, key: str) -> Answer | str:
    """Show the wards that fit what is typed; keep the one that is touched."""
    held, asked = _load_page(page)
    if request.method == "GET":
        return render("citizen/pick.html", pick=_picker_page(held, asked, key))
    item = picker.picked_field(asked.procedure, key)
    address = picker.apply_choice(asked, item, request.form, lambda change: applying.update_draft(context(), held.id, change))
    return redirect(address, 303)


@citizen.get("/form/<page>/pick/<key>/rows")
@allow("citizen")
def rows(page: str, key: str) -> str:
    """Return the wards that fit, while they are typed."""
    held, asked = _load_page(page)
    return render("citizen/pick_rows.html", pick=_picker_page(held, asked, key))


def _load_page(page_id: str) -> tuple[OpenedDraft, FormContext]:
    held, procedure = current_form()
    page = journey.find_page(procedure, held.draft, context().clock.today(), page_id)
    if page is None:
        raise NotFound
    return held, form_context(procedure, page)


def _picker_page(held: OpenedDraft, asked: FormContext, key: str) -> PickerPage:
    sought = PickQuery(request.args.get("q"), request.args.get("chosen", ""))
    return picker.picker_page(asked, held.draft, picker.picked_field(asked.procedure, key), sought)
