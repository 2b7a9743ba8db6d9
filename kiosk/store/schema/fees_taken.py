"""Table: fees of cases, one row each, kept for the books.

A fee belongs to the receipt number, which a correction keeps. `changes` only grows; a page that shows an older sum of
it is stale. A payment keeps its `day`; when it is returned on a later day, its row has a `void_day` too.
"""

SQL = """
create table fees (
  id text primary key check (length(id) = 36),
  submission_id text not null references submissions (id),
  receipt_no text not null,
  fee text not null check (length(fee) between 1 and 80),
  listed integer check (listed >= 0),
  amount integer not null check (amount between 0 and 100000000),
  reason text check (length(reason) between 1 and 40),
  exemption text check (length(exemption) between 1 and 80),
  method text check (method in ('cash', 'transfer')),
  state text not null check (state in ('due', 'paid', 'waived', 'void')),
  day text not null check (day glob '2[0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  actor text not null,
  at text not null check (length(at) = 24),
  void_reason text check (length(void_reason) between 1 and 40),
  void_day text check (void_day glob '2[0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),
  void_actor text,
  void_at text check (length(void_at) = 24),
  changes integer not null default 1 check (changes >= 1),
  check (amount > 0 or exemption is not null),
  check (state <> 'due' or (method is null and exemption is null)),
  check (state <> 'paid' or (method is not null and exemption is null)),
  check (state <> 'waived' or (method is null and exemption is not null)),
  check ((state = 'void') = (void_day is not null and void_actor is not null and void_at is not null
    and void_reason is not null))
) strict;
create unique index fees_once on fees (receipt_no, fee) where state <> 'void';
create index fees_by_day on fees (day);
create index fees_by_void_day on fees (void_day) where void_day is not null;
"""
