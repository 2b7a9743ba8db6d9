"""The desk: the queue panel, the case of the ticket at the counter, and the choice of a counter."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import seating, signing
from kiosk.base import clock
from kiosk.base.errors import CounterBusy, NotFound
from kiosk.pages.access import allow, context
from kiosk.pages.officer import messages
from kiosk.pages.officer.assist_begin import draft_lines
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.case_status import case_status, open_points
from kiosk.pages.officer.case_users import users_by_subject
from kiosk.pages.officer.correct import correction_box
from kiosk.pages.officer.current_case import case_of_ticket
from kiosk.pages.officer.fee_box import fee_box_values
from kiosk.pages.officer.prints import print_box
from kiosk.pages.officer.queue import panel, target_words, transfer_targets
from kiosk.pages.officer.shift import refuse_while_served
from kiosk.pages.officer.undo import undo_offer
from kiosk.records import staff, submissions
from kiosk.records.decisions import MAY_FOLLOW


@officer.get("/")
@allow("officer")
def desk() -> str:
    """Show the queue panel and the case of the ticket at the counter."""
    key = request.args.get("said", "")
    queue = panel()
    case = case_of_ticket(queue.ticket) if queue.ticket else None
    drafts = draft_lines(sitting().person.code, queue.ticket.id if queue.ticket else "")
    fees = fee_box_values(case.opened, queue.ticket.id) if case and queue.ticket else {}
    return render(
        "officer/desk.html",
        panel=queue,
        form=case.form if case else None,
        papers=case.papers if case else None,
        is_unreadable=case is None and queue.ticket is not None and _has_form(queue.ticket.submission_id),
        undo=undo_offer(),
        assist_drafts=drafts,
        users=users_by_subject(sitting().person.code) if drafts else {},
        case=case_status(case.opened) if case else None,
        prints=print_box(case.opened) if case else None,
        correction=correction_box(case) if case else None,
        is_asked=key in ("unsaved", "unfiled"),
        open_points=open_points(case.papers.lacking, case.form.doubt_count) if case else "",
        said=messages.by_place(key, request.args.get("number", ""), target_words(request.args.get("to", ""))),
        handle=queue.ticket.id if queue.ticket else "",
        is_decided=key in MAY_FOLLOW or key == "number",
        **transfer_targets(),
        **fees,
    )


def _has_form(submission_id: str | None) -> bool:
    """Return whether a number has a form whose body is in the store."""
    with context().store.read() as db:
        return submission_id is not None and submissions.body(db, submission_id) is not None


@officer.get("/<path:address>")
@allow("staff")
def no_page(address: str) -> str:
    """Show that an address has no page, with the top bar of the desk."""
    raise NotFound(f"Không có trang “{address[:60]}”. Mời chọn trang ở thanh trên.", "There is no such page.")


@officer.get("/counter")
@allow("officer")
def counter() -> str:
    """Ask for a counter, with the officers who sit at the others; say so where this officer sits at another browser."""
    number = request.args.get("busy", "")
    return _counter_page(int(number) if number.isascii() and number.isdigit() and len(number) <= 2 else 0)


def _counter_page(wanted: int) -> str:
    """Show the counters; `wanted` is the one that was refused because another officer's number stands there."""
    me = sitting()
    busy = seating.busy_counters(context(), me.session)
    with context().store.read() as db:
        newer = [
            other for other in staff.sittings_of(db, me.person.code) if other.counter and other.session != me.session
        ]
        by_counter = {place.number: staff.sittings_at(db, place.number) for place in context().config.counters}
    others = {number: sat[0].person.name for number, sat in by_counter.items() if sat and sat[0] != me}
    moved = (newer[0].counter, clock.local(newer[0].since)) if newer and me.counter is None else None
    return render(
        "officer/counter.html",
        counters=context().config.counters,
        others=others,
        moved=moved,
        busy=busy,
        refused=busy.get(wanted),
    )


@officer.post("/counter")
@allow("officer")
def take_counter() -> Answer | tuple[str, int]:
    """Sit down at a counter, and close the one before; show the page again where another officer's number stands."""
    returned = request.form.get("put_back", "")
    number = returned or request.form.get("counter", "")
    if not (number.isascii() and number.isdigit() and len(number) <= 2):
        raise NotFound("Phường không có quầy này.", "The ward has no such counter.")
    wanted = int(number)
    try:
        seat = seating.sit_at_counter(context(), sitting().session, wanted, puts_back=bool(returned))
    except CounterBusy as busy:
        return _counter_page(busy.counter), busy.status
    return redirect(url_for("officer.desk", said="taken" if seat and seat.displaced else None), 303)


@officer.post("/signout")
@allow("staff")
def sign_out() -> Answer:
    """Close the counter and end the session; refuse while a ticket is at the counter of an unlocked session."""
    if not sitting().is_locked:
        refuse_while_served()
    me = sitting()
    signing.sign_out(context(), me.session, me.person.code, counter=me.counter)
    return redirect(url_for("signin.sign_in"), 303)
