"""Pages of one machine: its state, its name, one-time codes, withdrawal; and what the gateway has refused."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response as AnyResponse

from sync.gateway import accounts, contract_schema, fleet, kiosks
from sync.gateway.audit_heads import ALARM_WORDS
from sync.gateway.context import context
from sync.gateway.pages import access
from sync.gateway.pages.alarm_labels import alarm_words, duration, free_space, update_words, voice_words
from sync.gateway.settings import Enrolment
from sync.gateway.tables import refusals, submissions

PAGE_SIZE = 100
LABEL_LENGTH = 40


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/kiosks/new", view_func=show_enrolment)
    pages.add_url_rule("/kiosks/codes", view_func=make_code, methods=["POST"])
    pages.add_url_rule("/kiosks/<kiosk_id>", view_func=show_kiosk)
    pages.add_url_rule("/kiosks/<kiosk_id>/label", view_func=rename, methods=["POST"])
    pages.add_url_rule("/kiosks/<kiosk_id>/revoke", view_func=revoke, methods=["POST"])
    pages.add_url_rule("/refused", view_func=show_refused)


def show_kiosk(kiosk_id: str) -> str:
    """Show a machine: alarms, figures of its last report, and what an operator may do with it."""
    return _render_kiosk(kiosk_id)


def show_enrolment() -> str:
    """Show the form for a one-time code of a new machine."""
    return render_template("enrolment.html", kiosk_id=request.args.get("kiosk_id", "")[:6])


def make_code() -> str | tuple[str, int]:
    """Make a one-time code and show it once; a renewal code may replace the key of an enrolled kiosk."""
    kiosk_id = request.form.get("kiosk_id", "").strip().upper()
    unit_code = request.form.get("unit_code", "").strip()
    is_renewal = "renewal" in request.form
    if contract_schema.validate("KioskId", kiosk_id) or contract_schema.validate("UnitCode", unit_code):
        if is_renewal:
            return _render_kiosk(kiosk_id, is_wrong=True), 422
        return render_template("enrolment.html", is_wrong=True, kiosk_id=kiosk_id, unit_code=unit_code), 422
    settings = context().settings
    now = settings.now()
    code = kiosks.make_code(settings.token())
    with context().engine.begin() as db:
        _require_own(db, kiosk_id, unit_code)
        enrolment = Enrolment(code=code, kiosk_id=kiosk_id, unit_code=unit_code)
        kiosks.add_code(db, enrolment, now, may_replace=is_renewal)
        act = "gave_renewal" if is_renewal else "gave_code"
        accounts.record(db, login=access.current_session().login, act=act, subject=kiosk_id, now=now, reason=unit_code)
    if is_renewal:
        return _render_kiosk(kiosk_id, code=code, code_unit=unit_code)
    return render_template("enrolment.html", code=code, kiosk_id=kiosk_id, unit_code=unit_code)


def rename(kiosk_id: str) -> AnyResponse:
    """Store the operators' name of a machine, such as where it stands."""
    label = " ".join(request.form.get("label", "").split())[:LABEL_LENGTH]
    now = context().settings.now()
    with context().engine.begin() as db:
        _require_own(db, kiosk_id)
        if not kiosks.set_label(db, kiosk_id, label):
            abort(404)
        accounts.record(
            db, login=access.current_session().login, act="renamed", subject=kiosk_id, now=now, reason=label
        )
    return redirect(url_for("pages.show_kiosk", kiosk_id=kiosk_id))


def revoke(kiosk_id: str) -> AnyResponse:
    """Revoke a kiosk's key, with a reason that is recorded."""
    reason = request.form.get("reason", "").strip()[:300]
    now = context().settings.now()
    if not reason:
        abort(400)
    with context().engine.begin() as db:
        _require_own(db, kiosk_id)
        if not kiosks.revoke(db, kiosk_id, now):
            abort(404)
        accounts.record(
            db, login=access.current_session().login, act="revoked", subject=kiosk_id, now=now, reason=reason
        )
    return redirect(url_for("pages.show_kiosk", kiosk_id=kiosk_id))


def show_refused() -> str:
    """Show the refusals, latest first: kiosk, id and wrong place, never the content."""
    with context().engine.begin() as db:
        is_seen = access.current_wards().of_kiosks(refusals.c.kiosk_id)
        latest_first = select(refusals).where(is_seen).order_by(refusals.c.refused_at.desc())
        rows = db.execute(latest_first.limit(PAGE_SIZE)).all()
        count = db.execute(select(func.count()).select_from(refusals).where(is_seen)).scalar_one()
    return render_template("refused.html", rows=rows, count=count)


def _render_kiosk(kiosk_id: str, *, code: str = "", code_unit: str = "", is_wrong: bool = False) -> str:
    with context().engine.begin() as db:
        row = fleet.find_row(db, context().settings.now(), kiosk_id)
        if row is None or not access.current_wards().has(row.unit_code):
            abort(404)
        dossiers = _dossiers(db, kiosk_id)
    return render_template(
        "kiosk.html",
        row=row,
        dossiers=dossiers,
        trail_words=ALARM_WORDS,
        alarm_words=alarm_words,
        update_words=update_words,
        voice_words=voice_words,
        duration=duration,
        free_space=free_space,
        code=code,
        code_unit=code_unit,
        is_wrong=is_wrong,
    )


def _require_own(db: Connection, kiosk_id: str, unit_code: str | None = None) -> None:
    """Refuse an act on a machine, or for a unit, that the account does not see."""
    wards = access.current_wards()
    row = fleet.find_row(db, context().settings.now(), kiosk_id)
    if row is not None and not wards.has(row.unit_code):
        abort(404)
    if unit_code is not None and not wards.has(unit_code):
        abort(404)


def _dossiers(db: Connection, kiosk_id: str) -> Any:
    """Return the number of submissions of a kiosk, and the time of the latest one."""
    counting = select(func.count().label("count"), func.max(submissions.c.received_at).label("last"))
    return db.execute(counting.where(submissions.c.kiosk_id == kiosk_id)).one()
