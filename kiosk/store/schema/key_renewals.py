"""Table: renewals of the kiosk's key for the portal by a one-time code."""

SQL = """
create table key_renewals (
  no integer primary key autoincrement,
  asked_at text not null check (length(asked_at) = 24),
  actor text not null,
  code blob,
  key_id text,
  state text not null default 'asked' check (state in ('asked', 'done', 'refused')),
  last_code text,
  ended_at text check (length(ended_at) = 24),
  check ((state = 'asked') = (ended_at is null)),
  check ((state = 'asked') = (code is not null))
) strict;
create unique index key_renewals_open on key_renewals (state) where state = 'asked';
"""
