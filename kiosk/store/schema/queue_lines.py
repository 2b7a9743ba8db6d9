"""Tickets can be held, called to a counter and transferred; events have a day, a counter and a detail."""

# The new tables are created beside the old ones, which are dropped last: dropping a table deletes its rows and, by
# foreign keys, the rows that refer to them. A ticket at a counter of an older release has no counter, so it is `done`.
SQL = """
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
