"""Tables of sync: outbox, link, log of attempts, files, ledger of steps.

A released step is never edited: add another one below it. No table holds personal data, only ids, states, codes
and numbers. Times in text are UTC and are for people: no decision depends on them, because the wall clock of a kiosk
jumps. Decisions use monotonic seconds **of one run** (`next_at`, `wait_until`), stored with the number of the run that
wrote them; a time of an earlier run counts as past. So a clock step changes nothing, and after a start everything is
due, after a random first wait (see `link.Link`).
"""

from sqlite_utils import Database, Migrations

migrations = Migrations("sync")
FIRST = "holds"
"""Name of the step that creates the tables of the first release; the last step of the trial builds had it."""

_TABLES = """
-- A row for each subject that has to reach the portal; none is ever deleted, so what is open is indexed.
-- `due` is the legal deadline of a subject: such subjects are sent first, the earliest deadline in front. `carried` is
-- the parcel in which it was written to a USB stick, until it has an answer. `hold_until` holds it back, in monotonic
-- seconds of the machine.
create table outbox (
  no integer primary key autoincrement,
  subject text not null unique,
  kind text not null check (kind in ('submission', 'event')),
  parent text,
  seq integer not null default 0 check (seq >= 0),
  state text not null default 'todo' check (state in ('todo', 'sending', 'unknown', 'done', 'refused')),
  attempts integer not null default 0 check (attempts >= 0),
  run integer not null default 0,
  next_at real not null default 0,
  lease integer,
  cut integer check (cut > 0),
  last_class text check (last_class in ('link', 'unknown', 'auth', 'record', 'rate', 'maintenance', 'clock',
                                        'version', 'size', 'poison', 'later')),
  last_code text,
  digest text check (length(digest) = 64),
  done_no integer,
  is_created integer not null default 0 check (is_created in (0, 1)),
  epoch text,
  revision integer not null default 0 check (revision >= 0),
  created text not null,
  updated text not null,
  due text,
  carried text,
  hold_until real,
  check ((state = 'sending') = (lease is not null)),
  check ((state = 'done') = (done_no is not null)),
  check (state <> 'done' or digest is not null),
  check (kind = 'submission' or (parent is not null and seq > 0))
) strict;
create index outbox_open on outbox (no) where state in ('todo', 'unknown');
create unique index outbox_done on outbox (done_no) where done_no is not null;
create index outbox_sending on outbox (no) where state = 'sending';
create index outbox_parent on outbox (parent, seq) where parent is not null;
create index outbox_due on outbox (due, no) where due is not null and state in ('todo', 'unknown');
create index outbox_left on outbox (no) where state <> 'done';
create index outbox_carried on outbox (carried) where carried is not null;

-- One row: the state of the connection, its pauses, a technician's stop of all delivery (start and end; null: until it
-- is ended), the latest greeting (the clock offset was measured then), the cursor of the changes feed, the last
-- acknowledgement before the portal last knew our place in its feed, and the first one it lost.
create table link (
  id integer primary key check (id = 1),
  run integer not null default 0,
  wait_until real not null default 0,
  is_down integer check (is_down in (0, 1)),
  failures integer not null default 0 check (failures >= 0),
  paused text check (paused in ('auth', 'rate', 'maintenance', 'clock', 'version', 'disk')),
  is_held integer not null default 0 check (is_held in (0, 1)),
  until text,
  last_class text,
  last_code text,
  last_success text,
  clock_offset real,
  epoch text,
  cursor text,
  done_no integer not null default 0,
  audit_from integer,
  audit_to integer not null default 0,
  audit_kept integer not null default 0,
  is_doubted integer not null default 0 check (is_doubted in (0, 1)),
  stopped text,
  stop_ends text,
  stop_run integer not null default 0,
  stop_until real,
  greeted text,
  read_no integer not null default 0,
  audit_lost integer,
  check (is_held = 0 or paused is not null)
) strict;
insert into link (id) values (1);

-- The log of attempts with a subject, or (no subject) with the connection.
create table attempts (
  no integer primary key autoincrement,
  subject text,
  at text not null,
  became text not null check (became in ('todo', 'unknown', 'done', 'refused', 'up', 'down', 'paused')),
  class text,
  code text
) strict;
create index attempts_of on attempts (subject, no);
create index attempts_of_line on attempts (at) where subject is null;

-- Files that are sent after their forms; names and contents stay with the caller.
create table files (
  no integer primary key autoincrement,
  file text not null unique,
  parent text not null,
  sha256 text not null check (length(sha256) = 64),
  size integer not null check (size > 0),
  state text not null default 'todo' check (state in ('todo', 'done', 'refused', 'dropped')),
  sent integer not null default 0 check (sent between 0 and size),
  attempts integer not null default 0 check (attempts >= 0),
  run integer not null default 0,
  next_at real not null default 0,
  last_class text check (last_class in ('link', 'unknown', 'auth', 'record', 'rate', 'maintenance', 'clock',
                                        'version', 'size', 'poison')),
  last_code text,
  epoch text,
  created text not null,
  updated text not null,
  check (state <> 'done' or (epoch is not null and sent = size))
) strict;
create index files_open on files (no) where state in ('todo', 'refused');
create index files_kept on files (sha256) where state = 'done';

-- The ledger of steps, for portals that take a submission in many requests.
create table steps (
  subject text not null,
  step text not null,
  is_done integer not null default 0 check (is_done in (0, 1)),
  tries integer not null default 0 check (tries >= 0),
  fact text not null default '',
  primary key (subject, step)
) strict;
"""


@migrations(name=FIRST)
def tables(db: Database) -> None:
    """Create all tables, and the one row of `link`."""
    # `executescript` looks for the end of a statement after each letter: a new store took a third longer.
    for statement in _TABLES.split(";\n"):
        db.execute(statement)
