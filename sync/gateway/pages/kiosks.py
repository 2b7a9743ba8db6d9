"""Kiosk pages: last contact, lag and refusals of each kiosk; one-time codes and revocation."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import accounts, contract_schema, kiosks
from sync.gateway.audit_heads import ALARM_WORDS
from sync.gateway.context import context
from sync.gateway.pages import access
from sync.gateway.settings import Enrolment
from sync.gateway.tables import audit_heads, refusals, submissions
from sync.gateway.tables import kiosks as kiosks_table

PAGE_SIZE = 100


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/kiosks", view_func=show_kiosks)
    pages.add_url_rule("/kiosks/codes", view_func=make_code, methods=["POST"])
    pages.add_url_rule("/kiosks/<kiosk_id>/revoke", view_func=revoke, methods=["POST"])
    pages.add_url_rule("/refused", view_func=show_refused)


def show_kiosks() -> str:
    """Show the kiosks, the longest without contact first."""
    return _render_page()


def make_code() -> str | tuple[str, int]:
    """Make a one-time code and show it once; a renewal code may replace the key of an enrolled kiosk."""
    kiosk_id = request.form.get("kiosk_id", "").strip().upper()
    unit_code = request.form.get("unit_code", "").strip()
    if contract_schema.validate("KioskId", kiosk_id) or contract_schema.validate("UnitCode", unit_code):
        return _render_page(is_wrong=True, kiosk_id=kiosk_id, unit_code=unit_code), 422
    settings = context().settings
    now = settings.now()
    is_renewal = "renewal" in request.form
    code = kiosks.make_code(settings.token())
    with context().engine.begin() as db:
        enrolment = Enrolment(code=code, kiosk_id=kiosk_id, unit_code=unit_code)
        kiosks.add_code(db, enrolment, now, may_replace=is_renewal)
        act = "gave_renewal" if is_renewal else "gave_code"
        accounts.record(db, login=access.current_session().login, act=act, subject=kiosk_id, now=now, reason=unit_code)
    return _render_page(code=code, kiosk_id=kiosk_id, unit_code=unit_code, is_renewal=is_renewal)


def revoke(kiosk_id: str) -> AnyResponse:
    """Revoke a kiosk's key, with a reason that is recorded."""
    reason = request.form.get("reason", "").strip()[:300]
    now = context().settings.now()
    if not reason:
        abort(400)
    with context().engine.begin() as db:
        if not kiosks.revoke(db, kiosk_id, now):
            abort(404)
        accounts.record(
            db, login=access.current_session().login, act="revoked", subject=kiosk_id, now=now, reason=reason
        )
    return redirect(url_for("pages.show_kiosks"))


def show_refused() -> str:
    """Show the refusals, latest first: kiosk, id and wrong place, never the content."""
    with context().engine.begin() as db:
        rows = db.execute(select(refusals).order_by(refusals.c.refused_at.desc()).limit(PAGE_SIZE)).all()
        count = db.execute(select(func.count()).select_from(refusals)).scalar_one()
    return render_template("refused.html", rows=rows, count=count)


def _render_page(
    *, code: str = "", kiosk_id: str = "", unit_code: str = "", is_renewal: bool = False, is_wrong: bool = False
) -> str:
    with context().engine.begin() as db:
        rows = _kiosk_rows(db)
    return render_template(
        "kiosks.html",
        rows=rows,
        alarm_words=ALARM_WORDS,
        code=code,
        kiosk_id=kiosk_id,
        unit_code=unit_code,
        is_renewal=is_renewal,
        is_wrong=is_wrong,
    )


def _kiosk_rows(db: Connection) -> list[Any]:
    """Return the kiosks with lag, number of submissions and time of the latest one."""
    counting = select(
        submissions.c.kiosk_id, func.count().label("n"), func.max(submissions.c.received_at).label("last")
    )
    counts = counting.group_by(submissions.c.kiosk_id).subquery()
    columns = select(
        kiosks_table.c.kiosk_id,
        kiosks_table.c.unit_code,
        kiosks_table.c.enrolled_at,
        kiosks_table.c.revoked_at,
        kiosks_table.c.seen_at,
        (kiosks_table.c.last_seq - kiosks_table.c.read_seq).label("behind"),
        func.coalesce(counts.c.n, 0).label("count"),
        counts.c.last,
        audit_heads.c.alarm,
        audit_heads.c.alarmed_at,
    )
    joined = columns.outerjoin(counts, counts.c.kiosk_id == kiosks_table.c.kiosk_id)
    joined = joined.outerjoin(audit_heads, audit_heads.c.kiosk_id == kiosks_table.c.kiosk_id)
    order = joined.order_by(kiosks_table.c.revoked_at.is_not(None), kiosks_table.c.seen_at, kiosks_table.c.kiosk_id)
    return list(db.execute(order))
