"""Picking from a long list: a place (own province first, old names beside the new ones), a people, a country."""

from dataclasses import replace

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import names, places
from kiosk.acts import applying
from kiosk.errors import NotFound
from kiosk.i18n import translator
from kiosk.pages.citizen.blueprint import citizen, render
from kiosk.pages.citizen.form import in_hand
from kiosk.pages.guard import for_, room, visitor
from kiosk.pages.showing import Pick, PickRow
from kiosk.procedures import journey, kinds
from kiosk.procedures.filling import Draft, field_at
from kiosk.procedures.journey import Page
from kiosk.procedures.kinds.spots import SPOTS
from kiosk.procedures.model import Field, Procedure
from kiosk.reference import nations, peoples

SHOWN = 4
LONGEST_QUERY = 60


@citizen.route("/form/<page>/pick/<key>", methods=["GET", "POST"])
@for_("citizen")
def pick(page: str, key: str) -> Answer | str:
    """Show the wards that fit what is typed; keep the one that is touched."""
    held, procedure = in_hand()
    found, item = _place(procedure, held.draft, page, key)
    if request.method == "POST":
        return _choose(held.id, found, item)
    return render("citizen/pick.html", pick=_shown(procedure, held.draft, found, item))


@citizen.get("/form/<page>/pick/<key>/rows")
@for_("citizen")
def rows(page: str, key: str) -> str:
    """Return the wards that fit, while they are typed."""
    held, procedure = in_hand()
    found, item = _place(procedure, held.draft, page, key)
    return render("citizen/pick_rows.html", pick=_shown(procedure, held.draft, found, item))


def _place(procedure: Procedure, draft: Draft, page_id: str, key: str) -> tuple[Page, Field]:
    page = journey.find(procedure, draft, room().clock.today(), page_id)
    item = field_at(procedure, key)
    if page is None or item is None or item.kind not in SPOTS | LISTS.keys():
        raise NotFound
    return page, item


def _choose(draft_id: str, page: Page, item: Field) -> Answer:
    code, detail = request.form.get("choice", ""), request.form.get("detail")
    here = url_for("citizen.step", page=page.id)
    if request.form.get("unknown"):
        return redirect(here, 303)
    if item.kind in LISTS:
        if kinds.of(item).judge(item, code, room().clock.today()) is None:
            applying.answer(room(), draft_id, lambda draft: draft.put(item.key, code))
        return redirect(here, 303)
    ward = places.ward(code)
    again = url_for("citizen.pick", page=page.id, key=item.key, q="")
    if ward is None or request.form.get("again"):
        return redirect(again, 303)
    has_line = item.kind == "address" or (item.kind == "place" and bool((item.suggest or {}).get("birth_places")))
    if detail is None and has_line:
        return redirect(url_for("citizen.pick", page=page.id, key=item.key, chosen=code), 303)

    def keep(draft: Draft) -> None:
        before = draft.get(item.key)
        line = names.clean(detail or "")[:120]
        value = {"provinceCode": ward.province_code, "wardCode": ward.code, "detail": line}
        if isinstance(before, dict) and before.get("card"):
            value["card"] = before["card"]
        draft.put(item.key, value)

    applying.answer(room(), draft_id, keep)
    return redirect(here, 303)


def _shown(procedure: Procedure, draft: Draft, page: Page, item: Field) -> Pick:
    lang = visitor().lang
    _ = translator(lang)
    query = request.args.get("q", "")[:LONGEST_QUERY]
    number, total = journey.number(procedure, draft, room().clock.today(), page)
    pick = Pick(
        title=item.label.of(lang),
        official="",
        post=url_for("citizen.pick", page=page.id, key=item.key),
        rows_url=url_for("citizen.rows", page=page.id, key=item.key),
        back=url_for("citizen.step", page=page.id),
        query=query,
        rows=(),
        status="",
        procedure=procedure.short.of(lang),
        number=number,
        total=total,
        unknown="" if item.required else _("Không nhớ"),
    )
    return _listed(pick, item) if item.kind in LISTS else _placed(pick, draft, item)


def _placed(pick: Pick, draft: Draft, item: Field) -> Pick:
    _ = translator(visitor().lang)
    query, before = pick.query, draft.get(item.key)
    chosen = request.args.get("chosen", "") or _here(draft, item)
    found = places.search(query, room().config.ward.province_code, 30) if query.strip() else _nearby()
    ward = places.ward(chosen) if chosen else None
    listed = [row for row in found if not chosen][:SHOWN]
    return replace(
        pick,
        official=_("Gõ tên phường, xã. Tên cũ cũng được."),
        hint=_("Tên mới, tên cũ đều được"),
        rows=(_own_row(ward),) if ward else tuple(_row(row, query) for row in listed),
        status=_status(query, len(found)),
        chosen=chosen if ward else "",
        detail=str(before.get("detail", "")) if isinstance(before, dict) else "",
    )


def _listed(pick: Pick, item: Field) -> Pick:
    """A list of names: who types nothing sees its first ones."""
    _ = translator(visitor().lang)
    found = LISTS[item.kind](pick.query)
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


def _peoples(query: str) -> list[tuple[str, str, str]]:
    """Return (id, name, other names) of the peoples that fit, those of this ward first."""
    found = peoples.search(query, room().config.ward.ethnic_first)
    return [(one.name, one.name, ", ".join(dict.fromkeys((one.label, *one.aliases)))) for one in found]


def _countries(query: str) -> list[tuple[str, str, str]]:
    """Return (id, name, name in the other language) of the countries that fit."""
    pairs = ((one.code, one.name, one.name_en) for one in nations.search(query))
    return [(code, en, vi) if visitor().lang == "en" else (code, vi, en) for code, vi, en in pairs]


LISTS = {"ethnicity": _peoples, "nationality": _countries}
"""The kinds that are picked from a list of names."""


def _named(name_id: str, name: str, note: str, query: str) -> PickRow:
    hit = names.hit(name, query)
    before, match, after = (name[: hit[0]], name[hit[0] : hit[1]], name[hit[1] :]) if hit else (name, "", "")
    return PickRow(name_id, before, match, after, "" if note == name else note)


def _here(draft: Draft, item: Field) -> str:
    """Return this ward where the form means a place here and nothing was picked or searched yet."""
    is_new = not draft.get(item.key) and "q" not in request.args
    return room().config.ward.code if is_new and (item.suggest or {}).get("here") else ""


def _nearby() -> tuple[places.Row, ...]:
    ward = room().config.ward
    own, province = places.ward(ward.code), places.province(ward.province_code)
    return (places.Row(own, province, ""),) if own and province else ()


def _status(query: str, count: int) -> str:
    _ = translator(visitor().lang)
    if not query.strip():
        return _("Mời gõ vài chữ đầu của tên phường, xã")
    if not count:
        return _("Chưa tìm thấy “%(query)s”. Mời gõ cách khác.", query=query)
    if count > SHOWN:
        return _("Có hơn %(n)s nơi hợp với “%(query)s”. Mời gõ thêm.", n=SHOWN, query=query)
    return _("Có %(n)s nơi hợp với “%(query)s”", n=count, query=query)


def _own_row(ward: places.Ward) -> PickRow:
    province = places.province(ward.province_code)
    return PickRow(ward.code, ward.name, "", "", province.name if province else "")


def _row(row: places.Row, query: str) -> PickRow:
    name = row.ward.name
    return _named(row.ward.code, name, ", ".join(filter(None, (row.province.name, row.note))), query)
