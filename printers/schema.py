"""Tables of the print spool: jobs and their events.

Never edit a released migration: add another one below it. A row has a reference to its subject, and facts that cannot
be computed later (people ahead, the time of drawing). It has no personal data and no picture. Times are UTC texts of
one width.
"""

from datetime import UTC, datetime

from sqlite_utils import Database, Migrations

migrations = Migrations("printers")


def timestamp(at: datetime) -> str:
    """Return an aware time as UTC text of one width, so that text order is time order."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@migrations()
def spool(db: Database) -> None:
    """Create the spool: a row a paper, and a row for every change of its state."""
    db.execute("""
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
            check ((parent is null) = (copy = 1)),
            check (parent is null or (asked_by <> '' and why <> '')),
            check (state <> 'waiting' or reason is not null)
        ) strict
    """)
    db.execute("create index jobs_due on jobs (next_at, id) where state in ('queued', 'waiting')")
    db.execute("create index jobs_open on jobs (state) where state in ('sending', 'unknown')")
    db.execute("create unique index jobs_copies on jobs (parent, copy) where parent is not null")
    db.execute("create index jobs_subject on jobs (subject)")
    db.execute("""
        create table job_events (
            id integer primary key autoincrement,
            job integer not null references jobs (id) on delete cascade,
            at text not null,
            state text not null,
            reason text,
            device text,
            actor text
        ) strict
    """)
    db.execute("create index job_events_job on job_events (job, id)")


@migrations()
def what_is_left(db: Database) -> None:
    """Index the jobs that have not ended, so that listing them stays as fast after years."""
    db.execute("create index jobs_left on jobs (id) where state not in ('cancelled', 'pdf', 'printed')")


@migrations()
def a_thread_for_each_printer(db: Database) -> None:
    """Add whose turn a job is, and find the last result of a device: half a paper may hang from it."""
    db.execute("alter table jobs add column turn integer not null default 0 check (turn >= 0)")
    db.execute(
        "create index job_events_device on job_events (device, id)"
        " where device is not null and state in ('printed', 'unknown')"
    )
