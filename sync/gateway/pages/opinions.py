"""Page of the citizens' opinions: a month of all kiosks, by unit and by procedure."""

from flask import Blueprint, render_template, request

from sync.gateway import opinions
from sync.gateway.context import context
from sync.gateway.pages import access


def add_routes(pages: Blueprint) -> None:
    """Add the route of this module."""
    pages.add_url_rule("/opinions", view_func=show_opinions)


def show_opinions() -> str:
    """Show the newest month that was reported, or the one that the address names."""
    with context().engine.begin() as db:
        months = opinions.months(db)
        asked = request.args.get("month", "")
        month = asked if asked in months else next(iter(months), "")
        wards = access.current_wards()
        stored = [report for report in opinions.reports(db, month) if wards.has(report.unit_code)]
    return render_template(
        "opinions.html",
        month=month,
        months=months,
        kiosks=opinions.by_kiosk(stored),
        procedures=opinions.by_procedure(stored),
        faces=FACE_LABELS,
        words=WORD_LABELS,
    )


FACE_LABELS = ("Rất kém", "Kém", "Tạm ổn", "Tốt", "Rất tốt")
WORD_LABELS = {
    "wait": "chờ lâu",
    "unclear": "khó hiểu",
    "manner": "thái độ",
    "fast": "nhanh",
    "easy": "dễ khai",
    "kind": "cán bộ tận tình",
}
