"""Tables of the print spool: jobs and their events.

A released step is never edited: add another one below it. A row has a reference to its subject, and facts that cannot
be computed later (people ahead, the time of drawing). It has no personal data and no picture. Times are UTC texts of
one width.
"""

from datetime import UTC, datetime

from sqlite_utils import Database, Migrations

migrations = Migrations("printers")
FIRST = "a_thread_for_each_printer"
"""Name of the step that creates the tables of the first release; the last step of the trial builds had it."""

_TABLES = """
-- A row a paper. `turn` is whose turn it is of the jobs of one printer.
create table jobs (
  id integer primary key autoincrement,
  key text not null unique check (key <> ''),
  kind text not null check (kind <> ''),
  subject text not null,
  facts text not null default '{}' check (json_valid(facts)),
  state text not null default 'queued'
    check (state in ('queued', 'sending', 'printed', 'unknown', 'waiting', 'cancelled', 'pdf')),
  reason text,
  device text,
  tries integer not null default 0 check (tries >= 0),
  copy integer not null default 1 check (copy > 0),
  parent integer references jobs (id),
  asked_by text,
  why text,
  next_at text not null,
  created text not null,
  updated text not null,
  turn integer not null default 0 check (turn >= 0),
  check ((parent is null) = (copy = 1)),
  check (parent is null or (asked_by <> '' and why <> '')),
  check (state <> 'waiting' or reason is not null)
) strict;
create index jobs_due on jobs (next_at, id) where state in ('queued', 'waiting');
create index jobs_open on jobs (state) where state in ('sending', 'unknown');
create unique index jobs_copies on jobs (parent, copy) where parent is not null;
create index jobs_subject on jobs (subject);
create index jobs_left on jobs (id) where state not in ('cancelled', 'pdf', 'printed');

-- A row for every change of a job's state; the last result of a device is found by it.
create table job_events (
  id integer primary key autoincrement,
  job integer not null references jobs (id) on delete cascade,
  at text not null,
  state text not null,
  reason text,
  device text,
  actor text
) strict;
create index job_events_job on job_events (job, id);
create index job_events_device on job_events (device, id) where device is not null and state in ('printed', 'unknown');
"""


def timestamp(at: datetime) -> str:
    """Return an aware time as UTC text of one width, so that text order is time order."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@migrations(name=FIRST)
def tables(db: Database) -> None:
    """Create both tables."""
    # `executescript` looks for the end of a statement after each letter: a new store took a third longer.
    for statement in _TABLES.split(";\n"):
        db.execute(statement)
