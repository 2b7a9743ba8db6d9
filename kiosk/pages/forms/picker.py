"""A long list to pick from: a place (own province first, old names beside the new ones), a people, a country."""

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
"""Makes a change to the draft in hand."""


@dataclass(frozen=True)
class PickQuery:
    """What the address of the picker says: the words typed (None: none were), and the ward that was touched."""

    query: str | None = None
    chosen: str = ""

    @property
    def words(self) -> str:
        """What is searched for."""
        return (self.query or "")[:MAX_QUERY_LENGTH]


def picked_field(procedure: Procedure, key: str) -> Field:
    """Return a field that is picked from a list; NotFound for any other."""
    item = field_at(procedure, key)
    if item is None or item.kind not in PLACE_KINDS | NAME_LISTS.keys():
        raise NotFound
    return item


def apply_choice(asked: FormContext, item: Field, posted: Mapping[str, str], keep: UpdateDraft) -> str:
    """Keep what was touched; return the address where it goes on."""
    code = posted.get("choice", "")
    detail = posted.get("detail")
    here = asked.urls.url_of("step", page=asked.page.id)
    if posted.get("unknown"):
        return here
    if item.kind in NAME_LISTS:
        if kinds.of(item).validate(item, code, asked.check_context.today) is None:
            keep(lambda draft: draft.put(item.key, code))
        return here
    ward = places.ward(code)
    if ward is None or posted.get("again"):
        return asked.urls.url_of("pick", page=asked.page.id, key=item.key, q="")
    has_line = item.kind == "address" or (item.kind == "place" and bool((item.suggest or {}).get("birth_places")))
    if detail is None and has_line:
        return asked.urls.url_of("pick", page=asked.page.id, key=item.key, chosen=code)
    keep(lambda draft: _put_ward(draft, item.key, ward, viet_text.clean(detail or "")[:120]))
    return here


def _put_ward(draft: Draft, key: str, ward: places.Ward, line: str) -> None:
    before = draft.get(key)
    value = {"provinceCode": ward.province_code, "wardCode": ward.code, "detail": line}
    if isinstance(before, dict) and before.get("card"):
        value["card"] = before["card"]
    draft.put(key, value)


def picker_page(asked: FormContext, draft: Draft, item: Field, sought: PickQuery) -> PickerPage:
    """Return the picker as its template shows it."""
    lang = asked.lang
    page = asked.page
    _ = translator(lang)
    number, total = journey.page_number(asked.procedure, draft, asked.check_context.today, page)
    pick = PickerPage(
        title=item.label.of(lang),
        official="",
        post=asked.urls.url_of("pick", page=page.id, key=item.key),
        rows_url=asked.urls.url_of("rows", page=page.id, key=item.key),
        back=asked.urls.url_of("step", page=page.id),
        query=sought.words,
        rows=(),
        status="",
        procedure=asked.procedure.short.of(lang),
        number=number,
        total=total,
        unknown="" if item.required else _("Không nhớ"),
    )
    return _names_page(pick, item, lang) if item.kind in NAME_LISTS else _ward_page(pick, draft, item, sought, lang)


def _ward_page(pick: PickerPage, draft: Draft, item: Field, sought: PickQuery, lang: str) -> PickerPage:
    _ = translator(lang)
    query = pick.query
    before = draft.get(item.key)
    chosen = sought.chosen or _this_ward_code(draft, item, sought)
    found = places.search(query, context().config.ward.province_code, 30) if query.strip() else _own_ward_matches()
    ward = places.ward(chosen) if chosen else None
    listed = [row for row in found if not chosen][:MAX_ROWS]
    return replace(
        pick,
        official=_("Gõ tên phường, xã. Tên cũ cũng được."),
        hint=_("Tên mới, tên cũ đều được"),
        rows=(_chosen_row(ward),) if ward else tuple(_ward_row(row, query) for row in listed),
        status=_match_count_text(query, len(found), lang),
        chosen=chosen if ward else "",
        detail=str(before.get("detail", "")) if isinstance(before, dict) else "",
    )


def _names_page(pick: PickerPage, item: Field, lang: str) -> PickerPage:
    """A list of names: who types nothing sees its first ones."""
    _ = translator(lang)
    found = NAME_LISTS[item.kind](pick.query, lang)
    status = _("Có %(n)s tên hợp với “%(query)s”", n=len(found), query=pick.query)
    if not pick.query.strip():
        status = _("Mời gõ vài chữ đầu")
    elif not found:
        status = _("Chưa tìm thấy “%(query)s”. Mời gõ cách khác.", query=pick.query)
    return replace(
        pick,
        official=_("Gõ vài chữ, không cần dấu. Tên gọi khác cũng được."),
        hint=_("Gõ vài chữ, không cần dấu"),
        rows=tuple(_name_row(*one, pick.query) for one in found[:MAX_ROWS]),
        status=status,
        icon="search",
    )


def _ethnic_group_names(query: str, _lang: str) -> list[tuple[str, str, str]]:
    """Return (id, name, other names) of the peoples that fit, those of this ward first."""
    found = ethnic_groups.search(query, context().config.ward.ethnic_first)
    return [(one.name, one.name, ", ".join(dict.fromkeys((one.label, *one.aliases)))) for one in found]


def _country_names(query: str, lang: str) -> list[tuple[str, str, str]]:
    """Return (id, name, name in the other language) of the countries that fit."""
    pairs = ((one.code, one.name, one.name_en) for one in countries.search(query))
    return [(code, en, vi) if lang == "en" else (code, vi, en) for code, vi, en in pairs]


NAME_LISTS = {"ethnicity": _ethnic_group_names, "nationality": _country_names}
"""The kinds that are picked from a list of names."""


def _name_row(name_id: str, name: str, note: str, query: str) -> PickerRow:
    hit = viet_text.find_span(name, query)
    before, match, after = (name[: hit[0]], name[hit[0] : hit[1]], name[hit[1] :]) if hit else (name, "", "")
    return PickerRow(id=name_id, before=before, match=match, after=after, note="" if note == name else note)


def _this_ward_code(draft: Draft, item: Field, sought: PickQuery) -> str:
    """Return this ward where the form means a place here and nothing was picked or searched yet."""
    is_new = not draft.get(item.key) and sought.query is None
    return context().config.ward.code if is_new and (item.suggest or {}).get("here") else ""


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
        return _("Chưa tìm thấy “%(query)s”. Mời gõ cách khác.", query=query)
    if count > MAX_ROWS:
        return _("Có hơn %(n)s nơi hợp với “%(query)s”. Mời gõ thêm.", n=MAX_ROWS, query=query)
    return _("Có %(n)s nơi hợp với “%(query)s”", n=count, query=query)


def _chosen_row(ward: places.Ward) -> PickerRow:
    province = places.province(ward.province_code)
    return PickerRow(id=ward.code, before=ward.name, match="", after="", note=province.name if province else "")


def _ward_row(row: places.WardMatch, query: str) -> PickerRow:
    name = row.ward.name
    return _name_row(row.ward.code, name, ", ".join(filter(None, (row.province.name, row.note))), query)
