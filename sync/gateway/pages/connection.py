"""Connection page: five rows about the system behind the gateway, examined on request, and rows the mapping lacks."""

from flask import Blueprint, render_template

from sync.gateway import accounts, forwarding
from sync.gateway.connection_check import ConnectionRow, check_connection, waiting_rows
from sync.gateway.context import context
from sync.gateway.forward_targets import ConnectionReader
from sync.gateway.pages import access, connection_labels
from sync.gateway.targets import open_forward_target
from sync.gateway.targets.mapping import BadMapping


def add_routes(pages: Blueprint) -> None:
    """Add the routes of this module."""
    pages.add_url_rule("/connection", view_func=show_connection)
    pages.add_url_rule("/connection", view_func=examine_connection, methods=["POST"])


def show_connection() -> str:
    """Show the rows before an examination: opening a page signs in nowhere."""
    return _render_page(waiting_rows())


def examine_connection() -> str:
    """Examine the connection of the mapping file as it is now, and record who did so."""
    now = context().settings.now()
    if not context().connection_check.acquire(blocking=False):
        return _render_page(waiting_rows(), is_busy=True)
    try:
        with context().engine.begin() as db:
            accounts.record(
                db,
                login=access.current_session().login,
                act="examined_connection",
                subject=context().settings.forward_to,
                now=now,
            )
        target = open_forward_target(context().settings.forward_to)
        reader: object = target
        if target is None or not isinstance(reader, ConnectionReader):
            return _render_page(waiting_rows())
        try:
            rows = check_connection(reader, now)
        finally:
            target.close()
    except BadMapping as error:
        return _render_page(waiting_rows(), mistakes=str(error).splitlines())
    finally:
        context().connection_check.release()
    return _render_page(rows, checked_at=now.isoformat())


def _render_page(
    rows: list[ConnectionRow], *, checked_at: str = "", mistakes: list[str] | None = None, is_busy: bool = False
) -> str:
    place = context().settings.forward_to
    with context().engine.begin() as db:
        unmapped = forwarding.count_unmapped(db, access.current_wards())
    return render_template(
        "connection.html",
        rows=[
            {
                "name": connection_labels.ROWS[row.kind],
                "state": row.state,
                "words": connection_labels.result_words(row),
                "advice": connection_labels.advice(row),
                "time": connection_labels.time_words(row),
            }
            for row in rows
        ],
        title=connection_labels.title(rows),
        never_tried=connection_labels.NEVER_TRIED,
        checked_at=checked_at,
        mistakes=mistakes or [],
        is_busy=is_busy,
        mapping_file=place.partition(":")[2] if place.startswith("target:") else "",
        is_folder=place.startswith("folder:"),
        unmapped=unmapped,
    )
