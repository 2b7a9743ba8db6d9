"""Columns of `calls` for the states of a call, covered screens, and the screen of a session."""

SQL = """
drop index calls_one_open;
alter table calls add column screen text not null default '';
alter table calls add column draft_id text;
alter table calls add column procedure text;
alter table calls add column version text;
alter table calls add column step integer check (step >= 1);
alter table calls add column steps integer check (steps >= step);
alter table calls add column seen_at text check (length(seen_at) = 24);
alter table calls add column officer text;
alter table calls add column counter integer check (counter between 1 and 30);
alter table calls add column opened_at text check (length(opened_at) = 24);
alter table calls add column arrived_at text check (length(arrived_at) = 24);
alter table calls add column code_at text check (length(code_at) = 24);
alter table calls add column code_misses integer not null default 0 check (code_misses between 0 and 5);
alter table calls add column ended_at text check (length(ended_at) = 24);
alter table calls add column ended_by text check (ended_by in ('citizen', 'officer', 'timeout'));
update calls set ended_at = answered_at, ended_by = 'officer' where answered_at is not null;
create unique index calls_one_open on calls (session) where ended_at is null;
create index calls_by_end on calls (ended_at);

create table screen_covers (
  session text primary key references sessions (id) on delete cascade,
  since text not null check (length(since) = 24),
  place text not null,
  digits text check (length(digits) = 64),
  misses integer not null default 0 check (misses between 0 and 5)
) strict;

alter table sessions add column screen text not null default '';
"""
