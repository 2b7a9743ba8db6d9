"""A long list to pick from: a place (own province first, old names beside the new ones), a people, a country."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from kiosk.errors import NotFound
from kiosk.i18n import translator
from kiosk.pages.access import context
from kiosk.pages.forms.parsing import Asked
from kiosk.pages.forms.view_models import Pick, PickRow
from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft, field_at
from kiosk.procedures.kinds.places import PLACE_KINDS
from kiosk.procedures.model import Field, Procedure
from kiosk.vietnam import countries, ethnic_groups, places, viet_text

SHOWN = 4
LONGEST_QUERY = 60
Change = Callable[[Draft], None]
Keep = Callable[[Change], None]
"""Makes a change to the draft in hand."""


@dataclass(frozen=True)
class Sought:
    """What the address of the picker says: the words typed (None: none were), and the ward that was touched."""

    query: str | None = None
    chosen: str = ""

    @property
    def words(self) -> str:
        """What is searched for."""
        return (self.query or "")[:LONGEST_QUERY]


def item_of(procedure: Procedure, key: str) -> Field:
    """Return a field that is picked from a list; NotFound for any other."""
    item = field_at(procedure, key)
    if item is None or item.kind not in PLACE_KINDS | LISTS.keys():
        raise NotFound
    return item


def choose(asked: Asked, item: Field, posted: Mapping[str, str], keep: Keep) -> str:
    """Keep what was touched; return the address where it goes on."""
    code = posted.get("choice", "")
    detail = posted.get("detail")
    here = asked.way.to("step", page=asked.page.id)
    if posted.get("unknown"):
        return here
    if item.kind in LISTS:
        if kinds.of(item).validate(item, code, asked.scene.today) is None:
            keep(lambda draft: draft.put(item.key, code))
        return here
    ward = places.ward(code)
    if ward is None or posted.get("again"):
        return asked.way.to("pick", page=asked.page.id, key=item.key, q="")
    has_line = item.kind == "address" or (item.kind == "place" and bool((item.suggest or {}).get("birth_places")))
    if detail is None and has_line:
        return asked.way.to("pick", page=asked.page.id, key=item.key, chosen=code)
    keep(lambda draft: _put(draft, item.key, ward, viet_text.clean(detail or "")[:120]))
    return here


def _put(draft: Draft, key: str, ward: places.Ward, line: str) -> None:
    before = draft.get(key)
    value = {"provinceCode": ward.province_code, "wardCode": ward.code, "detail": line}
    if isinstance(before, dict) and before.get("card"):
        value["card"] = before["card"]
    draft.put(key, value)


def show(asked: Asked, draft: Draft, item: Field, sought: Sought) -> Pick:
    """Return the picker as its template shows it."""
    lang = asked.lang
    page = asked.page
    _ = translator(lang)
    number, total = journey.page_number(asked.procedure, draft, asked.scene.today, page)
    pick = Pick(
        title=item.label.of(lang),
        official="",
        post=asked.way.to("pick", page=page.id, key=item.key),
        rows_url=asked.way.to("rows", page=page.id, key=item.key),
        back=asked.way.to("step", page=page.id),
        query=sought.words,
        rows=(),
        status="",
        procedure=asked.procedure.short.of(lang),
        number=number,
        total=total,
        unknown="" if item.required else _("Không nhớ"),
    )
    return _listed(pick, item, lang) if item.kind in LISTS else _placed(pick, draft, item, sought, lang)


def _placed(pick: Pick, draft: Draft, item: Field, sought: Sought, lang: str) -> Pick:
    _ = translator(lang)
    query = pick.query
    before = draft.get(item.key)
    chosen = sought.chosen or _here(draft, item, sought)
    found = places.search(query, context().config.ward.province_code, 30) if query.strip() else _nearby()
    ward = places.ward(chosen) if chosen else None
    listed = [row for row in found if not chosen][:SHOWN]
    return replace(
        pick,
        official=_("Gõ tên phường, xã. Tên cũ cũng được."),
        hint=_("Tên mới, tên cũ đều được"),
        rows=(_own_row(ward),) if ward else tuple(_row(row, query) for row in listed),
        status=_status(query, len(found), lang),
        chosen=chosen if ward else "",
        detail=str(before.get("detail", "")) if isinstance(before, dict) else "",
    )


def _listed(pick: Pick, item: Field, lang: str) -> Pick:
    """A list of names: who types nothing sees its first ones."""
    _ = translator(lang)
    found = LISTS[item.kind](pick.query, lang)
    status = _("Có %(n)s tên hợp với “%(query)s”", n=len(found), query=pick.query)
    if not pick.query.strip():
        status = _("Mời gõ vài chữ đầu")
    elif not found:
        status = _("Chưa tìm thấy “%(query)s”. Mời gõ cách khác.", query=pick.query)
    return replace(
        pick,
        official=_("Gõ vài chữ, không cần dấu. Tên gọi khác cũng được."),
        hint=_("Gõ vài chữ, không cần dấu"),
        rows=tuple(_named(*one, pick.query) for one in found[:SHOWN]),
        status=status,
        icon="search",
    )


def _peoples(query: str, _lang: str) -> list[tuple[str, str, str]]:
    """Return (id, name, other names) of the peoples that fit, those of this ward first."""
    found = ethnic_groups.search(query, context().config.ward.ethnic_first)
    return [(one.name, one.name, ", ".join(dict.fromkeys((one.label, *one.aliases)))) for one in found]


def _countries(query: str, lang: str) -> list[tuple[str, str, str]]:
    """Return (id, name, name in the other language) of the countries that fit."""
    pairs = ((one.code, one.name, one.name_en) for one in countries.search(query))
    return [(code, en, vi) if lang == "en" else (code, vi, en) for code, vi, en in pairs]


LISTS = {"ethnicity": _peoples, "nationality": _countries}
"""The kinds that are picked from a list of names."""


def _named(name_id: str, name: str, note: str, query: str) -> PickRow:
    hit = viet_text.find_span(name, query)
    before, match, after = (name[: hit[0]], name[hit[0] : hit[1]], name[hit[1] :]) if hit else (name, "", "")
    return PickRow(id=name_id, before=before, match=match, after=after, note="" if note == name else note)


def _here(draft: Draft, item: Field, sought: Sought) -> str:
    """Return this ward where the form means a place here and nothing was picked or searched yet."""
    is_new = not draft.get(item.key) and sought.query is None
    return context().config.ward.code if is_new and (item.suggest or {}).get("here") else ""


def _nearby() -> tuple[places.WardMatch, ...]:
    ward = context().config.ward
    own = places.ward(ward.code)
    province = places.province(ward.province_code)
    return (places.WardMatch(own, province, ""),) if own and province else ()


def _status(query: str, count: int, lang: str) -> str:
    _ = translator(lang)
    if not query.strip():
        return _("Mời gõ vài chữ đầu của tên phường, xã")
    if not count:
        return _("Chưa tìm thấy “%(query)s”. Mời gõ cách khác.", query=query)
    if count > SHOWN:
        return _("Có hơn %(n)s nơi hợp với “%(query)s”. Mời gõ thêm.", n=SHOWN, query=query)
    return _("Có %(n)s nơi hợp với “%(query)s”", n=count, query=query)


def _own_row(ward: places.Ward) -> PickRow:
    province = places.province(ward.province_code)
    return PickRow(id=ward.code, before=ward.name, match="", after="", note=province.name if province else "")


def _row(row: places.WardMatch, query: str) -> PickRow:
    name = row.ward.name
    return _named(row.ward.code, name, ", ".join(filter(None, (row.province.name, row.note))), query)
