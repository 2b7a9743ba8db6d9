"""Keep a form for later under a slip, and open it again at a touchscreen or at the desk.

    keep                the draft leaves its session and a slip is printed; number and place in the queue stay; a
                        post that is sent again gets the form that it has kept
    resume_at_screen    the slip and a scanned card, or four chosen digits; five wrong ones, and only the desk opens it
    resume_at_desk      the slip and the officer's eye on the card; the audit line names the officer
    print_slip          at the desk: the first slip of a form that was put away behind a cover, or a copy
    delete              the draft and everything that opens it

The draft stays where it was, sealed: nothing of it is moved, so a power cut leaves it kept or open and never lost. A
kept draft belongs to no session. Whether it was submitted is read from the submissions, which have the same id.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlite_utils import Database

import printers.routes
import printers.spool
from kiosk.base.errors import DraftGone, NotAllowed, NotFound
from kiosk.context import Context, rate_limit
from kiosk.context.rate_limit import Guess
from kiosk.dossiers import help_calls, kept_forms, sealed_drafts
from kiosk.dossiers.kept_forms import KeptForm, KeptVisit
from kiosk.records import (
    answered_posts,
    audit,
    desk_drafts,
    draft_turns,
    drafts,
    kept_drafts,
    screen_covers,
    sessions,
    submissions,
    tickets,
)
from kiosk.records.desk_drafts import DeskDraft
from kiosk.records.kept_drafts import KeptDraft
from kiosk.records.submissions import Submission
from kiosk.security import passwords
from kiosk.vietnam.calendar import format_date
from kiosk.vietnam.id_card import Card

EASY_ROWS = ("0123456789", "9876543210")
PAPER = "kept"
"""Kind of the slip's print jobs."""
WATCHED_PAPERS = {PAPER, "slip", "missing"}
"""Kinds of paper whose print job a page of the touchscreen watches."""
POST = "kept form of a post"
"""Vault purpose of the id of the draft that a post has kept."""
Opening = Literal["open", "wrong", "officer", "desk", "gone"]
"""Result of a try: open; wrong; only an officer can open it; a desk has it open; it was deleted, submitted, or is past
its day."""


class DigitsNeeded(Exception):  # noqa: N818 - read in a sentence
    """No card was scanned in the form, so the person has to choose four digits; `fault` says what is wrong with them.

    `fault` is empty while none were given; "shape", "easy" or "differ" afterwards.
    """

    def __init__(self, fault: Literal["", "shape", "easy", "differ"]) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True)
class ChosenDigits:
    """Four digits that a person typed twice."""

    first: str = ""
    again: str = ""


@dataclass(frozen=True)
class SlipAnswer:
    """Target of a slip: a kept form, the submission that it became, or its last day, which is over."""

    form: KeptForm | None = None
    submission: Submission | None = None
    ended_on: date | None = None


NOTHING = SlipAnswer()
"""Answer to a code of no form: it was deleted, or never printed."""


def needs_digits(context: Context, session: str) -> bool:
    """Return whether the session's form has no scanned card that could open it again."""
    with context.store.read() as db:
        return _needs_digits(db, context, session)


def keep(context: Context, session: str, screen: str, digits: ChosenDigits = ChosenDigits(), key: str = "") -> KeptForm:
    """Keep the session's form until a day of the settings, print its slip, and end the session's call.

    A form that was kept before keeps its code, so that the first slip still opens it. A post whose answer was lost is
    sent again with its key: the form that it has kept is returned, and nothing is kept or printed again. The session
    stays without a form, because that second post comes from it.

    Args:
        screen: the name of the touchscreen, for the slip.
        key: the idempotency key of the post.

    Raises:
        DigitsNeeded: no card was scanned in the form, and the digits are missing or not good.
        DraftGone: the session has no form.
    """
    with context.store.read() as db:
        form = _form_of_post(db, context, session, key)
        is_asked = form is None and _needs_digits(db, context, session)
    digits_hash = _checked_hash(digits) if is_asked else ""
    with context.store.write() as db:
        form = _form_of_post(db, context, session, key)
        if form is None:
            row = _draft_of(db, session)
            visit = KeptVisit(session, screen)
            form = kept_forms.keep_in_place(db, context, row, visit=visit, actor="citizen", digits=digits_hash)
            form = replace(form, job_id=_print(db, form.kept, context.clock.now(), screen))
            help_calls.end_call_of_session(db, context, session)
            _save_post(db, context, session, key=key, draft_id=row.id)
    context.card_inbox.end_session(session)
    return form


def code_of(context: Context, draft_id: str) -> str | None:
    """Return the code of a kept form's slip; None for a form that is not kept any more."""
    with context.store.read() as db:
        kept = kept_drafts.find(db, draft_id)
    return kept_forms.unseal(context, draft_id, kept.sealed).code if kept and kept.sealed else None


def find_slip(context: Context, code: str, screen: str) -> SlipAnswer:
    """Return what the code of a slip leads to; a code of nothing counts as a guess of the screen.

    Raises:
        TooManyTries: the screen has tried many codes of nothing.
    """
    guess = Guess("kept form", screen)
    rate_limit.check(context, guess)
    with context.store.read() as db:
        answer = _answer(db, context, code)
    if answer == NOTHING:
        with context.store.write() as db:
            rate_limit.count(db, context, guess)
    return answer


def resume_at_screen(
    context: Context, code: str, session: str, *, card: Card | None = None, digits: str = ""
) -> Opening:
    """Open a kept form in a session, for its slip and a scanned card or the chosen digits.

    The try is judged first, because that is slow, and opens or is counted in one write: a power cut leaves no wrong try
    of a right card. The write sees the wrong tries of all others, so that many at once are no more guesses. A form that
    is open at another screen leaves it: the person with slip and card is here.
    """
    is_right = _is_right(context, code, card=card, digits=digits)
    with context.store.write() as db:
        form = _answer(db, context, code).form
        if form is None:
            return "gone"
        if form.opened_by == "officer":
            return "officer"
        kept = form.kept
        if not is_right:
            kept_drafts.count_miss(db, kept.draft_id)
            return "officer" if kept.misses + 1 >= kept_forms.MAX_MISSES else "wrong"
        kept_drafts.clear_misses(db, kept.draft_id)
        if desk_drafts.find(db, kept.draft_id) or draft_turns.is_at_desk(db, kept.draft_id):
            return "desk"
        _open_in_session(db, context, session=session, kept=kept)
        kept_forms.append_line(db, context, act="resume_form", actor="citizen", kept=kept)
    return "open"


def resume_at_desk(context: Context, code: str, officer: str, ticket_id: str | None = None, reason: str = "") -> str:
    """Open a kept form at the desk and return its draft id; the officer has looked at the person's card.

    A screen that has it open gives it up: the person is at the desk. A draft whose version of the form is gone is
    migrated. The form stays kept until it is submitted or deleted. One that another officer has open stays with them.

    Args:
        ticket_id: the number at the counter; without one the form keeps the number that it was kept with.
        reason: why a form is opened that was found by a name, for the trail.

    Raises:
        FormChanged: the procedure is no longer in force.
        NotAllowed: the form was submitted, or its last day is over.
        NotFound: the code is of no form.
    """
    with context.store.write() as db:
        answer = _answer(db, context, code)
        if answer.form is None:
            raise _refusal(answer)
        kept = answer.form.kept
        kept_forms.migrate_in_place(db, context, drafts.read(db, kept.draft_id))
        kept_drafts.clear_misses(db, kept.draft_id)
        kept_forms.take_from_screen(db, kept.draft_id)
        if desk_drafts.find(db, kept.draft_id) is None:
            desk = DeskDraft(
                draft_id=kept.draft_id,
                actor=officer,
                ticket_id=ticket_id or kept.ticket_id,
                begun="kept",
                origin=kept.screen,
                opened_at=context.clock.now(),
            )
            desk_drafts.insert(db, desk)
            if draft_turns.find(db, kept.draft_id) is not None:  # a desk had it before: its last turn is a screen's
                draft_turns.opened(db, kept.draft_id, holder="desk", officer=officer, counter=None)
        kept_forms.append_line(db, context, act="resume_form", actor=officer, kept=kept, reason=reason)
    return kept.draft_id


def print_slip(context: Context, code: str, officer: str) -> bool:
    """Print the slip of a kept form at the desk; return whether it is a copy of one that was printed before.

    Raises:
        NotAllowed, NotFound: as `resume_at_desk`.
    """
    with context.store.write() as db:
        answer = _answer(db, context, code)
        if answer.form is None:
            raise _refusal(answer)
        kept = answer.form.kept
        jobs = _slips(db, kept.draft_id)
        now = context.clock.now()
        if jobs:
            printers.spool.reprint(db, job_id=jobs[-1].id, by=officer, why="asked at the counter", now=now)
        else:
            _print(db, kept, now, screen="")
        line = audit.AuditLine(act="reprint" if jobs else "print_slip", actor=officer, subject=kept.draft_id)
        audit.append(db, key=context.audit_key(), now=now, line=line)
    return bool(jobs)


def delete(context: Context, session: str) -> None:
    """Delete the session's form, also one that was kept: the draft, and everything that opens it.

    A form that an officer has open stays with the desk, as for every visit that ends.
    """
    with context.store.write() as db:
        row = sessions.find(db, session, "citizen")
        if row is None or not row.draft_id or draft_turns.is_at_desk(db, row.draft_id):
            return
        kept = kept_drafts.find(db, row.draft_id)
        if kept is not None:
            _cancel_prints(db, kept.draft_id, context.clock.now())
            kept_drafts.delete(db, kept.draft_id)
            kept_forms.append_line(db, context, act="delete_form", actor="citizen", kept=kept)
        drafts.delete(db, row.draft_id)


def has_number(context: Context, session: str) -> bool:
    """Return whether a visit has drawn a queue number, which the next person must not inherit."""
    with context.store.read() as db:
        return kept_drafts.ticket_of_visit(db, session) is not None


def has_slip(context: Context, draft_id: str) -> bool:
    """Return whether a slip of a kept form was printed, or waits for the printer."""
    with context.store.read() as db:
        return bool(_slips(db, draft_id))


def paper_state(context: Context, job_id: int) -> tuple[printers.spool.JobState, str | None] | None:
    """Return the state of the print job of a slip or list and its reason; None for another paper."""
    with context.store.read() as db:
        job = printers.spool.find_by_id(db, job_id)
    return (job.state, job.reason) if job is not None and job.kind in WATCHED_PAPERS else None


def _draft_of(db: Database, session: str) -> drafts.DraftRow:
    row = sessions.find(db, session, "citizen")
    if row is None or not row.draft_id:
        raise DraftGone
    return drafts.read(db, row.draft_id)


def _needs_digits(db: Database, context: Context, session: str) -> bool:
    row = _draft_of(db, session)
    draft = sealed_drafts.unseal(context, row.id, row.body)
    kept = kept_drafts.find(db, row.id)
    earlier = kept_forms.unseal(context, row.id, kept.sealed) if kept and kept.sealed else None
    return not (kept_forms.scanned_cards(draft) or (earlier and (earlier.cards or earlier.digits)))


def _form_of_post(db: Database, context: Context, session: str, key: str) -> KeptForm | None:
    """Return the form that a post of the session has kept, with the job of its slip; None for a new post."""
    post = answered_posts.find(db, key, session)
    if post is None or post.page is None:
        return None
    draft_id = context.vault.open(POST, key, post.page).decode()
    kept = kept_drafts.find(db, draft_id)
    if kept is None or kept.sealed is None or not drafts.exists(db, draft_id):
        return None
    secrets = kept_forms.unseal(context, draft_id, kept.sealed)
    opener = kept_forms.opened_by(kept, secrets)
    job = printers.spool.find(db, _print_key(kept))
    return KeptForm(kept=kept, code=secrets.code, opened_by=opener, job_id=job.id if job else None)


def _save_post(db: Database, context: Context, session: str, *, key: str, draft_id: str) -> None:
    if key:
        sealed = context.vault.seal(POST, key, draft_id.encode())
        answered_posts.set_page(db, key, session=session, page=sealed, now=context.clock.now())


def _checked_hash(digits: ChosenDigits) -> str:
    """Return the hash of chosen digits; computed outside the write, because it is slow."""
    if not digits.first and not digits.again:
        raise DigitsNeeded("")
    if not (digits.first.isascii() and digits.first.isdigit() and len(digits.first) == kept_forms.DIGITS):
        raise DigitsNeeded("shape")
    if len(set(digits.first)) == 1 or any(digits.first in row for row in EASY_ROWS):
        raise DigitsNeeded("easy")
    if digits.first != digits.again:
        raise DigitsNeeded("differ")
    return passwords.hash_password(digits.first)


def _answer(db: Database, context: Context, code: str) -> SlipAnswer:
    kept = kept_drafts.by_code(db, kept_forms.code_hash(context, code))
    if kept is None:
        return NOTHING
    submission = submissions.find(db, kept.draft_id)
    if submission is not None:
        return SlipAnswer(submission=submission)
    if kept.kept_until < context.clock.today():
        return SlipAnswer(ended_on=kept.kept_until)
    if kept.sealed is None or not drafts.exists(db, kept.draft_id):
        return NOTHING
    secrets = kept_forms.unseal(context, kept.draft_id, kept.sealed)
    return SlipAnswer(form=KeptForm(kept=kept, code=secrets.code, opened_by=kept_forms.opened_by(kept, secrets)))


def _is_right(context: Context, code: str, *, card: Card | None, digits: str) -> bool:
    """Return whether a card or digits open the form of a slip; computed outside the write, because it is slow."""
    with context.store.read() as db:
        form = _answer(db, context, code).form
    if form is None or form.kept.sealed is None:
        return False
    secrets = kept_forms.unseal(context, form.kept.draft_id, form.kept.sealed)
    if card is not None:
        return kept_forms.card_hash(context, card) in secrets.cards
    return bool(secrets.digits and digits) and passwords.verify_password(secrets.digits, digits)


def _open_in_session(db: Database, context: Context, *, session: str, kept: KeptDraft) -> None:
    now = context.clock.now()
    kept_forms.take_from_screen(db, kept.draft_id)
    row = sessions.find(db, session, "citizen")
    if row is None:
        sessions.insert(db, session, audience="citizen", now=now)
    elif row.draft_id and kept_forms.ends_with_visit(db, row.draft_id):
        drafts.delete(db, row.draft_id)
    sessions.set_current(db, session, draft_id=kept.draft_id)
    screen_covers.delete(db, session)  # of a form that has left the session meanwhile
    ticket = tickets.find(db, kept.ticket_id) if kept.ticket_id else None
    if ticket is not None and ticket.day == context.clock.today():
        kept_drafts.save_ticket(db, session, ticket.id)


def _refusal(answer: SlipAnswer) -> NotAllowed | NotFound:
    if answer.submission is not None:
        number = answer.submission.receipt_no
        return NotAllowed(f"Tờ khai này đã gửi, mã {number}.", f"This form was submitted as {number}.")
    if answer.ended_on is not None:
        day = format_date(answer.ended_on.isoformat())
        return NotAllowed(f"Phiếu này hết hạn ngày {day}. Xin khai lại.", f"This slip expired on {day}.")
    return NotFound("Không thấy tờ khai của phiếu này: đã xóa, hoặc phiếu của nơi khác.", "No form has this slip.")


def _print(db: Database, kept: KeptDraft, now: datetime, screen: str) -> int:
    at = printers.routes.screen_facts(screen)
    return printers.spool.enqueue(db, key=_print_key(kept), kind=PAPER, subject=kept.draft_id, facts=at, now=now)


def _print_key(kept: KeptDraft) -> str:
    return f"{PAPER}:{kept.draft_id}:{kept.times}"


def _slips(db: Database, draft_id: str) -> list[printers.spool.Job]:
    return [job for job in printers.spool.of_subject(db, draft_id) if job.kind == PAPER]


def _cancel_prints(db: Database, draft_id: str, now: datetime) -> None:
    for job in _slips(db, draft_id):
        if job.state in ("queued", "waiting"):
            printers.spool.cancel(db, job.id, by="citizen", now=now)
