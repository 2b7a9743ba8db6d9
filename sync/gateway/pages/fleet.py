"""Fleet page: the machines of the wards with their alarms, and the roll-outs of releases; also as a table in CSV.

It shows no citizen and no form: rows hold what the machines report about themselves.
"""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from sync.encoding import timestamp
from sync.gateway import content_proposals, contract_schema, fleet, rollouts
from sync.gateway.audit_heads import ALARM_WORDS
from sync.gateway.content_proposals import SamePerson
from sync.gateway.context import context
from sync.gateway.fleet import FleetRow
from sync.gateway.pages import access
from sync.gateway.pages.alarm_labels import REFUSAL_LABELS, alarm_words, duration, update_words, voice_words
from sync.gateway.rollouts import Actor, Plan, RolloutRefused

PAGE_SIZE = 50
FILTER_LABELS: dict[fleet.Filter, str] = {
    "silent": "Im lặng",
    "printer": "Hết giấy, hỏng máy in",
    "copy": "Sao lưu cũ",
    "clock": "Đồng hồ sai",
    "disk": "Ổ đĩa đầy",
    "other": "Việc khác",
    "old": "Bản cũ",
    "slow": "Gửi chậm",
    "withdrawn": "Đã thu hồi",
}
KIND_LABELS = {"program": "Bản máy", "content": "Nội dung"}
STAGE_LABELS = {"ward": "Một phường", "tenth": "Một phần 10", "all": "Tất cả"}
STATE_LABELS = {"running": "Đang phát hành", "paused": "Tạm dừng", "done": "Đã phát hành", "back": "Đã lùi về"}
PACES = {0: "ngay khi đủ máy", 24: "sau 1 ngày", 72: "sau 3 ngày", 168: "sau 7 ngày"}
"""Hours between two stages that an operator may choose, and their words."""
START_LABELS = {
    "same": "Bản này đang phát hành.",
    "open": "Còn một bản đang phát hành dở. Xin cho đi tiếp đến hết, hoặc lùi cả về bản trước.",
    "ward": "Không có máy nào ở đơn vị đó.",
    "waiting": "Còn một bản nội dung chờ duyệt. Xin duyệt hoặc rút bản đó trước.",
    "same_person": "Bản này do chính ông/bà đề nghị. Cần một người khác duyệt.",
    "version": "Số bản chưa đúng khuôn, ví dụ 1.5.0 hoặc 2026.11.24.",
}
CSV_COLUMNS = (
    "Phường, xã",
    "Đơn vị",
    "Máy",
    "Tên gọi",
    "Bản máy",
    "Nội dung",
    "Giọng đọc",
    "Báo động",
    "Liên lạc",
    "Chờ gửi",
    "Cũ nhất",
)
"""Columns of the fleet's CSV."""
_ACTS = {"pause": rollouts.pause, "go-on": rollouts.go_on, "back": rollouts.go_back}


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/fleet", view_func=show_fleet)
    pages.add_url_rule("/fleet.csv", view_func=export_fleet)
    pages.add_url_rule("/rollouts", view_func=start_rollout, methods=["POST"])
    pages.add_url_rule("/content/approval", view_func=approve_content, methods=["POST"])
    pages.add_url_rule("/content/withdrawal", view_func=withdraw_content, methods=["POST"])
    pages.add_url_rule("/rollouts/<int:no>/retry", view_func=retry_rollout, methods=["POST"])
    pages.add_url_rule("/rollouts/<int:no>/<act>", view_func=change_rollout, methods=["POST"])


def show_fleet() -> str:
    """Show the machines: silent ones first, then those with alarms, then the rest by name."""
    return _render_page()


def export_fleet() -> Response:
    """Return the machines that the page shows, all of them, as CSV that spreadsheets open."""
    with context().engine.begin() as db:
        rows = _matching(_rows_to_show(db))
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(CSV_COLUMNS)
    writer.writerows([_plain_text(cell) for cell in _cells(row)] for row in rows)
    response = Response("\ufeff" + lines.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="may-cac-phuong.csv"'
    return response


def start_rollout() -> AnyResponse | tuple[str, int]:
    """Start a roll-out of a release with its first ward, or propose a version of the content to an approver."""
    kind = request.form.get("kind", "")
    version = request.form.get("version", "").strip()
    if kind not in rollouts.KINDS:
        abort(400)
    if kind == "program":
        access.require("programs")
    if contract_schema.validate("Version", version):
        return _render_page(refusal="version", typed_kind=kind, typed_version=version), 422
    pace = request.form.get("pace", 24, type=int)
    with context().engine.begin() as db:
        plan = Plan(
            kind=kind,
            version=version,
            former=_former_version(db, kind, version),
            unit_code=request.form.get("unit_code", ""),
            pace_hours=pace if pace in PACES else 24,
        )
    try:
        with context().engine.begin() as db:
            if kind == "content":
                content_proposals.propose(db, plan, _actor())
            else:
                rollouts.start(db, plan, _actor())
    except RolloutRefused as error:
        return _render_page(refusal=error.reason, typed_kind=kind, typed_version=version), 409
    return redirect(url_for("pages.show_fleet"))


def approve_content() -> AnyResponse | tuple[str, int]:
    """Start the roll-out of the content that another person has proposed."""
    version = request.form.get("version", "")
    try:
        with context().engine.begin() as db:
            if not content_proposals.approve(db, version, _actor()):
                abort(409)
    except SamePerson:
        return _render_page(refusal="same_person", typed_kind="content"), 403
    except RolloutRefused as error:
        return _render_page(refusal=error.reason, typed_kind="content"), 409
    return redirect(url_for("pages.show_fleet"))


def withdraw_content() -> AnyResponse:
    """Withdraw the version of the content that waits for an approver."""
    with context().engine.begin() as db:
        if not content_proposals.withdraw(db, request.form.get("version", ""), _actor()):
            abort(409)
    return redirect(url_for("pages.show_fleet"))


def retry_rollout(no: int) -> AnyResponse:
    """Let a machine on which a roll-out failed try again in its next night."""
    with context().engine.begin() as db:
        _require_kind(db, no)
        if not rollouts.retry(db, no, request.form.get("kiosk_id", ""), _actor()):
            abort(409)
    return redirect(url_for("pages.show_fleet"))


def change_rollout(no: int, act: str) -> AnyResponse:
    """Pause a roll-out, let it go on, or send every machine back; the last two only when the form was confirmed."""
    if act not in _ACTS:
        abort(404)
    if act != "pause" and request.form.get("sure") != "1":
        abort(400)
    with context().engine.begin() as db:
        _require_kind(db, no)
        if not _ACTS[act](db, no, _actor()):
            abort(409)
    return redirect(url_for("pages.show_fleet"))


def _require_kind(db: Connection, no: int) -> None:
    """Refuse an act on a release of the program to an account that may act on the content alone."""
    if rollouts.is_program(db, no):
        access.require("programs")


def _render_page(*, refusal: str = "", typed_kind: str = "", typed_version: str = "") -> str:
    start = max(request.args.get("from", 0, type=int), 0)
    now = context().settings.now()
    with context().engine.begin() as db:
        for kind in rollouts.KINDS:
            rollouts.advance(db, kind, now)
        rows = _load_rows(db)
        withdrawn = _own(fleet.load_withdrawn(db, now))
        is_limited = access.current_wards().is_limited
        proposal = content_proposals.find(db)
        cards = [] if is_limited else [_card(db, kind) for kind in rollouts.KINDS]
    shown = _matching(withdrawn if _chosen_filter() == "withdrawn" else rows)
    return render_template(
        "fleet.html",
        rows=shown[start : start + PAGE_SIZE],
        found=len(shown),
        first=start,
        following=start + PAGE_SIZE if start + PAGE_SIZE < len(shown) else None,
        previous=max(start - PAGE_SIZE, 0) if start else None,
        totals=_totals(rows),
        counts=Counter(name for row in (*rows, *withdrawn) for name in row.filters),
        filter_labels=FILTER_LABELS,
        chosen=_chosen_filter(),
        query=_query(),
        now=timestamp(now),
        cards=cards,
        proposal=proposal,
        units=sorted({(row.ward, row.unit_code) for row in rows}),
        versions={kind: _versions(rows, kind) for kind in rollouts.KINDS},
        alarm_words=alarm_words,
        update_words=update_words,
        failure_labels=REFUSAL_LABELS,
        duration=duration,
        content_day=content_day,
        trail_words=ALARM_WORDS,
        kind_labels=KIND_LABELS,
        stage_labels=STAGE_LABELS,
        state_labels=STATE_LABELS,
        paces=PACES,
        refusal=START_LABELS.get(refusal, ""),
        typed_kind=typed_kind,
        typed_version=typed_version,
    )


def content_day(version: str) -> str:
    """Return the day of a version of the content as the table shows it: 2026.11.24 is 24/11."""
    year, *rest = version.split(".")
    return f"{rest[1]}/{rest[0]}" if len(year) == 4 and len(rest) == 2 else version


def _load_rows(db: Connection) -> list[FleetRow]:
    latest = rollouts.newest(db, "program")
    newest = "" if latest is None else latest.former if latest.state == "back" else latest.version
    return _own(fleet.load_rows(db, context().settings.now(), newest=newest))


def _own(rows: Sequence[FleetRow]) -> list[FleetRow]:
    """Return the machines of the account's wards."""
    wards = access.current_wards()
    return [row for row in rows if wards.has(row.unit_code)]


def _rows_to_show(db: Connection) -> list[FleetRow]:
    """Return the machines with a valid key, or those without where the filter asks for them."""
    if _chosen_filter() == "withdrawn":
        return _own(fleet.load_withdrawn(db, context().settings.now()))
    return _load_rows(db)


def _matching(rows: Sequence[FleetRow]) -> list[FleetRow]:
    """Return the rows that the filter and the search of this request show."""
    chosen = _chosen_filter()
    query = _query()
    return [row for row in rows if (not chosen or chosen in row.filters) and (not query or row.matches(query))]


def _chosen_filter() -> str:
    chosen = request.args.get("show", "")
    return chosen if chosen in FILTER_LABELS else ""


def _query() -> str:
    return request.args.get("q", "").strip()[:80]


def _totals(rows: Sequence[FleetRow]) -> dict[str, int]:
    silent = sum(row.is_silent for row in rows)
    alarmed = sum(row.needs_look for row in rows)
    return {"all": len(rows), "silent": silent, "alarmed": alarmed, "good": len(rows) - silent - alarmed}


def _card(db: Connection, kind: rollouts.RolloutKind) -> dict[str, Any]:
    """Return what the card of a kind shows: the roll-out in force, its stages and the machines that failed."""
    rollout = rollouts.newest(db, kind)
    stages = rollouts.stage_progress(db, rollout) if rollout is not None else []
    failures = rollouts.failures(db, rollout.no) if rollout is not None else []
    taken = sum(stage.taken for stage in stages)
    machines = sum(stage.machines for stage in stages)
    return {
        "kind": kind,
        "rollout": rollout,
        "stages": stages,
        "failures": failures,
        "taken": taken,
        "machines": machines,
        "current": rollouts.STAGES.index(rollout.stage) if rollout is not None else 0,
    }


def _versions(rows: Sequence[FleetRow], kind: str) -> list[str]:
    """Return the versions of a kind that the machines have, newest first."""
    reports = [row.report for row in rows if row.report]
    found = {report.release if kind == "program" else report.content for report in reports}
    return sorted(filter(None, found), key=fleet.version_key, reverse=True)


def _former_version(db: Connection, kind: str, version: str) -> str:
    """Return the version that most machines have before a roll-out; empty where no machine has reported one."""
    reports = [row.report for row in _load_rows(db) if row.report]
    present = [report.release if kind == "program" else report.content for report in reports]
    counts = Counter(other for other in present if other and other != version)
    return counts.most_common(1)[0][0] if counts else ""


def _actor() -> Actor:
    return Actor(access.current_session().login, context().settings.now())


def _cells(row: FleetRow) -> list[str]:
    report = row.report
    alarms = "; ".join(alarm_words(alarm, report) for alarm in row.alarms) if report else ""
    return [
        row.ward,
        row.unit_code,
        row.kiosk_id,
        row.label,
        report.release if report else "",
        report.content if report else "",
        voice_words(report.voices) if report else "",
        _state_words(row, alarms),
        access.in_local_time(row.seen_at) if row.seen_at else "",
        str(report.waiting) if report and not row.is_silent else "",
        duration(report.oldest_seconds) if report and report.waiting and not row.is_silent else "",
    ]


def _state_words(row: FleetRow, alarms: str) -> str:
    if row.is_withdrawn:
        return "Đã thu hồi"
    return "Im lặng" if row.is_silent else alarms


def _plain_text(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: ward names come from the machines."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
