"""Picker for long lists: places (own province first, old names beside the new ones), ethnic groups, countries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kiosk.base.errors import NotFound
from kiosk.base.i18n import translator
from kiosk.pages.access import context
from kiosk.pages.forms import place_suggestions
from kiosk.pages.forms.parsing import IN_OWN_WARD, FormContext
from kiosk.pages.forms.view_models import PickerPage, PickerRow
from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft, field_at
from kiosk.procedures.kinds.places import LONGEST_DETAIL, PLACE_KINDS, may_write, written
from kiosk.procedures.model import Field, Procedure
from kiosk.vietnam import countries, ethnic_groups, places, viet_text

MAX_ROWS = 4
MAX_QUERY_LENGTH = 60
DraftChange = Callable[[Draft], None]
UpdateDraft = Callable[[DraftChange], None]
"""Applies a change to the stored draft."""


@dataclass(frozen=True)
class PickQuery:
    """Query of the picker's URL: the typed words (None: no search yet), and the touched ward.

    `writes`: the place is written in own words. `lacks`: the name of the hospital was left empty.
    """

    query: str | None = None
    chosen: str = ""
    writes: bool = False
    lacks: bool = False

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "PickQuery":
        """Return the query of a URL."""
        return cls(
            query=args.get("q"),
            chosen=args.get("chosen", ""),
            writes=bool(args.get("write")),
            lacks=bool(args.get("lacks")),
        )

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


def opened_url(form: FormContext, posted: Mapping[str, str], page_id: str) -> str:
    """Return the URL that a button of a page opens: the picker, its address line of this ward, or the page again."""
    if posted.get(IN_OWN_WARD):
        own = form.check_context.office.ward_code
        return form.urls.url_of("pick", page=page_id, key=posted[IN_OWN_WARD], chosen=own)
    if posted.get("pick"):
        return form.urls.url_of("pick", page=page_id, key=posted["pick"])
    return form.urls.url_of("step", page=page_id)


def apply_choice(
    form: FormContext, draft: Draft, field: Field, posted: Mapping[str, str], update_draft: UpdateDraft
) -> str:
    """Save the touched row or the written place, and return the next URL."""
    code = posted.get("choice", "")
    step_url = form.urls.url_of("step", page=form.page.id)
    if posted.get("unknown"):
        return step_url
    if field.kind in NAME_LISTS:
        if kinds.of(field).validate(field, code, form.today) is None:
            update_draft(lambda draft: draft.put(field.key, code))
        return step_url
    own_words = viet_text.clean(posted.get("own", ""))[:LONGEST_DETAIL]
    if own_words and may_write(field):
        update_draft(lambda draft: draft.put(field.key, written(own_words)))
        return step_url
    ward = places.ward(code)
    if ward is None or posted.get("again"):
        return form.urls.url_of("pick", page=form.page.id, key=field.key, q="")
    return _apply_ward(form, draft, field=field, ward=ward, detail=posted.get("detail"), update_draft=update_draft)


def _apply_ward(
    form: FormContext, draft: Draft, field: Field, ward: places.Ward, detail: str | None, update_draft: UpdateDraft
) -> str:
    """Save a ward with its detail, and return the next URL; a detail that the form wants is asked first."""
    wants_name = field.kind == "place" and place_suggestions.asks_facility(form, draft, field)
    has_detail = field.kind == "address" or bool((field.suggest or {}).get("birth_places"))
    if detail is None and has_detail:
        return form.urls.url_of("pick", page=form.page.id, key=field.key, chosen=ward.code)
    line = viet_text.clean(detail or "")[:LONGEST_DETAIL]
    if wants_name and not line:
        return form.urls.url_of("pick", page=form.page.id, key=field.key, chosen=ward.code, lacks="1")
    update_draft(lambda draft: _put_ward(draft, field.key, ward=ward, detail=line))
    return form.urls.url_of("step", page=form.page.id)


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
        part_name=form.page.step.title.of(lang),
        number=number,
        total=total,
        unknown="" if field.required else _("Không nhớ"),
    )
    if field.kind in NAME_LISTS:
        return _names_page(page, field, lang)
    if may_write(field) and query.writes:
        return _own_words_page(page, draft, field=field, query=query, lang=lang)
    page = _ward_page(page, draft, field=field, query=query, lang=lang)
    if not place_suggestions.asks_facility(form, draft, field):
        return page
    return replace(
        page,
        detail_label=_("Tên bệnh viện, trạm y tế"),
        error=_("Chưa có tên bệnh viện, trạm y tế. Mời ghi tên.") if query.lacks else "",
    )


def _own_words_page(page: PickerPage, draft: Draft, field: Field, query: PickQuery, lang: str) -> PickerPage:
    """Return the page on which a place that no list has is written; the words of the search are not lost."""
    _ = translator(lang)
    before = draft.get(field.key)
    before = before if isinstance(before, dict) else {}
    is_written = not before.get("wardCode") and not before.get("card")
    return replace(
        page,
        official=_("Ghi tên nơi đó, phường hoặc xã, tỉnh hoặc thành phố."),
        detail_label=_("Nơi đó"),
        detail=query.words if not query.words.isascii() else str(before.get("detail", "")) if is_written else "",
        writes=True,
    )


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
        hint=_("Tên cũ cũng được"),
        rows=tuple(rows),
        status=_match_count_text(page.query, len(matches), lang, may_write=may_write(field)),
        chosen=chosen if ward else "",
        detail_label=_("Số nhà, đường, tổ, thôn"),
        write_label=_("Không thấy tên, tự ghi") if may_write(field) else "",
        detail=str(before.get("detail", "")) if isinstance(before, dict) else "",
    )


def _names_page(page: PickerPage, field: Field, lang: str) -> PickerPage:
    """Return the page with the names that match; without a query, the first ones."""
    _ = translator(lang)
    names = NAME_LISTS[field.kind](page.query, lang)
    status = _("Tìm thấy %(n)s tên có “%(query)s”", n=len(names), query=page.query)
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


def _match_count_text(query: str, count: int, lang: str, *, may_write: bool) -> str:
    _ = translator(lang)
    if not query.strip():
        return _("Mời gõ vài chữ đầu của tên phường, xã")
    if not count and may_write:
        return _("Không tìm thấy “%(query)s”. Gõ cách khác, hoặc chạm “Không thấy tên, tự ghi”.", query=query)
    if not count:
        return _("Không tìm thấy “%(query)s”. Mời gõ cách khác.", query=query)
    if count > MAX_ROWS:
        return _("Tìm thấy hơn %(n)s nơi có “%(query)s”. Mời gõ thêm.", n=MAX_ROWS, query=query)
    return _("Tìm thấy %(n)s nơi có “%(query)s”", n=count, query=query)


def _chosen_row(ward: places.Ward) -> PickerRow:
    province = places.province(ward.province_code)
    return PickerRow(id=ward.code, before=ward.name, match="", after="", note=province.name if province else "")


def _ward_row(match: places.WardMatch, query: str) -> PickerRow:
    note = ", ".join(filter(None, (match.province.name, match.note)))
    return _name_row(match.ward.code, match.ward.name, note=note, query=query)
