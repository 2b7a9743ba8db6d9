"""Picking a place: the own province first, old names offered beside the new ones."""

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
from kiosk.procedures import journey
from kiosk.procedures.filling import Draft, field_at
from kiosk.procedures.journey import Page
from kiosk.procedures.kinds.spots import SPOTS
from kiosk.procedures.model import Field, Procedure

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
    if page is None or item is None or item.kind not in SPOTS:
        raise NotFound
    return page, item


def _choose(draft_id: str, page: Page, item: Field) -> Answer:
    code, detail = request.form.get("choice", ""), request.form.get("detail")
    here = url_for("citizen.step", page=page.id)
    if request.form.get("unknown"):
        return redirect(here, 303)
    ward = places.ward(code)
    again = url_for("citizen.pick", page=page.id, key=item.key, q="")
    if ward is None or request.form.get("again"):
        return redirect(again, 303)
    if detail is None and item.kind == "address":
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
    chosen = request.args.get("chosen", "") or _here(draft, item)
    found = places.search(query, room().config.ward.province_code, 30) if query.strip() else _nearby()
    number, total = journey.number(procedure, draft, room().clock.today(), page)
    before = draft.get(item.key)
    ward = places.ward(chosen) if chosen else None
    listed = [row for row in found if not chosen][:SHOWN]
    shown = [_own_row(ward)] if ward else [_row(row, query) for row in listed]
    return Pick(
        title=item.label.of(lang),
        official=_("Gõ tên phường, xã. Tên cũ cũng được."),
        post=url_for("citizen.pick", page=page.id, key=item.key),
        rows_url=url_for("citizen.rows", page=page.id, key=item.key),
        back=url_for("citizen.step", page=page.id),
        query=query,
        rows=tuple(shown),
        status=_status(query, len(found)),
        procedure=procedure.short.of(lang),
        number=number,
        total=total,
        unknown="" if item.required else _("Không nhớ"),
        chosen=chosen if ward else "",
        detail=str(before.get("detail", "")) if isinstance(before, dict) else "",
    )


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
    hit = names.hit(name, query)
    before, match, after = (name[: hit[0]], name[hit[0] : hit[1]], name[hit[1] :]) if hit else (name, "", "")
    note = ", ".join(filter(None, (row.province.name, row.note)))
    return PickRow(row.ward.code, before, match, after, note)
