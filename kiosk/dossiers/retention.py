"""Terms: how long the rows of each table of the store stay, and the sweeps that end them.

`acts/wiping` runs the sweeps from the first term to the last: bodies first, then the rows that belong to them. A new
table needs a term here; a test compares.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from sqlite_utils import Database

import printers.spool
import sync.attempts
import sync.file_outbox
import sync.outbox
from kiosk.base import clock
from kiosk.context import Context
from kiosk.records import (
    answered_posts,
    call_backs,
    counters,
    decisions,
    drafts,
    help_calls,
    inspections,
    kept_drafts,
    lookups,
    matters,
    openings,
    opinions,
    page_counts,
    payment_notices,
    procedure_versions,
    refusals,
    reuse,
    scans,
    seats,
    services,
    sessions,
    submissions,
    tickets,
    tries,
    unsent_posts,
)

MAX_RETENTION_DAYS = 365
"""Longest retention of the body of a submission that nobody touched (docs/security.md), whatever the state of its case;
of the log of delivery attempts; and of the counts of opinions, which are figures without a person."""
PAYMENT_DAYS = timedelta(days=400)
"""As long as the gateway has a payment notice."""


class Sweep(Protocol):
    """One kind of expired rows: `find` runs in a read, `wipe` in a write."""

    def find(self, db: Database, limit: int) -> list[Any]:
        """Return the keys of some expired rows."""

    def wipe(self, db: Database, keys: list[Any]) -> int:
        """Wipe those of the found rows that are still expired; return how many."""


@dataclass(frozen=True)
class _OwnSweep:
    """A sweep of two functions, for rows that one statement does not wipe."""

    find: Callable[[Database, int], list[Any]]
    wipe: Callable[[Database, list[Any]], int]


def _no_sweeps(_context: Context) -> Iterator[Sweep]:
    return iter(())


@dataclass(frozen=True)
class RetentionTerm:
    """Term of a table's rows.

    Attributes:
        words: when a row is deleted or loses its content, or why it stays.
        sweeps: yields the sweeps that do it; none where the row stays, or goes with another row or by an act.
    """

    words: str
    sweeps: Callable[[Context], Iterator[Sweep]] = _no_sweeps


def _drafts(context: Context) -> Iterator[Sweep]:
    yield drafts.untouched(_hours_ago(context), context.clock.today())


def _sessions(context: Context) -> Iterator[Sweep]:
    yield sessions.unseen(_hours_ago(context))


def _kept_drafts(context: Context) -> Iterator[Sweep]:
    yield kept_drafts.without_draft()
    yield kept_drafts.ended_before(context.clock.today() - kept_drafts.REMEMBERED)


def _submissions(context: Context) -> Iterator[Sweep]:
    now = context.clock.now()
    longest = _longest_ago(context)
    yield submissions.of_ended_classes(context.clock.today(), now - call_backs.WAITING_DAYS, now)
    if not context.config.portal.capabilities.takes_forms:
        yield _unsent(context, longest)
    yield submissions.expired_bodies(now - timedelta(days=context.config.keep.body_days), longest)


def _unsent(context: Context, longest: datetime) -> Sweep:
    """Return the sweep of forms that wait for a portal that was never set: they are kept as long as others."""
    now = context.clock.now()
    closed_before = now - timedelta(days=context.config.keep.body_days)

    def wipe(db: Database, ids: list[Any]) -> int:
        forgotten = [submission_id for submission_id in ids if submissions.forget_unsent(db, submission_id)]
        for submission_id in forgotten:
            events = [child.subject.id for child in sync.outbox.list_children(db, submission_id)]
            for subject in (submission_id, *events):
                sync.outbox.withdraw_unsent(db, subject, now)
                decisions.remove_event(db, subject)
                sync.file_outbox.drop_of_parent(db, subject, now)
        return len(forgotten)

    return _OwnSweep(find=lambda db, limit: submissions.find_unsent(db, closed_before, longest, limit), wipe=wipe)


def _scans(context: Context) -> Iterator[Sweep]:
    """Yield the sweep of scans; their files are no longer sent."""

    def wipe(db: Database, ids: list[Any]) -> int:
        deleted = scans.delete_without_body(db, ids)
        for scan_id in deleted:
            sync.file_outbox.drop(db, scan_id, context.clock.now())
        return len(deleted)

    yield _OwnSweep(find=scans.find_without_body, wipe=wipe)
    yield scans.originals_before(_today_begins(context), "scans")


def _jobs(context: Context) -> Iterator[Sweep]:
    ended = context.clock.now() - timedelta(days=context.config.keep.ticket_days)
    yield _OwnSweep(
        find=lambda db, limit: printers.spool.find_ended(db, ended, limit),
        wipe=lambda db, ids: printers.spool.delete_ended(db, ended, ids),
    )


def _attempts(context: Context) -> Iterator[Sweep]:
    longest = _longest_ago(context)
    yield _OwnSweep(find=lambda db, limit: sync.attempts.find_before(db, longest, limit), wipe=sync.attempts.delete)


def _one(sweep: Callable[[Context], Sweep]) -> Callable[[Context], Iterator[Sweep]]:
    return lambda context: iter((sweep(context),))


def _hours_ago(context: Context) -> datetime:
    return context.clock.now() - timedelta(hours=context.config.keep.draft_hours)


def _today_begins(context: Context) -> datetime:
    return datetime.combine(context.clock.today(), time.min, clock.WARD)


def _first_day(context: Context) -> date:
    return context.clock.today() - timedelta(days=context.config.keep.ticket_days)


def _last_text_day(context: Context) -> date:
    return context.clock.today() - timedelta(days=context.config.keep.opinion_days)


def _last_opinion_day(context: Context) -> date:
    return context.clock.today() - timedelta(days=MAX_RETENTION_DAYS)


def _longest_ago(context: Context) -> datetime:
    return context.clock.now() - timedelta(days=MAX_RETENTION_DAYS)


TERMS: Mapping[str, RetentionTerm] = {
    "drafts": RetentionTerm("[keep] draft_hours after the last change; a kept one until the day on its slip", _drafts),
    "draft_desk": RetentionTerm("goes with its draft"),
    "draft_pages": RetentionTerm(
        "goes with its draft, or becomes a scan of the filed form; of an original at the end of the day",
        _one(lambda app: scans.originals_before(_today_begins(app), "draft_pages")),
    ),
    "draft_turns": RetentionTerm("goes with its draft"),
    "corrections": RetentionTerm("goes with its draft"),
    "sessions": RetentionTerm("[keep] draft_hours after the last page", _sessions),
    "sittings": RetentionTerm("goes with its session"),
    "screen_covers": RetentionTerm("goes with its session, or when the screen is opened"),
    "visit_tickets": RetentionTerm("goes with its session"),
    "kept_drafts": RetentionTerm(
        "the content goes with its draft, the row 30 days after the day on the slip", _kept_drafts
    ),
    "reuse": RetentionTerm(
        "the day that the citizen agreed to, at most a year", _one(lambda app: reuse.expired(app.clock.now()))
    ),
    "answered_posts": RetentionTerm("an hour", _one(lambda app: answered_posts.expired(app.clock.now()))),
    "unsent_posts": RetentionTerm("a day", _one(lambda app: unsent_posts.expired(app.clock.now()))),
    "opened_sessions": RetentionTerm("a day", _one(lambda app: unsent_posts.expired_sessions(app.clock.now()))),
    "calls": RetentionTerm("a day", _one(lambda app: help_calls.made_before(app.clock.now() - timedelta(days=1)))),
    "tries": RetentionTerm(
        "the longest pause", _one(lambda app: tries.made_before(app.clock.now() - tries.LONGEST_SPAN))
    ),
    "wrong_guesses": RetentionTerm("a day; the next wrong guess deletes the old ones"),
    "submissions": RetentionTerm(
        "[keep] body_days after the case is closed; the row stays without its body", _submissions
    ),
    "class_call_backs": RetentionTerm(
        "7 days after it was settled, 60 after it was added, or with the body",
        _one(lambda app: call_backs.expired(app.clock.now())),
    ),
    "desk_notes": RetentionTerm("goes with the body", _one(lambda _app: inspections.without_body())),
    "inspections": RetentionTerm("stays: codes of papers and officers"),
    "submission_names": RetentionTerm("goes with the body", _one(lambda _app: lookups.without_body())),
    "submission_matters": RetentionTerm("goes with the body", _one(lambda _app: matters.without_body())),
    "matter_answers": RetentionTerm(
        "goes with the body of either form", _one(lambda _app: matters.answers_without_body())
    ),
    "openings": RetentionTerm(
        "the words go with the body; who and when stays", _one(lambda _app: openings.without_body())
    ),
    "scans": RetentionTerm(
        "goes with the body, and so does its file; of an original at the end of the day, unless [keep] originals",
        _scans,
    ),
    "decisions": RetentionTerm(
        "the text goes with the body; who and when stays", _one(lambda _app: decisions.without_body())
    ),
    "procedure_versions": RetentionTerm(
        "until no draft and no body has the version", _one(lambda _app: procedure_versions.unused())
    ),
    "refusals": RetentionTerm(
        "the portal's words go with what it refused", _one(lambda _app: refusals.without_subject())
    ),
    "tickets": RetentionTerm("[keep] ticket_days", _one(lambda app: tickets.before(_first_day(app)))),
    "ticket_events": RetentionTerm("goes with its ticket"),
    "counter_events": RetentionTerm("[keep] ticket_days", _one(lambda app: counters.before(_first_day(app)))),
    "class_seats": RetentionTerm(
        "[keep] ticket_days after the session", _one(lambda app: seats.before(_first_day(app)))
    ),
    "page_counts": RetentionTerm("[keep] ticket_days", _one(lambda app: page_counts.before(_first_day(app)))),
    "services": RetentionTerm(
        "the note [keep] ticket_days; the row stays, as the fees do",
        _one(lambda app: services.notes_before(_first_day(app))),
    ),
    "service_lines": RetentionTerm("goes with its service"),
    "fees": RetentionTerm("stays: sums and codes, which a ward must account for"),
    "payment_notices": RetentionTerm(
        "400 days, a year and the weeks in which its books are closed; it has no payer",
        _one(lambda app: payment_notices.before(app.clock.today() - PAYMENT_DAYS)),
    ),
    "payment_refunds": RetentionTerm("stays: sums and codes, which a ward must account for"),
    "certified_copies": RetentionTerm("stays: a number of the register is never given twice; it has no name"),
    "opinions": RetentionTerm("a year", _one(lambda app: opinions.before(_last_opinion_day(app)))),
    "opinion_texts": RetentionTerm("[keep] opinion_days", _one(lambda app: opinions.texts_before(_last_text_day(app)))),
    "opinion_turns": RetentionTerm("until the next opinions at its counter"),
    "jobs": RetentionTerm("[keep] ticket_days after it ended; it refers to its paper and has no content", _jobs),
    "job_events": RetentionTerm("goes with its job"),
    "attempts": RetentionTerm("a year", _attempts),
    "outbox": RetentionTerm("stays: it says what the portal has, in codes"),
    "files": RetentionTerm("stays: it says which files the portal has, by their digest"),
    "steps": RetentionTerm("stays: it says how far a delivery came"),
    "link": RetentionTerm("stays: one row"),
    "receipts": RetentionTerm("stays: a receipt number is never given twice"),
    "audit": RetentionTerm("stays: codes and no names; each line is chained to the one before"),
    "marks": RetentionTerm("stays: one row for each mark"),
    "staff": RetentionTerm("stays, disabled: the trail has its code"),
    "desk_views": RetentionTerm("stays with its officer"),
    "touchscreens": RetentionTerm("stays, revoked: the trail has its id"),
    "key_renewals": RetentionTerm("stays: when the key was renewed; the one-time code is deleted at the end"),
    "change_requests": RetentionTerm("stays: who agreed; the content is deleted with the answer"),
    "comparisons": RetentionTerm("until the content of its fact changes, or it is taken back"),
    "service_plans": RetentionTerm("stays: each revision"),
}
"""Term of each table, by its name, in the order of the sweeps."""
