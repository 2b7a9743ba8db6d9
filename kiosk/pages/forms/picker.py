"""Picker for long lists: places (own province first, old names beside the new ones), ethnic groups, countries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kiosk.errors import NotFound
from kiosk.i18n import translator
from kiosk.pages.access import context
from kiosk.pages.forms.parsing import FormContext
from kiosk.pages.forms.view_models import PickerPage, PickerRow
from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft, field_at
from kiosk.procedures.kinds.places import PLACE_KINDS
from kiosk.procedures.model import Field, Procedure
from kiosk.vietnam import countries, ethnic_groups, places, viet_text

MAX_ROWS = 4
MAX_QUERY_LENGTH = 60
DraftChange = Callable[[Draft], None]
UpdateDraft = Callable[[DraftChange], None]
"""Applies a change to the stored draft."""


@dataclass(frozen=True)
class PickQuery:
    """Query of the picker's URL: the typed words (None: no search yet), and the touched ward."""

    query: str | None = None
    chosen: str = ""

    @property
    def words(self) -> str:
        """The words to search for."""
        return (self.query or "")[:MAX_QUERY_LENGTH]


def picked_field(procedure: Procedure, key: str) -> Field:
    """Return a field that is picked from a list.

    Raises:
        NotFound: the key belongs to no such field.
    """
    field = field_at(procedure, key)
    if field is None or field.kind not in PLACE_KINDS | NAME_LISTS.keys():
        raise NotFound
    return field


def apply_choice(form: FormContext, field: Field, posted: Mapping[str, str], update_draft: UpdateDraft) -> str:
    """Save the touched row and return the next URL."""
    code = posted.get("choice", "")
    detail = posted.get("detail")
    step_url = form.urls.url_of("step", page=form.page.id)
    if posted.get("unknown"):
        return step_url
    if field.kind in NAME_LISTS:
        if kinds.of(field).validate(field, code, form.today) is None:
            update_draft(lambda draft: draft.put(field.key, code))
        return step_url
    ward = places.ward(code)
    if ward is None or posted.get("again"):
        return form.urls.url_of("pick", page=form.page.id, key=field.key, q="")
    has_birth_places = field.kind == "place" and bool((field.suggest or {}).get("birth_places"))
    if detail is None and (field.kind == "address" or has_birth_places):
        return form.urls.url_of("pick", page=form.page.id, key=field.key, chosen=code)
    line = viet_text.clean(detail or "")[:120]
    update_draft(lambda draft: _put_ward(draft, field.key, ward=ward, detail=line))
    return step_url


def _put_ward(draft: Draft, key: str, ward: places.Ward, detail: str) -> None:
    before = draft.get(key)
    value = {"provinceCode": ward.province_code, "wardCode": ward.code, "detail": detail}
    if isinstance(before, dict) and before.get("card"):
        value["card"] = before["card"]
    draft.put(key, value)


def picker_page(form: FormContext, draft: Draft, field: Field, query: PickQuery) -> PickerPage:
    """Return the view model of the picker."""
    lang = form.lang
    _ = translator(lang)
    number, total = journey.page_number(form.procedure, draft, today=form.today, page=form.page)
    page = PickerPage(
        title=field.label.of(lang),
        official="",
        post=form.urls.url_of("pick", page=form.page.id, key=field.key),
        rows_url=form.urls.url_of("rows", page=form.page.id, key=field.key),
        back=form.urls.url_of("step", page=form.page.id),
        query=query.words,
        rows=(),
        status="",
        procedure=form.procedure.short.of(lang),
        number=number,
        total=total,
        unknown="" if field.required else _("Không nhớ"),
    )
    if field.kind in NAME_LISTS:
        return _names_page(page, field, lang)
    return _ward_page(page, draft, field=field, query=query, lang=lang)


def _ward_page(page: PickerPage, draft: Draft, field: Field, query: PickQuery, lang: str) -> PickerPage:
    """Return the page with the wards that match, or with the chosen ward and its detail line."""
    _ = translator(lang)
    before = draft.get(field.key)
    chosen = query.chosen or _this_ward_code(draft, field, query)
    province_code = context().config.ward.province_code
    matches = places.search(page.query, province_code, 30) if page.query.strip() else _own_ward_matches()
    ward = places.ward(chosen) if chosen else None
    if ward:
        rows = [_chosen_row(ward)]
    else:
        rows = [] if chosen else [_ward_row(match, page.query) for match in matches[:MAX_ROWS]]
    return replace(
        page,
        official=_("Gõ tên phường, xã. Tên cũ cũng được."),
        hint=_("Tên mới, tên cũ đều được"),
        rows=tuple(rows),
        status=_match_count_text(page.query, len(matches), lang),
        chosen=chosen if ward else "",
        detail=str(before.get("detail", "")) if isinstance(before, dict) else "",
    )


def _names_page(page: PickerPage, field: Field, lang: str) -> PickerPage:
    """Return the page with the names that match; without a query, the first ones."""
    _ = translator(lang)
    names = NAME_LISTS[field.kind](page.query, lang)
    status = _("Có %(n)s tên hợp với “%(query)s”", n=len(names), query=page.query)
    if not page.query.strip():
        status = _("Mời gõ vài chữ đầu")
    elif not names:
        status = _("Không tìm thấy “%(query)s”. Mời gõ cách khác.", query=page.query)
    return replace(
        page,
        official=_("Gõ vài chữ, không cần dấu. Tên gọi khác cũng được."),
        hint=_("Gõ vài chữ, không cần dấu"),
        rows=tuple(_name_row(name_id, name, note=note, query=page.query) for name_id, name, note in names[:MAX_ROWS]),
        status=status,
        icon="search",
    )


def _ethnic_group_names(query: str, _lang: str) -> list[tuple[str, str, str]]:
    """Return (id, name, other names) of the ethnic groups that match, those of this ward first."""
    groups = ethnic_groups.search(query, context().config.ward.ethnic_first)
    return [(group.name, group.name, ", ".join(dict.fromkeys((group.label, *group.aliases)))) for group in groups]


def _country_names(query: str, lang: str) -> list[tuple[str, str, str]]:
    """Return (id, name, name in the other language) of the countries that match."""
    matches = countries.search(query)
    if lang == "en":
        return [(country.code, country.name_en, country.name) for country in matches]
    return [(country.code, country.name, country.name_en) for country in matches]


NAME_LISTS = {"ethnicity": _ethnic_group_names, "nationality": _country_names}
"""Kind of field -> search in its list of names."""


def _name_row(name_id: str, name: str, note: str, query: str) -> PickerRow:
    """Return a row with the matching part of its name marked."""
    span = viet_text.find_span(name, query)
    start, end = span or (len(name), len(name))
    return PickerRow(
        id=name_id,
        before=name[:start],
        match=name[start:end],
        after=name[end:],
        note="" if note == name else note,
    )


def _this_ward_code(draft: Draft, field: Field, query: PickQuery) -> str:
    """Return the code of this ward if the field suggests it and nothing was picked or searched yet."""
    is_new = not draft.get(field.key) and query.query is None
    return context().config.ward.code if is_new and (field.suggest or {}).get("here") else ""


def _own_ward_matches() -> tuple[places.WardMatch, ...]:
    ward = context().config.ward
    own = places.ward(ward.code)
    province = places.province(ward.province_code)
    return (places.WardMatch(own, province, ""),) if own and province else ()


def _match_count_text(query: str, count: int, lang: str) -> str:
    _ = translator(lang)
    if not query.strip():
        return _("Mời gõ vài chữ đầu của tên phường, xã")
    if not count:
        return _("Không tìm thấy “%(query)s”. Mời gõ cách khác.", query=query)
    if count > MAX_ROWS:
        return _("Có hơn %(n)s nơi hợp với “%(query)s”. Mời gõ thêm.", n=MAX_ROWS, query=query)
    return _("Có %(n)s nơi hợp với “%(query)s”", n=count, query=query)


def _chosen_row(ward: places.Ward) -> PickerRow:
    province = places.province(ward.province_code)
    return PickerRow(id=ward.code, before=ward.name, match="", after="", note=province.name if province else "")


def _ward_row(match: places.WardMatch, query: str) -> PickerRow:
    note = ", ".join(filter(None, (match.province.name, match.note)))
    return _name_row(match.ward.code, match.ward.name, note=note, query=query)
