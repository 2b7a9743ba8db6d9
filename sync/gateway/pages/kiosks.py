"""The kiosks: when each was last here, how far behind it is, what was refused; codes and keys."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import accounts, contract_schema
from sync.gateway import kiosks as machines
from sync.gateway.context import context
from sync.gateway.pages import access
from sync.gateway.settings import Enrolment
from sync.gateway.tables import kiosks, refusals, submissions

ON_A_PAGE = 100


def add_to(pages: Blueprint) -> None:
    """Give these pages their addresses."""
    pages.add_url_rule("/kiosks", view_func=show_machines)
    pages.add_url_rule("/kiosks/codes", view_func=give_code, methods=["POST"])
    pages.add_url_rule("/kiosks/<kiosk_id>/revoke", view_func=revoke, methods=["POST"])
    pages.add_url_rule("/refused", view_func=show_refused)


def show_machines() -> str:
    """List the kiosks, whoever was longest away first."""
    return _page()


def give_code() -> str | tuple[str, int]:
    """Make a one-time code and show it this once; one for a renewal may replace the key of a kiosk that is live."""
    kiosk_id = request.form.get("kiosk_id", "").strip().upper()
    unit = request.form.get("unit_code", "").strip()
    if contract_schema.faults("KioskId", kiosk_id) or contract_schema.faults("UnitCode", unit):
        return _page(is_wrong=True, kiosk_id=kiosk_id, unit_code=unit), 422
    settings = context().settings
    now = context().settings.now()
    is_renewal = "renewal" in request.form
    code = machines.code_from(settings.token())
    with context().engine.begin() as db:
        machines.add_code(db, Enrolment(code, kiosk_id, unit), now, may_replace=is_renewal)
        act = "gave_renewal" if is_renewal else "gave_code"
        accounts.record(db, access.session().login, act, kiosk_id, now, unit)
    return _page(code=code, kiosk_id=kiosk_id, unit_code=unit, is_renewal=is_renewal)


def revoke(kiosk_id: str) -> AnyResponse:
    """Take a kiosk's key away, with a reason that is kept."""
    reason = request.form.get("reason", "").strip()[:300]
    now = context().settings.now()
    if not reason:
        abort(400)
    with context().engine.begin() as db:
        if not machines.revoke(db, kiosk_id, now):
            abort(404)
        accounts.record(db, access.session().login, "revoked", kiosk_id, now, reason)
    return redirect(url_for("pages.show_machines"))


def show_refused() -> str:
    """List what was refused for good, the latest first: which kiosk, which id, which place of the form."""
    with context().engine.begin() as db:
        rows = db.execute(select(refusals).order_by(refusals.c.refused_at.desc()).limit(ON_A_PAGE)).all()
        count = db.execute(select(func.count()).select_from(refusals)).scalar_one()
    return render_template("refused.html", rows=rows, count=count)


def _page(**said: Any) -> str:
    with context().engine.begin() as db:
        rows = _rows(db)
    told: dict[str, Any] = {"code": "", "is_renewal": False, "is_wrong": False, "kiosk_id": "", "unit_code": "", **said}
    return render_template("kiosks.html", rows=rows, **told)


def _rows(db: Connection) -> list[Any]:
    counted = select(submissions.c.kiosk_id, func.count().label("n"), func.max(submissions.c.received_at).label("last"))
    taken = counted.group_by(submissions.c.kiosk_id).subquery()
    columns = select(
        kiosks.c.kiosk_id, kiosks.c.unit_code, kiosks.c.enrolled_at, kiosks.c.revoked_at, kiosks.c.seen_at,
        (kiosks.c.last_seq - kiosks.c.read_seq).label("behind"), func.coalesce(taken.c.n, 0).label("count"),
        taken.c.last,
    )  # fmt: skip
    joined = columns.outerjoin(taken, taken.c.kiosk_id == kiosks.c.kiosk_id)
    return list(db.execute(joined.order_by(kiosks.c.revoked_at.is_not(None), kiosks.c.seen_at, kiosks.c.kiosk_id)))
