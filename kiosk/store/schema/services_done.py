"""Tables: what a number ended with when nothing was decided, and the services that were done for it."""

SQL = """
create table services (
  id text primary key check (length(id) = 36),
  ticket_id text not null,
  label text not null check (length(label) between 2 and 8),
  submission_id text references submissions (id),
  day text not null check (length(day) = 10),
  counter integer not null check (counter between 1 and 30),
  outcome text not null check (outcome in ('waits', 'held', 'asked', 'done')),
  register_no integer check (register_no >= 1),
  note blob,
  amount integer not null default 0 check (amount between 0 and 100000000),
  method text check (method in ('cash', 'transfer')),
  exemption text check (length(exemption) between 1 and 200),
  actor text not null,
  at text not null check (length(at) = 24),
  void_reason text,
  void_day text check (length(void_day) = 10),
  void_actor text,
  void_at text check (length(void_at) = 24),
  check ((outcome = 'done') = (register_no is not null)),
  check (amount = 0 or (method is null) <> (exemption is null)),
  check ((void_at is null) = (void_actor is null) and (void_at is null) = (void_reason is null)
    and (void_at is null) = (void_day is null))
) strict;
create index services_by_ticket on services (ticket_id);
create index services_by_day on services (day, at);
create index services_by_void_day on services (void_day) where void_day is not null;
create unique index services_by_register_no on services (substr(day, 1, 4), register_no) where register_no is not null;

create table service_lines (
  service_id text not null references services (id) on delete cascade,
  place integer not null check (place >= 1),
  procedure text not null,
  fee text not null default '',
  name text not null,
  copies integer not null check (copies between 1 and 999),
  pages integer check (pages between 1 and 9999),
  amount integer not null check (amount between 0 and 100000000),
  primary key (service_id, place)
) strict;
"""
