"""The tables of the store, grown step by step.

A released step is never edited: a change is a new step below, tested on a store with data from the step before it.
Tables are strict and states have check clauses, so that what cannot be is refused by the store itself. Times are
``clock.stamp`` texts, days are YYYY-MM-DD of the ward, hashes are hex. ``grow`` also grows what sync and printers own.
"""

from contextlib import AbstractContextManager
from typing import Protocol

from sqlite_utils import Database, Migrations

import printers.schema
import sync.schema
from kiosk.errors import StoreNewer

migrations = Migrations("kiosk")


class Growing(Protocol):
    """A store that can be read and written."""

    def read(self) -> AbstractContextManager[Database]:
        """Give a view."""

    def write(self) -> AbstractContextManager[Database]:
        """Open a transaction."""


def grow(store: Growing) -> None:
    """Bring a store to this release in one transaction; StoreNewer when a later release has written it."""
    with store.read() as db:
        sets = _sets()
        _refuse_newer(db, sets)
        is_grown = not any(each.pending(db) for each in sets)
    if not is_grown:
        with store.write() as db:
            for each in sets:
                each.apply(db)


def _sets() -> tuple[Migrations, ...]:
    return (migrations, sync.schema.migrations, printers.schema.migrations)


def _refuse_newer(db: Database, sets: tuple[Migrations, ...]) -> None:
    with Database(memory=True) as empty:
        for each in sets:
            ours = {step.name for step in each.pending(empty)}
            if {step.name for step in each.applied(db)} - ours:
                raise StoreNewer


@migrations()
def first_tables(db: Database) -> None:
    """Make what a citizen's visit needs: drafts, submissions, tickets, sessions, calls, reuse, audit."""
    db.executescript(_FIRST_TABLES)


@migrations()
def class_seats(db: Database) -> None:
    """Make what says who has a seat in which session of a class."""
    db.executescript(_CLASS_SEATS)


@migrations()
def staff_and_sittings(db: Database) -> None:
    """Make who works at the ward, and who sits behind which session."""
    db.executescript(_STAFF)


_STAFF = """
create table staff (
  code text primary key check (length(code) between 4 and 6),
  login text not null unique check (length(login) between 3 and 32),
  name text not null check (length(name) between 1 and 80),
  role text not null check (role in ('officer', 'lead', 'technician')),
  password text not null check (password like '$argon2id$%'),
  is_active integer not null default 1 check (is_active in (0, 1)),
  created_at text not null check (length(created_at) = 24)
) strict;

create table sittings (
  session text primary key references sessions (id) on delete cascade,
  person text not null references staff (code),
  counter integer check (counter between 1 and 30)
) strict;
create index sittings_by_person on sittings (person);
"""


@migrations()
def queue_lines(db: Database) -> None:
    """Let a number be held, called to a counter and passed on, and a day's events say where and why."""
    db.executescript(_QUEUE_LINES)


# The new tables are made beside the old and these dropped last: to drop a table deletes its rows, and with them what
# hangs on them. A ticket that stood at a counter of an older release stands at none now, so it counts as served.
_QUEUE_LINES = """
alter table ticket_events rename to old_ticket_events;
alter table tickets rename to old_tickets;

create table tickets (
  id text primary key check (length(id) = 36),
  day text not null check (length(day) = 10),
  series text not null check (length(series) between 1 and 3),
  number integer not null check (number >= 1),
  state text not null default 'waiting'
    check (state in ('waiting', 'called', 'serving', 'absent', 'held', 'done', 'closed')),
  submission_id text references submissions (id),
  priority text check (priority in ('elderly', 'disabled', 'pregnant', 'infant', 'merit', 'returning', 'declared')),
  drawn_at text not null check (length(drawn_at) = 24),
  line text not null check (length(line) between 1 and 3),
  turn integer not null check (turn >= 1),
  since text not null check (length(since) = 24),
  counter integer check (counter between 1 and 30),
  absences integer not null default 0 check (absences >= 0),
  is_confirmed integer not null default 0 check (is_confirmed in (0, 1)),
  unique (day, series, number),
  unique (day, turn),
  check (state not in ('called', 'serving') or counter is not null)
) strict;

create table ticket_events (
  seq integer primary key autoincrement,
  ticket_id text not null references tickets (id) on delete cascade,
  day text not null check (length(day) = 10),
  at text not null check (length(at) = 24),
  event text not null check (event in ('drawn', 'called', 'recalled', 'served', 'absent', 'closed', 'held',
    'transferred', 'returned', 'priority', 'done', 'serving')),
  actor text,
  counter integer,
  detail text not null default '',
  nonce text
) strict;

insert into tickets
  select id, day, series, number, iif(state in ('called', 'serving'), 'done', state), submission_id, priority, drawn_at,
    series, row_number() over (partition by day order by drawn_at, id), drawn_at, null, 0, 0
  from old_tickets;
insert into ticket_events
  select e.seq, e.ticket_id, t.day, e.at, e.event, e.actor, null, '', null
  from old_ticket_events e join old_tickets t on t.id = e.ticket_id;
drop table old_ticket_events;
drop table old_tickets;

create index tickets_by_submission on tickets (submission_id);
create index tickets_in_line on tickets (day, line, turn) where state in ('waiting', 'absent');
create index tickets_held on tickets (day) where state = 'held';
create unique index tickets_at_counter on tickets (day, counter) where state in ('called', 'serving');
create index ticket_events_by_ticket on ticket_events (ticket_id);
create index ticket_events_by_day on ticket_events (day, event, seq);
create unique index ticket_events_by_nonce on ticket_events (nonce) where nonce is not null;

create table counter_events (
  seq integer primary key autoincrement,
  day text not null check (length(day) = 10),
  counter integer not null check (counter between 1 and 30),
  at text not null check (length(at) = 24),
  event text not null check (event in ('opened', 'closed')),
  actor text not null
) strict;
create index counter_events_by_day on counter_events (day, counter, seq);
"""


@migrations()
def desk_papers(db: Database) -> None:
    """Make what officers saw of the papers, and what they noted."""
    db.executescript(_DESK_PAPERS)


_DESK_PAPERS = """
create table inspections (
  submission_id text not null references submissions (id),
  paper text not null check (length(paper) between 1 and 80),
  is_seen integer not null check (is_seen in (0, 1)),
  is_copied integer not null check (is_copied in (0, 1)),
  actor text not null,
  at text not null check (length(at) = 24),
  primary key (submission_id, paper)
) strict;

create table desk_notes (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  text blob not null,
  actor text not null,
  at text not null check (length(at) = 24)
) strict;
create index desk_notes_by_submission on desk_notes (submission_id);
"""

_CLASS_SEATS = """
create table class_seats (
  submission_id text primary key references submissions (id),
  session text not null check (length(session) > 16)
) strict;
create index class_seats_by_session on class_seats (session);
"""

_FIRST_TABLES = """
create table marks (
  key text primary key,
  value text not null
) strict;

create table drafts (
  id text primary key check (length(id) = 36),
  session text not null,
  procedure text not null,
  version text not null,
  body blob not null,
  claim text,
  created_at text not null check (length(created_at) = 24),
  touched_at text not null check (length(touched_at) = 24)
) strict;
create unique index drafts_by_claim on drafts (claim) where claim is not null;

create table receipts (
  day text primary key check (length(day) = 10),
  last integer not null check (last between 0 and 9999)
) strict;

create table submissions (
  id text primary key check (length(id) = 36),
  receipt_no text not null,
  revision integer not null check (revision >= 1),
  supersedes text references submissions (id),
  procedure text not null,
  version text not null,
  unit text not null,
  day text not null check (length(day) = 10),
  seq integer not null check (seq between 1 and 9999),
  completed_at text not null check (length(completed_at) = 24),
  clock_trusted integer not null check (clock_trusted in (0, 1)),
  digest text not null check (length(digest) = 64),
  applicant_hash text,
  lookup_hash text,
  delivery text check (delivery in ('held', 'queued', 'sent', 'confirmed', 'quarantined', 'withdrawn')),
  desk text not null default 'waiting'
    check (desk in ('waiting', 'accepted', 'supplement', 'refused', 'stopped', 'handed_out')),
  portal_code integer check (portal_code between 1 and 10),
  portal_revision integer not null default 0 check (portal_revision >= 0),
  portal_at text check (length(portal_at) = 24),
  official_no text,
  due_at text check (length(due_at) = 24),
  portal_note blob,
  body blob,
  touched_at text not null check (length(touched_at) = 24),
  closed_at text check (length(closed_at) = 24),
  unique (receipt_no, revision),
  unique (day, seq, revision),
  check ((revision = 1) = (supersedes is null))
) strict;
create unique index submissions_by_supersedes on submissions (supersedes) where supersedes is not null;
create index submissions_by_lookup on submissions (lookup_hash);
create index submissions_by_applicant on submissions (applicant_hash);
create index submissions_by_delivery on submissions (delivery);

create table tickets (
  id text primary key check (length(id) = 36),
  day text not null check (length(day) = 10),
  series text not null check (length(series) between 1 and 3),
  number integer not null check (number >= 1),
  state text not null default 'waiting'
    check (state in ('waiting', 'called', 'serving', 'absent', 'done', 'closed')),
  submission_id text references submissions (id),
  priority text check (priority in ('elderly', 'disabled', 'pregnant', 'infant', 'merit', 'returning', 'declared')),
  drawn_at text not null check (length(drawn_at) = 24),
  unique (day, series, number)
) strict;
create index tickets_by_submission on tickets (submission_id);

create table ticket_events (
  seq integer primary key autoincrement,
  ticket_id text not null references tickets (id) on delete cascade,
  at text not null check (length(at) = 24),
  event text not null,
  actor text
) strict;
create index ticket_events_by_ticket on ticket_events (ticket_id);

create table sessions (
  id text primary key,
  audience text not null check (audience in ('citizen', 'officer', 'technician', 'display')),
  settings text not null default '{}' check (json_type(settings) = 'object'),
  created_at text not null check (length(created_at) = 24),
  seen_at text not null check (length(seen_at) = 24),
  draft_id text references drafts (id) on delete set null,
  submission_id text references submissions (id) on delete set null
) strict;
create index sessions_by_draft on sessions (draft_id) where draft_id is not null;
create index sessions_by_submission on sessions (submission_id) where submission_id is not null;
create index sessions_by_seen on sessions (seen_at);

create table calls (
  id integer primary key autoincrement,
  session text not null,
  place text not null,
  since text not null check (length(since) = 24),
  answered_at text check (length(answered_at) = 24)
) strict;
create unique index calls_one_open on calls (session) where answered_at is null;

create table reuse (
  owner text primary key,
  body blob not null,
  consented_at text not null check (length(consented_at) = 24),
  expires_at text not null check (length(expires_at) = 24)
) strict;

create table audit (
  seq integer primary key autoincrement,
  at text not null check (length(at) = 24),
  act text not null,
  actor text not null,
  subject text not null,
  facts text not null check (json_type(facts) = 'object'),
  mac text not null check (length(mac) = 64)
) strict;

create table tries (
  seq integer primary key autoincrement,
  purpose text not null check (purpose in ('lookup', 'claim')),
  subject text not null,
  screen text not null,
  at text not null check (length(at) = 24)
) strict;
create index tries_by_subject on tries (purpose, subject);
create index tries_by_screen on tries (purpose, screen);
"""
