"""Picker of the touchscreen: wards, ethnic groups, countries (kiosk/pages/forms/picker.py)."""

from flask import redirect, request
from werkzeug.wrappers import Response as Answer

from kiosk.base.errors import NotFound
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.pages.access import allow
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.open_form import change_draft, find_page, form_context, open_form
from kiosk.pages.forms import picker
from kiosk.pages.forms.parsing import FormContext
from kiosk.pages.forms.picker import DraftChange, PickQuery
from kiosk.pages.forms.view_models import PickerPage


@citizen.route("/form/<page>/pick/<key>", methods=["GET", "POST"])
@allow("citizen")
def pick(page: str, key: str) -> Answer | str:
    """Show the rows that match the query; save the one that is touched."""
    opened, form = _load_page(page)
    if request.method == "GET":
        return render("citizen/pick.html", pick=_picker_page(opened, form, key))

    def update_draft(change: DraftChange) -> None:
        change_draft(opened.id, change)

    field = picker.picked_field(form.procedure, key)
    address = picker.apply_choice(form, opened.draft, field=field, posted=request.form, update_draft=update_draft)
    return redirect(address, 303)


@citizen.get("/form/<page>/pick/<key>/rows")
@allow("citizen")
def rows(page: str, key: str) -> str:
    """Return the rows that match, while the query is typed."""
    opened, form = _load_page(page)
    return render("citizen/pick_rows.html", pick=_picker_page(opened, form, key))


def _load_page(page_id: str) -> tuple[OpenedDraft, FormContext]:
    opened, procedure = open_form()
    page = find_page(procedure, opened.draft, page_id)
    if page is None:
        raise NotFound
    return opened, form_context(procedure, page)


def _picker_page(opened: OpenedDraft, form: FormContext, key: str) -> PickerPage:
    field = picker.picked_field(form.procedure, key)
    return picker.picker_page(form, opened.draft, field=field, query=PickQuery.of(request.args))
